"""A small trial in every kind of file, good as it is; a test spoils one thing at a time."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pandas as pd
import pyreadstat

HEAD = ["ID", "GROUP", "AGE", "SEX", "MADRS_0", "MADRS_13", "IL6_d0_pgml", "IL6_d13_pgml"]
ROWS = [
    [
        f"P{n:02d}",
        "pain" if n % 2 else "none",
        30 + n,
        "f" if n % 3 else "m",
        30 + n % 7,
        10 + n % 11,
        1.5 + n / 4,
        1.25 + n / 5,
    ]
    for n in range(1, 13)
]


def frame() -> pd.DataFrame:
    return pd.DataFrame(ROWS, columns=HEAD)


def csv(path: Path, data: pd.DataFrame | None = None, **options) -> Path:
    (frame() if data is None else data).to_csv(path, index=False, **options)
    return path


def text(path: Path, content: str | bytes, encoding: str = "utf-8") -> Path:
    path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
    return path


def xlsx(path: Path, spoil=None, rows: list[list] | None = None) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    for row in rows or [HEAD, *ROWS]:
        sheet.append(row)
    if spoil:
        spoil(sheet)
    book.save(path)
    return path


def sav(path: Path, data: pd.DataFrame | None = None, **options) -> Path:
    pyreadstat.write_sav(frame() if data is None else data, str(path), **options)
    return path


def long() -> pd.DataFrame:
    """The same trial with one row a participant and visit."""
    parts = []
    for visit, day in (("baseline", 0), ("day 13", 13)):
        part = frame()[["ID", "GROUP", "AGE", "SEX"]].assign(VISIT=visit)
        part["MADRS"], part["IL6 (pg/ml)"] = frame()[f"MADRS_{day}"], frame()[f"IL6_d{day}_pgml"]
        parts.append(part)
    return pd.concat(parts, ignore_index=True)
