"""Exports of an assay with one row an analyte: recognised, and seen as one small table an analyte.

An analyte's table has the rows of the file that are its own, and the results under the analyte's name; so everything
that reads a long table reads it, and every message names the row of the file.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from helpers.study.intake.cells import parse_numbers
from helpers.study.intake.levels import BELOW, BELOW_TEXT
from helpers.study.intake.source import Column, Table
from helpers.study.intake.units import unit_in
from helpers.study.intake.vocabulary import squeezed

ANALYTES = (
    "analyte", "analytename", "analyt", "biomarker", "marker", "cytokine", "zytokin", "protein", "target", "parameter",
    "param", "component", "test", "testname", "assay", "lbtest", "lbtestcd", "paramcd",
)  # fmt: skip
RESULTS = (
    "result", "concentration", "conc", "obsconc", "obsconcentration", "calcconc", "finalconc", "meanconc",
    "resultvalue", "finalresult", "value", "ergebnis", "messwert", "wert", "konzentration", "lborres", "lbstresc",
    "lbstresn", "aval",
)  # fmt: skip
UNITS = ("unit", "units", "resultunit", "concunit", "einheit", "lborresu", "lbstresu")
FLAGS = ("flag", "flags", "resultflag", "qualifier", "status", "remark", "comment", "bemerkung", "qcflag")
LIMITS = (
    "lod", "llod", "loq", "lloq", "mdc", "mindc", "mdd", "detectionlimit", "limitofdetection", "lowerlimit", "lblloq",
    "nachweisgrenze",
)  # fmt: skip
SAMPLES = ("sampleid", "sample", "samplename", "specimen", "specimenid", "probe")
USED = re.compile(r"ok|okay|valid|pass(ed)?|in ?range|normal|none|good", re.IGNORECASE)
BY_ROW = "by row"  # a source_unit: each row names its own
MARK = "below the limit, by its flag"
ASK_FLAG = "DECIDE: what the flag means: below (the detection limit), missing (leave the result out), or used"


@dataclass(frozen=True)
class Assay:
    """The columns of an export: which analyte a row is of, its result, and what is said of the result."""

    analyte: str
    result: str
    unit: str = ""
    flag: str = ""
    limit: str = ""

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that are no variables of their own."""
        return tuple(name for name in (self.analyte, self.result, self.unit, self.flag, self.limit) if name)


def find_assay(table: Table) -> Assay | None:
    """The columns of an assay's export; None when the table has no column of analytes, or none of results."""
    names = {squeezed(column.name): column.name for column in reversed(table.columns)}

    def named(wanted: tuple[str, ...]) -> str:
        return next((names[plain] for plain in wanted if plain in names), "")

    analyte, result = named(ANALYTES), _first_with_unit(table) or named(RESULTS)
    if not analyte or not result or analyte == result or _numbers(table, analyte):
        return None
    return Assay(analyte, result, named(UNITS), named(FLAGS), named(LIMITS))


def _numbers(table: Table, name: str) -> bool:
    """Whether a column holds numbers only: a measurement of protein, not names of proteins."""
    return not parse_numbers(table.frame[name]).unreadable.any()


def _first_with_unit(table: Table) -> str:
    """A column such as ``Conc (pg/mL)``: a result's name with a unit."""
    for column in table.columns:
        plain = squeezed(re.sub(r"[(\[].*", "", column.name))
        if plain in RESULTS and unit_in(column.name):
            return column.name
    return ""


def analyte_tables(table: Table, entry: Mapping[str, Any]) -> dict[str, Table]:
    """A table an analyte, in the order of the file.

    Parameters
    ----------
    entry : mapping
        The table's entry in the mapping: ``analyte``, ``result``, and where there are any ``unit``, ``flag`` and
        ``flags``. A result whose flag means missing is empty; one whose flag means below the limit is :data:`MARK`,
        unless it says its limit itself (``<0.13``).
    """
    results = flagged(table, entry)
    found = {}
    for name, rows in table.frame.groupby(entry["analyte"], sort=False):
        columns = tuple(column for column in table.columns if column.name not in (entry["analyte"], entry["result"]))
        label = _label(str(name), _units(rows, entry) or [unit_in(entry["result"])])
        frame = rows[[column.name for column in columns]].assign(**{str(name): results[rows.index]})
        column = Column(str(name), label, kind="mixed")
        kept = tuple(other for other in columns if other.name != column.name)
        found[str(name)] = replace(table, columns=(*kept, column), frame=frame, result=entry["result"])
    return found


def flagged(table: Table, entry: Mapping[str, Any]) -> pd.Series:
    """The results as their flags have them."""
    results = table.frame[entry["result"]]
    if not entry.get("flag"):
        return results
    meanings = table.frame[entry["flag"]].map(dict(entry.get("flags") or {}), na_action="ignore")
    bounded = results.str.match(r"\s*[<≤]").fillna(False).astype(bool)
    return results.mask(meanings == "missing").mask((meanings == "below") & ~bounded, MARK)


def unknown_flags(table: Table, entry: Mapping[str, Any]) -> pd.Series:
    """Rows with a flag of which the mapping says nothing."""
    if not entry.get("flag"):
        return pd.Series(False, index=table.frame.index)
    flags = table.frame[entry["flag"]]
    return flags.notna() & (flags != "") & ~flags.isin(list(entry.get("flags") or {}))


def propose_flags(table: Table, assay: Assay) -> dict[str, str]:
    """What each flag of the file means, as far as its words say."""
    flags = table.frame[assay.flag].mask(table.frame[assay.flag] == "") if assay.flag else pd.Series(dtype="string")
    return {flag: _meaning(flag) for flag in pd.unique(flags.dropna())}


def _meaning(flag: str) -> str:
    if USED.fullmatch(flag):
        return "used"
    return "below" if BELOW_TEXT.fullmatch(flag) or BELOW.search(flag) or flag == "<" else ASK_FLAG


def _units(rows: pd.DataFrame, entry: Mapping[str, Any]) -> list[str]:
    """The units of an analyte's results, each once."""
    if not entry.get("unit"):
        return []
    return list(pd.unique(rows[entry["unit"]].mask(rows[entry["unit"]] == "").dropna()))


def _label(name: str, units: list[str]) -> str:
    """The analyte with its unit, as a column of a wide table might be labelled; without one where there are several."""
    return f"{name} ({units[0]})" if len(units) == 1 and units[0] else name
