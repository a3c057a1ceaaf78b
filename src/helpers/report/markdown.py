"""Small pieces of Markdown that pages are built from."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

# White space but no-break spaces, which hold a number and its unit together.
BREAKS = re.compile(r"[ \t\r\n\f\v\u2028\u2029]+")
RULES = {"l": "---", "c": ":-:", "r": "--:"}  # under the headings, by alignment


def pipe_table(heads: Sequence[str], lines: Iterable[Sequence[str]], align: str = "") -> str:
    """A Markdown table; text that would break it is escaped. ``align`` has one letter a column, ``l``, ``c`` or ``r``.

    >>> print(pipe_table(["a", "b"], [["1|2", "x"]]))
    | a | b |
    | --- | --- |
    | 1\\|2 | x |
    """
    rule = [RULES[letter] for letter in align or "l" * len(heads)]
    rows = [map(escaped, heads), rule, *(map(escaped, line) for line in lines)]
    return "\n".join("| " + " | ".join(row) + " |" for row in rows)


def small_table(heads: Sequence[str], lines: Iterable[Sequence[str]], align: str = "") -> str:
    """A Markdown table in the small type of wide tables."""
    return f"```{{table}}\n:class: results-table wide-table\n\n{pipe_table(heads, lines, align)}\n```"


def escaped(text: str) -> str:
    """Text of a descriptor as it stands: no table bars, no HTML, no line breaks.

    >>> escaped("a|b <c>")
    'a\\\\|b &lt;c&gt;'
    """
    plain = BREAKS.sub(" ", str(text)).strip()
    return plain.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("|", "\\|")


def tagless(text: str) -> str:
    """Markdown in which nothing is an HTML tag: what a study calls its groups or outcomes is text, whatever it is.

    >>> tagless("*p* < 0.05 in <b>pain</b>, <!-- x --> a<b")
    '*p* < 0.05 in &lt;b>pain&lt;/b>, &lt;!-- x --> a&lt;b'
    """
    return re.sub(r"<(?=[A-Za-z/!?])", "&lt;", text)


def paragraphs(*parts: str) -> str:
    """Parts that are not empty, separated by blank lines."""
    return "\n\n".join(part for part in parts if part) + "\n"
