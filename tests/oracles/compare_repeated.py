"""The worst difference between `helpers.models.fit_repeated` and each reference, quantity by quantity.

Read by tests/oracles/test_agreement.py, which holds each one against its tolerance, and by the book's table of them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd

from helpers.models import RepeatedFit, fit_repeated

FOLDER = Path(__file__).parent
# Each with its reason, which the book prints.
TOLERANCES = {
    "-2 log-likelihood": (1e-6, "absolute", "flat at its minimum, so searches that stop differently still agree on it"),
    "coefficients": (1e-5, "relative", "first order in the error of the covariance parameters"),
    "covariance of coefficients": (1e-4, "of the largest", "first order in the covariance parameters"),
    "covariance of visits": (1e-4, "of the largest", "the covariance parameters themselves"),
    "covariance parameters": (1e-4, "relative", "relative to the larger of themselves and their standard error"),
    "F": (1e-5, "relative", "a ratio of estimates to their covariance"),
    "t": (1e-5, "relative", "relative to the larger of itself and 1"),
    "degrees of freedom": (1e-4, "relative", "second derivatives, numerical in the references"),
    "p": (1e-6, "absolute", "printed to six digits at most"),
    "estimate": (1e-5, "relative", "means and differences, relative to the larger of themselves and their error"),
    "standard error": (1e-5, "relative", "square root of a linear function of the covariance"),
    "interval": (1e-5, "relative", "relative to the larger of the limit and the standard error"),
}
FILES = {"dense": "repeated_dense.json", "r": "repeated_r.json"}


@cache
def cases() -> dict[str, dict]:
    """The committed cases by name."""
    return {case["name"]: case for case in json.loads((FOLDER / "cases.json").read_text(encoding="utf-8"))}


@cache
def answers(reference: str) -> dict:
    """What a reference answered: `versions`, and `cases` by name."""
    return json.loads((FOLDER / "output" / FILES[reference]).read_text(encoding="utf-8"))


@cache
def fitted(name: str) -> RepeatedFit:
    """Our fit of a case."""
    case = cases()[name]
    data = pd.read_csv(FOLDER / "input" / f"{case['data']}.csv")
    options = {key: case[key] for key in ("subject", "visit", "random", "method", "time")}
    if case["random"] != "slope":
        options["time"] = None
    return fit_repeated(data, case["formula"], covariance=case["covariance"] or "unstructured", **options)


def differences(name: str, reference: str) -> Iterator[tuple[str, str, float]]:
    """Quantity, method of the degrees of freedom (or ""), worst error, for one case."""
    fit, theirs = fitted(name), answers(reference)["cases"][name]
    yield from _estimates(fit, theirs)
    for method, table in theirs["tests"].items():
        yield from _tests(fit.tests(**_options(method)), table, method)
    for kind in ("means", "contrasts"):
        for block in theirs[kind]:
            for method, table in block["results"].items():
                call = fit.means if kind == "means" else fit.contrasts
                yield from _rows(call(block["over"], by=block["by"], **_options(method)), table, method)


def _estimates(fit: RepeatedFit, theirs: dict) -> Iterator[tuple[str, str, float]]:
    assert fit.converged, fit.message
    assert fit.n_rows == theirs["n_rows"]
    assert list(fit.coefficients.index) == theirs["names"]
    assert [str(visit) for visit in fit.covariance.index] == [str(visit) for visit in theirs["visits"]]
    yield "-2 log-likelihood", "", abs(fit.deviance - theirs["deviance"])
    yield "coefficients", "", _relative(fit.coefficients, theirs["coefficients"], np.sqrt(np.diag(fit.vcov)))
    yield "covariance of coefficients", "", _of_largest(fit.vcov, theirs["vcov"])
    yield "covariance of visits", "", _of_largest(fit.covariance, theirs["covariance"])
    if theirs.get("vcov_kenward_roger"):
        adjusted = fit.inference(**_options("kenward-roger/expected")).vcov
        yield (
            "covariance of coefficients",
            "kenward-roger/expected",
            _of_largest(adjusted, theirs["vcov_kenward_roger"]),
        )
    if "parameters" in theirs:
        # A covariance may be anything near zero; as large as its two variances allow is the measure then.
        size = np.abs(theirs["parameters"]["values"])
        if len(size) == 4 and fit.structure == "random_slope":
            size[1] = max(size[1], np.sqrt(size[0] * size[2]))
        yield "covariance parameters", "", _relative(fit.parameters, theirs["parameters"]["values"], size)


def _options(method: str) -> dict[str, str]:
    df, _, information = method.partition("/")
    return {"df": df, "information": information} if information else {"df": df}


def _tests(ours: pd.DataFrame, theirs: dict, method: str) -> Iterator[tuple[str, str, float]]:
    ours = ours.set_index("term").loc[theirs["term"]]
    assert ours["df1"].tolist() == theirs["df1"]
    yield "F", method, _relative(ours["F"], theirs["F"])
    yield "degrees of freedom", method, _relative(ours["df2"], theirs["df2"])
    yield "p", method, _absolute(ours["p"], theirs["p"])


def _rows(ours: pd.DataFrame, theirs: dict, method: str) -> Iterator[tuple[str, str, float]]:
    """Marginal means or contrasts, rows matched by their labels."""
    numbers = {"mean", "estimate", "se", "df", "t", "p", "p_adjusted", "ci_low", "ci_high"}
    labels = [column for column in theirs if column not in numbers]
    left = ours.assign(**{c: ours[c].astype(str) for c in labels}).set_index(labels)
    right = pd.DataFrame(theirs)
    right = right.assign(**{c: right[c].astype(str) for c in labels}).set_index(labels)
    left = left.loc[right.index]
    assert len(left) == len(ours)
    value = "mean" if "mean" in right else "estimate"
    yield "estimate", method, _relative(left[value], right[value], right["se"])
    yield "standard error", method, _relative(left["se"], right["se"])
    yield "degrees of freedom", method, _relative(left["df"], right["df"])
    for bound in ("ci_low", "ci_high"):
        yield "interval", method, _relative(left[bound], right[bound], right["se"])
    if "t" in right:
        yield "t", method, _relative(left["t"], right["t"], 1.0)
    for p in {"p", "p_adjusted"} & set(right):
        yield "p", method, _absolute(left[p], right[p])


def _absolute(ours, theirs) -> float:
    return float(np.abs(np.asarray(ours, float) - np.asarray(theirs, float)).max())


def _relative(ours, theirs, at_least=0.0) -> float:
    ours, theirs = np.asarray(ours, float), np.asarray(theirs, float)
    return float((np.abs(ours - theirs) / np.maximum(np.abs(theirs), at_least)).max())


def _of_largest(ours, theirs) -> float:
    theirs = np.asarray(theirs, float)
    return float(np.abs(np.asarray(ours, float) - theirs).max() / np.abs(theirs).max())
