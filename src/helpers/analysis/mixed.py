"""A repeated-measures model as result rows: type III tests, marginal means, contrasts, and how the fit went."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from helpers.analysis.results import row
from helpers.analysis.settings import Settings
from helpers.analysis.single_visit import single_visit_rows
from helpers.models import ModelError, RepeatedFit, fit_repeated, fit_repeated_many
from helpers.study import Study

TERMS = {"group": "group", "visit": "time", "group:visit": "interaction", "visit:group": "interaction"}
NO_PARTICIPANT = "no participant has all the values that it needs."
ONE_VISIT = "one visit has values, so that nothing is repeated."
DF_WORDS = {"satterthwaite": "Satterthwaite", "kenward-roger": "Kenward–Roger", "residual": "residual df"}


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
    single : DataFrame or None
        The analysed rows where they are of one visit, which leaves nothing repeated to model.
    """

    spec: Spec
    fit: RepeatedFit | None
    problem: str
    participants: int
    left_out: int
    single: pd.DataFrame | None = None


def fit_model(settings: Settings, long: pd.DataFrame, spec: Spec, method: Literal["reml", "ml"] = "reml") -> Fitted:
    """Fit ``value ~ group × visit + covariates`` by REML, or by maximum likelihood.

    Parameters
    ----------
    long : DataFrame
        ``id, group, visit, day, value`` and the covariates; one row a participant and visit.
    """
    complete = long.dropna(subset=list(spec.covariates))
    participants = long["id"].nunique()
    left_out = participants - complete["id"].nunique()
    if complete.empty:
        return Fitted(spec, None, NO_PARTICIPANT, participants, left_out)
    if complete["visit"].nunique() == 1:
        return Fitted(spec, None, ONE_VISIT, participants, left_out, _without_empty_levels(complete))
    try:
        fit = fit_repeated(
            _without_empty_levels(complete),
            formula(spec.covariates),
            subject="id",
            visit="visit",
            method=method,
            **structure_options(settings.covariance),
        )
    except ModelError as error:
        return Fitted(spec, None, str(error), participants, left_out)
    return Fitted(spec, fit, "", participants, left_out)


def fit_models(
    long: pd.DataFrame,
    columns: Sequence[str],
    covariance: str,
    spec: Callable[[str], Spec],
    covariates: Sequence[str] = (),
) -> dict[str, Fitted]:
    """Fit ``column ~ group × visit + covariates`` to several columns of one long frame.

    Columns with the same gaps share the design.

    Parameters
    ----------
    long : DataFrame
        ``id, group, visit, day`` and the columns; one row a participant and visit.
    covariance : str
        One of ``settings.COVARIANCES``.
    spec : callable
        The :class:`Spec` of a column.
    covariates : sequence of str
        Columns that enter as main effects, without gaps.
    """
    counts = {name: long.loc[long[name].notna(), "id"].nunique() for name in columns}
    fits = fit_repeated_many(
        _without_empty_levels(long),
        [name for name in columns if counts[name]],
        " + ".join(["~ group * visit", *covariates]),
        subject="id",
        visit="visit",
        **structure_options(covariance),
    )
    none = ModelError(NO_PARTICIPANT)
    return {name: _fitted(spec(name), fits.get(name, none), counts[name]) for name in columns}


def _fitted(spec: Spec, fit: RepeatedFit | ModelError, participants: int) -> Fitted:
    if isinstance(fit, RepeatedFit):
        return Fitted(spec, fit, "", participants, 0)
    return Fitted(spec, None, str(fit), participants, 0)


def structure_options(covariance: str) -> dict[str, str]:
    """The arguments of ``fit_repeated`` that a structure's name stands for.

    Examples
    --------
    >>> structure_options("random_slope")
    {'random': 'slope', 'time': 'day'}
    """
    if not covariance.startswith("random_"):
        return {"covariance": covariance}
    effect = covariance.removeprefix("random_")
    return {"random": effect, "time": "day"} if effect == "slope" else {"random": effect}


def term_tests(fitted: Fitted, df: str, method: str, information: str = "observed") -> Iterator[dict]:
    """Rows ``F``, one a term, of a fitted model; none where there is no fit."""
    if fitted.fit is None:
        return
    spec = fitted.spec
    try:
        tests = fitted.fit.tests(df=df, information=information)
    except ModelError as error:
        yield row(spec.analysis, "F", float("nan"), **spec.cells, contrast="group", method=f"not computed: {error}")
        return
    for test in tests.itertuples():
        yield row(
            spec.analysis, "F", test.F, **spec.cells, contrast=TERMS.get(test.term, test.term),
            df1=test.df1, df2=_finite(test.df2), p=test.p, n=fitted.fit.n_subjects, method=method,
        )  # fmt: skip


def model_rows(study: Study, settings: Settings, fitted: Fitted) -> list[dict]:
    """A fitted model in rows.

    Returns
    -------
    list of dict
        ``F`` a term (``contrast`` is ``group``, ``time``, ``interaction`` or the covariate), ``marginal_mean`` a group
        and visit, ``mean_difference`` between groups at each visit, ``change`` from baseline within each group
        (visit − baseline, Bonferroni over the visits), and ``converged`` (1 or 0, the message in ``method``).
        A model that could not be fitted is one ``converged`` row with value 0 and the reason. Values of one visit are
        compared by analysis of covariance: the same rows, without time, interaction and change.
    """
    spec = fitted.spec
    if fitted.single is not None:
        return single_visit_rows(spec.analysis, spec.cells, spec.covariates, fitted.single, settings)
    if fitted.fit is None:
        reason = f"not fitted: {fitted.problem}"
        return [row(spec.analysis, "converged", 0, **spec.cells, n=fitted.participants, method=reason)]
    model = _Rows(fitted, settings, fitted.fit)
    rows = [*model.fit_rows(), *model.term_rows(), *model.mean_rows()]
    rows += model.between_rows()
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

    fitted: Fitted
    settings: Settings
    fit: RepeatedFit

    def _row(self, statistic: str, value: float, **cells) -> dict:
        spec = self.fitted.spec
        return row(spec.analysis, statistic, value, **{"n": self.fit.n_subjects, **spec.cells, **cells})

    def _method(self) -> str:
        structure = self.fit.structure.replace("_", " ")
        parts = [f"REML, {structure}, {DF_WORDS[self.settings.df]}", self.fitted.spec.method]
        return "; ".join(part for part in parts if part)

    def fit_rows(self) -> Iterator[dict]:
        message = self.fit.message
        if self.fitted.left_out:
            message += f"; {self.fitted.left_out} participants without a covariate left out"
        yield self._row("converged", float(self.fit.converged), method=message)
        yield self._row("deviance", self.fit.deviance, n=self.fit.n_rows, method=self._method())

    def term_rows(self) -> Iterator[dict]:
        yield from term_tests(self.fitted, self.settings.df, self._method())

    def mean_rows(self) -> Iterator[dict]:
        options = {"df": self.settings.df, "alpha": self.settings.alpha}
        for mean in self.fit.means("group", by="visit", **options).itertuples():
            yield self._row(
                "marginal_mean", mean.mean, group=str(mean.group), visit=str(mean.visit), df2=_finite(mean.df),
                ci_low=mean.ci_low, ci_high=mean.ci_high, method=self._method(),
            )  # fmt: skip

    def between_rows(self) -> Iterator[dict]:
        for pair in self._pairs("group", "visit").itertuples():
            contrast = f"{pair.level} - {pair.versus}"
            yield self._contrast("mean_difference", pair, contrast=contrast, visit=str(pair.visit))

    def within_rows(self, baseline: str) -> Iterator[dict]:
        if baseline not in self.fit.design.factors["visit"]:
            yield self._row("change", float("nan"), method=f"not computed: no value at {baseline}, the baseline.")
            return
        for pair in self._pairs("visit", "group", reference=baseline).itertuples():
            visit = str(pair.level)
            contrast = f"{visit} - {baseline}"
            yield self._contrast("change", pair, contrast=contrast, visit=visit, group=str(pair.group))

    def _pairs(self, over: str, by: str, reference: str | None = None) -> pd.DataFrame:
        settings = self.settings
        return self.fit.contrasts(
            over, by=by, adjust="bonferroni", df=settings.df, alpha=settings.alpha, reference=reference
        )

    def _contrast(self, statistic: str, pair, **cells) -> dict:
        return self._row(
            statistic, pair.estimate, df1=1, df2=_finite(pair.df), ci_low=pair.ci_low, ci_high=pair.ci_high, p=pair.p,
            p_adjusted=pair.p_adjusted, adjustment="bonferroni", method=self._method(), **cells,
        )  # fmt: skip


def _finite(df: float) -> float | None:
    """Denominator degrees of freedom; none where nothing about the variance was estimated."""
    return df if np.isfinite(df) else None
