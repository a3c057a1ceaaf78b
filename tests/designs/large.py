"""A study as large as the compendium promises to take: 300 analytes, 8 outcomes, 4 compared groups.

    .venv/bin/python tests/designs/large.py build/large [--analytes 300] [--no-controls]
    make book STUDY=build/large

The book of 300 analytes takes 9.3 minutes of processor time, of which chapter 4 takes about 3.7: 600 models on the
scenario's data and 600 on the other, 3,000 on ten imputations, 900 under other covariance structures.

Numbers are drawn from a seed; nobody is in it. Samples are missing and values lie below the limit of detection,
patients drop out, and a tenth of the analytes and outcomes differ between the groups.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from helpers.study.synthetic.draws import carried_over, significant, standardise

NUMBER = {"type": "number"}
GROUPS = ("placebo", "low", "middle", "high", "combined", "delayed")
VISITS, DAYS = ("baseline", "week_1", "week_2", "week_4", "week_8", "week_12"), (0, 7, 14, 28, 56, 84)
SAMPLED = ("baseline", "week_4", "week_12")


@dataclass(frozen=True)
class Shape:
    """How large the study is; ``each`` is the size of a group, healthy controls included."""

    analytes: int = 300
    outcomes: int = 8
    groups: int = 4
    controls: bool = True
    each: int = 25
    seed: int = 1

    @property
    def compared(self) -> tuple[str, ...]:
        return GROUPS[: self.groups]

    @property
    def analyte_names(self) -> list[str]:
        return [f"protein_{place:03d}" for place in range(1, self.analytes + 1)]

    @property
    def outcome_names(self) -> list[str]:
        return [f"scale_{place}" for place in range(1, self.outcomes + 1)]


def frames(shape: Shape) -> dict[str, pd.DataFrame]:
    """The study's tables."""
    rng = np.random.default_rng(shape.seed)
    people = _people(rng, shape)
    patients = people[people["arm"] != "healthy"]
    samples, below = _samples(rng, shape, people)
    return {
        "participants": people,
        "outcomes": _outcomes(rng, shape, patients),
        "analytes": samples,
        "below_limit": below,
    }


def _people(rng: np.random.Generator, shape: Shape) -> pd.DataFrame:
    arms = np.repeat([*shape.compared, *(["healthy"] if shape.controls else [])], shape.each)
    people = pd.DataFrame({"id": [f"P{place:04d}" for place in range(1, len(arms) + 1)], "arm": arms})
    people["age"] = rng.normal(45, 11, len(arms)).round(1)
    people["sex"] = rng.choice(["female", "male"], len(arms))
    return people


def _outcomes(rng: np.random.Generator, shape: Shape, people: pd.DataFrame) -> pd.DataFrame:
    """Scores 0 to 60 that fall with time, faster in later groups for the first outcome; patients drop out."""
    place = people["arm"].map(shape.compared.index).to_numpy(float)
    time = np.arange(len(VISITS)) / (len(VISITS) - 1)
    columns = {}
    for number, name in enumerate(shape.outcome_names):
        course = 8 * time * (1 + 0.5 * (number == 0) * place[:, None])
        noise = 5 * rng.standard_normal((len(people), 1)) + 4 * carried_over(rng, len(people), len(VISITS), 0.4)
        columns[name] = np.clip(30 - course + noise, 0, 60).round().ravel()
    stays = rng.geometric(0.03, len(people))[:, None] > np.arange(len(VISITS))
    long = people[["id"]].merge(pd.DataFrame({"visit": VISITS}), how="cross").assign(**columns)
    return long[stays.ravel()]


def _samples(rng: np.random.Generator, shape: Shape, people: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Log-normal levels with a part that all analytes share; 3 % of values are missing, 2 % below their limit."""
    names, n = shape.analyte_names, len(people)
    stable = np.sqrt(0.3) * rng.standard_normal((n, 1)) + np.sqrt(0.7) * rng.standard_normal((n, shape.analytes))
    passing = rng.standard_normal((len(SAMPLED), n, shape.analytes))
    place = standardise(people["arm"].map([*shape.compared, "healthy"].index))
    effect = 0.6 * np.outer(place, np.arange(shape.analytes) % 10 == 0)
    shifts = np.arange(len(SAMPLED))[:, None, None] * 0.3 * (np.arange(shape.analytes) % 10 == 5)
    scale = np.exp(rng.uniform(0, 6, shape.analytes))
    levels = significant(scale * np.exp(0.5 * (stable + effect + passing - shifts)).reshape(-1, shape.analytes), 4)
    keys = pd.DataFrame({"visit": np.repeat(SAMPLED, n), "id": np.tile(people["id"], len(SAMPLED))})
    limits = significant(np.quantile(levels, 0.02, axis=0), 3)
    low, gone = levels < limits, rng.random(levels.shape) < 0.03
    table = pd.concat([keys, pd.DataFrame(levels, columns=names).mask(low | gone)], axis=1)
    healthy = keys["id"].isin(people.loc[people["arm"] == "healthy", "id"]) & (keys["visit"] != "baseline")
    sampled = ~healthy & ((rng.random(len(keys)) > 0.04) | (keys["visit"] == "baseline"))
    flags = np.argwhere(low & ~gone & sampled.to_numpy()[:, None])
    below = keys.iloc[flags[:, 0]].reset_index(drop=True)
    below = below.assign(analyte=[names[column] for column in flags[:, 1]], limit=limits[flags[:, 1]])
    return table[sampled][["id", "visit", *names]], below[["id", "visit", "analyte", "limit"]]


def parts(shape: Shape) -> tuple[str, dict, dict, dict, dict[str, pd.DataFrame]]:
    """What ``folders.write_study`` makes the study folder of: title, fields, roles and tables."""
    arms = (*shape.compared, *(("healthy",) if shape.controls else ()))
    people = {"arm": _categories(*arms), "age": {**NUMBER, "unit": "years"}, "sex": _categories("female", "male")}
    concentration, score = {**NUMBER, "unit": "pg/mL"}, {**NUMBER, "constraints": {"minimum": 0, "maximum": 60}}
    tables = {
        "outcomes": dict.fromkeys(shape.outcome_names, score),
        "analytes": dict.fromkeys(shape.analyte_names, concentration),
        "below_limit": {"analyte": {"type": "string"}, "limit": concentration},
    }
    return "A large panel", people, tables, _roles(shape), frames(shape)


def _categories(*values: str) -> dict:
    return {"type": "string", "constraints": {"enum": list(values)}}


def _roles(shape: Shape) -> dict:
    first, second, *_ = shape.outcome_names
    group = {"column": "arm", "compared": list(shape.compared)}
    return {
        "group": group | ({"reference": "healthy"} if shape.controls else {}),
        "visits": [{"name": n, "label": _label(n), "day": day} for n, day in zip(VISITS, DAYS, strict=True)],
        "outcomes": [
            {"column": name, "label": _label(name), "visits": list(VISITS), "decimals": 0}
            for name in shape.outcome_names
        ],
        "response": {"outcome": first, "fraction": 0.5, "visit": "week_12"},
        "remission": {"outcome": first, "cutoff": 10, "visit": "week_12"},
        "analytes": {
            "columns": shape.analyte_names, "visits": list(SAMPLED), "transform": "log",
            "detection": {"table": "below_limit", "rule": "lod_sqrt2"},
        },
        "analyte_covariates": ["age", "sex"],
        "baseline_table": [
            {"column": "age", "candidate": True}, {"column": "sex", "candidate": True},
            *({"column": name} for name in shape.outcome_names),
        ],
        "change_regressions": [{"outcome": name, "groups": list(shape.compared)} for name in shape.outcome_names],
        "mediation": {"group": "high", "visit": "week_12", "x": "protein_001", "m": second, "y": first},
    }  # fmt: skip


def _label(name: str) -> str:
    return name.replace("_", " ").capitalize()


def _main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--analytes", type=int, default=300)
    parser.add_argument("--no-controls", dest="controls", action="store_false")
    given = parser.parse_args()
    from folders import write_study  # beside this file, when it is run as a script

    print(write_study(given.folder, *parts(Shape(given.analytes, controls=given.controls))))


if __name__ == "__main__":
    _main()
