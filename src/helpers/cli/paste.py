"""The methods as plain text with numbered references, for a manuscript."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

CITED = re.compile(r"\s*\{cite\}`([^`]+)`")
LEFT_OUT = ("Parameters", "Where this differs from the paper")  # sections that say nothing of what was done
HEADING = "To paste into a manuscript"


def paste_section(page: str, bibliography: Path, notice: str = "") -> str:
    """A section for the methods page: its prose as a block of plain text that a button copies.

    Parameters
    ----------
    page : str
        The methods page (Markdown, with ``{cite}`` roles).
    bibliography : Path
        BibTeX file of the book.
    notice : str
        What must be said of the data first, ``Synthetic cohort``; empty for real data.
    """
    text, keys = numbered(page)
    lines = [f"{number}. {entry}" for number, entry in enumerate(references(bibliography, keys), start=1)]
    parts = [
        f"[{notice}: these methods were run on made data.]" if notice else "",
        text,
        "References",
        "\n".join(lines),
    ]
    body = "\n\n".join(filter(None, parts))
    return f"## {HEADING}\n\n``````{{code-block}} text\n:class: paste\n{body}\n``````\n"


def numbered(page: str) -> tuple[str, list[str]]:
    """The prose of a page as plain text, citations as numbers in brackets, and the keys in the order of the numbers.

    >>> numbered("# Methods\\n\\nIntro.\\n\\n## Fit\\n\\nBy *REML* {cite}`a,b`, see [there](x.md) {cite}`a`.\\n")
    ('Fit\\n\\nBy REML [1,2], see there [1].', ['a', 'b'])
    """
    keys: list[str] = []

    def number(found: re.Match[str]) -> str:
        cited = [key.strip() for key in found[1].split(",")]
        keys.extend(key for key in cited if key not in keys)
        return f" [{','.join(str(keys.index(key) + 1) for key in cited)}]"

    sections = [part for part in re.split(r"^## ", page, flags=re.MULTILINE)[1:] if not part.startswith(LEFT_OUT)]
    plain = (_plain(CITED.sub(number, section)) for section in sections)
    return "\n\n".join(plain), keys


def _plain(section: str) -> str:
    """A section without marks of Markdown and without its tables."""
    lines = [line for line in section.splitlines() if not line.startswith("|")]
    text = re.sub(r"\[([^\]]+)\]\([^)]+\)", r"\1", "\n".join(lines))
    text = re.sub(r"\*{1,2}([^*\n]+)\*{1,2}", r"\1", text).replace("`", "")
    return re.sub(r"\n{3,}", "\n\n", text.replace("\\|", "|")).strip()


def references(bibliography: Path, keys: Sequence[str]) -> list[str]:
    """The entries of a BibTeX file as plain text, in the order of the keys.

    Raises
    ------
    KeyError
        A key has no entry.
    """
    from pybtex.database import parse_file
    from pybtex.plugin import find_plugin

    entries = parse_file(str(bibliography), "bibtex").entries
    style, backend = find_plugin("pybtex.style.formatting", "plain")(), find_plugin("pybtex.backends", "plaintext")()
    # One at a time: the style would sort several.
    formatted = [next(iter(style.format_entries([entries[key]]))) for key in keys]
    return [re.sub(r"\s+", " ", item.text.render(backend)) for item in formatted]
