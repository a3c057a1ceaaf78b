"""Models of one outcome at eight visits: one fit, a random intercept, and many responses at once."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd

from helpers.models import RepeatedFit, fit_repeated
from helpers.models.batched import fit_batched
from helpers.models.repeated_data import prepare

from .. import data
from ..compare import Comparison, Contender, Tolerance, compare, in_process
from ..in_r import in_r
from ..mixedlm import mixedlm

TERMS = ("group", "visit", "group:visit")
SEARCHES = {
    "deviance": Tolerance(0, 1e-4, "-2 log REML, which is flat at its minimum: every search gets at least this near"),
    "F": Tolerance(5e-3, 1e-3, "the others stop where the likelihood is flat, which leaves 2 to 3 digits of F"),
    "df2": Tolerance(1e-2, 0, "they rest on numerical second derivatives there, ours on exact ones"),
}
EXACT = {
    "deviance": Tolerance(1e-8, 0, "both are ours and search to the end"),
    "F": Tolerance(1e-6, 0, "as above"),
    "df2": Tolerance(1e-5, 0, "as above"),
}
BATCH, ALONE, REPEATS, SLOW = 1000, 10, 20, 3


def run(folder: Path) -> list[Comparison]:
    """The part's comparisons; files for R go to the folder."""
    frame = data.outcome_frame()
    table = data.write_for_r(frame, ["value"], folder / "outcome.csv")
    size = f"{frame['id'].nunique()} participants x {frame['visit'].nunique()} visits, {len(frame)} rows"
    return [unstructured(frame, table, size), intercept(frame, table, size), batched(frame, table, size)]


def unstructured(frame: pd.DataFrame, table: Path, size: str) -> Comparison:
    """One unstructured fit with its three tests."""
    ours = in_process("helpers.models.fit_repeated", partial(fitted, frame), lambda found: read([found]))
    others = [
        in_r("R nlme::gls (corSymm, varIdent), Wald F", "models.R", "gls", table),
        in_r("R mmrm, Satterthwaite", "models.R", "mmrm", table),
    ]
    about = f"{size}; REML, all type III tests, ours with Satterthwaite's degrees of freedom (gls offers none)"
    return compare("One unstructured fit with all tests", about, ours, others, SEARCHES, REPEATS, SLOW)


def intercept(frame: pd.DataFrame, table: Path, size: str) -> Comparison:
    """One random intercept (compound symmetry) with its three tests."""
    ours = in_process(
        "helpers.models.fit_repeated", partial(fitted, frame, random="intercept"), lambda found: read([found])
    )
    others = [
        mixedlm(frame, ["value"]),
        in_r("R lme4 and lmerTest, Satterthwaite", "models.R", "lmer", table),
    ]
    about = f"{size}; REML, all type III tests, ours with Satterthwaite's degrees of freedom"
    return compare("One random intercept with all tests", about, ours, others, SEARCHES, REPEATS, 5)


def batched(frame: pd.DataFrame, table: Path, size: str) -> Comparison:
    """The same unstructured model of many responses, time a response."""
    prepared = prepare(frame, data.FORMULA, "id", "visit")
    responses = data.simulated(prepared, fitted(frame)[0], BATCH)

    def together():
        found = fit_batched(prepared.layout, responses)
        return found, found.tests(prepared.design, TERMS)

    def alone():
        rows = prepared.design.data
        return [fitted(rows.assign(value=responses[:, place])) for place in range(ALONE)]

    def first_of(found) -> dict:
        fits, tests = found
        values = {"deviance": fits.deviance, "F": np.column_stack([tests[t].f for t in TERMS])}
        values["df2"] = np.column_stack([tests[t].df2 for t in TERMS])
        several = {name: value[:ALONE].ravel() for name, value in values.items()}
        return several | {f"{name} of the first": value[:1].ravel() for name, value in values.items()}

    def of_the_first(contender: Contender) -> Contender:
        def answers():
            return {f"{name} of the first": value for name, value in contender.answers().items()}

        return Contender(contender.name, answers, contender.seconds, 1.0, "one response, the observed one")

    ours = in_process(f"helpers.models.batched.fit_batched, {BATCH:,} responses", together, first_of, per=BATCH)
    others = [
        in_process(f"helpers.models.fit_repeated, {ALONE} one by one", alone, read, per=ALONE),
        of_the_first(in_r("R nlme::gls (corSymm, varIdent), Wald F", "models.R", "gls", table)),
        of_the_first(in_r("R mmrm, Satterthwaite", "models.R", "mmrm", table)),
    ]
    tolerances = EXACT | {f"{name} of the first": tolerance for name, tolerance in SEARCHES.items()}
    about = f"{size}; the observed response and draws from the model fitted to it; time a response"
    return compare(
        f"{BATCH:,} responses on one design, unstructured, time of one", about, ours, others, tolerances, 5, SLOW
    )


def fitted(frame: pd.DataFrame, **options) -> tuple[RepeatedFit, pd.DataFrame]:
    """A fit and its tests."""
    fit = fit_repeated(frame, data.FORMULA, "id", "visit", **options)
    return fit, fit.tests()


def read(found: list[tuple[RepeatedFit, pd.DataFrame]]) -> dict:
    """What fits and tests are compared by."""
    return {
        "deviance": [fit.deviance for fit, _ in found],
        "F": np.concatenate([tests["F"] for _, tests in found]),
        "df2": np.concatenate([tests["df2"] for _, tests in found]),
    }
