"""The two references, R and the dense computation, agree where both answer: an error of one is not ours to match."""

import json
from pathlib import Path

import numpy as np
import pytest

FOLDER = Path(__file__).parent
CASES = {case["name"]: case for case in json.loads((FOLDER / "cases.json").read_text(encoding="utf-8"))}
TABLES = ("mean", "estimate", "se", "df", "t", "p", "p_adjusted", "ci_low", "ci_high")
# Both polish their search by Newton steps. nlme's likelihood leaves slopes of about 1e-5, so 1e-7 of the estimates, in
# the largest structures; a tenth of what the models are held to.
ESTIMATE = 1e-6
# lmerTest differentiates twice by extrapolation, which keeps seven digits.
DF = 1e-5
P = 1e-7


@pytest.fixture(scope="module")
def references():
    read = {
        name: json.loads((FOLDER / "output" / f"repeated_{name}.json").read_text(encoding="utf-8"))
        for name in ("r", "dense")
    }
    return read["r"]["cases"], read["dense"]["cases"]


def test_every_reference_promised_is_there(references):
    r, dense = references
    assert set(dense) == set(CASES)
    assert set(r) == {name for name, case in CASES.items() if len(case["references"]) > 1}


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if len(case["references"]) > 1])
def test_r_and_dense_agree(references, name):
    r, dense = (one[name] for one in references)
    for same in ("n_rows", "names", "visits"):
        assert r[same] == dense[same]
    assert r["deviance"] == pytest.approx(dense["deviance"], abs=1e-7)
    se = np.sqrt(np.diag(dense["vcov"]))
    assert np.abs(np.subtract(r["coefficients"], dense["coefficients"]) / se).max() < ESTIMATE
    for matrix in ("vcov", "covariance"):
        assert np.abs(np.subtract(r[matrix], dense[matrix])).max() < ESTIMATE * np.abs(dense[matrix]).max()
    for method, tests in r["tests"].items():
        same_table(tests, dense["tests"][method], ("F", "df2", "p"))
    for one, two in zip(r["means"] + r["contrasts"], dense["means"] + dense["contrasts"], strict=True):
        for method, table in one["results"].items():
            same_table(table, two["results"][method], TABLES)


def same_table(one, two, numbers):
    assert set(one) == set(two)
    for column, values in one.items():
        if column not in numbers:
            assert values == two[column]
        elif column in ("p", "p_adjusted"):
            assert values == pytest.approx(two[column], abs=P)
        else:
            # A difference near zero is measured against its standard error.
            near_zero = ESTIMATE * max(two["se"]) if "se" in two and column not in ("df", "t") else 0.0
            relative = DF if column.startswith("df") else ESTIMATE
            assert values == pytest.approx(two[column], rel=relative, abs=near_zero)
