"""What is said to people when a study folder cannot be used."""

from __future__ import annotations

from collections.abc import Iterable


class StudyError(Exception):
    """A study folder cannot be used; every problem found in one pass is in ``problems``.

    Parameters
    ----------
    where : str
        The study folder or file as the user named it.
    problems : iterable of str
        One sentence a problem: what is wrong, where, what was expected.

    Examples
    --------
    >>> print(StudyError("data/mine", ["participants.csv, row 3: no id"]))
    data/mine: 1 problem
      - participants.csv, row 3: no id
    """

    def __init__(self, where: str, problems: Iterable[str]):
        self.where = where
        self.problems = tuple(problems)
        super().__init__(str(self))

    def __str__(self) -> str:
        count = len(self.problems)
        head = f"{self.where}: {count} problem{'s' if count != 1 else ''}"
        return "\n".join([head, *(f"  - {problem}" for problem in self.problems)])


class StudyNotFoundError(StudyError):
    """The folder, or its descriptor, is not there."""


class DescriptorError(StudyError):
    """``datapackage.json`` is not readable, or does not describe a study."""


class TableError(StudyError):
    """A table does not hold what the descriptor says."""
