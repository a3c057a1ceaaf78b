"""Rules between columns that the study keeps, and so must its twin."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import permutations

import numpy as np
import pandas as pd

from helpers.study.read import Study

from .wide import FEWEST, NUMBERS, Cell, Wide

# In years, so that an age and a duration can be compared.
TIME = {"year": 1.0, "years": 1.0, "month": 1 / 12, "months": 1 / 12, "week": 7 / 365.25, "weeks": 7 / 365.25}
TIME |= {"day": 1 / 365.25, "days": 1 / 365.25}
ENOUGH = 20


@dataclass(frozen=True)
class Order:
    """``high`` is at least the sum of ``low``, each with its factor to a common unit."""

    high: tuple[Cell, float]
    low: tuple[tuple[Cell, float], ...]

    def kept(self, values: pd.DataFrame) -> np.ndarray:
        """Which participants keep the rule; who lacks a value keeps it."""
        return ~(self.gap(values) < -1e-9).to_numpy()

    def gap(self, values: pd.DataFrame) -> pd.Series:
        """How far ``high`` is above the sum."""
        cell, factor = self.high
        return _number(values[cell]) * factor - sum(_number(values[c]) * f for c, f in self.low)


@dataclass(frozen=True)
class Sum:
    """``whole`` is the sum of two others to within a year of rounding (age, age at onset and duration of illness).

    The part in the finest unit follows from the others.
    """

    whole: tuple[Cell, float]
    part: tuple[Cell, float]
    rest: tuple[Cell, float]

    def completed(self, values: pd.DataFrame, generator: np.random.Generator) -> pd.Series:
        """What is left for the part, spread within half a year; missing where one of the three is."""
        (whole, up), (rest, across), (part, factor) = self.whole, self.rest, self.part
        left = _number(values[whole]) * up - _number(values[rest]) * across + generator.uniform(-0.5, 0.5, len(values))
        return (left / factor).where(values[part].notna())


@dataclass(frozen=True)
class End:
    """No row of a table is later than the participant's last day: ``column`` is at most ``last``, in one unit."""

    last: tuple[Cell, float]
    table: str
    column: str
    factor: float

    def after(self, values: pd.DataFrame, level: tuple) -> np.ndarray:
        """Whose row at a level would be too late."""
        cell = Cell(self.table, self.column, level)
        if cell not in values.columns:
            return np.zeros(len(values), dtype=bool)
        late = _number(values[cell]) * self.factor > _number(values[self.last[0]]) * self.last[1] + 1e-9
        return late.to_numpy()


@dataclass(frozen=True)
class Membership:
    """The groups that the descriptor's rule makes: any listed outcome above its limit at the rule's visit."""

    cells: tuple[tuple[Cell, float], ...]
    yes: str
    no: str

    def kept(self, values: pd.DataFrame, groups: Sequence[str]) -> np.ndarray:
        """Which participants are in the group that the rule gives them; who lacks every value keeps it."""
        scores = pd.DataFrame({str(n): _number(values[cell]) - limit for n, (cell, limit) in enumerate(self.cells)})
        above, known = (scores > 0).any(axis=1).to_numpy(), scores.notna().any(axis=1).to_numpy()
        expected = np.where(above, self.yes, self.no)
        groups = np.asarray(groups, dtype=object)
        return ~known | ~np.isin(groups, [self.yes, self.no]) | (groups == expected)


@dataclass(frozen=True)
class Rules:
    """What every participant of the twin keeps."""

    orders: tuple[Order, ...]
    sums: tuple[Sum, ...]
    ends: tuple[End, ...]
    membership: Membership | None

    def kept(self, values: pd.DataFrame, group: str) -> np.ndarray:
        """Which of a group's participants keep every rule."""
        kept = np.ones(len(values), dtype=bool)
        for order in self.orders:
            kept &= order.kept(values)
        return kept & self.membership.kept(values, [group] * len(values)) if self.membership else kept


def find_rules(study: Study, wide: Wide) -> Rules:
    """The rules that hold for every participant of the study.

    The group rule is the descriptor's; a study in which somebody breaks it keeps none. The others are looked for among
    numbers of one unit, or of units of time: one of a participant's numbers is never below another (age, age at
    onset), or is the sum of two to within a year of rounding, or no day of a visit is after the participant's last.
    """
    membership = _membership(study, wide)
    if membership is not None and not membership.kept(wide.values, wide.groups).all():
        membership = None
    table = study.roles.tables["participants"]
    return Rules(tuple(_orders(wide, table)), tuple(_sums(wide, table)), tuple(_ends(wide, table)), membership)


def _membership(study: Study, wide: Wide) -> Membership | None:
    rule, table = study.roles.classification, study.roles.tables["outcomes"]
    if rule is None:
        return None
    cells = [(Cell(table, name, (rule.visit,)), limit) for name, limit in rule.any_above.items()]
    return Membership(tuple(cells), rule.yes, rule.no) if all(c in wide.values.columns for c, _ in cells) else None


def _measures(wide: Wide, table: str) -> list[tuple[Cell, float, str]]:
    """Numbers of the participants table that have a unit: cell, factor to the common unit, and that unit."""
    fields = [f for f in wide.layouts[table].fields if f.type in NUMBERS and not f.is_category and f.unit]
    cells = [(Cell(table, f.name, ()), TIME.get(f.unit, 1.0), "time" if f.unit in TIME else f.unit) for f in fields]
    return [found for found in cells if found[0] in wide.values.columns]


def _orders(wide: Wide, table: str) -> list[Order]:
    found = [
        Order((high, up), ((low, down),))
        for high, up, unit in _measures(wide, table)
        for low, down, other in _measures(wide, table)
        if low != high and other == unit
    ]
    return [order for order in found if _holds(order, wide.values)]


def _sums(wide: Wide, table: str) -> list[Sum]:
    times = [(cell, factor) for cell, factor, unit in _measures(wide, table) if unit == "time"]
    triples = [
        Sum(whole, part, rest)
        for whole, part, rest in permutations(times, 3)
        if part[1] < rest[1] and _adds_up(Order(whole, (part, rest)), wide.values)
    ]
    # One sum a part: two would contradict each other.
    return list({triple.part: triple for triple in triples}.values())


def _adds_up(order: Order, values: pd.DataFrame) -> bool:
    gap = order.gap(values).dropna()
    return len(gap) >= ENOUGH and bool(gap.abs().max() <= 1)


def _ends(wide: Wide, main: str) -> list[End]:
    found = []
    for last, up, unit in _measures(wide, main):
        for layout in (layout for layout in wide.layouts.values() if layout.name != main and unit == "time"):
            times = [field for field in layout.fields if field.unit in TIME]
            found += [End((last, up), layout.name, field.name, TIME[field.unit]) for field in times]
    return [end for end in found if _ended(end, wide)]


def _ended(end: End, wide: Wide) -> bool:
    """True when no row is late, though other participants' rows would be."""
    levels = wide.layouts[end.table].levels
    late = any(end.after(wide.values, level).any() for level in levels)
    cells = [Cell(end.table, end.column, level) for level in levels]
    latest = max((_number(wide.values[c]).max() * end.factor for c in cells if c in wide.values.columns), default=0)
    return not late and bool((_number(wide.values[end.last[0]]) * end.last[1] < latest).sum() >= FEWEST)


def _holds(order: Order, values: pd.DataFrame) -> bool:
    """True when many participants have all values, none breaks the rule, and without it some would."""
    gap = order.gap(values).dropna()
    high = _number(values.loc[gap.index, order.high[0]]) * order.high[1]
    within = len(gap) >= ENOUGH and order.kept(values).all()
    return bool(within and (high < (high - gap).max()).sum() >= FEWEST)


def _number(column: pd.Series) -> pd.Series:
    return pd.to_numeric(column).astype("float64")
