"""Categories and missing codes: what the value labels, the range of a scale and the values themselves give away."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from helpers.study.intake.cells import is_code, parse_numbers
from helpers.study.intake.source import Column, canonical
from helpers.study.intake.vocabulary import Entry, slug

MOST_LEVELS = 12
BELOW = re.compile(r"below|under|<\s*l|lod|lloq|blq|undetect|not detect|nachweisgrenze|n\.?n\.?b", re.IGNORECASE)
BELOW_TEXT = re.compile(r"<\s*(?:l?lod|l?loq)|blq|bloq|bdl|blod|n\.?d\.?|undetectable", re.IGNORECASE)
MISSING_TEXT = {"na", "n/a", "n.a.", "nan", ".", "-", "--", "missing", "k.a.", "null", "?", "#n/a"}
MISSING_NUMBERS = {"-9", "-99", "-999", "-8", "-88", "99", "999", "9999", "888", "8888", "-1", "9.99", "99.9", "999.9"}


@dataclass(frozen=True)
class Codes:
    """Codes of a column that are no values: those for missing and those for below the detection limit."""

    missing: tuple[str, ...] = ()
    below: tuple[str, ...] = ()
    why: str = ""


def find_codes(columns: Sequence[Column], values: pd.Series, entry: Entry | None, analyte: bool) -> Codes:
    """Codes for missing and below the limit, over all columns of a variable."""
    user = dict.fromkeys(code for column in columns for code in column.user_missing)
    labelled = {code: label for column in columns for code, label in column.labels.items()}
    below = [code for code in labelled if analyte and BELOW.search(labelled[code])]
    texts = pd.unique(values.dropna())
    below += [text for text in texts if analyte and BELOW_TEXT.fullmatch(text) and text not in below]
    missing = [code for code in user if code not in below]
    why = ["SPSS user-missing"] if missing else []
    found = [text for text in texts if text.lower() in MISSING_TEXT and text not in (*missing, *below)]
    found += [text for text in texts if _outside(text, entry, analyte) and not is_code(text, (*missing, *below))]
    if found:
        why.append("not a value of this variable")
    return Codes(tuple(dict.fromkeys([*missing, *found])), tuple(dict.fromkeys(below)), ", ".join(why))


def _outside(text: str, entry: Entry | None, analyte: bool) -> bool:
    """A usual code for missing that the variable cannot have as a value."""
    if canonical(text) not in MISSING_NUMBERS:
        return False
    number = float(text)
    low = entry.minimum if entry and entry.minimum is not None else 0 if analyte else None
    high = entry.maximum if entry else None
    return (low is not None and number < low) or (high is not None and number > high)


def propose_levels(columns: Sequence[Column], values: pd.Series, codes: Codes) -> dict[str, dict[str, str]] | None:
    """Category levels of a variable, code to name and label; None when it is a number or free text.

    A value label is the level's label; without labels, short texts are their own. A few whole numbers without labels
    are numbers, not categories: 0 and 1 say nothing by themselves.
    """
    labels = {c: label for column in columns for c, label in column.labels.items() if not is_code(c, codes.missing)}
    present = [text for text in pd.unique(values.dropna()) if text and not is_code(text, codes.missing)]
    found = sorted({canonical(text) for text in present})
    if labels and all(code in {canonical(c) for c in labels} for code in found) and len(labels) <= 2 * MOST_LEVELS:
        return _named({canonical(code): label for code, label in labels.items()})
    numbers = parse_numbers(pd.Series(present, dtype="string"))
    if not present or not numbers.unreadable.any() or len(found) > MOST_LEVELS or len(found) > max(2, len(values) / 3):
        return None
    return _named({text: text for text in found})


def _named(labels: dict[str, str]) -> dict[str, dict[str, str]]:
    levels: dict[str, dict[str, str]] = {}
    for place, (code, label) in enumerate(labels.items(), start=1):
        name = slug(label, "level") or f"level_{place}"
        taken = {level["name"] for level in levels.values()}
        levels[code] = {"name": name if name not in taken else f"{name}_{place}", "label": label or code}
    return levels
