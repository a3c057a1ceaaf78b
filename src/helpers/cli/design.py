"""`make design`: what the paper's tests say of cohorts whose truth is known, until every rate is precise enough."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path

import pandas as pd

from helpers.analysis.design.files import SUMMARY
from helpers.analysis.design.kept import POINT
from helpers.analysis.design.plan import Plan, Point, read_plan
from helpers.analysis.design.precision import blocks_needed, precise
from helpers.analysis.design.simulate import Simulation
from helpers.analysis.design.tally import CELLS, SUMS, summed
from helpers.analysis.files import write_whole
from helpers.analysis.places import resolve
from helpers.analysis.robustness.files import DIGESTS, SCENARIO, digests
from helpers.analysis.scenarios import load_scenario
from helpers.cli.layout import Place
from helpers.cli.many import bring_up_to_date
from helpers.cli.many.folder import Folder
from helpers.cli.many.store import copy_rows, query_rows
from helpers.cli.many.tasks import Task
from helpers.study import load_study

# Seconds that 1,000 cohorts are likely to take, for the size of the chunks.
SECONDS = {"outcomes": 5.0, "course": 20.0, "baseline": 1.0, "falls": 1.0}
KEPT = ("used", "rate", "rate_se", "bias", "bias_se", "coverage", "coverage_se", "lost")


class Design:
    """The blocks of a simulation on one study: as many of each point as its precision needs."""

    def __init__(self, root: Path, study: str, plan: str):
        self.root, self.name = root, study
        self.study, self.plan = load_study(root / study, name=study), read_plan(resolve(plan))
        self.folder = Folder(root, "design", study, {"plan": plan})

    @cached_property
    def points(self) -> Sequence[Point]:
        """Every point, in the plan's order."""
        return list(self.plan.points(self.study))

    def tasks(self) -> Sequence[Task]:
        """The blocks that are wanted so far: more as what is there shows how many are needed."""
        there = self._gathered()
        none = pd.DataFrame(columns=["block"])
        seconds = self.plan.block / 1000
        return [
            Task(self.plan.block_key(point, number), point.family, SECONDS.get(point.family, 0.5) * seconds)
            for point in self.points
            for number in range(blocks_needed(there.get(point.key, none), self.plan))
        ]

    def _gathered(self) -> Mapping[str, pd.DataFrame]:
        """Tallies by the key of their point."""
        if not self.folder.results.is_file():
            return {}
        rows = query_rows(self.folder.results, "SELECT * EXCLUDE row FROM rows")
        return dict(list(numbered(rows, self.plan).groupby("point", sort=False)))

    def files(self) -> Sequence[str]:
        """The study's tables. Not the plan: a block is whole in its key."""
        where = Place(self.root, self.name, SCENARIO)
        return [*where.study_files(), where.scenario_file()]

    def run(self, keys: Sequence[str]) -> pd.DataFrame:
        """The tallies of some blocks."""
        points = {point.key: point for point in self.points}
        simulation = Simulation(self.study, load_scenario(SCENARIO), self.plan)
        parts = []
        for key in sorted(keys):
            point, _, rest = key.partition("; cohorts=")
            found = simulation.block(points[point], int(rest.rpartition("; block=")[2]))
            parts.append(found.assign(key=key))
        return pd.concat(parts, ignore_index=True)


def numbered(rows: pd.DataFrame, plan: Plan) -> pd.DataFrame:
    """Tallies with their ``point`` and ``block``, without those of another size of block or number of resamples."""
    parts = rows["key"].str.extract(r"^(?P<point>.*); (?P<how>cohorts=\d+(?:; resamples=\d+)?); block=(?P<block>\d+)$")
    found = rows.assign(point=parts["point"], block=parts["block"].astype(int))
    ours = parts["how"].isin([f"cohorts={plan.block}", f"cohorts={plan.block}; resamples={plan.resamples}"])
    return found[ours]


def kind(root: Path, study: str, options: Mapping[str, str]) -> Design:
    """The kind of tasks that the engine runs."""
    return Design(root, study, options["plan"])


def simulate(folder: Folder, jobs: int, profile: str, seconds: float) -> Path:
    """Add blocks until every point has those it needs; return the gathered tallies."""
    before: set[str] = set()
    while True:
        results = bring_up_to_date(folder, jobs, profile, seconds)
        wanted = {task.key for task in folder.load().tasks()}
        if wanted == before:
            return results
        before = wanted


def keep(results: Path, design: Design, where: Place) -> pd.DataFrame:
    """Write what the book's chapter reads beside the tallies, and return the rates, a row a point and test."""
    tallies = numbered(query_rows(results, "SELECT * EXCLUDE row FROM rows"), design.plan)
    counted = tallies.groupby("point", sort=False)["block"].nunique() * design.plan.block
    found = summed(tallies, ["point"])
    points = pd.DataFrame(
        [{name: getattr(point, name) for name in POINT} | {"point": point.key} for point in design.points]
    )
    found = points.merge(found, on="point", how="left")
    # Rows of all analytes together count each of them in a cohort.
    whole = found["point"].map(counted) * (found["used"] / found["point"].map(counted)).clip(lower=1).round()
    found = found.assign(lost=(1 - found["used"] / whole).clip(lower=0), place=range(len(found)))
    found["precise"] = precise(found, design.plan)
    numbers = ", ".join(f"{name}::{'INTEGER' if name == 'used' else 'FLOAT'} AS {name}" for name in KEPT)
    names = ", ".join(
        [*POINT[:3], "n::INTEGER AS n", "missing::FLOAT AS missing", *CELLS[:3], '"null"', '"true"::FLOAT AS "true"']
    )
    copy_rows(
        results, f"SELECT {names}, {numbers}, precise FROM summary ORDER BY place", results.with_name(SUMMARY),
        {"summary": found.drop(columns=[name for name in SUMS if name != "used"])},
    )  # fmt: skip
    tables = [where.root / name for name in where.study_files()]
    write_whole(results.with_name(DIGESTS), digests(tables, None).encode("utf-8"))
    return found


def folder_of(where: Place, plan: str) -> Folder:
    """Where the simulation of a study is kept."""
    return Folder(where.root, "design", where.study, {"plan": plan})


def in_words(found: pd.DataFrame) -> str:
    """A line a family: points, cohorts, and rates that are not as precise as was asked.

    >>> one = {"family": "falls", "point": "a", "used": 500, "precise": True}
    >>> print(in_words(pd.DataFrame([one, {**one, "point": "b", "used": 250, "precise": False}])))
    falls: 2 populations and sizes, 750 cohorts; 1 rate less precise than asked for
    """
    lines = []
    for family, part in found.groupby("family", sort=False):
        cohorts = int(part.groupby("point")["used"].median().sum())
        short = int((~part["precise"].astype(bool)).sum())
        more = f"; {short} rate{'s' * (short != 1)} less precise than asked for" if short else ""
        lines.append(f"{family}: {part['point'].nunique()} populations and sizes, {cohorts:,} cohorts{more}")
    return "\n".join(lines)
