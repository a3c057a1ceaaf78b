"""What a simulation says of the paper's tests, as results rows."""

from __future__ import annotations

import pandas as pd

from helpers.analysis.design.kept import Simulated
from helpers.analysis.results import row, to_frame

ANALYSIS = "design"
# Tests of families and of single models; those of each analyte by itself stay in the file of the simulation.
FAMILY_TESTS = ("any false", "false share", "power")


def design_rows(run, simulated: Simulated) -> pd.DataFrame:
    """Results rows at the simulated size nearest to the study's: of each test and population, rates in per cent.

    ``outcome`` is the family and its outcome, ``contrast`` the test, its method, its adjustment and the population.
    In per cent: ``rejection`` (``n`` the cohorts) with its Monte-Carlo standard error ``mc_se``, and ``covered``; that
    and ``bias`` are there where something is estimated. ``cohorts`` counts all, ``points`` the populations and sizes.
    """
    if simulated.missing:
        return to_frame([])
    rates = simulated.rates
    points = rates.groupby(["family", "subject", "truth", "n", "missing"])["used"].median()
    rows = [row(ANALYSIS, "cohorts", points.sum()), row(ANALYSIS, "points", len(points)),
            row(ANALYSIS, "largest_mc_se", 100 * rates["rate_se"].max())]  # fmt: skip
    for one in rates[rates["n"] == simulated.size_of(run.study)].itertuples():
        if one.family in ("baseline", "course", "falls") and not one.test.endswith(FAMILY_TESTS):
            continue
        lost = f"; {100 * one.missing:.0f} % missing" if one.missing else ""
        what = f"{one.test}; {one.method}; {one.adjustment}; {one.truth}{lost}"
        cells = {
            "outcome": f"{one.family}: {one.subject}" if one.subject else one.family,
            "contrast": what,
            "n": one.used,
        }
        numbers = {
            "rejection": 100 * one.rate,
            "mc_se": 100 * one.rate_se,
            "bias": one.bias,
            "covered": 100 * one.coverage,
        }
        rows += [row(ANALYSIS, name, _kept(value), **cells) for name, value in numbers.items() if pd.notna(value)]
    return to_frame(rows)


def _kept(value: float) -> float:
    """As many digits as the file holds: it is in single precision."""
    return float(f"{value:.6g}")
