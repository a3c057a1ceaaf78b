"""Analytes at baseline: three groups (or two), adjusted for age, sex and body mass index."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from helpers.analysis.frames import analyte_long, groups
from helpers.analysis.results import row, to_frame
from helpers.analysis.settings import Settings
from helpers.models import (
    ModelError,
    TooFewError,
    adjust,
    adjusted_pairs,
    ancova,
    ancova_residuals,
    box_m,
    effects_of_f,
    manova,
)
from helpers.study import Study


def baseline_samples(study: Study) -> pd.DataFrame:
    """One row a participant sampled at baseline, every group, analytes on the analysed scale."""
    long = analyte_long(study, which=groups(study))
    return long[long["visit"] == study.baseline].reset_index(drop=True)


def baseline_levels(study: Study) -> pd.DataFrame:
    """Rows ``baseline_level``: ``mean`` and ``sd`` of each analyte by group, on the analysed scale."""
    samples, rows = baseline_samples(study), []
    for analyte in study.roles.analytes.columns:
        for group in groups(study):
            values = samples.loc[samples["group"] == group, analyte].dropna()
            cells = {"analyte": analyte, "group": group, "visit": study.baseline, "n": len(values)}
            reason = "" if len(values) > 1 else "fewer than two values"
            rows.append(row("baseline_level", "mean", values.mean(), method=reason, **cells))
            rows.append(row("baseline_level", "sd", values.std(ddof=1), method=reason, **cells))
    return to_frame(rows)


def multivariate_test(study: Study) -> pd.DataFrame:
    """Multivariate analysis of covariance over all analytes.

    Rows ``mancova``: Pillai's trace, Wilks' lambda, Hotelling's trace and Roy's root for each term (in ``contrast``),
    each followed by its F approximation (``pillai_F`` …) with degrees of freedom and p.
    Participants with any analyte or covariate missing are left out, which ``n`` shows.
    """
    samples, covariates = baseline_samples(study), usable_covariates(study)
    outcomes = list(study.roles.analytes.columns)
    if not outcomes:
        return to_frame([])
    complete = samples.dropna(subset=[*outcomes, *covariates])
    try:
        _some(complete)
        table = manova(complete, outcomes, _right_side(covariates))
    except ModelError as error:
        return to_frame([row("mancova", "pillai", float("nan"), n=len(complete), method=f"not computed: {error}")])
    rows = []
    for test in table.itertuples():
        cells = {"contrast": test.term, "n": len(complete), "visit": study.baseline}
        rows.append(row("mancova", test.statistic, test.value, **cells))
        rows.append(row("mancova", f"{test.statistic}_F", test.F, df1=test.df1, df2=test.df2, p=test.p, **cells))
    return to_frame(rows)


def equal_covariances(study: Study) -> pd.DataFrame:
    """Box's M: do the groups share one covariance matrix of the analytes?

    One row ``box_m`` of analysis ``mancova_assumption`` with the F approximation's degrees of freedom and p.
    """
    samples, outcomes = baseline_samples(study), list(study.roles.analytes.columns)
    cells = {"visit": study.baseline, "contrast": "group"}
    if not outcomes:
        return to_frame([])
    try:
        box = box_m(samples, outcomes, "group")
    except ModelError as error:
        return to_frame([row("mancova_assumption", "box_m", float("nan"), method=f"not computed: {error}", **cells)])
    return to_frame(
        [
            row("mancova_assumption", "box_m", box.M, n=box.n, method="Box’s M", **cells),
            row("mancova_assumption", "box_m_F", box.F, df1=box.df1, df2=box.df2, p=box.p, n=box.n, **cells),
        ]
    )


def univariate_tests(study: Study, settings: Settings) -> pd.DataFrame:
    """Analysis of covariance of each analyte: the group test, and adjusted pairwise comparisons of the groups.

    Rows ``ancova``: ``F`` (type III; p adjusted over the analytes by the scenario's method), ``partial_eta2`` with its
    interval from the noncentral F, and ``mean_difference`` a pair of groups (p adjusted by Bonferroni over the pairs of
    the analyte).
    """
    samples, covariates = baseline_samples(study), usable_covariates(study)
    rows: list[dict] = []
    for analyte in study.roles.analytes.columns:
        complete = samples[["id", "group", analyte, *covariates]].dropna()
        rows += _ancova_rows(study, settings, complete, analyte, covariates)
    return adjust_over_analytes(to_frame(rows), settings)


def residuals(study: Study) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Fitted values and residuals of all analytes' covariance analyses, each in units of its residual SD, pooled."""
    samples, covariates = baseline_samples(study), usable_covariates(study)
    fitted, left = [], []
    for analyte in study.roles.analytes.columns:
        try:
            complete = samples[["group", analyte, *covariates]].dropna()
            predicted, residual = ancova_residuals(complete, analyte, _right_side(covariates))
        except ModelError:
            continue
        spread = residual.std(ddof=1)
        fitted.append((predicted - predicted.mean()) / spread)
        left.append(residual / spread)
    return {"All analytes": (np.concatenate(fitted), np.concatenate(left))} if fitted else {}


def usable_covariates(study: Study) -> tuple[str, ...]:
    """The descriptor's analyte covariates that vary among the sampled participants."""
    samples = baseline_samples(study)
    return tuple(name for name in study.roles.analyte_covariates if samples[name].nunique() > 1)


def _right_side(covariates: Sequence[str]) -> str:
    return "~ " + " + ".join(["group", *covariates])


def _ancova_rows(study: Study, settings: Settings, frame: pd.DataFrame, analyte: str, covariates) -> list[dict]:
    cells = {"analyte": analyte, "visit": study.baseline, "n": len(frame)}
    right = _right_side(covariates)
    try:
        _some(frame)
        tests = ancova(frame, analyte, right)
        pairs = adjusted_pairs(frame, analyte, right, "group", adjust="bonferroni", alpha=settings.alpha)
    except ModelError as error:
        return [row("ancova", "F", float("nan"), contrast="group", method=f"not computed: {error}", **cells)]
    method = "type III; covariates " + (", ".join(covariates) or "none")
    group = tests[tests["term"] == "group"].iloc[0]
    rows = [
        row("ancova", "F", group.F, contrast="group", df1=group.df1, df2=group.df2, p=group.p, method=method, **cells)
    ]
    size = (
        effects_of_f(group.F, group.df1, group.df2, settings.alpha, n=len(frame))
        .set_index("effect")
        .loc["partial_eta2"]
    )
    rows.append(
        row("ancova", "partial_eta2", size["value"], contrast="group", ci_low=size["ci_low"], ci_high=size["ci_high"],
            method=method, **cells)
    )  # fmt: skip
    for pair in pairs.itertuples():
        rows.append(
            row("ancova", "mean_difference", pair.estimate, contrast=pair.contrast, df1=1, df2=pair.df,
                ci_low=pair.ci_low, ci_high=pair.ci_high, p=pair.p, p_adjusted=pair.p_adjusted,
                adjustment="bonferroni", method=method, **cells)
        )  # fmt: skip
    return rows


def _some(frame: pd.DataFrame) -> None:
    if frame.empty:
        raise TooFewError("no participant has all the values that it needs.")


def adjust_over_analytes(rows: pd.DataFrame, settings: Settings, by: Sequence[str] = ("contrast",)) -> pd.DataFrame:
    """Adjust the p of the ``F`` rows over the analytes, separately within each value of ``by``."""
    rows = rows.copy()
    tests = rows["statistic"] == "F"
    for _, family in rows[tests].groupby(list(by)):
        rows.loc[family.index, "p_adjusted"] = np.asarray(adjust(family["p"], settings.adjustment), dtype=float)
        rows.loc[family.index, "adjustment"] = settings.adjustment
    return rows
