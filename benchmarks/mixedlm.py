"""The random intercept by statsmodels' MixedLM."""

from __future__ import annotations

import warnings
from collections.abc import Sequence

import numpy as np
import pandas as pd

from .compare import Contender, in_process

FORMULA = "value ~ C(group, Sum) * C(visit, Sum)"


def mixedlm(frame: pd.DataFrame, columns: Sequence[str]) -> Contender:
    """Models with Wald tests of each column, from a formula as people call it; F is chi-square over its degrees."""
    import statsmodels.formula.api as formulas

    def one(name: str):
        rows = frame[["id", "group", "visit"]].assign(value=frame[name]).dropna()
        fit = formulas.mixedlm(FORMULA, rows, groups="id").fit(reml=True)
        return fit, fit.wald_test_terms(scalar=True).table

    def every():
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of convergence, which the comparison of results settles
            return [one(name) for name in columns]

    def read(found) -> dict:
        f = [(tests["statistic"] / tests["df_constraint"]).to_numpy(float)[1:] for _, tests in found]
        return {"deviance": [-2 * fit.llf for fit, _ in found], "F": np.concatenate(f)}

    return in_process("statsmodels MixedLM, Wald chi-square", every, read)
