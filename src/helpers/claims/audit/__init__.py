"""The audit: what the printed figures say of each other, by arithmetic alone."""

from . import betas, counts, degrees, grim, joint, lists, mediation, times, wholes
from .bounds import bounds
from .finding import Finding, Reading

SUBJECTS = (counts, degrees, times, joint, grim, wholes, betas, mediation, lists)


def findings() -> tuple[Finding, ...]:
    """Every finding, in the order of the subjects.

    >>> len({item.id for item in findings()}) == len(findings())
    True
    """
    return tuple(item for subject in SUBJECTS for item in subject.findings())


__all__ = ["Finding", "Reading", "bounds", "findings"]
