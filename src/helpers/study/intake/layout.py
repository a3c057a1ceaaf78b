"""How a table is laid out: which column is the identifier, and in a long table which say visit and reading."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pandas as pd

from helpers.study.intake.assay import SAMPLES, Assay, find_assay
from helpers.study.intake.errors import SourceError, rows_named
from helpers.study.intake.source import Column, Table
from helpers.study.intake.vocabulary import squeezed

IDENTIFIERS = (
    "id", "subjectid", "subject", "subj", "subjid", "patientid", "patient", "patid", "pat", "pid", "participantid",
    "participant", "partid", "probandid", "proband", "probandennr", "vpnr", "vp", "vpn", "code", "patcode", "caseid",
    "case", "recordid", "record", "studyid", "usubjid", "ident", "screeningnumber", "randno",
)  # fmt: skip
IDENTIFIER_WORDS = re.compile(
    r"\b(participant|subject|patient|proband\w*)\b.*\b(code|id|identifier|number|no|nr)\b", re.I
)
VISITS = (
    "visit", "visitnr", "visitno", "visitname", "timepoint", "time", "tp", "visite", "zeitpunkt", "day", "tag", "week",
    "woche", "event", "redcapeventname", "session", "wave", "messzeitpunkt", "assessment",
)  # fmt: skip
READINGS = ("rep", "replicate", "dup", "duplicate", "reading", "well", "replikat", "repno")


@dataclass(frozen=True)
class Layout:
    """The columns that say whose, when and which reading a row is; ``kind`` is wide, long or assay.

    ``assay`` names the other columns of an export with one row a participant, visit and analyte.
    """

    kind: str
    identifier: str
    visit: str = ""
    reading: str = ""
    assay: Assay | None = None


def find_layout(table: Table) -> Layout | None:
    """The layout of a table; None when no column looks like an identifier.

    Raises
    ------
    SourceError
        A row has no identifier, or one has several rows and nothing says which is which.
    """
    assay = find_assay(table)
    name = _identifier(table) or (_named(table, SAMPLES, assay.analyte) if assay else "")
    if not name:
        return None
    who = table.frame[name].mask(table.frame[name] == "")
    if who.isna().any():
        rows = [table.row(place) for place in who.index[who.isna()]]
        raise SourceError(table.title, [f"{rows_named(rows)}: nothing in {name!r}, the identifier; expected one a row"])
    visit = _named(table, VISITS, name)
    reading = _named(table, READINGS, name)
    if assay and name not in assay.columns:
        return _assay_layout(table, name, visit, reading, assay)
    if not who.duplicated().any():
        return Layout("wide", name)
    keys = [key for key in (name, visit, reading) if key]
    twice = table.frame.duplicated(keys)
    if visit and not twice.any():
        return Layout("long", name, visit, reading)
    raise SourceError(table.title, [_repeated(table, name, visit, twice if visit else who.duplicated())])


def _assay_layout(table: Table, name: str, visit: str, reading: str, assay: Assay) -> Layout:
    keys = [key for key in (name, visit, assay.analyte, reading) if key]
    twice = table.frame.duplicated(keys)
    if twice.any():
        raise SourceError(table.title, [_repeated(table, name, " and ".join(keys[1:]), twice)])
    return Layout("assay", name, visit, reading, assay)


def _repeated(table: Table, name: str, visit: str, twice: pd.Series) -> str:
    places = twice.index[twice]
    rows = rows_named([table.row(place) for place in places], [str(table.frame.loc[place, name]) for place in places])
    if visit:
        return f"{rows}: a second row for the same {name!r} and {visit!r}; expected one, or a column 'replicate'"
    return (
        f"{rows}: the identifier in {name!r} was there before; expected one row a participant, or a column 'visit' "
        "that says which visit a row is"
    )


def _identifier(table: Table) -> str | None:
    names = {column.name: squeezed(column.name) for column in table.columns}
    for wanted in IDENTIFIERS:
        found = [name for name, plain in names.items() if plain == wanted]
        if found:
            return found[0]
    labelled = [c.name for c in table.columns if IDENTIFIER_WORDS.search(c.label)]
    return labelled[0] if labelled else _only_once(table)


def _only_once(table: Table) -> str | None:
    """The first column, when it holds another code in every row and no measured quantity."""
    first = table.columns[0]
    values = table.frame[first.name]
    whole = not values.str.contains(".", regex=False).fillna(False).any()
    return first.name if len(values) > 1 and values.notna().all() and values.is_unique and whole else None


def _named(table: Table, wanted: tuple[str, ...], other: str) -> str:
    names = {squeezed(c.name): c.name for c in table.columns if c.name != other}
    return next((names[plain] for plain in wanted if plain in names), "")


def is_personal(column: Column) -> bool:
    """Whether a column looks like a name, an address or a date of birth: such columns are never taken in."""
    personal = (
        r"(?:surname|lastname|firstname|forename|vorname|nachname|initials|address|street|postcode|zip|phone|email|"
    )
    personal += r"dob|birth|geburts|mrn|insurance|ssn)"
    return bool(re.search(personal, squeezed(column.name)) or squeezed(column.name) in ("name", "patientname"))
