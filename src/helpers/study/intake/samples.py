"""Concentrations: codes, units, detection limits and the assay's readings, analyte by analyte."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from helpers.study.intake.assay import BY_ROW, MARK
from helpers.study.intake.cells import code_mask, parse_numbers
from helpers.study.intake.gather import Sources, cell_lines, cells_at_visits
from helpers.study.intake.units import UnitError, factor, unit_in

KEYS = ["id", "visit"]


@dataclass(frozen=True, eq=False)
class Samples:
    """One analyte in all samples.

    Attributes
    ----------
    table : DataFrame
        ``id, visit, value, limit``: the mean of the readings above the limit; where there is none, the limit. In the
        study's unit.
    readings : DataFrame
        ``id, visit, readings, cv, below``: how many readings a sample had, their coefficient of variation (%), and how
        many were below the limit.
    """

    table: pd.DataFrame
    readings: pd.DataFrame


def analyte_samples(sources: Sources, name: str, spec: Mapping[str, Any]) -> tuple[Samples, list[str]]:
    """Read one analyte; the problems come with it."""
    cells = cells_at_visits(sources, spec["from"])
    cells = cells[~code_mask(cells["text"], map(str, spec.get("missing", ())))].reset_index(drop=True)
    coded = code_mask(cells["text"], map(str, spec.get("below", ()))) | (cells["text"] == MARK).astype(bool)
    found = parse_numbers(cells["text"].mask(coded))
    problems = cell_lines(
        sources, cells, found.unreadable, "neither a number nor <limit; list it under missing or below"
    )
    problems += _above(sources, cells, found.above, spec)
    limit, wrong = _limits(sources, cells, spec)
    problems += wrong
    below = coded | found.below.notna()
    limit = found.below.fillna(limit)
    problems += cell_lines(
        sources, cells, below & limit.isna(), "below a limit that is not said; give the analyte a limit"
    )
    value = found.value.fillna(found.above if spec.get("above") == "limit" else np.nan)
    if sources.mapping["rules"].get("analyte_scale", "log") == "log":
        text = "zero or less, which has no logarithm; give the analyte a limit, or list the code under missing"
        problems += cell_lines(sources, cells, (value <= 0) & limit.isna(), text)
    times, wrong = _factors(sources, name, spec, cells)
    cells = cells.assign(value=value * times, limit=limit * times, is_below=below)
    return _combined(cells), problems + wrong


def _above(sources: Sources, cells: pd.DataFrame, above: pd.Series, spec: Mapping[str, Any]) -> list[str]:
    if spec.get("above"):
        return []
    text = "above the range of the assay; decide with above: missing (leave out) or above: limit (take the number)"
    return cell_lines(sources, cells, above.notna(), text)


def _limits(sources: Sources, cells: pd.DataFrame, spec: Mapping[str, Any]) -> tuple[pd.Series, list[str]]:
    """The detection limit of each cell, in the unit of the file; missing where the mapping names none."""
    given = spec.get("limit")
    if isinstance(given, Mapping):
        parts = [_limit(sources, cells, given[visit]).where(cells["visit"] == visit) for visit in given]
        limit = pd.concat(parts, axis=1).bfill(axis=1).iloc[:, 0] if parts else pd.Series(np.nan, index=cells.index)
    else:
        limit = _limit(sources, cells, given)
    bad = limit.notna() & (limit <= 0)
    return limit, cell_lines(sources, cells, bad, "its detection limit is zero or less; expected a positive number")


def _limit(sources: Sources, cells: pd.DataFrame, given: Any) -> pd.Series:
    if given is None or isinstance(given, int | float):
        return pd.Series(np.nan if given is None else float(given), index=cells.index)
    table, name = sources.place(given)
    layout = sources.layout(table)
    numbers = parse_numbers(table.frame[name])
    value = numbers.value.fillna(numbers.below)
    if layout["layout"] != "wide":
        rows = dict(zip((table.row(place) for place in table.frame.index), value, strict=True))
        return cells["row"].map(rows)
    who = sources.who(table)
    return cells["id"].map(dict(zip(who, value, strict=True))).astype("float64")


def _factors(sources: Sources, name: str, spec: Mapping[str, Any], cells: pd.DataFrame) -> tuple[Any, list[str]]:
    """What the values are multiplied by: one number, or one a cell where the unit stands in the cell's row."""
    units = _row_units(sources, cells)
    if units is None:
        return _factor(sources, name, spec)
    if spec.get("source_unit") != BY_ROW:
        stated = units.notna() & (units.map(_spelt, na_action="ignore") != _spelt(spec.get("source_unit", "")))
        text = f"in another unit than the mapping's source_unit; with source_unit: {BY_ROW} each row is converted"
        times, wrong = _factor(sources, name, spec)
        return times, wrong + cell_lines(sources, cells, stated, text)
    problems = cell_lines(sources, cells, units.isna(), "no unit")
    known: dict[str, float] = {}
    for unit in pd.unique(units.dropna()):
        try:
            known[unit] = factor(_spelt(unit), spec.get("unit") or _spelt(unit))
        except UnitError as error:
            problems += cell_lines(sources, cells, units == unit, f"its unit cannot be used: {error}")
    return units.map(known).astype("float64"), problems


def _spelt(unit: str) -> str:
    """A unit in the spelling of the mapping."""
    return unit_in(unit) or unit


def _row_units(sources: Sources, cells: pd.DataFrame) -> pd.Series | None:
    """The unit of each cell, from its row; None where no table of the analyte has a column of units."""
    found = pd.Series(pd.NA, index=cells.index, dtype="object")
    named = False
    for ref, part in cells.groupby("ref", sort=False):
        table, _ = sources.place(str(ref))
        column = sources.layout(table).get("unit")
        if column:
            named = True
            rows = {table.row(place): unit for place, unit in table.frame[column].items()}
            found[part.index] = part["row"].map(rows)
    return found.mask(found == "") if named else None


def _factor(sources: Sources, name: str, spec: Mapping[str, Any]) -> tuple[float, list[str]]:
    source = spec.get("source_unit") or sources.mapping["rules"].get("analyte_unit") or ""
    where = sources.mapping.at("analytes", name, "source_unit" if "source_unit" in spec else "unit")
    if not source:
        return 1.0, [f"{where}: no unit; give source_unit, or analyte_unit under rules"]
    try:
        return factor(source, spec.get("unit") or source), []
    except UnitError as error:
        return 1.0, [f"{where}: {error}"]


def _combined(cells: pd.DataFrame) -> Samples:
    """The readings of a sample as one value: their mean, which is below the limit or is not.

    Readings that are only known to lie below the limit do not enter the mean; a sample has no value when all are.
    """
    grouped = cells.groupby(KEYS, sort=False)
    table = grouped.agg(
        value=("value", "mean"), limit=("limit", "max"), below=("is_below", "sum"), readings=("reading", "size")
    )
    table = table.assign(cv=100 * grouped["value"].std(ddof=1) / table["value"]).reset_index()
    under = table["value"].isna() & (table["below"] > 0) | (table["value"] < table["limit"])
    table = table.assign(value=table["value"].mask(under), limit=table["limit"].where(under))
    kept = table[table["value"].notna() | under]
    return Samples(kept[[*KEYS, "value", "limit"]], kept[[*KEYS, "readings", "cv", "below"]])


def reading_summary(found: Mapping[str, Samples]) -> pd.DataFrame:
    """How well the readings of a sample agree, by analyte.

    ``samples`` had two or more values; ``cv_median`` and ``cv_rms`` are the median and the root mean square of their
    coefficients of variation in % (the standard deviation of the readings over their mean); ``fewer`` samples had a
    reading below the limit beside one above, whose mean is of fewer readings.
    """
    rows = []
    for name, samples in found.items():
        readings = samples.readings
        if not (readings["readings"] > 1).any():
            continue
        cv = readings["cv"].dropna()
        mixed = int(((readings["below"] > 0) & (readings["below"] < readings["readings"])).sum())
        rms = float(np.sqrt((cv**2).mean())) if len(cv) else np.nan
        rows.append([name, len(cv), cv.median() if len(cv) else np.nan, rms, mixed])
    return pd.DataFrame(rows, columns=["analyte", "samples", "cv_median", "cv_rms", "fewer"])
