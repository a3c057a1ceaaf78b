"""The mediation of a specification, with the tests of the indirect effect side by side."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy import stats

from helpers.analysis.change import mediation_frame
from helpers.analysis.frames import people
from helpers.analysis.multiverse.pooling import pooled_rows
from helpers.analysis.results import row, to_frame
from helpers.analysis.settings import Settings
from helpers.models import ModelError, mediate
from helpers.study import Study

LARGE = 1e6  # degrees of freedom of a normal test, where rows are pooled by their t


def mediation_rows(study: Study, settings: Settings, tables: Sequence, covariates: Sequence[str]) -> pd.DataFrame:
    """Rows ``mediation``: ``direct`` and ``indirect`` as in :func:`helpers.analysis.change.mediation`, then one a test.

    ``indirect_sobel`` and ``indirect_aroian`` hold the indirect effect (there it is z) with its normal interval and p,
    ``indirect_percentile``, ``indirect_bias_corrected`` and ``indirect_bca`` with their bootstrap interval and no p.
    With several imputations estimates are pooled by Rubin's rules and the ends of bootstrap intervals averaged; where
    one of them cannot be analysed, its row says why and nothing is pooled.

    Parameters
    ----------
    tables : sequence of DataFrame or None
        Samples as :func:`helpers.analysis.multiverse.samples.sample_tables` gives them.
    covariates : sequence of str
        Columns of the participants; categories enter as indicators, patients who lack one are left out.
    """
    if study.roles.mediation is None:
        return to_frame([])
    parts = [_one(study, settings, samples, covariates) for samples in tables]
    failed = [part for part in parts if part["value"].isna().any()]
    if failed or len(parts) == 1:
        return failed[0] if failed else parts[0]
    pooled = pooled_rows(parts)
    bootstrap = pooled["p"].isna()
    for name in ("value", "ci_low", "ci_high"):
        pooled.loc[bootstrap, name] = np.mean([part.loc[bootstrap, name] for part in parts], axis=0)
    return pooled


def _one(study: Study, settings: Settings, samples, covariates: Sequence[str]) -> pd.DataFrame:
    role = study.roles.mediation
    frame = mediation_frame(study, samples).merge(people(study)[["id", *covariates]], on="id", how="left").dropna()
    numeric = pd.get_dummies(frame[list(covariates)], drop_first=True, dtype=float) if covariates else frame[[]]
    numeric = numeric.loc[:, numeric.nunique() > 1]
    frame = pd.concat([frame[["id", "x", "m", "y"]], numeric], axis=1)
    cells = {"outcome": role.y, "analyte": role.x, "group": role.group, "visit": role.visit, "n": len(frame)}
    options = {"bootstrap": settings.bootstrap, "seed": settings.seed, "alpha": settings.alpha}
    try:
        fit = mediate(frame, "x", "m", "y", covariates=list(numeric.columns), **options)
    except ModelError as error:
        return to_frame([row("mediation", "indirect", float("nan"), method=f"not computed: {error}", **cells)])
    rows = [
        row("mediation", "direct", fit.direct.estimate, df1=1, df2=fit.direct.df, p=fit.direct.p,
            ci_low=fit.direct.ci_low, ci_high=fit.direct.ci_high, **cells),
        row("mediation", "indirect", fit.indirect.estimate, ci_low=fit.percentile.low, ci_high=fit.percentile.high,
            **cells),
    ]  # fmt: skip
    for name, test in (("sobel", fit.sobel), ("aroian", fit.aroian)):
        half = stats.norm.isf(settings.alpha / 2) * test.se
        ends = {"ci_low": fit.indirect.estimate - half, "ci_high": fit.indirect.estimate + half}
        rows.append(row("mediation", f"indirect_{name}", fit.indirect.estimate, df2=LARGE, p=test.p, **ends, **cells))
    for name in ("percentile", "bias_corrected", "bca"):
        ends = getattr(fit, name)
        ci = {"ci_low": ends.low, "ci_high": ends.high}
        rows.append(row("mediation", f"indirect_{name}", fit.indirect.estimate, **ci, **cells))
    return to_frame(rows)
