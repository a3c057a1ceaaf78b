"""Writes the input tables of the oracles that no R package has (`python tests/oracles/make_inputs.py`).

What it wrote is committed. The tables of R packages are written by make_r_inputs.R.
"""

from pathlib import Path

import numpy as np
import pandas as pd
from trials import bilirubin, simulated

FOLDER = Path(__file__).parent / "input"


def repeated(rng: np.random.Generator, slope_sd: float) -> pd.DataFrame:
    """66 participants in two groups, eight visits with drop-out, integer scores, a covariate."""
    frame = pd.MultiIndex.from_product([range(1, 67), range(1, 9)], names=["id", "number"]).to_frame(index=False)
    frame["visit"] = "v" + frame["number"].astype(str)
    frame["day"] = frame["number"].map(dict(enumerate([0, 2, 4, 6, 9, 11, 13, 26], start=1)))
    frame["group"] = np.where(frame["id"] <= 33, "pain", "non_pain")
    frame["age"] = rng.normal(35, 10, 66).round(1)[frame["id"] - 1]
    person = rng.normal(0, 5, 66)[frame["id"] - 1] + rng.normal(0, slope_sd, 66)[frame["id"] - 1] * frame["day"]
    course = 32 - 2.2 * frame["number"] - 0.8 * (frame["group"] == "pain") * frame["number"] + 0.05 * frame["age"]
    frame["score"] = (course + person + rng.normal(0, 4, len(frame))).round(2)
    last = rng.choice([8, 8, 8, 7, 5, 3], 66)[frame["id"] - 1]
    gone = (frame["number"] > last) | ((rng.random(len(frame)) < 0.03) & (frame["number"] > 1))
    frame.loc[gone, "score"] = np.nan
    return frame.drop(columns="number")


def three_groups(rng: np.random.Generator) -> pd.DataFrame:
    """126 participants in three unequal groups, five correlated outcomes, age, sex and body mass index."""
    group = np.repeat(["control", "non_pain", "pain"], [60, 33, 33])
    common = rng.normal(size=126)
    frame = pd.DataFrame(
        {"group": group, "age": rng.normal(35, 9, 126).round(1), "bmi": rng.normal(23, 3, 126).round(2)}
    )
    frame["sex"] = rng.choice(["female", "male"], 126)
    for number in range(1, 6):
        shift = 0.15 * number * (group == "pain") + 0.1 * (group == "non_pain")
        frame[f"y{number}"] = (2 + shift + 0.01 * frame["age"] + 0.5 * common + rng.normal(0, 0.7, 126)).round(4)
    return frame


def survival(rng: np.random.Generator) -> pd.DataFrame:
    """66 participants seen at six days, two groups, some censored early."""
    group = np.repeat(["pain", "non_pain"], 33)
    days = np.array([2, 4, 6, 9, 11, 13])
    event = days[rng.choice(6, 66, p=[0.1, 0.2, 0.2, 0.2, 0.15, 0.15])]
    censored = days[rng.choice(6, 66, p=[0.02, 0.03, 0.05, 0.1, 0.1, 0.7])]
    late = (group == "non_pain") & (rng.random(66) < 0.4)
    event = np.where(late, 99, event)
    return pd.DataFrame({"group": group, "time": np.minimum(event, censored), "event": (event <= censored).astype(int)})


def incomplete(rng: np.random.Generator) -> pd.DataFrame:
    """66 rows of four correlated variables with gaps in three of them, four patterns and more."""
    spread = np.array([[4, 2, 1.5, 0.5], [2, 3, 1, 0.4], [1.5, 1, 2, 0.6], [0.5, 0.4, 0.6, 1]])
    frame = pd.DataFrame(rng.multivariate_normal([10, 5, 3, 1], spread, 66).round(4), columns=["a", "b", "c", "d"])
    frame.loc[(frame["a"] > 11) & (rng.random(66) < 0.5), "b"] = np.nan
    frame.loc[rng.random(66) < 0.15, "c"] = np.nan
    frame.loc[rng.random(66) < 0.1, "d"] = np.nan
    return frame


def main() -> None:
    rng = np.random.default_rng(20210)
    tables = {
        "intercept": repeated(rng, 0.0),
        "slope": repeated(rng, 0.35),
        "three_groups": three_groups(rng),
        "survival": survival(rng),
        "incomplete": incomplete(rng),
    }
    FOLDER.mkdir(exist_ok=True)
    for name, table in {**tables, **simulated(), "pbc": bilirubin()}.items():
        table.to_csv(FOLDER / f"{name}.csv", index=False)


if __name__ == "__main__":
    main()
