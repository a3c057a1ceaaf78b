"""The longitudinal models of every analyte of the study."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pandas as pd

from helpers.models import RepeatedFit, fit_repeated_many

from .. import data
from ..compare import Comparison, compare, in_process
from ..in_r import in_r
from ..mixedlm import mixedlm
from .fits import SEARCHES, read


def run(folder: Path) -> list[Comparison]:
    """The part's comparisons; files for R go to the folder."""
    frame, names = data.analyte_frame()
    table = data.write_for_r(frame, names, folder / "analytes.csv")
    size = f"{len(names)} analytes, {frame['id'].nunique()} participants x {frame['visit'].nunique()} visits"
    about = f"{size}, observed samples; REML, all type III tests; time of all analytes together"
    ours = "helpers.models.fit_repeated_many"
    intercepts = [mixedlm(frame, names), in_r("R lme4 and lmerTest, Satterthwaite", "models.R", "lmer", table)]
    full = [
        in_r("R nlme::gls (corSymm, varIdent), Wald F", "models.R", "gls", table),
        in_r("R mmrm, Satterthwaite", "models.R", "mmrm", table),
    ]
    return [
        compare(title, about, in_process(ours, partial(every, frame, names, **options), read), others, SEARCHES, 10, 3)
        for title, options, others in (
            (f"{len(names)} analytes, random intercept", {"random": "intercept"}, intercepts),
            (f"{len(names)} analytes, unstructured", {}, full),
        )
    ]


def every(frame: pd.DataFrame, names: list[str], **options) -> list[tuple[RepeatedFit, pd.DataFrame]]:
    """Fits and tests of all the analytes."""
    fits = fit_repeated_many(frame, names, "~ group * visit", "id", "visit", **options)
    return [(fit, fit.tests()) for fit in fits.values()]
