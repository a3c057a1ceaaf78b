"""Fits linear models of a response measured at several visits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal, get_args

import numpy as np
import pandas as pd
from scipy.linalg import solve_triangular

from .errors import ModelError, OptionError, UnidentifiedCovarianceError, UnknownColumnError, one_of
from .layout import Problem, pose
from .likelihood import whitened
from .repeated_data import RepeatedData, prepare, random_design, seen_together, slope_units, visit_times
from .repeated_fit import FittedCovariance, RepeatedFit
from .search import Optimum, optimise
from .structure_kinds import parametric, random_effects
from .structures import Structure, unstructured

Covariance = Literal[
    "unstructured",
    "compound_symmetry",
    "heterogeneous_cs",
    "ar1",
    "heterogeneous_ar1",
    "toeplitz",
    "heterogeneous_toeplitz",
    "diagonal",
    "identity",
    "auto",
]
Random = Literal["intercept", "slope"]
Method = Literal["reml", "ml"]
AUTO: tuple[Covariance, ...] = (
    "unstructured",
    "heterogeneous_toeplitz",
    "heterogeneous_ar1",
    "heterogeneous_cs",
    "compound_symmetry",
)
_BOUNDARY = 1e-6  # variance of a random effect, relative to the residual's (times with a range of 1), called zero


def fit_repeated(
    data: pd.DataFrame,
    formula: str,
    subject: str,
    visit: str,
    covariance: Covariance = "unstructured",
    random: Random | None = None,
    method: Method = "reml",
    time: str | None = None,
) -> RepeatedFit:
    """Fit y = X b + e to long data, one row a subject and visit, e of a subject ~ N(0, seen part of Σ), by REML or ML.

    `covariance` is the structure of Σ: see `structure_kinds.parametric`, and `unstructured`. `auto` takes the first
    that converges of unstructured, heterogeneous_toeplitz, heterogeneous_ar1, heterogeneous_cs, compound_symmetry.
    `random` makes it Z D Zᵀ + s² I instead, of an intercept or of an intercept and a slope over `time` (a numeric
    column with one value a visit; `visit` itself where that is numeric).

    Rows without a response are left out, all others used (valid under missing at random). Factors are sum-coded;
    `visit` is a factor where the formula names it. Visits keep the order of a categorical column, else are sorted.

    Raises the classes of `helpers.models.errors`: unknown or incomplete variables, two rows of one subject and visit,
    one-level factors, a rank-deficient design, a constant or perfectly fitted response, visits never seen together
    (unstructured). A Σ that becomes singular, or a search that fails, raises nothing: `converged` is False and
    `message` says why.

    Sources: Jennrich and Schluchter (1986), Biometrics 42, 805; IBM SPSS Statistics Algorithms, "MIXED".

    >>> rng = np.random.default_rng(0)
    >>> long = pd.DataFrame({"id": np.repeat(range(20), 3), "visit": ["a", "b", "c"] * 20})
    >>> long["group"] = np.where(long["id"] < 10, "x", "y")
    >>> long["score"] = rng.normal(0, 2, 20)[long["id"]] + rng.normal(0, 1, 60) + (long["visit"] == "c")
    >>> fit = fit_repeated(long, "score ~ group * visit", subject="id", visit="visit")
    >>> fit.converged, fit.structure, fit.covariance.shape
    (True, 'unstructured', (3, 3))
    >>> fit.tests(df="kenward-roger")["term"].tolist()
    ['group', 'visit', 'group:visit']
    >>> fit.contrasts("visit", by="group", reference="a")["contrast"].tolist()
    ['b - a', 'c - a', 'b - a', 'c - a']
    """
    request = _requested(data, visit, covariance, random, method, time)
    prepared = prepare(data, formula, subject, visit, also=request.also)
    return _fit(prepared, prepared.responses[:, 0], request)


def fit_repeated_many(
    data: pd.DataFrame,
    outcomes: Sequence[str],
    formula: str,
    subject: str,
    visit: str,
    covariance: Covariance = "unstructured",
    random: Random | None = None,
    method: Method = "reml",
    time: str | None = None,
) -> dict[str, RepeatedFit | ModelError]:
    """`fit_repeated` for each column of `outcomes` on the same right-hand side "~ ...".

    Columns missing in the same rows share the design and its decomposition. An outcome that cannot be fitted has the
    exception that says why in place of a fit, so that the others are not lost; wrong options and unknown outcomes are
    raised.

    >>> rng = np.random.default_rng(0)
    >>> long = pd.DataFrame({"id": np.repeat(range(20), 3), "visit": ["a", "b", "c"] * 20})
    >>> long = long.join(pd.DataFrame(rng.normal(size=(60, 2)), columns=["il_6", "tnf_a"])).assign(flat=1.0)
    >>> fits = fit_repeated_many(long, ["il_6", "tnf_a", "flat"], "~ visit", "id", "visit")
    >>> fits["il_6"].converged, str(fits["flat"])
    (True, 'flat: the same in all 60 analysed rows.')
    """
    request = _requested(data, visit, covariance, random, method, time)
    unknown = [name for name in outcomes if name not in data.columns]
    if unknown:
        raise UnknownColumnError(f"{', '.join(unknown)}: not among the columns of the data.", unknown)
    alike: dict[bytes, list[str]] = {}
    for name in outcomes:
        alike.setdefault(data[name].isna().to_numpy().tobytes(), []).append(name)
    found: dict[str, RepeatedFit | ModelError] = {}
    for names in alike.values():
        found |= _fit_alike(data, names, formula, subject, visit, request)
    return {name: found[name] for name in outcomes}


@dataclass(frozen=True)
class _Request:
    """What is to be fitted; `structure` is one of `Covariance`, or random_intercept or random_slope over `time`."""

    structure: str
    method: Method
    time: str | None

    @property
    def also(self) -> list[str]:
        """Columns needed besides those of the formula."""
        return [self.time] if self.time else []


def _requested(data: pd.DataFrame, visit: str, covariance, random, method, time: str | None) -> _Request:
    """The options, checked against one another and the data."""
    one_of("covariance", covariance, get_args(Covariance))
    one_of("method", method, get_args(Method))
    if random is not None:
        one_of("random", random, get_args(Random))
    if random is not None and covariance not in ("unstructured", "identity"):
        raise OptionError(
            f"random={random!r} has residuals s² I; covariance={covariance!r} cannot be combined with it. "
            "Leave one of the two out.",
            [covariance],
        )
    if random != "slope" and time is not None:
        raise OptionError("`time` is the column of a random slope; without random='slope' it has no use.", [time])
    if random == "slope" and time is None:
        if not (visit in data.columns and pd.api.types.is_numeric_dtype(data[visit])):
            raise OptionError(f"random='slope' needs `time`, a numeric column: {visit} is not numeric.", [visit])
        time = visit
    return _Request(covariance if random is None else f"random_{random}", method, time)


def _fit_alike(data, names: list[str], formula, subject, visit, request: _Request) -> dict:
    """Outcomes missing in the same rows, on one layout; one by one when any of them cannot be laid out."""
    try:
        prepared = prepare(data, formula, subject, visit, names, also=request.also)
    except ModelError as error:
        if len(names) == 1:
            return {names[0]: error}
        parts = [_fit_alike(data, [name], formula, subject, visit, request) for name in names]
        return {name: fit for part in parts for name, fit in part.items()}
    return {name: _fit_or_error(prepared, y, request) for name, y in zip(names, prepared.responses.T, strict=True)}


def _fit_or_error(data: RepeatedData, y: np.ndarray, request: _Request) -> RepeatedFit | ModelError:
    try:
        return _fit(data, y, request)
    except ModelError as error:
        return error


def _fit(data: RepeatedData, y: np.ndarray, request: _Request) -> RepeatedFit:
    problem = pose(data.layout, y, request.method == "reml")
    if request.structure == "auto":
        return _first_that_converges(data, y, problem, request)
    return _fit_structure(data, y, problem, request, request.structure)


def _fit_structure(data: RepeatedData, y, problem: Problem, request: _Request, name: str) -> RepeatedFit:
    if name == "unstructured":
        seen_together(data)
        structure: Structure = unstructured(data.labels)
    elif name.startswith("random"):
        structure = random_effects(random_design(data, request.time))
    else:
        structure = parametric(name, data.labels)
    return _result(data, y, structure, optimise(problem, structure, data.labels), name, request)


def _first_that_converges(data: RepeatedData, y, problem: Problem, request: _Request) -> RepeatedFit:
    passed: list[str] = []
    for name in AUTO:
        try:
            fit = _fit_structure(data, y, problem, request, name)
        except UnidentifiedCovarianceError as error:
            passed.append(f"{name}: {error}")
            continue
        if fit.converged:
            return replace(fit, message="; ".join([*passed, f"{name} {fit.message}"])) if passed else fit
        passed.append(f"{name}: {fit.message}")
    return replace(fit, message="; ".join(passed))


def _boundary(name: str, values: np.ndarray) -> str:
    """What vanished of the random effects, in words; empty when nothing did."""
    if not name.startswith("random"):
        return ""
    residual = values[-1]
    if name == "random_intercept":
        return "the variance of the random intercept is zero" if values[0] < _BOUNDARY * residual else ""
    d = np.array([[values[0], values[1]], [values[1], values[2]]])
    if np.linalg.eigvalsh(d)[0] >= _BOUNDARY * residual:
        return ""
    return "the covariance of random intercept and slope is singular"


def _result(data: RepeatedData, y, structure: Structure, found: Optimum, name: str, request: _Request) -> RepeatedFit:
    problem, point, design = found.point.problem, found.point, data.design
    values = structure.values(found.state)
    boundary = _boundary(name, values)
    shown = slope_units(values, visit_times(data, request.time)) if name == "random_slope" else values
    search = FittedCovariance(structure, found, bool(boundary))
    names, index = list(design.names), design.data.index
    coefficients = solve_triangular(data.layout.triangle, problem.least_squares + problem.scale * point.shift)
    fitted = design.x @ coefficients
    units = np.array([1.0 if label.startswith("correlation") else problem.scale**2 for label in structure.labels])
    trouble = found.problem or (f"{boundary}: at the boundary" if boundary else "")
    left = whitened(problem, found.sigma, point.residuals())[data.layout.subject, data.layout.visit]
    visits = pd.Index(data.visits, name=data.visit)
    return RepeatedFit(
        deviance=point.deviance,
        coefficients=pd.Series(coefficients, names),
        vcov=pd.DataFrame(search.root @ search.root.T, names, names),
        covariance=pd.DataFrame(problem.scale**2 * found.sigma, visits, visits),
        structure=name,
        requested=request.structure,
        parameters=pd.Series(shown * units, structure.labels),
        converged=not trouble,
        message=trouble or "converged",
        steps=found.steps,
        method=request.method,
        n_subjects=len(data.layout.pattern),
        n_rows=len(y),
        residuals=pd.Series(y - fitted, index),
        fitted=pd.Series(fitted, index),
        normalised_residuals=pd.Series(left, index),
        design=replace(design, y=y),
        search=search,
    )
