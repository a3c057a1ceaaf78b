"""The main outcome's tests under conventions that programs differ in: likelihood, and coding of the factors."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd
from scipy import stats

from helpers.analysis.frames import main_outcome, outcome_long
from helpers.analysis.mixed import Fitted, Spec, fit_model, term_tests
from helpers.analysis.results import row, to_frame
from helpers.analysis.settings import Settings
from helpers.models import ModelError, RepeatedFit
from helpers.models.marginal import mean_rows
from helpers.study import Study

DF = "satterthwaite"  # Kenward and Roger's adjustment is for REML alone
ML, REFERENCE = "convention/ml", "convention/reference"
REML = "convention/reml"


def conventions(study: Study, settings: Settings, covariates: Sequence[str]) -> pd.DataFrame:
    """The model of the main outcome by REML and by ML, and its main effects as a reference coding would test them.

    Rows ``F`` (``contrast`` is ``group``, ``time`` or ``interaction``) and ``deviance`` of :data:`REML` and :data:`ML`,
    all with Satterthwaite's degrees of freedom and factors coded to sum to zero; and of :data:`REFERENCE`: with
    treatment coding the test called *group* is the difference of the groups at the first visit, that called *time* the
    change over the visits in the first group, while the interaction is the same. None where there is no fit.
    """
    long = outcome_long(study, main_outcome(study))
    cells = {"outcome": main_outcome(study)}
    rows: list[dict] = []
    for analysis, method in ((REML, "reml"), (ML, "ml")):
        fitted = fit_model(settings, long, Spec(analysis, cells, tuple(covariates)), method)
        rows += _tests(fitted, method)
        if method == "reml" and fitted.fit is not None:
            rows += _reference(fitted, fitted.fit)
    return to_frame(rows)


def _tests(fitted: Fitted, method: str) -> Iterator[dict]:
    words = f"{method.upper()}, {DF}, sum-to-zero coding"
    yield from term_tests(fitted, DF, words)
    if fitted.fit is not None:
        yield row(fitted.spec.analysis, "deviance", fitted.fit.deviance, **fitted.spec.cells, n=fitted.fit.n_rows,
                  method=words)  # fmt: skip


def _reference(fitted: Fitted, fit: RepeatedFit) -> Iterator[dict]:
    """The tests of group and time that treatment coding gives, as hypotheses about the cells' means."""
    cells, means = mean_rows(fit.design, ["group", "visit"])
    first_group, first_visit = cells["group"] == cells["group"].iloc[0], cells["visit"] == cells["visit"].iloc[0]
    try:
        inference = fit.inference(DF)
        for contrast, kept in (("group", first_visit), ("time", first_group)):
            hypothesis = _against_first(means[kept.to_numpy()])
            f, df2 = inference.joint(hypothesis)
            p = float(stats.f.sf(f, len(hypothesis), df2))
            yield row(REFERENCE, "F", f, **fitted.spec.cells, contrast=contrast, df1=len(hypothesis), df2=df2, p=p,
                      n=fit.n_subjects, method=f"REML, {DF}, reference coding")  # fmt: skip
    except ModelError as error:
        yield row(REFERENCE, "F", float("nan"), **fitted.spec.cells, contrast="group", method=f"not computed: {error}")


def _against_first(rows: np.ndarray) -> np.ndarray:
    """Every row but the first minus the first: the hypothesis that all are equal.

    >>> _against_first(np.array([[1, 0], [0, 1], [2, 2]])).tolist()
    [[-1, 1], [1, 2]]
    """
    return rows[1:] - rows[0]
