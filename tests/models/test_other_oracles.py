"""MANOVA, Box's M, EM, pooling, mediation and effect sizes against R; the numbers are in tests/oracles/output."""

import importlib.util
from pathlib import Path

import numpy as np
import pytest

PATH = Path(__file__).parents[1] / "oracles" / "compare_other.py"
spec = importlib.util.spec_from_file_location("compare_other", PATH)
compare = importlib.util.module_from_spec(spec)
spec.loader.exec_module(compare)
parts = importlib.import_module("compare_parts")

SUBJECTS = {
    "MANOVA", "ANCOVA, type III", "Adjusted pairs", "Box's M", "EM", "Little's test", "Rubin's rules", "Mediation",
    "Bootstrap", "Cohen's d", "Cohen's d, paired", "Cohen's d from t", "Cohen's d, model SD", "Hedges' J",
    "Effects of F", "Student's t", "χ²", "Fisher",
}  # fmt: skip


@pytest.fixture(scope="module")
def rows():
    return compare.comparisons()


@pytest.mark.parametrize("subject", sorted(SUBJECTS))
def test_every_number_is_that_of_r(rows, subject):
    found = [row for row in rows if row["subject"] == subject]
    assert found
    missed = [row for row in found if not row["worst"] <= row["tolerance"]]
    assert missed == []


def test_every_comparison_is_asserted(rows):
    assert {row["subject"] for row in rows} == SUBJECTS
    assert {row["kind"] for row in rows} <= {"absolute", "relative"}
    # The bounds: statistics 1e-5 relative, p-values 1e-6 absolute.
    assert all(row["tolerance"] <= (1e-5 if row["kind"] == "relative" else 1e-6) for row in rows)


def test_a_wrong_number_is_seen():
    assert parts.worst([1.0, 2.0], [1.0, 2.1], "relative") == pytest.approx(0.1 / 2.1)
    assert parts.worst([0.5], [0.0], "relative") == 0.5
    assert parts.worst([np.nan], [1.0], "absolute") == np.inf
    with pytest.raises(ValueError, match=r"\(2,\) numbers"):
        parts.worst([1, 2], [1], "absolute")


def test_predictors_are_those_of_quickpred():
    columns = ["Ozone", "Solar.R", "Wind", "Temp"]
    frame = parts.table("other_airquality")[columns]
    found = compare.models.quick_predictors(frame, correlation=0.3, usable=0)
    matrix = np.array(parts.answers()["quickpred"])
    for row, name in zip(matrix, columns, strict=True):
        assert {columns[i] for i in np.flatnonzero(row)} == set(found.get(name, []))


def test_versions_are_recorded():
    assert set(parts.answers()["versions"]) >= {"R", "boot", "car", "effectsize", "emmeans", "lavaan", "mice"}
