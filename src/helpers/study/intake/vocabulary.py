"""What scales, analytes and characteristics are usually called, with their ranges, units and titles."""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path


@dataclass(frozen=True)
class Entry:
    """A variable that is known by name.

    Attributes
    ----------
    kind : str
        ``outcome``, ``analyte`` or ``participant``.
    response, remission : float or None
        The usual fall that counts as response, and the usual highest value of remission.
    """

    name: str
    kind: str
    title: str
    aliases: tuple[str, ...]
    description: str = ""
    type: str = "number"
    unit: str = ""
    minimum: float | None = None
    maximum: float | None = None
    response: float | None = None
    remission: float | None = None


@cache
def entries() -> tuple[Entry, ...]:
    """Every known variable."""
    raw = json.loads((Path(__file__).parent / "vocabulary.json").read_text(encoding="utf-8"))
    return tuple(Entry(**{**item, "aliases": tuple(item["aliases"])}) for item in raw)


@cache
def _by_alias() -> dict[str, Entry]:
    return {squeezed(alias): entry for entry in entries() for alias in (entry.name, *entry.aliases)}


def squeezed(text: str) -> str:
    """Letters and digits only, small, without accents, Greek letters by name or letter.

    Examples
    --------
    >>> squeezed("TNF-α"), squeezed("IL_6"), squeezed("Montgomery-Åsberg")
    ('tnfa', 'il6', 'montgomeryasberg')
    """
    for letter, name in (("α", "a"), ("β", "b"), ("γ", "gamma")):
        text = text.replace(letter, name)
    plain = unicodedata.normalize("NFKD", text.lower())
    return re.sub(r"[^a-z0-9]", "", plain)


def lookup(text: str) -> Entry | None:
    """The variable that a whole text names.

    Examples
    --------
    >>> lookup("IL-6").name, lookup("tnf_alpha").name, lookup("weight")
    ('il_6', 'tnf_a', None)
    """
    return _by_alias().get(squeezed(text))


def slug(text: str, prefix: str = "v") -> str:
    """A name that tables can use, made of a text; empty when the text has no Latin letter or digit.

    Examples
    --------
    >>> slug("With pain"), slug("2nd visit"), slug("Größe"), slug("对照")
    ('with_pain', 'v_2nd_visit', 'grosse', '')
    """
    plain = unicodedata.normalize("NFKD", text.lower().replace("ß", "ss"))
    plain = "".join(sign for sign in plain if not unicodedata.combining(sign))
    name = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:40].strip("_")
    return f"{prefix}_{name}" if name[:1].isdigit() else name
