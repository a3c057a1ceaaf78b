"""What is said to people when a study folder cannot be used."""

from __future__ import annotations

from collections.abc import Iterable

from helpers.study.finding import ERROR, Finding


class StudyError(Exception):
    """A study folder cannot be used; every problem found in one pass is in ``problems``.

    Parameters
    ----------
    where : str
        The study folder or file as the user named it.
    problems : iterable of str or Finding
        What is wrong, where, what was expected; a text is one problem.

    Attributes
    ----------
    findings : tuple of Finding
        The problems in the shape of everything that is said of a study.
    problems : tuple of str
        The same as sentences, one a row that is named.

    Examples
    --------
    >>> print(StudyError("data/mine", ["participants.csv, row 3: no id"]))
    data/mine: 1 problem
      - participants.csv, row 3: no id
    """

    rule = "study"

    def __init__(self, where: str, problems: Iterable[str | Finding]):
        self.where = where
        self.findings = tuple(
            item if isinstance(item, Finding) else Finding(ERROR, self.rule, item) for item in problems
        )
        self.problems = tuple(line for finding in self.findings for line in finding.lines())
        super().__init__(str(self))

    def __str__(self) -> str:
        count = len(self.problems)
        head = f"{self.where}: {count} problem{'s' if count != 1 else ''}"
        return "\n".join([head, *(f"  - {problem}" for problem in self.problems)])


class StudyNotFoundError(StudyError):
    """The folder, or its descriptor, is not there."""

    rule = "folder"


class DescriptorError(StudyError):
    """``datapackage.json`` is not readable, or does not describe a study."""

    rule = "descriptor"


class TableError(StudyError):
    """A table does not hold what the descriptor says."""

    rule = "table"
