"""From one line a participant back to the tables of a study folder."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from helpers.study.descriptor import Field, Resource
from helpers.study.read import Study

from .wide import Cell, Layout, Wide


def tables_of(
    study: Study, wide: Wide, values: pd.DataFrame, groups: np.ndarray, rows: np.ndarray, identifiers: Sequence[str]
) -> dict[str, pd.DataFrame]:
    """The twin's tables, columns in the descriptor's order, rows by participant and level; texts as they are written.

    Parameters
    ----------
    values : DataFrame
        Participants × cells.
    groups, identifiers : sequence of str
        Of each participant.
    rows : ndarray of bool
        Participants × the columns of ``wide.rows``: is there such a row?
    """
    present = dict(zip(wide.rows.columns, rows.T, strict=True))
    main, roles = study.roles.tables["participants"], study.roles
    tables = {}
    for resource in study.descriptor.resources:
        layout = wide.layouts.get(resource.name)
        if layout is None:
            tables[resource.name] = pd.DataFrame(columns=[field.name for field in resource.fields])
            continue
        parts = [_part(layout, level, values, identifiers, roles.identifier) for level in layout.levels]
        if resource.name == main:
            parts[0][roles.group_column] = groups
        else:
            parts = [part[present[resource.name, lev]] for part, lev in zip(parts, layout.levels, strict=True)]
        tables[resource.name] = _finished(parts, resource)
    return tables


def _part(layout: Layout, level: tuple, values: pd.DataFrame, identifiers, identifier: str) -> pd.DataFrame:
    cells = {field.name: Cell(layout.name, field.name, level) for field in layout.fields}
    columns = {name: values[cell] if cell in values.columns else None for name, cell in cells.items()}
    part = pd.DataFrame(columns, index=values.index, dtype=object)
    for name, value in zip(layout.keys, level, strict=False):
        part[name] = value
    part[identifier] = list(identifiers)
    return part


def _finished(parts: list[pd.DataFrame], resource: Resource) -> pd.DataFrame:
    names = [field.name for field in resource.fields]
    whole = pd.concat([part.assign(_place=place) for place, part in enumerate(parts)])
    whole["_line"] = whole.index
    whole = whole.sort_values(["_line", "_place"], kind="stable").reindex(columns=names)
    whole = whole.reset_index(drop=True)
    return pd.DataFrame({field.name: _written(whole[field.name], field) for field in resource.fields})


def _written(column: pd.Series, field: Field) -> pd.Series:
    """A column as text, integers without a decimal point, missing as nothing."""
    return column.map(lambda value: "" if pd.isna(value) else _text(value, field)).astype("string")


def _text(value, field: Field) -> str:
    if field.type == "boolean":
        return str(bool(value)).lower()
    if field.type == "integer":
        return str(round(float(value)))
    return f"{float(value):.12g}" if field.type == "number" else str(value)
