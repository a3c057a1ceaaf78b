"""Drawing participants from a study's model."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.special import ndtr

from .errors import TwinError
from .marginal import Numbers
from .model import GroupModel, StudyModel

# So many draws in a row that break a rule mean that the rule cannot be kept.
TRIES = 200


def draw_rows(model: StudyModel, generator: np.random.Generator) -> dict[str, np.ndarray]:
    """Which rows the participants of each group have, the least complete first."""
    drawn = {}
    for name, group in model.groups.items():
        patterns = group.rows.draw(generator, group.size)
        drawn[name] = patterns[np.argsort(patterns.sum(axis=1), kind="stable")]
    return drawn


def draw_group(
    model: StudyModel, name: str, rows: np.ndarray, generator: np.random.Generator
) -> tuple[pd.DataFrame, np.ndarray]:
    """Values of a whole group, one line a participant, whose rows are ``rows``; and the rows that are left.

    Participants are put in the order of their drawn completeness, so that the early leavers are who the model says.
    """
    values, complete = draw_kept(model, name, len(rows), generator)
    values = values.iloc[np.argsort(complete, kind="stable")].reset_index(drop=True)
    return with_gaps(model, model.groups[name], values, rows, generator)


def draw_kept(
    model: StudyModel, name: str, count: int, generator: np.random.Generator
) -> tuple[pd.DataFrame, np.ndarray]:
    """``count`` participants who keep every rule, without gaps, and how complete each is (normal score).

    Raises ``TwinError`` when too many draws break a rule.
    """
    parts, scores, kept = [], [], 0
    for _ in range(TRIES):
        values, complete = _draw(model.groups[name], max(count - kept, 8), model, generator)
        fine = model.rules.kept(values, name)
        parts.append(values[fine])
        scores.append(complete[fine])
        kept += int(fine.sum())
        if kept >= count:
            return pd.concat(parts, ignore_index=True).iloc[:count], np.concatenate(scores)[:count]
    raise TwinError(
        f"group {name}", [f"only {kept} of {count} participants drawn keep the study's rules after {TRIES} rounds"]
    )


def _draw(group: GroupModel, count: int, model: StudyModel, generator) -> tuple[pd.DataFrame, np.ndarray]:
    normal = generator.standard_normal((count, len(group.root))) @ group.root.T
    uniform = ndtr(normal)
    drawn = {cell: marginal.quantile(uniform[:, n]) for n, (cell, marginal) in enumerate(group.marginals.items())}
    columns, nothing = model.wide.values.columns, np.full(count, None, dtype=object)
    table = np.column_stack([np.asarray(drawn.get(cell, nothing), dtype=object) for cell in columns])
    frame = pd.DataFrame(table, columns=columns)
    for rule in model.rules.sums:
        cell = rule.part[0]
        if cell in drawn:
            frame[cell] = _rounded(rule.completed(frame, generator), group.marginals[cell])
    return frame, normal[:, -1]


def _rounded(column: pd.Series, marginal) -> pd.Series:
    """A column of numbers as its distribution rounds and bounds them."""
    if not isinstance(marginal, Numbers):
        return column.round()
    return column.round(marginal.decimals).clip(marginal.low, marginal.high)


def with_gaps(
    model: StudyModel, group: GroupModel, values: pd.DataFrame, rows: np.ndarray, generator: np.random.Generator
) -> tuple[pd.DataFrame, np.ndarray]:
    """Values with those taken out that are missing: whole rows, and single values in rows that are there.

    Rows after a participant's last day go, too; returned are the values and the rows that are left.
    """
    values = values.copy()
    present = dict(zip(model.wide.rows.columns, rows.T.copy(), strict=True))
    for end in model.rules.ends:
        for key in (key for key in present if key[0] == end.table):
            present[key] &= ~end.after(values, key[1])
    for (table, level), (cells, patterns) in group.gaps.items():
        if not cells:
            continue
        gone = patterns.draw(generator, len(values))
        gone |= ~present.get((table, level), np.ones(len(values), dtype=bool))[:, None]
        values[list(cells)] = values[list(cells)].mask(gone)
    return values, np.column_stack(list(present.values())) if present else rows
