"""The model of a study that its twin is drawn from: one a group, each with marginals, correlations and gaps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.study.read import Study

from . import correlation as corr
from .errors import TwinError
from .marginal import Marginal, fit_categories, fit_numbers, is_scale
from .patterns import Parents, Patterns, fit_patterns
from .rules import Rules, find_rules
from .wide import FEWEST, NUMBERS, Cell, Wide, widen

# How complete a participant is, as a variable of the joint model: who leaves early differs in more than that.
COMPLETENESS = Cell("", "rows", ())


@dataclass(frozen=True, eq=False)
class GroupModel:
    """What one group's participants are drawn from.

    Attributes
    ----------
    size : int
        Participants, as many as the study has.
    marginals : mapping of Cell to Marginal
        The variables the group has values of.
    root : ndarray, shape (variables + 1, variables + 1)
        Root of the correlation matrix of the variables' normal scores; completeness is the last.
    rows : Patterns
        Which rows there are, over all tables and levels.
    gaps : mapping of (table, level) to (cells, Patterns)
        Which values are missing in a row that is there.
    """

    size: int
    marginals: Mapping[Cell, Marginal]
    root: np.ndarray
    rows: Patterns
    gaps: Mapping[tuple[str, tuple], tuple[tuple[Cell, ...], Patterns]]


@dataclass(frozen=True, eq=False)
class StudyModel:
    """The groups' models, what the twin's participants keep, and what could not be modelled, in sentences."""

    wide: Wide
    groups: Mapping[str, GroupModel]
    rules: Rules
    said: tuple[str, ...]


def fit_study(study: Study) -> StudyModel:
    """Learn the model of a study.

    Within each group a Gaussian copula: each variable's own smoothed distribution, and the correlations of their normal
    scores. The correlations of one group are drawn towards those within all groups, and these between visits of one
    variable towards their mean, between variables towards 0.

    Raises
    ------
    TwinError
        There are too few participants, or too few values of a column in which every row needs one.
    """
    wide = widen(study)
    if len(wide.groups) < 2 * FEWEST:
        raise TwinError(
            study.descriptor.name,
            [f"{len(wide.groups)} participants; a twin needs {2 * FEWEST} or more, or it would show who they are"],
        )
    scales, said = _scales(wide), []
    marginals = {g: _marginals(study, wide, g, scales, said) for g in _groups(wide)}
    roots = _roots(wide, marginals)
    groups = {g: _group(wide, g, marginals[g], roots[g]) for g in marginals}
    return StudyModel(wide, groups, find_rules(study, wide), (*wide.left_out, *said))


def _groups(wide: Wide) -> list[str]:
    return sorted(set(wide.groups))


def as_array(column: pd.Series, field) -> np.ndarray:
    """Observed values, numbers as float and the rest as they are."""
    seen = column.dropna()
    numeric = field.type in NUMBERS and not field.is_category
    return seen.to_numpy(dtype=float) if numeric else seen.astype(object).to_numpy()


def _scales(wide: Wide) -> dict[tuple[str, str], tuple | None]:
    """For each column its categories, in the order of the codebook, or None for one that is smoothed."""
    scales = {}
    for layout in wide.layouts.values():
        for field in layout.fields:
            cells = [cell for cell in wide.values.columns if cell[:2] == (layout.name, field.name)]
            parts = [as_array(wide.values[cell], field) for cell in cells]
            pooled = np.concatenate(parts) if parts else np.array([])
            order = {value: place for place, value in enumerate(field.constraints.get("enum", ()))}
            known = sorted(set(pooled.tolist()), key=lambda value: (order.get(value, len(order)), value))
            scales[layout.name, field.name] = tuple(known) if is_scale(pooled, field) else None
    return scales


def _marginals(study: Study, wide: Wide, group: str, scales, said: list[str]) -> dict[Cell, Marginal]:
    """The distribution of each variable in a group; where fewer than five have a value, that of all groups."""
    found, among, borrowed = {}, wide.groups == group, 0
    for cell in wide.values.columns:
        field, own = wide.field(cell), wide.values.loc[among, cell]
        if not own.notna().any():
            continue
        pooled = own if own.notna().sum() >= FEWEST else wide.values[cell]
        borrowed += pooled is not own
        if pooled.notna().sum() < FEWEST:
            _refuse_required(study, wide, cell)
            said.append(f"{cell.table}, {cell.column}, {_name(cell)}: fewer than {FEWEST} values; left empty")
            continue
        values, known = as_array(pooled, field), scales[cell[:2]]
        if known is not None:
            found[cell] = fit_categories(values, _possible(values, known))
        else:
            found[cell] = fit_numbers(values, field, _bounds(study, field, cell, group, values))
    if borrowed:
        said.append(f"group {group}: fewer than {FEWEST} values of {borrowed} variables; all groups' are taken")
    return found


def _possible(values: np.ndarray, known: tuple) -> tuple:
    """Categories that a variable can take: of names all the column's, of numbers one more than those between its own.

    A variable with a single value keeps it, as zeros before an effect.
    """
    own = set(values.tolist())
    if len(own) == 1:
        return tuple(own)
    if any(isinstance(value, str) for value in known):
        return known
    places = [place for place, value in enumerate(known) if value in own]
    return known[max(places[0] - 1, 0) : places[-1] + 2]


def _refuse_required(study: Study, wide: Wide, cell: Cell) -> None:
    if wide.field(cell).constraints.get("required"):
        where = f"{wide.layouts[cell.table].resource.path}, column {cell.column}, {_name(cell)}"
        raise TwinError(
            study.descriptor.name,
            [f"{where}: fewer than {FEWEST} values, and the descriptor requires one; drop `required`, or the column"],
        )


def _name(cell: Cell) -> str:
    return " ".join(map(str, cell.level)) or "all"


def _bounds(study: Study, field, cell: Cell, group: str, values: np.ndarray) -> tuple[float, float]:
    """Lowest and highest value: the codebook's, the eligibility's where all keep it, 0 where nothing is below."""
    limits = field.constraints
    low, high = float(limits.get("minimum", -np.inf)), float(limits.get("maximum", np.inf))
    if values.min() >= 0:
        low = max(low, 0.0)
    for rule in study.roles.eligibility if cell.table == study.roles.tables["participants"] else ():
        if rule.column == cell.column and group in (rule.groups or (group,)):
            low = max(low, rule.minimum) if rule.minimum is not None and values.min() >= rule.minimum else low
            high = min(high, rule.maximum) if rule.maximum is not None and values.max() <= rule.maximum else high
    return (max(low, _positive(study, cell, values)), high)


def _positive(study: Study, cell: Cell, values: np.ndarray) -> float:
    """A number just above 0 where logarithms are analysed: one unit of the last place shown."""
    roles = study.roles
    logs = set(roles.analytes.columns) if roles.analytes.transform == "log" else set()
    shown = {(roles.tables.get("analytes"), name) for name in logs}
    shown |= {(roles.tables["outcomes"], item.column) for item in roles.outcomes if item.transform == "log"}
    if cell[:2] not in shown:
        return -np.inf
    decimals = max((len((f"{value:.12g}").partition(".")[2]) for value in values), default=0)
    return 10.0**-decimals


def _roots(wide: Wide, marginals: Mapping[str, Mapping[Cell, Marginal]]) -> dict[str, np.ndarray]:
    """Each group's correlations, as roots, over its own variables and completeness."""
    columns = [*wide.values.columns, COMPLETENESS]
    complete = wide.rows.sum(axis=1).astype(float)
    scores = {group: _scores(wide, group, complete) for group in marginals}
    variables = [cell[:2] for cell in columns]
    blocks = corr.blocks_of(variables)
    found, pairs = corr.pairwise(np.vstack(list(scores.values())))
    within = corr.shrunk(found, pairs, corr.same_variable_target(found, pairs, blocks, variables), blocks)
    roots = {}
    for group, own in scores.items():
        mine = corr.shrunk(*corr.pairwise(own), within, blocks)
        keep = [place for place, cell in enumerate(columns) if cell in marginals[group] or cell == COMPLETENESS]
        roots[group] = corr.root(mine[np.ix_(keep, keep)])
    return roots


def _scores(wide: Wide, group: str, complete: pd.Series) -> np.ndarray:
    among = wide.groups == group
    columns = [_ordered(wide.values.loc[among, cell], wide.field(cell)) for cell in wide.values.columns]
    return np.column_stack([corr.normal_scores(column) for column in [*columns, complete[among]]])


def _ordered(column: pd.Series, field) -> pd.Series:
    """Categories as their place in the codebook's order."""
    if field.type in NUMBERS:
        return pd.to_numeric(column).astype(float)
    known = field.constraints.get("enum") or sorted(column.dropna().unique())
    return column.astype(object).map({value: float(place) for place, value in enumerate(known)}).astype(float)


def _group(wide: Wide, group: str, marginals: Mapping[Cell, Marginal], root: np.ndarray) -> GroupModel:
    among = (wide.groups == group).to_numpy()
    rows = fit_patterns(wide.rows[among].to_numpy(), _parents(wide))
    gaps = {}
    for layout in wide.layouts.values():
        for level in layout.levels:
            there = among & (wide.rows[(layout.name, level)].to_numpy() if (layout.name, level) in wide.rows else True)
            cells = tuple(c for c in layout.cells() if c.level == level and c in marginals)
            gaps[layout.name, level] = cells, fit_patterns(wide.values.loc[there, list(cells)].isna().to_numpy())
    return GroupModel(int(among.sum()), marginals, root, rows, gaps)


def _parents(wide: Wide) -> list[Parents]:
    """A row depends on the one before it in its table, and on the same level's row of an earlier table."""
    keys, parents = list(wide.rows.columns), []
    for place, (table, level) in enumerate(keys):
        before = place - 1 if place and keys[place - 1][0] == table else None
        same = next((n for n, (other, lev) in enumerate(keys[:place]) if other != table and lev == level), None)
        parents.append((before, same))
    return parents
