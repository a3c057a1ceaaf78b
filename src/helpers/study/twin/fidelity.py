"""How like the study its twin is: for those who may see the study."""

from __future__ import annotations

import numpy as np
import pandas as pd

from .make import Twin
from .wide import NUMBERS, Cell, Wide

COLUMNS = ("table", "column", "level", "group", "statistic", "study", "twin")


def fidelity(twin: Twin) -> pd.DataFrame:
    """Study and twin side by side.

    One line for each variable and group: ``mean`` and ``sd`` of numbers, the ``share`` of each category, the share
    ``missing`` (in rows that are not there, too); and for each group the mean absolute rank correlation of its
    numbers, and the mean one between visits of a column.

    It tells what the study's participants have, small groups included: it belongs beside the study, not into the twin.
    """
    wide, lines = twin.model.wide, []
    for group in sorted(set(wide.groups)):
        real, made = wide.values[wide.groups == group], twin.values[twin.groups == group]
        for cell in wide.values.columns:
            lines += [(*_where(cell), group, *line) for line in _variable(wide, cell, real[cell], made[cell])]
        lines += [("", "", "", group, *line) for line in _correlations(wide, real, made)]
    return pd.DataFrame(lines, columns=list(COLUMNS))


def _where(cell: Cell) -> tuple[str, str, str]:
    return cell.table, cell.column, " ".join(map(str, cell.level))


def _variable(wide: Wide, cell: Cell, real: pd.Series, made: pd.Series) -> list[tuple[str, float, float]]:
    lines = [("missing", float(real.isna().mean()), float(made.isna().mean()))]
    if not real.notna().any():
        return lines
    if _is_number(wide, cell):
        real, made = _number(real), _number(made)
        return [*lines, ("mean", real.mean(), made.mean()), ("sd", real.std(), made.std())]
    known = list(dict.fromkeys([*wide.field(cell).constraints.get("enum", ()), *real.dropna().unique()]))
    shares = [(f"share of {value}", _share(real, value), _share(made, value)) for value in known]
    return [*lines, *shares]


def _share(column: pd.Series, value) -> float:
    return float((column.dropna() == value).mean())


def _correlations(wide: Wide, real: pd.DataFrame, made: pd.DataFrame) -> list[tuple[str, float, float]]:
    cells = [cell for cell in wide.values.columns if _is_number(wide, cell)]
    one, two = (
        pd.DataFrame({n: _number(frame[cell]) for n, cell in enumerate(cells)})
        .corr("spearman", min_periods=10)
        .to_numpy()
        for frame in (real, made)
    )
    pairs = np.triu(np.isfinite(one) & np.isfinite(two), 1)
    if not pairs.any():
        return []
    same = [pairs & np.array([[a[:2] == b[:2] for b in cells] for a in cells])]
    lines = [("mean absolute correlation", np.abs(one[pairs]).mean(), np.abs(two[pairs]).mean())]
    if same[0].any():
        lines.append(("mean correlation between visits of one column", one[same[0]].mean(), two[same[0]].mean()))
    return lines


def _is_number(wide: Wide, cell: Cell) -> bool:
    field = wide.field(cell)
    return field.type in NUMBERS and not field.is_category


def _number(column: pd.Series) -> pd.Series:
    return pd.to_numeric(column).astype("float64")
