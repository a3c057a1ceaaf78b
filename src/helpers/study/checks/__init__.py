"""What no descriptor can say of a study: pairs of values that cannot be, visits without a baseline, units, sizes.

Each module holds one subject and gives findings; :func:`check_tables` runs them all on the tables as they stand in the
files. Types, ranges, categories, keys and links are checked when the tables are read.
"""

from __future__ import annotations

from helpers.study.checks import analytes, codes, dates, descriptor, extremes, pairs, sizes, spellings, units, visits
from helpers.study.checks.view import View
from helpers.study.finding import Finding
from helpers.study.read import Draft

MODULES = (descriptor, sizes, visits, dates, pairs, analytes, units, extremes, codes, spellings)


def check_tables(draft: Draft) -> tuple[Finding, ...]:
    """Every finding of every rule; nothing while a table of a role could not be read."""
    roles = draft.descriptor.roles
    if any(name not in draft.tables for name in roles.tables.values()):
        return ()
    view = View.of(draft)
    return tuple(finding for module in MODULES for finding in module.findings(view))
