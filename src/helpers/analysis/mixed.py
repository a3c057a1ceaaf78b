"""A repeated-measures model as result rows: type III tests, marginal means, contrasts, and how the fit went."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.analysis.results import row
from helpers.analysis.settings import Settings
from helpers.models import ModelError, RepeatedFit, fit_repeated
from helpers.study import Study

TERMS = {"group": "group", "visit": "time", "group:visit": "interaction", "visit:group": "interaction"}
ASYMPTOTIC = "asymptotic"


@dataclass(frozen=True)
class Spec:
    """One model to fit.

    Attributes
    ----------
    analysis : str
        Name of the analysis in the results rows.
    cells : mapping
        Cells that every row of this model carries (outcome or analyte).
    covariates : tuple of str
        Columns of the long frame that enter as main effects.
    method : str
        What a reader should know of the data the model saw, e.g. the imputation.
    within : bool
        Whether to compare each visit with the baseline inside each group.
    """

    analysis: str
    cells: Mapping[str, str]
    covariates: tuple[str, ...] = ()
    method: str = ""
    within: bool = True


@dataclass(frozen=True, eq=False)
class Fitted:
    """A model with its fit, or with the reason why there is none.

    Attributes
    ----------
    spec : Spec
    fit : RepeatedFit or None
    problem : str
        Why the model could not be fitted; empty when it was.
    participants : int
        Participants with any value of the response.
    left_out : int
        Those of them who lack a covariate.
    """

    spec: Spec
    fit: RepeatedFit | None
    problem: str
    participants: int
    left_out: int


def fit_model(settings: Settings, long: pd.DataFrame, spec: Spec) -> Fitted:
    """Fit ``value ~ group × visit + covariates`` by REML.

    Parameters
    ----------
    long : DataFrame
        ``id, group, visit, day, value`` and the covariates; one row a participant and visit.
    """
    complete = long.dropna(subset=list(spec.covariates))
    participants = long["id"].nunique()
    left_out = participants - complete["id"].nunique()
    if complete.empty:
        return Fitted(spec, None, "no participant has all the values that it needs.", participants, left_out)
    try:
        fit = fit_repeated(
            _without_empty_levels(complete),
            formula(spec.covariates),
            subject="id",
            visit="visit",
            covariance=settings.covariance,
            time="day" if settings.covariance == "random_slope" else None,
        )
    except ModelError as error:
        return Fitted(spec, None, str(error), participants, left_out)
    return Fitted(spec, fit, "", participants, left_out)


def model_rows(study: Study, settings: Settings, fitted: Fitted) -> list[dict]:
    """A fitted model in rows.

    Returns
    -------
    list of dict
        ``F`` a term (``contrast`` is ``group``, ``time``, ``interaction`` or the covariate), ``marginal_mean`` a group
        and visit, ``mean_difference`` between groups at each visit, ``change`` from baseline within each group
        (visit − baseline, Bonferroni over the visits), and ``converged`` (1 or 0, the message in ``method``).
        A model that could not be fitted is one ``converged`` row with value 0 and the reason.
    """
    spec = fitted.spec
    if fitted.fit is None:
        reason = f"not fitted: {fitted.problem}"
        return [row(spec.analysis, "converged", 0, **spec.cells, n=fitted.participants, method=reason)]
    model = _Rows(spec, settings, fitted.fit)
    rows = [*model.fit_rows(fitted.left_out), *model.term_rows(), *model.mean_rows()]
    rows += model.between_rows(study.roles.compared)
    if spec.within:
        rows += model.within_rows(study.baseline)
    return rows


def formula(covariates: Sequence[str]) -> str:
    """The model formula, in the column names of the long frame."""
    return " + ".join(["value ~ group * visit", *covariates])


def _without_empty_levels(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.assign(
        group=frame["group"].cat.remove_unused_categories(), visit=frame["visit"].cat.remove_unused_categories()
    )


@dataclass(frozen=True)
class _Rows:
    """The rows of one fitted model."""

    spec: Spec
    settings: Settings
    fit: RepeatedFit

    def _row(self, statistic: str, value: float, **cells) -> dict:
        return row(self.spec.analysis, statistic, value, **self.spec.cells, **cells)

    def _method(self) -> str:
        parts = [f"REML, {self.fit.covariance.replace('_', ' ')}, asymptotic test", self.spec.method]
        return "; ".join(part for part in parts if part)

    def fit_rows(self, left_out: int) -> Iterator[dict]:
        message = self.fit.message or "converged"
        if left_out:
            message += f"; {left_out} participants without a covariate left out"
        yield self._row("converged", float(self.fit.converged), n=self.fit.n_subjects, method=message)
        yield self._row("deviance", self.fit.deviance, n=self.fit.n_rows, method=self._method())

    def term_rows(self) -> Iterator[dict]:
        for test in self.fit.tests(df=ASYMPTOTIC).itertuples():
            yield self._row(
                "F", test.F, contrast=TERMS.get(test.term, test.term), df1=test.df1, df2=_finite(test.df2), p=test.p,
                n=self.fit.n_subjects, method=self._method(),
            )  # fmt: skip

    def mean_rows(self) -> Iterator[dict]:
        for mean in self.fit.means("group", by="visit", df=ASYMPTOTIC, alpha=self.settings.alpha).itertuples():
            yield self._row(
                "marginal_mean", mean.mean, group=str(mean.group), visit=str(mean.visit), ci_low=mean.ci_low,
                ci_high=mean.ci_high, n=self.fit.n_subjects, method=self._method(),
            )  # fmt: skip

    def between_rows(self, compared: tuple[str, str]) -> Iterator[dict]:
        table = self.fit.contrasts("group", by="visit", adjust="bonferroni", df=ASYMPTOTIC, alpha=self.settings.alpha)
        for pair in table.itertuples():
            yield self._contrast("mean_difference", pair, contrast=" - ".join(compared), visit=str(pair.visit))

    def within_rows(self, baseline: str) -> Iterator[dict]:
        table = self.fit.contrasts(
            "visit", by="group", adjust="bonferroni", df=ASYMPTOTIC, alpha=self.settings.alpha, reference=baseline
        )
        for pair in table.itertuples():
            visit = str(pair.level)
            contrast = f"{visit} - {baseline}"
            yield self._contrast("change", pair, contrast=contrast, visit=visit, group=str(pair.group))

    def _contrast(self, statistic: str, pair, **cells) -> dict:
        return self._row(
            statistic, pair.estimate, df1=1, df2=_finite(pair.df), ci_low=pair.ci_low, ci_high=pair.ci_high, p=pair.p,
            p_adjusted=pair.p_adjusted, adjustment="bonferroni", n=self.fit.n_subjects, method=self._method(), **cells,
        )  # fmt: skip


def _finite(df: float) -> float | None:
    """Denominator degrees of freedom; none for an asymptotic test."""
    return df if np.isfinite(df) else None
