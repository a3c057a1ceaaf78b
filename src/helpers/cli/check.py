"""The check that every build starts with: the study's tables, then the ledger, the scenario and the notebooks."""

from __future__ import annotations

import json

from helpers.cli.errors import UsageError
from helpers.cli.layout import NOTEBOOKS, Place, digest_of, package_files, write_text
from helpers.cli.run import checked_parameters

PAGE, DATA = "check.html", "check.json"
NOTEBOOK_FILES = tuple(f"notebooks/{name}.ipynb" for name in NOTEBOOKS)


def check(where: Place) -> str:
    """Check the study and the scenario, and set each notebook's parameters against it; run nothing.

    The findings are written as a page and as JSON into the build folder, never into the study's.

    Returns
    -------
    summary : str
        What was found, in lines; warnings only.

    Raises
    ------
    UsageError
        The study has errors: the same lines.
    StudyError, LedgerError, SettingsError, UsageError
        There is no study to check, or something else is wrong: what, where, and what was expected.
    """
    from helpers.claims import load_ledger
    from helpers.report.check_page import summary
    from helpers.study.check import check_study

    for name in NOTEBOOKS:
        checked_parameters(where.root / "notebooks" / f"{name}.ipynb", where)
    checked = check_study(where.root / where.study, name=where.study)
    study = checked.study
    if study and study.descriptor.claims:
        load_ledger(study.descriptor.claims)
    _write(where, checked)
    said = f"{summary(checked)}\npage: {where.folder}/{PAGE}\ndata: {where.folder}/{DATA}"
    if checked.errors:
        where.path("checked.sha256").unlink(missing_ok=True)
        raise UsageError(said)
    return said


def _write(where: Place, checked) -> None:
    from helpers.report.check_page import check_page

    write_text(where.path(PAGE), check_page(checked))
    write_text(where.path(DATA), json.dumps(checked.as_dict(), indent=1, ensure_ascii=False) + "\n")


def check_once(where: Place) -> str:
    """:func:`check`, unless the same files have passed it before: reading a study costs as much as all the rest.

    Returns the summary, or nothing when the check was not needed.
    """
    names = [*where.study_files(), *where.ledger_files(), where.scenario_file()]
    names += [*package_files(where.root), *NOTEBOOK_FILES]
    digest, passed = digest_of(where.root, names), where.path("checked.sha256")
    if passed.is_file() and passed.read_text(encoding="utf-8") == digest:
        return ""
    said = check(where)
    write_text(passed, digest)
    return said
