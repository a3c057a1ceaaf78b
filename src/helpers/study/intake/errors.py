"""What is said to people when their own files, or the mapping of them, cannot be used."""

from __future__ import annotations

from collections.abc import Sequence

from helpers.study.errors import StudyError

SHOWN = 5


class SourceError(StudyError):
    """A file of the laboratory cannot be read as a table, or its cells do not fit the mapping."""


class MappingError(StudyError):
    """``mapping.yaml`` cannot be used; each problem names its line and key."""


class UndecidedError(MappingError):
    """The mapping still asks something that only a person can answer."""


def rows_named(rows: Sequence[int], who: Sequence[str] | None = None) -> str:
    """Rows of a file for a message, the first few by number.

    Examples
    --------
    >>> rows_named([2, 3])
    'rows 2, 3'
    >>> rows_named([4], ["S003"])
    'row 4 (participant S003)'
    >>> rows_named(range(2, 20))
    'rows 2, 3, 4, 5, 6 and 13 more'
    """
    who = who or [""] * len(rows)
    shown = [f"{row} (participant {name})" if name else str(row) for row, name in zip(rows, who, strict=True)][:SHOWN]
    more = f" and {len(rows) - SHOWN} more" if len(rows) > SHOWN else ""
    return f"{'row' if len(rows) == 1 else 'rows'} {', '.join(shown)}{more}"
