"""The same fits by statsmodels and nlme, where they are at hand and can do them."""

from __future__ import annotations

import json
import shutil
import subprocess
import warnings
from pathlib import Path

import numpy as np
from timing import Timed, times

from helpers.models import RepeatedFit

SCRIPT = Path(__file__).parent / "nlme.R"


def statsmodels_intercept(ours: RepeatedFit, repeats: int) -> tuple[str, Timed | str, str]:
    """Name, milliseconds and -2 log-likelihood of MixedLM's random intercept on our design; or why there are none."""
    try:
        import statsmodels
        from statsmodels.regression.mixed_linear_model import MixedLM
    except ImportError:
        return "statsmodels MixedLM", "statsmodels is not installed", ""
    design = ours.design
    ones, who = np.ones(len(design.x)), design.data["id"].to_numpy()

    def fit():
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return MixedLM(design.y, design.x, who, exog_re=ones).fit(reml=True)

    return f"statsmodels {statsmodels.__version__} MixedLM", times(fit, repeats), f"{-2 * fit().llf:.6f}"


def nlme_unstructured(path: Path, repeats: int) -> tuple[str, Timed | str, str]:
    """Name, milliseconds and -2 log-likelihood of nlme's gls on the same table; or why there are none."""
    rscript = shutil.which("Rscript")
    if rscript is None:
        return "nlme gls", "no Rscript on this machine", ""
    done = subprocess.run([rscript, SCRIPT, path, str(repeats)], capture_output=True, text=True, check=False)
    if done.returncode:
        return "nlme gls", f"R said: {done.stderr.strip().splitlines()[-1]}", ""
    found = json.loads(done.stdout)
    taken = Timed(tuple(1000 * second for second in found["seconds"]))
    return f"nlme {found['version']} gls", taken, f"{found['deviance']:.6f}"
