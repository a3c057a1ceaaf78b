"""A search of everything that is to be shared for what must not leave: people, their values, places on this machine."""

from __future__ import annotations

import getpass
import io
import re
import zipfile
from collections import defaultdict
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from helpers.cli.errors import UsageError

TOKEN = re.compile(r"(?<![\w.])[-−]?\d+(?:\.\d+)?(?![\w]|\.\d)")
# A word, and what stands between spaces, marks and quotes: identifiers such as P-01 and 2019/17 are one or the other.
WORD, RUN = re.compile(r"\w[\w-]*"), re.compile(r"[^\s<>\"'`&;,:=()\[\]{}|]+")
PLACES = re.compile(r"(?:/home/|/Users/|[A-Za-z]:\\\\?Users\\\\?)[\w.-]+")
TAGS = re.compile(r"<(?!!--)[^>]*>")
SAID = re.compile(r"""(?:alt|title|content|aria-label|data-[\w-]+)=["']([^"']*)["']""")
# Values in a row of which this much agrees with a participant's in order are no coincidence.
LEAST_VALUES, LEAST_DIGITS = 3, 9
TELLING = 4  # significant digits
MOST = 12
SHARED_WORDS = frozenset(("root", "user", "admin", "ubuntu", "runner"))
# Programs and styles of the book's theme, the same for every study.
MACHINERY = ("_static/",)


class LeakError(UsageError):
    """What was to be shared holds something of a participant or of this machine. Nothing was written."""


@dataclass(frozen=True, eq=False)
class Secrets:
    """What is searched for.

    Attributes
    ----------
    identifiers : frozenset of str
        Participants' identifiers that are telling, see :func:`is_telling`.
    values : frozenset of str
        Values of the analytes, as written, that occur with ``TELLING`` significant digits or more.
    rows : dict
        Raw rows: each participant's values in a table, by their first three, as tuples of text.
    places : tuple of str
        Folders of this machine and the name of its user.
    """

    identifiers: frozenset[str]
    values: frozenset[str]
    rows: dict[tuple[str, ...], list[tuple[str, ...]]]
    places: tuple[str, ...]


def secrets_of(study, places: Iterable[str] = (), ordinary: Container[str] = ()) -> Secrets:
    """Everything of a study, and of this machine, that must not be found; ``ordinary`` words are nobody's name."""
    rows: dict[tuple[str, ...], list[tuple[str, ...]]] = defaultdict(list)
    for frame in study.tables.values():
        for line in sequences(frame, study.roles.identifier):
            for start in range(len(line) - LEAST_VALUES + 1):
                part = line[start:]
                if _rare(part):
                    rows[part[:LEAST_VALUES]].append(part)
    columns = list(study.roles.analytes.columns)
    values = {text for name in columns for text in map(plain, study.analytes[name]) if digits(text) >= TELLING}
    ids = {str(name) for name in study.participants[study.roles.identifier]}
    telling = {name for name in ids if is_telling(name) and name not in ordinary}
    user = getpass.getuser()
    named = [user] if len(user) > 3 and user not in SHARED_WORDS else []
    return Secrets(frozenset(telling), frozenset(values), dict(rows), (*places, *named))


def is_telling(identifier: str) -> bool:
    """Whether an identifier can be told from any other number: it has a letter or a sign, or five digits or more.

    >>> [is_telling(name) for name in ("S001", "12", "100234", "anna", "17/3", "M", "3.5")]
    [True, False, True, True, True, False, False]
    """
    if re.fullmatch(r"[-\d.,]*", identifier):
        return sum(map(str.isdigit, identifier)) >= 5
    return len(identifier) > 1


def plain(value: object) -> str:
    """A number as it is written without trailing zeros; nothing for what is missing or no number.

    >>> plain(25.0), plain("6.10"), plain(None), plain("pain")
    ('25', '6.1', '', '')
    """
    try:
        number = float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return ""
    text = repr(number).removesuffix(".0") if number == number else ""
    return "" if "e" in text or "n" in text else text


def digits(text: str) -> int:
    """Significant digits of a number as written.

    >>> digits("0.9404"), digits("191.6"), digits("25")
    (4, 4, 2)
    """
    return len(text.lstrip("-").replace(".", "").lstrip("0"))


def sequences(frame: pd.DataFrame, identifier: str) -> Iterator[tuple[str, ...]]:
    """A table's values in order: along each row, and down each column within a participant."""
    if identifier not in frame:
        return
    numbers = frame.drop(columns=identifier).select_dtypes("number")
    for line in numbers.itertuples(index=False):
        yield tuple(filter(None, map(plain, line)))
    for _, part in numbers.groupby(frame[identifier].astype(str), sort=False):
        if len(part) > 1:
            yield from (tuple(filter(None, map(plain, part[name]))) for name in numbers)


def _rare(part: tuple[str, ...]) -> bool:
    """Whether a sequence has enough digits and enough different values to be somebody's."""
    return sum(map(digits, part)) >= LEAST_DIGITS and len(set(part)) >= LEAST_VALUES


def leaks_of(name: str, text: str, secrets: Secrets) -> list[str]:
    """What a text gives away, one line each, never with the value itself."""
    found = [f"{name}: the identifier of a participant"] if _names_somebody(text, secrets.identifiers) else []
    hidden = [place for place in secrets.places if place and place in text]
    found += [f"{name}: a place or user of this machine" for _ in hidden or PLACES.findall(text)[:1]]
    # What a page shows, and what it says to those who do not see it.
    for part in (TAGS.sub(" ", text), " ; ".join(SAID.findall(text))):
        tokens = [plain(token.replace("−", "-")) for token in TOKEN.findall(part)]
        found += [f"{name}: values of a participant in a row" for _ in _runs(tokens, secrets)]
        if _telling_values(tokens, secrets):
            found.append(f"{name}: more values of analytes than chance explains")
    return list(dict.fromkeys(found))


def _names_somebody(text: str, identifiers: frozenset[str]) -> bool:
    """Whether an identifier stands in a text, as a word, between marks, or over several words."""
    if not identifiers.isdisjoint(WORD.findall(text)) or not identifiers.isdisjoint(RUN.findall(text)):
        return True
    parted = (name for name in identifiers if not RUN.fullmatch(name))
    return any(name in text and re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text) for name in parted)


def _runs(tokens: list[str], secrets: Secrets) -> Iterator[tuple[str, ...]]:
    """Sequences of a participant that stand in the text in order."""
    for place in range(len(tokens) - LEAST_VALUES + 1):
        for row in secrets.rows.get(tuple(tokens[place : place + LEAST_VALUES]), ()):
            same = next((i for i, (a, b) in enumerate(zip(row, tokens[place:], strict=False)) if a != b), None)
            agreed = row[:same] if same is not None else row[: len(tokens) - place]
            if _rare(agreed):
                yield agreed
                return


def _telling_values(tokens: list[str], secrets: Secrets) -> bool:
    """Whether exact analyte values stand in the text more often than numbers of as many digits meet by chance.

    Two numbers of four digits are often the same, so that one alone proves nothing; of six digits, it does.
    """
    seen = {token for token in tokens if digits(token) >= TELLING}
    hits = seen & secrets.values
    if any(digits(token) >= 6 for token in hits):
        return True
    expected = 0.0
    for many in {digits(token) for token in hits}:
        share = sum(digits(value) == many for value in secrets.values) / (9 * 10 ** (many - 1))
        expected += share * sum(digits(token) == many for token in seen)
    return len(hits) > 5 + 3 * expected


def scan(folder: Path, secrets: Secrets) -> None:
    """Search every file of a folder.

    Raises
    ------
    LeakError
        Names the files and what sort of thing is in them.
    """
    found = [line for path in sorted(folder.rglob("*")) if path.is_file() for line in _of_file(path, folder, secrets)]
    if found:
        more = [f"... and {len(found) - MOST} more"] if len(found) > MOST else []
        head = "share: stopped, and nothing was written, because of what the files would give away"
        raise LeakError("\n  - ".join([head, *found[:MOST], *more]))


def _of_file(path: Path, folder: Path, secrets: Secrets) -> list[str]:
    name = path.relative_to(folder).as_posix()
    names_only = replace(secrets, values=frozenset(), rows={})
    found = leaks_of(name, f" {name} ", names_only)
    for part, text in texts_of(name, path.read_bytes()):
        bare = any(mark in part for mark in MACHINERY)
        found += leaks_of(part, text, names_only if bare else secrets)
    return found


def texts_of(name: str, content: bytes) -> Iterator[tuple[str, str]]:
    """The texts of a file, those inside archives too; of a drawing, its words without the outlines.

    What is packed inside a picture or a PDF is no text: bytes that happen to spell a name would be taken for it.
    """
    if name.endswith((".zip", ".docx", ".xlsx")):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for item in archive.namelist():
                yield from texts_of(f"{name}/{item}", archive.read(item))
        return
    text = _words(name.rpartition(".")[2], content)
    if name.endswith(".svg"):
        text = re.sub(r'\s(?:d|x|y|transform|points|xlink:href|viewBox|width|height)="[^"]*"', " ", text)
    yield name, text


def _words(ending: str, content: bytes) -> str:
    """The text of a file; one that is not what its name says is searched as it is."""
    try:
        return READERS[ending](content)
    except (KeyError, OSError, RuntimeError):
        return content.decode("utf-8", errors="replace")


def _words_of_pdf(content: bytes) -> str:
    """What the pages of a PDF say, and what it says of itself."""
    import pypdfium2

    document = pypdfium2.PdfDocument(content)
    try:
        said = [page.get_textpage().get_text_range() for page in document]
        return "\n".join([*said, *document.get_metadata_dict().values()])
    finally:
        document.close()


def _words_of_png(content: bytes) -> str:
    """What a picture says of itself."""
    from PIL import Image

    with Image.open(io.BytesIO(content)) as picture:
        picture.load()  # words may stand after the points
        return "\n".join(str(value) for value in picture.info.values() if isinstance(value, str))


READERS = {"pdf": _words_of_pdf, "png": _words_of_png}
