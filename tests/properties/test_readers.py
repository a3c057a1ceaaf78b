"""A study folder with anything in it: a study, or an error of ours that says where; never another exception."""

from __future__ import annotations

import json
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import strategies as st

from helpers.report.check_page import check_page, summary
from helpers.study import StudyError, load_study
from helpers.study.check import check_study

from .examples import examples, reasoned
from .folders import DOCUMENT, spoilt_documents, spoilt_tables, whole, write

FILES = {f"{name}.csv" for name in whole()}


def checked(folder: Path):
    """Everything that is said of a folder, as `make check` says it; the study of a good one."""
    found = check_study(folder, "data/mine")
    assert summary(found)
    assert check_page(found).startswith("<!")
    assert json.loads(json.dumps(found.as_dict())) == found.as_dict()
    for finding in found.findings:
        assert finding.what
        assert all(line.isprintable() for line in finding.lines())
    return found


@examples(50, table=spoilt_tables())
def test_a_table_of_any_content(table):
    name, content = table
    with TemporaryDirectory() as temporary:
        folder = write(Path(temporary), changed={name: content})
        found = checked(folder)
        # An error of a table names its file; where a value is wrong, column and rows.
        for finding in found.errors:
            assert finding.file in FILES
            if finding.rule in ("type", "range", "category", "required", "unique"):
                assert finding.column
                assert all(row > 1 for row in finding.rows)
        try:
            study = load_study(folder, "data/mine")
        except StudyError as error:
            reasoned(error)
            return
        people = study.participants
        assert people[study.roles.identifier].notna().all()
        assert people[study.roles.identifier].is_unique
        assert set(people[study.roles.group_column]) <= {"ache", "no_ache", "healthy"}


@examples(50, document=spoilt_documents(DOCUMENT))
def test_a_descriptor_of_any_content(document):
    with TemporaryDirectory() as temporary:
        folder = write(Path(temporary), document)
        checked(folder)
        try:
            # As text: a number that is none is not equal to itself.
            assert repr(load_study(folder, "data/mine").descriptor.raw) == repr(document)
        except StudyError as error:
            reasoned(error)


@examples(15, text=st.one_of(st.text(max_size=60), st.binary(max_size=60)))
def test_a_descriptor_that_is_none(text):
    with TemporaryDirectory() as temporary:
        folder = write(Path(temporary))
        content = text if isinstance(text, bytes) else text.encode("utf-8", errors="surrogatepass")
        (folder / "datapackage.json").write_bytes(content)
        with pytest.raises(StudyError):
            load_study(folder)
