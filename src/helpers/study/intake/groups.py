"""Which column says the group, which groups are compared, and which is the healthy reference."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from helpers.study.intake.levels import find_codes, propose_levels
from helpers.study.intake.proposal import DECIDE, Place
from helpers.study.intake.vocabulary import squeezed

NAMES = ("group", "grp", "groups", "studygroup", "arm", "gruppe", "groupe", "cohort", "condition", "cond", "treatment",
         "trt", "allocation", "paingroup", "diagnosisgroup", "kohorte", "bedingung")  # fmt: skip
WORDS = re.compile(r"\b(group|study arm|treatment arm|gruppe|cohort)\b", re.IGNORECASE)
REFERENCE = re.compile(
    r"control|kontroll|healthy|gesund|temoin|témoin|contr[oô]le|sain|sano|对照|健康|\bhc\b", re.IGNORECASE
)
ASK_COLUMN = f"{DECIDE}: the column that says which group a participant belongs to"
ASK_COMPARED = f"{DECIDE}: the groups to compare, as [first, second], two or more; differences are first minus second"


def find_group(places: Sequence[Place]) -> tuple[Place | None, dict[str, Any], str]:
    """The group column, its entry in the mapping, and why."""
    named = [p for wanted in NAMES for p in places if squeezed(p.column.name) == wanted]
    labelled = [p for p in places if WORDS.search(p.column.label)]
    for place in dict.fromkeys([*named, *labelled]):
        codes = find_codes([place.column], place.values, None, False)
        levels = propose_levels([place.column], place.values, codes)
        if levels is None and place.values.nunique() in range(2, 7):  # numbers without labels
            levels = {
                code: {"name": f"group_{code}", "label": f"Group {code}"} for code in sorted(set(place.values.dropna()))
            }
        if levels and len(levels) > 1:
            why = "its name" if place in named else "its label"
            return place, {"from": place.ref, "missing": list(codes.missing), "levels": levels, **_roles(levels)}, why
    return (
        None,
        {"from": ASK_COLUMN, "missing": [], "levels": {}, "compared": ASK_COMPARED, "reference": None},
        "not found",
    )


def _roles(levels: dict[str, dict[str, str]]) -> dict[str, Any]:
    names = [level["name"] for level in levels.values()]
    healthy = [n for n, level in zip(names, levels.values(), strict=True) if REFERENCE.search(level["label"])]
    reference = healthy[0] if len(healthy) == 1 and len(names) > 2 else None
    rest = [name for name in names if name != reference]
    return {"compared": rest if len(rest) == 2 else ASK_COMPARED, "reference": reference}
