"""Study folders and documents with anything done to them."""

from __future__ import annotations

import csv
import importlib.util
import io
import json
import sys
from pathlib import Path

from hypothesis import strategies as st

# The small good study that the tests of the check corrupt by hand.
_PATH = Path(__file__).parents[1] / "study" / "checks" / "conftest.py"
_SPEC = importlib.util.spec_from_file_location("small_study", _PATH)
_SMALL = sys.modules["small_study"] = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(_SMALL)

DOCUMENT = {"name": "trial", "title": "Trial", "data_source": "real", "resources": _SMALL.TABLES, "roles": _SMALL.ROLES}
TABLES = {item["name"]: [field["name"] for field in item["schema"]["fields"]] for item in _SMALL.TABLES}
ODD = [
    "", " ", "NA", "nan", "inf", "-inf", "1e999", "1e308", "9" * 400, "-0", "0x10", "1_000", "1,5", "١٢", "½", "1e-400",
    "2021-02-30", "9999-12-31", "0000-00-00", "True", "=1+1", '"', "'", "\r", "a\nb", "\t", ";", "|", "<b>", "\ufeff",
    "K001", "baseline", "ache", "\u202e", "\U0001f642", "9223372036854775808", "-9223372036854775809", "\x1a", "\x7f",
]  # fmt: skip
CELLS = st.one_of(st.sampled_from(ODD), st.text(max_size=12), st.integers().map(str), st.floats().map(str))
WHOLE = 1 << 16  # in how many parts a place in a file is drawn
ENCODINGS = ["utf-8", "utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252", "utf-7", "mac_roman", "utf-32"]
VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), CELLS),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(CELLS, inner, max_size=3)),
    max_leaves=6,
)


def whole() -> dict[str, list[list]]:
    """The good tables, headings first."""
    return {name: [heading, *_SMALL.rows()[name]] for name, heading in TABLES.items()}


@st.composite
def spoilt_tables(draw):
    """One table's name and its bytes: cells, columns, separators, encoding and bytes changed."""
    name = draw(st.sampled_from(sorted(TABLES)))
    cells = [list(map(str, row)) for row in whole()[name]]
    for _ in range(draw(st.integers(0, 4))):
        row = draw(st.integers(0, len(cells) - 1))
        if not cells[row]:
            continue
        place = draw(st.integers(0, len(cells[row]) - 1))
        kind = draw(
            st.sampled_from(["cell", "cell", "cell", "column", "twice", "drop", "short", "swap", "whole column"])
        )
        if kind == "cell":
            cells[row][place] = draw(CELLS)
        elif kind == "column":
            cells[0] = [draw(CELLS) if number == place else old for number, old in enumerate(cells[0])]
        elif kind == "twice":
            cells = [[*line, *line[place : place + 1]] for line in cells]
        elif kind == "drop":
            cells = [line[:place] + line[place + 1 :] for line in cells]
        elif kind == "short":
            cells = cells[: row + 1]
        elif kind == "swap":
            cells.append(cells[row])
        else:
            value = draw(CELLS)
            cells = [cells[0], *([*line[:place], value, *line[place + 1 :]] for line in cells[1:])]
    text = io.StringIO(newline="")
    mark = draw(st.sampled_from([",", ",", ",", ",", ";", "\t", "|", " "]))
    quoting = draw(st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]))
    ending = draw(st.sampled_from(["\n", "\n", "\r\n", "\r"]))
    csv.writer(text, delimiter=mark, quoting=quoting, lineterminator=ending).writerows(cells)
    content = text.getvalue().encode(draw(st.sampled_from(ENCODINGS)), errors="replace")
    return name, draw(spoilt_bytes(content))


@st.composite
def spoilt_bytes(draw, content: bytes):
    """Mostly the same bytes; else some put in, cut off or taken away."""
    kind = draw(st.sampled_from(["same", "same", "same", "put", "cut", "tail", "none", "zero"]))
    # A share, not a number of bytes: a zip file that holds the time of day does not always have as many.
    place = len(content) * draw(st.integers(0, WHOLE)) // WHOLE
    if kind == "put":
        return content[:place] + draw(st.binary(min_size=1, max_size=6)) + content[place:]
    if kind == "zero":
        return content[:place] + bytes(draw(st.integers(1, 4))) + content[place + 4 :]
    return {"same": content, "cut": content[:place], "tail": content[place:], "none": b""}[kind]


@st.composite
def spoilt_documents(draw, document, most=3):
    """The document with up to `most` of its parts replaced, taken out or added."""
    document = json.loads(json.dumps(document))
    for _ in range(draw(st.integers(1, most))):
        part = document
        while isinstance(part, dict | list) and part:
            keys = list(part) if isinstance(part, dict) else list(range(len(part)))
            key = draw(st.sampled_from(keys))
            if isinstance(part[key], dict | list) and part[key] and draw(st.integers(0, 6)):
                part = part[key]
                continue
            kind = draw(st.sampled_from(["replace", "replace", "out", "add", "other"]))
            if kind == "out":
                del part[key]
            elif kind == "add" and isinstance(part, dict):
                part[draw(CELLS)] = draw(VALUES)
            elif kind == "other" and isinstance(part[key], str):
                # Something that stands elsewhere in the document, as a name that cannot play the part.
                part[key] = draw(
                    st.sampled_from(["code", "madrs", "people", "scales", "ache", "week_2", "age", "seen"])
                )
            else:
                part[key] = draw(VALUES)
            break
    return document


def write(folder: Path, document=DOCUMENT, changed: dict[str, bytes] | None = None) -> Path:
    """The good study in `folder`, with another descriptor or other bytes for tables."""
    for name, cells in whole().items():
        text = io.StringIO(newline="")
        csv.writer(text, lineterminator="\n").writerows(cells)
        (folder / f"{name}.csv").write_bytes((changed or {}).get(name, text.getvalue().encode()))
    (folder / "datapackage.json").write_text(json.dumps(document), encoding="utf-8", errors="surrogatepass")
    return folder
