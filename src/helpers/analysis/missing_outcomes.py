"""What each treatment of missing outcomes makes of the differences between the groups' changes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.analysis.frames import group_indicators, outcome_long, people
from helpers.analysis.mixed import structure_options
from helpers.analysis.multiple_imputation import IMPUTATIONS
from helpers.analysis.pairs import Pair, named, of_pairs, overall, several
from helpers.analysis.results import row, to_frame
from helpers.analysis.settings import Settings
from helpers.models import ModelError, fit_repeated, impute_em, impute_multiple, pool_joint, pool_over
from helpers.models.inference import Inference, term_rows
from helpers.models.marginal import contrast_of_contrasts, type_iii
from helpers.study import Study
from helpers.study.descriptor import Outcome

ANALYSIS = "missing_outcome"
TREATMENTS = ("complete", "em", "mi", "likelihood")
DIFFERENCE, LITTLE, MISSING = "change_difference", "little", "missing"
TERM, TOGETHER = "group:visit", "interaction"


def analysis_of(treatment: str) -> str:
    """The name under which a treatment's rows are written.

    >>> analysis_of("em")
    'missing_outcome_em'
    """
    return f"{ANALYSIS}_{treatment}"


def treatments(study: Study, settings: Settings) -> pd.DataFrame:
    """Each outcome's contrast group × time under four treatments of missing values, and Little's test.

    The contrast is the difference between two groups in the change from baseline, at each later visit, of the model
    ``value ~ group × visit`` by REML with the settings' covariance structure; covariates are left out, so that the
    treatments differ in nothing else. The treatments: ``complete``, participants with every planned value; ``em``,
    gaps filled once with their conditional means; ``mi``, multiple imputation and Rubin's rules; ``likelihood``, all
    observed values and none imputed. Imputed from are the outcome's other visits and the groups.

    Rows of analysis ``missing_outcome``: ``missing`` (values, of ``n`` planned among participants with any) and
    ``little``; of ``missing_outcome_<treatment>``: ``change_difference`` at each visit. With more than two groups,
    first ``F`` of their interaction with time (pooled as D₁ over imputations), then the difference of every pair, p
    adjusted by Bonferroni over the pairs of the visit. An outcome without a gap has ``missing`` 0 and nothing else;
    what cannot be computed is a row that says why.
    """
    return to_frame(found for item in study.roles.outcomes for found in _outcome_rows(study, settings, item))


def _outcome_rows(study: Study, settings: Settings, item: Outcome) -> Iterator[dict]:
    values, group = _values(study, item)
    gaps, cells = int(values.isna().sum().sum()), {"outcome": item.column}
    method = "count" if gaps else "nothing missing: every treatment is the likelihood fit"
    yield row(ANALYSIS, MISSING, gaps, n=values.size, method=method, **cells)
    if not gaps:
        return
    wide = values.join(group_indicators(study, group))
    yield _little(wide, cells)
    for treatment, compute in _computations(settings).items():
        treated = _Treated(study, settings, list(values.columns), group, analysis_of(treatment), cells)
        yield from treated.rows(wide, compute)


def _values(study: Study, item: Outcome) -> tuple[pd.DataFrame, pd.Series]:
    """One row a participant with any value, the visits in order; and the participants' groups."""
    long = outcome_long(study, item.column)
    wide = long.assign(visit=long["visit"].astype(str)).pivot(index="id", columns="visit", values="value")
    wide = wide.reindex(columns=[visit for visit in item.visits if visit in wide.columns])
    return wide, people(study).set_index("id")["group"].reindex(wide.index)


def _little(wide: pd.DataFrame, cells: dict) -> dict:
    try:
        found = impute_em(wide).little
    except ModelError as error:
        return row(ANALYSIS, LITTLE, float("nan"), n=len(wide), method=f"not computed: {error}", **cells)
    if not found.df:
        return row(ANALYSIS, LITTLE, float("nan"), n=len(wide), method="not computed: one pattern only", **cells)
    return row(ANALYSIS, LITTLE, found.statistic, df1=found.df, p=found.p, n=len(wide), method="Little (1988)", **cells)


# From the frame with gaps to the frames to analyse (several where imputed), and what was done in words.
Treatment = Callable[[pd.DataFrame], tuple[tuple[pd.DataFrame, ...], str]]


def _computations(settings: Settings) -> dict[str, Treatment]:
    def complete(wide: pd.DataFrame):
        return (wide.dropna(),), "participants with every planned value"

    def em(wide: pd.DataFrame):
        fit = impute_em(wide)
        state = "" if fit.converged else f", {fit.message}"
        return (fit.completed,), f"EM conditional means{state}"

    def mi(wide: pd.DataFrame):
        made = impute_multiple(wide, IMPUTATIONS, seed=settings.seed)
        return made.frames, made.method

    def likelihood(wide: pd.DataFrame):
        return (wide,), "all observed values, REML"

    return {"complete": complete, "em": em, "mi": mi, "likelihood": likelihood}


@dataclass(frozen=True, eq=False)
class _Treated:
    """One outcome under one treatment: the columns of its ``visits``, the ``group`` of each participant."""

    study: Study
    settings: Settings
    visits: list[str]
    group: pd.Series
    analysis: str
    cells: dict

    def rows(self, wide: pd.DataFrame, compute: Treatment) -> list[dict]:
        """All rows of the treatment; one with the reason where there is no model."""
        try:
            frames, method = compute(wide)
            fits = [self._fit(frame) for frame in frames]
        except ModelError as error:
            return [self._failed(error, n=len(wide), contrast=overall(self.study))]
        how = {"n": len(frames[0]), "method": method}
        rows = of_pairs(self.study, lambda pair: self._pair(fits, pair, **how))
        return [self._together(fits, **how), *rows] if several(self.study) else rows

    def _fit(self, wide: pd.DataFrame) -> Inference:
        """The model of one data set."""
        days = {visit.name: float(visit.day) for visit in self.study.roles.visits}
        long = wide[self.visits].melt(var_name="visit", ignore_index=False).rename_axis("id").reset_index()
        long = long.dropna(subset=["value"]).assign(
            group=lambda frame: self._groups(frame["id"]),
            visit=lambda frame: pd.Categorical(frame["visit"], self.visits),
            day=lambda frame: frame["visit"].astype(str).map(days),
        )
        options = structure_options(self.settings.covariance)
        fit = fit_repeated(long, "value ~ group * visit", "id", "visit", **options)
        if not fit.converged:
            raise ModelError(f"the model did not converge: {fit.message}")
        return fit.inference(self.settings.df)

    def _groups(self, who: pd.Series) -> pd.Categorical:
        known = self.group.reindex(who).astype(str)
        return pd.Categorical(known, list(self.study.roles.compared)).remove_unused_categories()

    def _together(self, fits: list[Inference], **how) -> dict:
        """The test of group × time, which all groups enter."""
        try:
            f, df1, df2, p = _interaction(fits)
        except ModelError as error:
            return self._failed(error, n=how["n"], contrast=TOGETHER, statistic="F")
        cells = {**self.cells, **how}
        return row(self.analysis, "F", f, df1=df1, df2=_finite(df2), p=p, contrast=TOGETHER, **cells)

    def _pair(self, fits: list[Inference], pair: Pair, **how) -> list[dict]:
        """How the changes of two groups differ, a row a later visit."""

        def differences(fit: Inference) -> pd.DataFrame:
            return contrast_of_contrasts(fit, ("group", *pair), ("visit", self.study.baseline), self.settings.alpha)

        try:
            table = differences(fits[0]) if len(fits) == 1 else pool_over(fits, differences, self.settings.alpha)
        except ModelError as error:
            return [self._failed(error, n=how["n"], contrast=named(pair))]
        return [
            row(self.analysis, DIFFERENCE, _settled(part.estimate, part.se), visit=part.level, df1=1,
                df2=_finite(part.df), ci_low=part.ci_low, ci_high=part.ci_high, p=part.p, contrast=named(pair), **how,
                **self.cells)
            for part in table.itertuples()
        ]  # fmt: skip

    def _failed(self, error: ModelError, statistic: str = DIFFERENCE, **cells) -> dict:
        return row(self.analysis, statistic, float("nan"), method=f"not computed: {error}", **cells, **self.cells)


def _interaction(fits: list[Inference]) -> tuple[float, int, float, float]:
    """F of the interaction, its degrees of freedom and p; over imputations that of all of them together."""
    if len(fits) == 1:
        test = type_iii(fits[0]).set_index("term").loc[TERM]
        return test["F"], int(test["df1"]), test["df2"], test["p"]
    rows = term_rows(fits[0].design, TERM)
    df = float(np.mean([fit.joint(rows)[1] for fit in fits]))
    found = pool_joint([rows @ fit.coefficients for fit in fits], [rows @ fit.vcov @ rows.T for fit in fits], df)
    return found.F, found.df1, found.df2, found.p


def _finite(df: float) -> float | None:
    return df if np.isfinite(df) else None


def _settled(estimate: float, se: float) -> float:
    """An estimate that is 0 but for rounding is 0, whatever the processor."""
    return 0.0 if abs(estimate) < 1e-9 * se else estimate
