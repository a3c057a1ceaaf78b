"""Repeated-measures inputs that come with no R package: three simulated trials and the PBC trial's bilirubin."""

from pathlib import Path

import numpy as np
import pandas as pd

PBC = Path(__file__).parents[2] / "data" / "pbc" / "source" / "pbcseq.csv"
YEAR = 365.25


def covariance(sd: list[float], start: float, decay: float, slope: float) -> np.ndarray:
    """Unequal variances; correlations that fall with the lag, and at one lag differ between early and late visits.

    No structure but the unstructured one holds, so that each gives results of its own.
    """
    visit = np.arange(len(sd))
    lag = np.abs(np.subtract.outer(visit, visit))
    early = np.add.outer(visit, visit) / (2 * len(sd))
    correlation = np.where(lag == 0, 1.0, start * decay ** (lag - 1) + slope * early)
    return np.outer(sd, sd) * correlation


def trial(rng: np.random.Generator, days: list[int], spread: np.ndarray, size: int, keep: np.ndarray) -> pd.DataFrame:
    """Two groups of `size` participants; `keep` (participants, visits) is False where the score is missing."""
    subjects, visits = 2 * size, len(days)
    group = np.repeat(["active", "placebo"], size)
    age = rng.normal(40, 11, subjects).round(1)
    course = 30 - 9 * (1 - np.exp(-np.arange(visits) / 2)) * np.where(group == "active", 1.3, 0.8)[:, None]
    score = course + 0.06 * age[:, None] + rng.multivariate_normal(np.zeros(visits), spread, subjects)
    score = np.where(keep, score, np.nan).round(2)
    width = len(str(subjects))
    frame = pd.MultiIndex.from_product(
        [[f"s{i:0{width}d}" for i in range(1, subjects + 1)], [f"v{j}" for j in range(1, visits + 1)]],
        names=["id", "visit"],
    ).to_frame(index=False)
    frame["time"] = np.tile(days, subjects)
    return frame.assign(group=np.repeat(group, visits), age=np.repeat(age, visits), score=score.ravel())


def seen(rng: np.random.Generator, subjects: int, visits: int, leaving: float, gaps: float) -> np.ndarray:
    """Drop-out with a probability at each visit after the first, and single missed visits; the first is always seen."""
    stay = np.cumprod(rng.random((subjects, visits - 1)) > leaving, axis=1).astype(bool)
    here = rng.random((subjects, visits - 1)) > gaps
    return np.column_stack([np.ones(subjects, dtype=bool), stay & here])


def simulated() -> dict[str, pd.DataFrame]:
    """66 x 8 and 66 x 3 with drop-out and gaps, 16 x 4 with about 40 % of the scores missing anywhere.

    The seeds are ones with which every structure has its optimum inside the parameter space: at 16 x 4 the
    unstructured covariance is singular with most seeds, and degrees of freedom are not defined there.
    """
    rng = np.random.default_rng(6608)
    spread = covariance([5, 7.5, 6, 8, 6.5, 9, 7, 8.5], 0.72, 0.84, 0.12)
    eight = trial(rng, [0, 2, 4, 6, 9, 11, 13, 26], spread, 33, seen(rng, 66, 8, 0.035, 0.04))
    rng = np.random.default_rng(6603)
    three = trial(rng, [0, 13, 26], covariance([4.5, 5.5, 7.5], 0.66, 0.85, 0.1), 33, seen(rng, 66, 3, 0.08, 0.06))
    rng = np.random.default_rng(1625)
    keep = rng.random((16, 4)) > 0.4
    four = trial(rng, [0, 1, 2, 4], covariance([4, 5, 4.5, 7], 0.6, 0.75, 0.1), 8, keep)
    return {"trial_66x8": eight, "trial_66x3": three, "trial_16x4": four}


def bilirubin() -> pd.DataFrame:
    """Log bilirubin of the 312 randomised participants at entry and nominal years 1 to 5.

    The recorded visit nearest to the anniversary, within half a year of it; the earlier one when two are as near.
    """
    source = pd.read_csv(PBC)
    source["year"] = (source["day"] / YEAR).round().astype(int)
    source["away"] = (source["day"] - source["year"] * YEAR).abs()
    annual = source[(source["year"] <= 5) & ((source["year"] > 0) | (source["day"] == 0))]
    annual = annual.sort_values(["id", "year", "away", "day"]).drop_duplicates(["id", "year"])
    return pd.DataFrame(
        {
            "id": annual["id"].map("s{:03d}".format),
            "visit": annual["year"].map("y{}".format),
            "time": annual["year"],
            "group": annual["trt"].map({0: "placebo", 1: "penicillamine"}),
            "age": annual["age"].round(2),
            "log_bilirubin": np.log(annual["bili"]).round(6),
        }
    )
