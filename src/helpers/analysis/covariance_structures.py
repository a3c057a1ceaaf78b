"""The same models under other covariance structures and degrees of freedom, a choice that the paper leaves open."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import pandas as pd

from helpers.analysis.baseline_cytokines import adjust_over_analytes
from helpers.analysis.frames import analyte_long, outcome_long
from helpers.analysis.mixed import Fitted, Spec, fit_model, fit_models, term_tests
from helpers.analysis.results import row, to_frame
from helpers.analysis.settings import STRUCTURES, Settings
from helpers.study import Study

# Degrees of freedom and information: what SPSS, SAS and mmrm print, what pbkrtest prints, and a naive count.
METHODS = (
    ("satterthwaite", "observed"),
    ("kenward-roger", "observed"),
    ("kenward-roger", "expected"),
    ("residual", "observed"),
)
# Set side by side in the chapters: SPSS's default for REPEATED, a subject effect, and what we would choose.
SHOWN = (
    ("diagonal", "satterthwaite"),
    ("compound_symmetry", "satterthwaite"),
    ("unstructured", "kenward-roger"),
)
PREFIX = "structure"


def analysis_name(structure: str, df: str = "", information: str = "observed") -> str:
    """The analysis of a structure's rows, with the degrees of freedom for its tests.

    Examples
    --------
    >>> analysis_name("diagonal"), analysis_name("diagonal", "satterthwaite")
    ('structure/diagonal', 'structure/diagonal/satterthwaite')
    >>> analysis_name("diagonal", "kenward-roger", "expected")
    'structure/diagonal/kenward-roger-expected'
    """
    method = df if information == "observed" else f"{df}-{information}"
    return "/".join(part for part in (PREFIX, structure, method) if part)


def outcome_structures(study: Study, settings: Settings, covariates: Sequence[str]) -> pd.DataFrame:
    """Every outcome's model under every structure.

    Rows ``deviance``, ``parameters``, ``aic`` and ``converged`` of analysis ``structure/<structure>``, and ``F`` a term
    of ``structure/<structure>/<degrees of freedom>`` for each of :data:`METHODS`.
    """
    rows: list[dict] = []
    for item in study.roles.outcomes:
        long, cells = outcome_long(study, item.column), {"outcome": item.column}
        for structure in STRUCTURES:
            chosen = Settings(covariance=structure, alpha=settings.alpha)
            fitted = fit_model(chosen, long, Spec(analysis_name(structure), cells, tuple(covariates)))
            rows += _fit_rows(fitted)
            for df, information in METHODS:
                rows += _tests(fitted, cells, structure, df, information)
    return to_frame(rows)


def analyte_structures(study: Study, settings: Settings, completed: pd.DataFrame) -> pd.DataFrame:
    """Every analyte's model of all visits under the structures of :data:`SHOWN`, tests adjusted over the analytes."""
    if len(study.roles.analytes.visits) < 2:
        return to_frame([])
    long = analyte_long(study, completed if settings.imputation == "em" else None)
    rows: list[dict] = []
    for structure, df in SHOWN:
        fits = fit_models(long, study.roles.analytes.columns, structure, _spec_of(structure))
        for analyte, fitted in fits.items():
            rows += _fit_rows(fitted)
            rows += _tests(fitted, {"analyte": analyte}, structure, df)
    return adjust_over_analytes(to_frame(rows), settings, by=("analysis", "contrast"))


def _spec_of(structure: str):
    return lambda analyte: Spec(analysis_name(structure), {"analyte": analyte})


def _fit_rows(fitted: Fitted) -> Iterator[dict]:
    """How the fit went and how well it describes the data."""
    name, cells = fitted.spec.analysis, fitted.spec.cells
    if fitted.fit is None:
        yield row(name, "converged", 0, **cells, n=fitted.participants, method=f"not fitted: {fitted.problem}")
        return
    fit = fitted.fit
    yield row(name, "converged", float(fit.converged), **cells, n=fit.n_subjects, method=fit.message)
    yield row(name, "deviance", fit.deviance, **cells, n=fit.n_rows, method="REML")
    yield row(name, "aic", fit.aic, **cells, n=fit.n_rows, method="REML")
    yield row(name, "parameters", len(fit.parameters), **cells, n=fit.n_rows, method="covariance parameters")


def _tests(fitted: Fitted, cells: Mapping[str, str], structure: str, df: str, information="observed") -> Iterator[dict]:
    renamed = Fitted(Spec(analysis_name(structure, df, information), cells), fitted.fit, "", fitted.participants, 0)
    yield from term_tests(renamed, df, f"REML, {structure.replace('_', ' ')}, {df}, {information}", information)
