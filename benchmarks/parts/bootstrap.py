"""Bootstrap of the study's indirect effect."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from helpers.models import Mediation, mediate

from .. import data
from ..compare import Comparison, Contender, Tolerance, compare, in_process
from ..in_r import in_r

RESAMPLES, OF_LAVAAN = 10_000, 1_000


def run(folder: Path) -> list[Comparison]:
    """The part's comparison; a file for R goes to the folder."""
    frame = data.path_frame()
    frame.to_csv(folder / "path.csv", index=False)
    ours = in_process("helpers.models.mediate", lambda: mediate(frame, "x", "m", "y", bootstrap=RESAMPLES), read)
    lavaan = in_r("R lavaan, se = bootstrap", "lavaan.R", str(OF_LAVAAN), folder / "path.csv")
    others = [pingouin(frame), extrapolated(lavaan)]
    about = f"{len(frame)} participants, {RESAMPLES:,} resamples, paths, their tests and bias-corrected interval"
    tolerances = allowed(ours.answers()["standard error"][0])
    return [compare("Bootstrap of a mediation", about, ours, others, tolerances, 20, 3)]


def allowed(se: float) -> dict[str, Tolerance]:
    """Paths to the digits of least squares; what is drawn, to five of its Monte Carlo standard errors.

    With B normal draws of spread se, an end of the interval at p = 0.025 has the standard error
    se √(p (1 - p) / B) / φ(1.96), about 2.7 se / √B, and their standard deviation se / √(2 B). B is that of the program
    with the fewest resamples, and both programs vary, hence √2.
    """
    density = np.exp(-(1.96**2) / 2) / np.sqrt(2 * np.pi)
    of_end = se * np.sqrt(0.025 * 0.975 / OF_LAVAAN) / density
    return {
        "paths": Tolerance(1e-6, 1e-8, "least squares; lavaan's search ends at about 1e-7 of it"),
        "standard error": Tolerance(0, 5 * np.sqrt(2) * se / np.sqrt(2 * OF_LAVAAN), "5 Monte Carlo standard errors"),
        "interval": Tolerance(0, 5 * np.sqrt(2) * of_end, "5 Monte Carlo standard errors"),
    }


def read(fit: Mediation) -> dict:
    """What mediations are compared by."""
    paths = [path.estimate for path in (fit.a, fit.b, fit.direct, fit.indirect)]
    ends = [fit.bias_corrected.low, fit.bias_corrected.high]
    return {"paths": paths, "standard error": [fit.bootstrap_se], "interval": ends}


def pingouin(frame: pd.DataFrame) -> Contender:
    """Pingouin's mediation; its path b is of y on m alone, so that the others are compared."""
    from pingouin import mediation_analysis

    def read_table(found: pd.DataFrame) -> dict:
        rows = found.set_index("path")
        a, direct, indirect = (rows.loc[name, "coef"] for name in ("m ~ X", "Direct", "Indirect"))
        ends = rows.loc["Indirect", ["CI2.5", "CI97.5"]].to_numpy(float)
        return {"paths": [a, indirect / a, direct, indirect], "standard error": [rows.loc["Indirect", "se"]],
                "interval": ends}  # fmt: skip

    def call() -> pd.DataFrame:
        return mediation_analysis(frame, x="x", m="m", y="y", n_boot=RESAMPLES, seed=1)

    return in_process("pingouin.mediation_analysis", call, read_table)


def extrapolated(lavaan: Contender) -> Contender:
    """Seconds of all resamples from those of fewer, in proportion."""
    note = f"extrapolated from {OF_LAVAAN:,} resamples, times {RESAMPLES // OF_LAVAAN}"
    return replace(lavaan, per=OF_LAVAAN / RESAMPLES, note=note)
