"""SPSS files: variable labels, value labels, and three kinds of missing kept apart."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

from helpers.study.absurd import CELLS
from helpers.study.intake.errors import SourceError
from helpers.study.intake.source import Column, Table, cell_text, clean_headings, number_text

ENCRYPTED = b"ENCRYPTEDSAV"


def read_sav(path: Path, alias: str) -> Table:
    """Read a ``.sav`` or ``.zsav`` file by pyreadstat.

    Codes that SPSS calls user-missing stay in the cells, and the column lists them; system-missing is missing; an empty
    text variable is an empty text.

    Raises
    ------
    SourceError
        Not an SPSS file, encrypted, damaged, or without cases.
    """
    import pyreadstat

    start = path.read_bytes()[:16]
    if ENCRYPTED in start:
        raise SourceError(path.name, ["protected by a password; save it in SPSS without one"])
    if start[:4] not in (b"$FL2", b"$FL3"):
        raise SourceError(path.name, ["not an SPSS file, whatever its name says; save it from SPSS as .sav"])
    try:
        _, about = pyreadstat.read_sav(str(path), metadataonly=True)
        if (about.number_rows or 0) * about.number_columns > CELLS:
            size = f"{about.number_rows:,} cases of {about.number_columns:,} variables"
            raise SourceError(path.name, [f"{size}; leave out what no analysis needs"])
        frame, about = pyreadstat.read_sav(str(path), user_missing=True)
    except (pyreadstat.ReadstatError, UnicodeDecodeError, ValueError, MemoryError) as error:
        raise SourceError(path.name, [f"damaged or cut short ({error}); copy or export it again"]) from None
    if not len(frame):
        raise SourceError(path.name, ["the file has no cases"])
    if about.number_rows is not None and about.number_rows > len(frame):
        raise SourceError(path.name, [f"cut short: {len(frame)} of {about.number_rows} cases; copy it again"])
    names = clean_headings(frame.columns, path.name)
    text = pd.DataFrame(
        {new: frame[old].map(cell_text).astype("string") for new, old in zip(names, frame, strict=True)}
    )
    columns = tuple(_column(new, old, frame, about) for new, old in zip(names, frame, strict=True))
    return Table(alias, path, "", columns, text, first_row=1)


def _column(name: str, source: str, frame: pd.DataFrame, about: Any) -> Column:
    labels = about.variable_value_labels.get(source, {})
    ranges = about.missing_ranges.get(source, [])
    kind = "number" if about.readstat_variable_types.get(source) != "string" else "text"
    if kind == "number" and frame[source].dtype == object:
        kind = "date"
    return Column(
        name=name,
        label=(about.column_names_to_labels.get(source) or "").strip(),
        labels={str(cell_text(code)): str(label).strip() for code, label in labels.items()},
        user_missing=tuple(_range(item) for item in ranges),
        kind=kind,
    )


def _range(item: dict[str, Any]) -> str:
    low, high = item["lo"], item["hi"]
    if isinstance(low, str):
        return low.strip()
    return number_text(float(low)) if low == high else f"{float(low):g}:{float(high):g}"
