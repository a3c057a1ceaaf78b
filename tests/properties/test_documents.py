"""Ledgers, mappings and scenarios of any content, and a laboratory's files of any bytes: read, or refused in words."""

from __future__ import annotations

import io
from pathlib import Path
from tempfile import TemporaryDirectory

import openpyxl
import yaml
from hypothesis import strategies as st

from helpers.analysis.places import project_root
from helpers.analysis.settings import SettingsError
from helpers.analysis.yaml_file import read_yaml
from helpers.claims.ledger import Claim, LedgerError, parse_ledger
from helpers.study import StudyError
from helpers.study.intake.mapping import read_mapping
from helpers.study.intake.read import read_sources

from .examples import examples, reasoned
from .folders import CELLS, VALUES, spoilt_bytes, spoilt_documents, spoilt_tables

LEDGER = yaml.safe_load((project_root() / "data" / "claims" / "zhou2021.yaml").read_text(encoding="utf-8"))
KEYS = st.one_of(st.sampled_from(sorted({key for entry in LEDGER for key in entry})), CELLS, st.integers(), st.none())
ENTRIES = st.dictionaries(KEYS, VALUES, max_size=6)
# Dates and numbers that YAML makes of text, tags, anchors, and what is no YAML at all.
TEXTS = st.one_of(
    st.text(max_size=60),
    st.sampled_from(
        ["- 2021-02-30", "- {id: 0o9}", "- {a: 0x}", "- !!python/object/apply:os.system [ls]", "- &a [*a]", "a: b: c",
         "- {id: 1_0:99}", "- [" * 2000, "- {? [a] : b}", "- {<<: 3}", "- !!binary x", "- !!int x", "- !!timestamp x",
         "\x00", "- {.nan: 1}", "- {1: 2, a: 3}", "- {id: a, row: {1: 2}}", "- {id: [a]}", "%YAML 9.9\n---\n- a"]
    ),
)  # fmt: skip


def spoilt_ledgers():
    return st.sampled_from(LEDGER).flatmap(lambda entry: spoilt_documents([entry]))


@examples(60, content=st.one_of(spoilt_ledgers(), st.lists(ENTRIES, max_size=3), VALUES))
def test_a_ledger_of_any_mapping(content):
    ledger(yaml.dump(content, allow_unicode=True))


@examples(20, text=TEXTS)
def test_a_ledger_of_any_text(text):
    ledger(text)


def ledger(text):
    try:
        claims = parse_ledger(text)
    except LedgerError as error:
        return reasoned(error)
    for claim in claims:
        assert isinstance(claim, Claim)
        assert all(isinstance(cell, str) for cell in claim.row.values())


@examples(30, content=st.one_of(spoilt_documents({"sources": [{"file": "a.csv", "tables": {}}], "visits": []}), VALUES))
def test_a_mapping_of_any_content(content):
    mapping(yaml.dump(content, allow_unicode=True))


@examples(20, text=TEXTS)
def test_yaml_of_any_text(text):
    mapping(text)
    with TemporaryDirectory() as folder:
        path = Path(folder, "plan.yaml")
        path.write_bytes(text.encode("utf-8", errors="surrogatepass"))
        try:
            read_yaml(path)
        except SettingsError as error:
            reasoned(error)


def mapping(text):
    try:
        read_mapping(text, "mapping.yaml")
    except StudyError as error:
        reasoned(error)


def sources(name: str, content: bytes):
    """The tables of a laboratory's file, every cell a text or missing."""
    with TemporaryDirectory() as folder:
        path = Path(folder, name)
        path.write_bytes(content)
        try:
            tables = read_sources([path])
        except StudyError as error:
            return reasoned(error)
    for table in tables:
        assert len(table.frame)
        assert table.frame.columns.is_unique
        assert set(table.frame.dtypes.map(str)) == {"string"}


@examples(40, table=spoilt_tables(), ending=st.sampled_from([".csv", ".tsv", ".txt", ".CSV"]))
def test_a_text_table_of_any_content(table, ending):
    sources(f"labs{ending}", table[1])


BYTES = st.one_of(st.binary(max_size=200), st.text(max_size=200).map(lambda text: text.encode("utf-8", "replace")))


@examples(20, content=BYTES, ending=st.sampled_from([".csv", ".xlsx", ".sav", ".zsav", ".docx", ""]))
def test_a_file_of_any_bytes(content, ending):
    for start in (b"", b"PK\x03\x04", b"$FL2", b"\xef\xbb\xbf"):
        sources(f"labs{ending}", start + content)


@st.composite
def workbooks(draw):
    book = openpyxl.Workbook()
    sheet = book.active
    values = st.one_of(CELLS.filter(lambda text: not openpyxl.cell.cell.ILLEGAL_CHARACTERS_RE.search(text)),
                       st.integers(-(2**60), 2**60), st.floats(allow_nan=False, allow_infinity=False), st.booleans(),
                       st.none(), st.dates(), st.times(), st.datetimes())  # fmt: skip
    for row in draw(st.lists(st.lists(values, max_size=4), max_size=5)):
        sheet.append(row)
    if draw(st.booleans()):
        book.create_sheet("More").append(["id", "value"])
    stream = io.BytesIO()
    book.save(stream)
    return draw(spoilt_bytes(stream.getvalue()))


@examples(30, content=workbooks())
def test_a_workbook_of_any_content(content):
    sources("labs.xlsx", content)
