"""From a formula and a frame to a sum-coded design matrix, with the checks a model needs before it is fitted."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import product

import numpy as np
import pandas as pd
from formulaic import Formula, ModelSpec
from formulaic.parser.types import Factor, Term

from .errors import (
    ConstantError,
    MissingValuesError,
    ModelError,
    OneLevelError,
    RankDeficientError,
    UnknownColumnError,
)

_WRAPPED = re.compile(r"^C\(\s*`?([^`,()]+?)`?\s*\)$")
_CODED = re.compile(r"C\(`([^`]+)`, contr\.sum\)(?:\[S\.(.*?)\](?=:|$))?")
_ALIASED = 1e-9  # a column keeping less than this of its length once the others are taken out is one of theirs


@dataclass(frozen=True)
class Design:
    """What a linear model is fitted to.

    `x` (rows, columns) and `y` (rows,) or (rows, outcomes); `names` the columns; `terms` the column positions of each
    term but the intercept; `factors` the levels of each categorical variable; `data` the analysed rows of the
    variables used; `spec` makes further rows of the same coding.
    """

    x: np.ndarray
    y: np.ndarray
    names: tuple[str, ...]
    terms: dict[str, list[int]]
    factors: dict[str, list]
    data: pd.DataFrame
    spec: ModelSpec
    _known_rows: dict = field(default_factory=dict, repr=False, compare=False)

    def rows(self, grid: pd.DataFrame) -> np.ndarray:
        """Design rows of new combinations of the variables, shape (len(grid), columns)."""
        grid = grid.copy()
        for name, levels in self.factors.items():
            grid[name] = pd.Categorical(grid[name], categories=levels)
        return self.spec.get_model_matrix(grid).to_numpy(float)

    def mean_rows(self, names: Sequence[str]) -> tuple[pd.DataFrame, np.ndarray]:
        """Cells of the named factors and, for each, its design row with other factors averaged, equally weighted.

        Numeric variables are at their mean over the analysed rows. Kept, since many fits may share a design.
        """
        key = tuple(names)
        if key not in self._known_rows:
            self._known_rows[key] = self._averaged(list(names))
        return self._known_rows[key]

    def _averaged(self, names: list[str]) -> tuple[pd.DataFrame, np.ndarray]:
        others = [name for name in self.factors if name not in names]
        order = [*names, *others]
        grid = pd.DataFrame(list(product(*(self.factors[name] for name in order))), columns=order)
        needed = {str(name) for name in self.spec.required_variables}
        for name in self.data.columns.difference(grid.columns, sort=False):
            if name in needed and pd.api.types.is_numeric_dtype(self.data[name]):
                grid[name] = self.data[name].mean()
        # Cells vary slowest, so each is a block of consecutive grid rows.
        block = int(np.prod([len(self.factors[name]) for name in others], dtype=int))
        rows = self.rows(grid).reshape(-1, block, self.x.shape[1]).mean(axis=1)
        return grid.loc[::block, names].reset_index(drop=True), rows


def build_design(
    data: pd.DataFrame, formula: str, outcomes: Sequence[str] | None = None, factors: Iterable[str] = (), also=()
) -> Design:
    """Design of `formula` over the rows in which every outcome is present.

    `formula` is "y ~ ..." or, with `outcomes` given, "~ ...". Text, category and boolean columns, those written
    `C(x)` and those in `factors` are categorical and sum-coded (the last level is minus the sum of the others), so
    that tests of single terms are type III; levels keep the order of a categorical column and are sorted otherwise.
    Columns in `also` are carried along and must be complete too.

    Raises `UnknownColumnError`, `MissingValuesError` (a variable other than the outcome, in rows that have it),
    `OneLevelError`, `ConstantError` (an outcome that does not vary), `RankDeficientError`, `TooFewError`.

    >>> frame = pd.DataFrame({"y": [1.0, 2, 3, 5], "g": list("aabb")})
    >>> design = build_design(frame, "y ~ g")
    >>> design.names, design.x[:, 1].tolist(), design.terms
    (('Intercept', 'g[a]'), [1.0, 1.0, -1.0, -1.0], {'g': [1]})
    """
    outcomes, right = _sides(formula, outcomes)
    used = _variables(right, data)
    _known(data, [*outcomes, *used, *also], formula)
    rows = data.loc[data[list(outcomes)].notna().all(axis=1)]
    rows = rows[list(dict.fromkeys([*outcomes, *used, *also]))].copy()
    _no_missing(rows, [*used, *also], outcomes)
    y = np.column_stack([_numbers(rows[name]) for name in outcomes])
    categorical = _categorical(rows, right, used, factors)
    for name in categorical:
        rows[name] = _as_factor(rows[name])
    matrix = _sum_coded(right, categorical).get_model_matrix(rows)
    spec, x = matrix.model_spec, matrix.to_numpy(float)
    terms = {_plain(str(t)): list(i) for t, i in spec.term_indices.items() if str(t) != "1"}
    levels = {name: list(rows[name].cat.categories) for name in categorical}
    names = tuple(_plain(str(name)) for name in matrix.columns)
    design = Design(x, y if len(outcomes) > 1 else y[:, 0], names, terms, levels, rows, spec)
    _full_rank(design)
    _varying(y, outcomes)
    return design


def _sides(formula: str, outcomes: Sequence[str] | None) -> tuple[list[str], Formula]:
    """Outcome columns and the parsed right-hand side."""
    left, tilde, right = formula.partition("~")
    if not tilde:
        raise ModelError(f"The formula {formula!r} has no '~'.", [formula])
    if outcomes is None:
        outcomes = [left.strip().strip("`")]
    elif left.strip():
        raise ModelError(f"The formula {formula!r} must start with '~'; the outcomes are given apart.", [formula])
    return list(outcomes), Formula(right.strip())


def _variables(right: Formula, data: pd.DataFrame) -> list[str]:
    """The columns the right-hand side reads, in order of appearance."""
    names = {str(name) for name in right.required_variables} - ({"np"} - set(data.columns))
    text = " ".join(str(term) for term in right)
    return sorted(names, key=lambda name: (text.find(name), name))


def _known(data: pd.DataFrame, names: Iterable[str], formula: str) -> None:
    unknown = [name for name in dict.fromkeys(names) if name not in data.columns]
    if unknown:
        raise UnknownColumnError(
            f"{', '.join(unknown)}: not among the columns of the data (needed for {formula!r}); "
            f"there are {', '.join(map(str, data.columns))}.",
            unknown,
        )


def _no_missing(rows: pd.DataFrame, names: Iterable[str], outcomes: Sequence[str]) -> None:
    missing = rows[list(dict.fromkeys(names))].isna().sum()
    missing = missing[missing > 0]
    if len(missing):
        counts = ", ".join(f"{name} in {count} of {len(rows)} rows" for name, count in missing.items())
        raise MissingValuesError(
            f"Missing where {', '.join(outcomes)} is present: {counts}. Complete them or leave those rows out.",
            missing.index,
        )


def _numbers(column: pd.Series) -> np.ndarray:
    try:
        return pd.to_numeric(column).to_numpy(float)
    except (ValueError, TypeError) as error:
        raise ModelError(f"{column.name} is not numeric, so it cannot be an outcome: {error}", [column.name]) from None


def _categorical(rows: pd.DataFrame, right: Formula, used: Sequence[str], factors: Iterable[str]) -> list[str]:
    wrapped = {found.group(1) for term in right for part in term.factors if (found := _WRAPPED.match(part.expr))}
    named = wrapped | set(factors)
    return [
        name
        for name in used
        if name in named or rows[name].dtype == bool or not pd.api.types.is_numeric_dtype(rows[name])
    ]


def _as_factor(column: pd.Series) -> pd.Series:
    """The column as categories that occur; at least two of them."""
    column = column.astype("category").cat.remove_unused_categories()
    levels = list(column.cat.categories)
    if len(levels) < 2:
        raise OneLevelError(
            f"{column.name} has one level among the analysed rows ({', '.join(map(str, levels))}); "
            "leave it out of the formula.",
            [column.name],
        )
    return column


def _sum_coded(right: Formula, categorical: Sequence[str]) -> Formula:
    """The formula with each categorical factor wrapped in sum coding."""

    def coded(factor: Factor) -> Factor:
        found = _WRAPPED.match(factor.expr)
        name = found.group(1) if found else factor.expr.strip("`")
        return Factor(f"C(`{name}`, contr.sum)", eval_method="python") if name in categorical else factor

    return Formula([Term([coded(factor) for factor in term.factors]) for term in right])


def _plain(name: str) -> str:
    """`C(`g`, contr.sum)[S.a]` as `g[a]`.

    >>> _plain("C(`g`, contr.sum)[S.a]:C(`v`, contr.sum)[S.b]"), _plain("C(`g`, contr.sum):age")
    ('g[a]:v[b]', 'g:age')
    """
    return _CODED.sub(lambda found: found.group(1) + (f"[{found.group(2)}]" if found.group(2) else ""), name)


def _varying(y: np.ndarray, outcomes: Sequence[str]) -> None:
    constant = [name for name, column in zip(outcomes, y.T, strict=True) if np.ptp(column) == 0]
    if constant:
        raise ConstantError(f"{', '.join(constant)}: the same in all {len(y)} analysed rows.", constant)


def aliased(matrix: np.ndarray) -> list[int]:
    """Positions of the columns that are linear combinations of those before them, [] at full rank.

    Gram-Schmidt, twice a column to keep rounding out of the verdict, as R's lm names aliased coefficients.

    >>> aliased(np.array([[1.0, 2.0, 0.0], [1.0, 2.0, 1.0], [1.0, 2.0, 3.0]]))
    [1]
    """
    basis, surplus = np.empty((len(matrix), 0)), []
    for position, column in enumerate(matrix.T):
        left = column
        for _ in range(2):
            left = left - basis @ (basis.T @ left)
        if np.linalg.norm(left) <= _ALIASED * np.linalg.norm(column):
            surplus.append(position)
        else:
            basis = np.column_stack([basis, left / np.linalg.norm(left)])
    return surplus


def _full_rank(design: Design) -> None:
    x = design.x
    surplus = [design.names[i] for i in aliased(x)]
    if surplus:
        raise RankDeficientError(
            f"The design has {x.shape[1]} columns but rank {x.shape[1] - len(surplus)} over {len(x)} rows: "
            f"{', '.join(surplus)} cannot be told apart from the others.{_empty_cells(design)}",
            surplus,
        )


def _empty_cells(design: Design) -> str:
    """Names the crossed levels without a row, the usual reason."""
    pairs = [term.split(":") for term in design.terms if term.count(":") == 1]
    empty = []
    for one, two in (pair for pair in pairs if set(pair) <= set(design.factors)):
        table = pd.crosstab(design.data[one], design.data[two]).stack()
        empty += [f"{one} {row} with {two} {column}" for row, column in table.index[table == 0]]
    return f" No row has {'; '.join(empty)}." if empty else ""
