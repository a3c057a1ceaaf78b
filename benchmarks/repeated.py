"""Times of the repeated-measures models on this machine, one core: `make benchmark`."""

from __future__ import annotations

import argparse
import os
import platform
from pathlib import Path

import numpy as np
import pandas as pd
from others import nlme_unstructured, statsmodels_intercept
from timing import steps, table, times

from helpers.models import fit_repeated, fit_repeated_many

INPUT = Path(__file__).parents[1] / "tests" / "oracles" / "input"
FORMULA = "~ group * visit + age"
THREADS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")
QUESTIONS = {
    "type III tests, Satterthwaite": lambda fit: fit.tests("satterthwaite"),
    "type III tests, Kenward-Roger": lambda fit: fit.tests("kenward-roger"),
    "16 means": lambda fit: fit.means("group", by="visit"),
    "8 pairs of groups, Bonferroni": lambda fit: fit.contrasts("group", by="visit"),
    "56 pairs of visits, Bonferroni": lambda fit: fit.contrasts("visit", by="group"),
}
HEAD = ("step", "ms: median (fastest to slowest)")


def trial(name: str) -> pd.DataFrame:
    """A table of the oracles."""
    return pd.read_csv(INPUT / f"{name}.csv")


def panel(outcomes: int = 19) -> tuple[pd.DataFrame, list[str]]:
    """66 participants x 3 visits with drop-out, and responses missing where the trial's score is; one has more gaps."""
    data, rng = trial("trial_66x3"), np.random.default_rng(19)
    names = [f"analyte_{number:02d}" for number in range(1, outcomes + 1)]
    level = rng.normal(0, 1, (data["id"].nunique(), outcomes))[pd.factorize(data["id"])[0]]
    values = np.where(data[["score"]].isna(), np.nan, level + rng.normal(0, 1, level.shape))
    values[rng.random(len(data)) < 0.1, -1] = np.nan
    return data.join(pd.DataFrame(values, columns=names)), names


def eight_visits(repeats: int) -> str:
    """66 x 8, unstructured: the fit and all that is asked of it; nlme's fit."""
    data = trial("trial_66x8")

    def fit():
        return fit_repeated(data, f"score {FORMULA}", "id", "visit")

    ours = [(f"helpers.models: {name}", taken) for name, taken in steps(fit, QUESTIONS, repeats).items()]
    name, taken, deviance = nlme_unstructured(INPUT / "trial_66x8.csv", min(repeats, 3))
    title = f"66 x 8 with drop-out, {fit().n_rows} rows, unstructured (36 parameters), REML"
    found = f"-2 log-likelihood: {fit().deviance:.6f}" + (f"; {name}: {deviance}" if deviance else "")
    return f"{title}\n\n{table(HEAD, [*ours, (f'{name}: fit', taken)])}\n{found}"


def random_intercept(repeats: int) -> str:
    """66 x 8, random intercept: the fit, beside statsmodels."""
    data = trial("trial_66x8")

    def fit():
        return fit_repeated(data, f"score {FORMULA}", "id", "visit", random="intercept")

    ours = fit()
    name, taken, deviance = statsmodels_intercept(ours, repeats)
    rows = [("helpers.models: fit", times(fit, repeats)), (f"{name}: fit, design given", taken)]
    found = f"-2 log-likelihood: {ours.deviance:.6f}" + (f"; {name}: {deviance}" if deviance else "")
    return f"66 x 8 with drop-out, random intercept, REML\n\n{table(HEAD, rows)}\n{found}"


def many_outcomes(repeats: int) -> str:
    """19 responses x 3 visits: in one call, and one by one."""
    data, names = panel()

    def together():
        return fit_repeated_many(data, names, FORMULA, "id", "visit")

    def apart():
        return {name: fit_repeated(data, f"{name} {FORMULA}", "id", "visit") for name in names}

    def asked():
        return [(fit.tests(), fit.contrasts("group", by="visit")) for fit in together().values()]

    rows = [
        ("fit_repeated_many", times(together, repeats)),
        ("fit_repeated, one by one", times(apart, repeats)),
        ("fit_repeated_many, type III tests and pairs of groups of each", times(asked, repeats)),
    ]
    return (
        f"{len(names)} responses x 3 visits, 66 participants with drop-out, unstructured, REML\n\n{table(HEAD, rows)}"
    )


def main() -> None:
    """Print every table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=20, help="timed repeats of each step")
    repeats = parser.parse_args().repeats
    threads = {os.environ.get(name, "") for name in THREADS}
    cores = "one thread" if threads == {"1"} else f"threads not limited: set {', '.join(THREADS)} to 1"
    machine = platform.processor() or platform.machine()
    print(f"{machine}, Python {platform.python_version()}, numpy {np.__version__}, {cores}")
    for part in (eight_visits, random_intercept, many_outcomes):
        print(f"\n{part(repeats)}", flush=True)


if __name__ == "__main__":
    main()
