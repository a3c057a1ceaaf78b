"""What is simulated: families of tests, populations, group sizes, and when a point is precise enough."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

from helpers.analysis.settings import SettingsError, suggestion
from helpers.analysis.yaml_file import read_yaml
from helpers.study import Study

# Populations of each family; the first has the means and associations of the study.
TRUTHS = {
    "outcomes": ("fitted", "half", "equal", "flat"),
    "endpoints": ("fitted", "half", "equal"),
    "baseline": ("fitted", "half", "some", "equal"),
    "course": ("fitted", "some", "equal", "flat"),
    "falls": ("fitted", "none"),
    "mediation": ("fitted", "no a", "no b", "neither", "no direct"),
    "coupled": ("fitted", "baseline only", "independent"),
}
# Where more samples are lost than in the study, in these populations alone.
MORE_MISSING = ("fitted", "equal")
BASELINE_R = 0.5  # correlation at baseline in the population in which nothing else is correlated
LIMITS = {"n": (5, 10_000), "missing": (0, 0.9), "block": (10, 10_000), "most": (10, 1_000_000),
          "resamples": (100, 100_000), "level": (1e-4, 0.1), "power": (1e-4, 0.2)}  # fmt: skip


@dataclass(frozen=True)
class Point:
    """Cohorts of one size from one population, and the tests of one family.

    Attributes
    ----------
    family : str
        A key of :data:`TRUTHS`.
    subject : str
        The outcome, where a family is simulated for each by itself; else empty.
    truth : str
    n : int
        Participants of the first group; the others are as much larger or smaller as in the study.
    missing : float
        Share of later visits lost at random, beyond those that the study's participants missed.
    """

    family: str
    subject: str
    truth: str
    n: int
    missing: float = 0.0

    @property
    def key(self) -> str:
        """What it is in one line.

        >>> Point("outcomes", "madrs", "equal", 33).key
        'outcomes; subject=madrs; truth=equal; n=33; missing=0'
        """
        return f"{self.family}; subject={self.subject}; truth={self.truth}; n={self.n}; missing={self.missing:g}"


@dataclass(frozen=True)
class Plan:
    """The file of a simulation.

    Attributes
    ----------
    n : tuple of int
        Group sizes.
    missing : tuple of float
        Shares of samples lost at random.
    block : int
        Cohorts a block: what is computed, and lost by an interruption, at once.
    most : int
        Cohorts a point at most.
    resamples : int
        Bootstrap resamples of a mediation.
    level, power : float
        Largest Monte-Carlo standard errors: of rates of up to a tenth under the null hypothesis, and of all others.
    """

    n: tuple[int, ...]
    missing: tuple[float, ...]
    block: int
    most: int
    resamples: int
    level: float
    power: float

    @property
    def blocks(self) -> int:
        """Blocks a point at most."""
        return max(1, self.most // self.block)

    def block_key(self, point: Point, number: int) -> str:
        """A block in one line: the point, how it is computed, and its number.

        >>> plan = Plan((33,), (0,), 250, 1000, 500, 0.01, 0.05)
        >>> plan.block_key(Point("mediation", "", "no a", 33), 2).partition("missing=0; ")[2]
        'cohorts=250; resamples=500; block=2'
        """
        resamples = f"; resamples={self.resamples}" if point.family == "mediation" else ""
        return f"{point.key}; cohorts={self.block}{resamples}; block={number}"

    def points(self, study: Study) -> Iterator[Point]:
        """Every point that the study can have."""
        for family, subject in _subjects(study):
            for truth, n, missing in product(TRUTHS[family], self.n, self.missing):
                if not missing or (family == "course" and truth in MORE_MISSING):
                    yield Point(family, subject, truth, n, missing)


def _subjects(study: Study) -> Iterator[tuple[str, str]]:
    """Families that a study has, each outcome by itself."""
    roles = study.roles
    yield from (("outcomes", item.column) for item in roles.outcomes if len(item.visits) > 1)
    ruled = [rule.outcome for rule in (roles.response, roles.remission) if rule is not None]
    if len(roles.compared) == 2:
        yield from (("endpoints", name) for name in dict.fromkeys(ruled))
    if len(roles.analytes.columns) > 1:
        yield "baseline", ""
        if len(roles.analytes.visits) > 1:
            yield "course", ""
    if roles.mediation is not None:
        yield from (("falls", ""), ("mediation", ""), ("coupled", ""))


def read_plan(path: Path) -> Plan:
    """The plan of a YAML file.

    Raises
    ------
    SettingsError
        No such file, not YAML, or an entry is unknown, missing or out of its limits; the message names them all.
    """
    return plan_of(read_yaml(path), path.name)


def plan_of(found: Any, where: str = "plan") -> Plan:
    """The plan that the content of a file describes; see :func:`read_plan`.

    >>> plan_of({"n": [33], "missing": [0], "block": 100, "most": 1000, "resamples": 500,
    ...          "precision": {"level": 0.01, "power": 0.02}}).blocks
    10
    """
    names = ("n", "missing", "block", "most", "resamples", "precision")
    if not isinstance(found, Mapping):
        raise SettingsError(where, [f"expected the entries {', '.join(names)}"])
    problems = [f"{name}: unknown entry{suggestion(name, names)}" for name in found if name not in names]
    problems += [f"{name}: missing" for name in names if name not in found]
    precision = found.get("precision")
    if not isinstance(precision, Mapping) or set(precision) != {"level", "power"}:
        problems.append("precision: expected level and power")
        precision = {}
    given = {name: found[name] for name in ("n", "missing", "block", "most", "resamples") if name in found}
    for name, value in {**given, **precision}.items():
        if name in LIMITS:
            problems += _out_of_limits(name, value)
    if problems:
        raise SettingsError(where, problems)
    lists = {name: tuple(found[name]) for name in ("n", "missing")}
    return Plan(**lists, **{name: found[name] for name in ("block", "most", "resamples")}, **precision)


def _out_of_limits(name: str, value: Any) -> Iterator[str]:
    several = name in ("n", "missing")
    if several and not (isinstance(value, list) and value):
        yield f"{name}: expected a list of numbers"
        return
    low, high = LIMITS[name]
    whole = name not in ("missing", "level", "power")
    for one in value if several else [value]:
        number = isinstance(one, int) if whole else isinstance(one, (int, float))
        if isinstance(one, bool) or not number or not low <= one <= high:
            kind = "a whole number" if whole else "a number"
            yield f"{name}: {one!r} is not {kind} from {low:g} to {high:g}"
