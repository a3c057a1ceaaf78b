"""The participants table: group and characteristics, one row each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from helpers.study.intake.cells import code_mask, parse_numbers
from helpers.study.intake.gather import Sources, cell_lines
from helpers.study.intake.source import canonical, number_text


def participants(sources: Sources) -> tuple[pd.DataFrame, list[str], list[str]]:
    """The participants in the order of their file.

    Returns
    -------
    frame : DataFrame
        ``id, group`` and the variables, as text.
    problems, notes : list of str
        What does not fit the mapping; who was left out because the mapping says so.
    """
    mapping = sources.mapping
    entry = mapping["group"]
    group, problems = _values(sources, entry["from"], ())
    codes = [str(code) for code in entry.get("missing", ())]
    left_out = code_mask(group["text"], codes) | (group["text"].isna() & ("" in codes))
    names = [f"{int(left_out.sum())} participants without a group are left out"] if left_out.any() else []
    group = group[~left_out].reset_index(drop=True)
    problems += cell_lines(sources, group, group["text"].isna(), 'no group; list "" under group.missing to leave out')
    frame = pd.DataFrame({"id": group["id"], "group": _levels(group["text"], entry["levels"])})
    unknown = frame["group"].isna() & group["text"].notna()
    if unknown.any():
        found = ", ".join(repr(text) for text in pd.unique(group.loc[unknown, "text"])[:5])
        problems += cell_lines(
            sources, group, unknown, f"found {found}; expected a code of group.levels in the mapping"
        )
    for name, spec in mapping["participants"].items():
        cells, found = _values(sources, spec["from"], spec.get("missing", ()))
        values, wrong = typed(sources, cells, spec)
        problems += found + wrong
        frame[name] = frame["id"].map(dict(zip(cells["id"], values, strict=True))).astype("string")
    return frame, problems, names


def _values(sources: Sources, ref: str, missing: Any) -> tuple[pd.DataFrame, list[str]]:
    """One cell a participant; a long table must say the same in each of a participant's rows."""
    table, name = sources.place(ref)
    rows = [table.row(place) for place in table.frame.index]
    cells = pd.DataFrame({"id": sources.who(table), "text": table.frame[name], "ref": ref, "row": rows})
    cells["text"] = cells["text"].mask(cells["text"] == "")
    cells["text"] = cells["text"].mask(code_mask(cells["text"], map(str, missing)))
    filled = cells.dropna(subset=["text"])
    differ = filled["id"].map(filled.groupby("id")["text"].nunique()) > 1
    problems = cell_lines(
        sources, filled, differ & ~filled["id"].duplicated(), "differs between rows; expected one value"
    )
    first = pd.concat([filled, cells]).drop_duplicates("id")
    return first.set_index("id").loc[pd.unique(cells["id"].dropna())].reset_index(), problems


def typed(sources: Sources, cells: pd.DataFrame, spec: Mapping[str, Any]) -> tuple[pd.Series, list[str]]:
    """Cells as the text of the study's table, and what does not fit the entry's type and range."""
    if spec.get("type") == "category":
        values = _levels(cells["text"], spec["levels"])
        bad = values.isna() & cells["text"].notna()
        return values, cell_lines(sources, cells, bad, "a value that is no code of the mapping's levels; add it there")
    found = parse_numbers(cells["text"])
    bad = cells["text"].notna() & found.value.isna()
    problems = cell_lines(sources, cells, bad, "not a number; correct it, or list it under missing if it is a code")
    if spec.get("type") == "integer":
        fraction = found.value.notna() & (found.value % 1 != 0)
        problems += cell_lines(sources, cells, fraction, "not a whole number; set type: number if it may be")
    outside = (found.value < spec.get("minimum", float("-inf"))) | (found.value > spec.get("maximum", float("inf")))
    limits = f"{spec.get('minimum', 'any')} to {spec.get('maximum', 'any')}"
    text = f"outside {limits}; correct it, list it under missing if it is a code, or widen the range"
    problems += cell_lines(sources, cells, outside, text)
    return found.value.map(written, na_action="ignore").astype("string"), problems


def written(value: float) -> str:
    """A number as the study's tables have it: at most twelve digits, so that arithmetic leaves no dust.

    Examples
    --------
    >>> written(0.1 + 0.2), written(40.0)
    ('0.3', '40')
    """
    return number_text(float(f"{value:.12g}"))


def _levels(text: pd.Series, levels: Mapping[str, Any]) -> pd.Series:
    names = {canonical(code): level["name"] for code, level in levels.items()}
    return text.map(lambda cell: names.get(canonical(cell)), na_action="ignore").astype("string")
