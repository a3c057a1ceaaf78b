"""Multiple imputation by chained equations with predictive mean matching."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from statsmodels.imputation.mice import MICEData
from statsmodels.tools.tools import pinv_extended

from .arrays import at_least
from .errors import ConstantError, ModelError, OptionError, TooFewError, UnknownColumnError

ALIKE = 9  # decimals, in standard deviations of the column


@dataclass(frozen=True)
class Imputations:
    """Completed `frames`, and for each column with gaps the columns its values were predicted from."""

    frames: tuple[pd.DataFrame, ...]
    predictors: dict[str, tuple[str, ...]]
    gaps: int
    seed: int
    method: str


def impute_multiple(
    frame: pd.DataFrame,
    imputations: int = 20,
    *,
    iterations: int = 10,
    donors: int = 5,
    predictors: int = 15,
    correlation: float = 0.1,
    usable: float = 0.5,
    named: Mapping[str, Sequence[str]] | None = None,
    seed: int = 0,
) -> Imputations:
    """`imputations` completed copies of a numeric frame (n, p) with gaps, by chained equations.

    Each copy comes from a chain of its own (van Buuren 2018, ch. 4): gaps start at the column's central value; then,
    `iterations` times, every column with gaps is regressed on its predictors, coefficients are drawn from N(b, Cov(b)),
    and each gap takes the value of one of the `donors` rows with the nearest prediction, drawn at random (Little 1988).
    So only observed values are imputed and no distribution is assumed. The chains are statsmodels' `MICEData`, which
    predicts observed and missing rows with the same drawn coefficients; R's mice takes the estimated ones for the
    observed rows.

    Predictors are chosen for each column as mice's `quickpred` does, so that a frame may have about as many columns as
    rows: those whose correlation with the column, or with its being missing, is at least `correlation` in absolute
    value, and that are observed in at least the share `usable` of the rows to be imputed; of these the `predictors`
    most correlated, never more than a third of the column's values, and at least the most correlated one. `named`
    replaces that choice: for each column with gaps, its predictors, the first of them where they are more than a third
    of its values. Where columns are many and rows few, the most correlated ones are largely so by chance.

    The same `seed` gives the same frames; every chain has its own stream of it. Raises `ModelError` for infinite values
    or no gap at all, `ConstantError` for a column that does not vary, `TooFewError` for a column with fewer values than
    donors or fewer than two columns, `OptionError` for counts below 1 (imputations: 2),
    `UnknownColumnError` for a column with gaps for which `named` has no predictors of the frame.

    >>> rng = np.random.default_rng(1)
    >>> frame = pd.DataFrame({"a": rng.normal(size=40)})
    >>> frame["b"] = (frame["a"] + rng.normal(size=40)).where(frame.index > 3)
    >>> found = impute_multiple(frame, 5, seed=2)
    >>> len(found.frames), int(found.frames[0].isna().sum().sum()), found.predictors
    (5, 0, {'b': ('a',)})
    """
    _options(imputations=(imputations, 2), iterations=(iterations, 1), donors=(donors, 1), predictors=(predictors, 1))
    values = _checked(frame, donors)
    chosen = _named(frame, named) if named else quick_predictors(frame, predictors, correlation, usable)
    # Standard units make the draws independent of units; donors' values are looked up in the original ones.
    plain = pd.DataFrame((values - np.nanmean(values, axis=0)) / np.nanstd(values, axis=0))
    plain.columns = [f"c{position}" for position in range(values.shape[1])]
    named = dict(zip(frame.columns, plain.columns, strict=True))
    use = {named[name]: [named[other] for other in others] for name, others in chosen.items()}
    frames, start = [], _Chain(plain, use, donors)
    for stream in np.random.SeedSequence(seed).spawn(imputations):
        chain = start.with_stream(np.random.default_rng(stream))
        chain.update_all(iterations)
        frames.append(pd.DataFrame(_restored(values, plain.to_numpy(), chain.values), frame.index, frame.columns))
    method = f"{imputations} imputations, predictive mean matching, {donors} donors, {iterations} iterations"
    keyed = {str(name): tuple(map(str, others)) for name, others in chosen.items()}
    return Imputations(tuple(frames), keyed, int(np.isnan(values).sum()), seed, method)


def quick_predictors(
    frame: pd.DataFrame, predictors: int = 15, correlation: float = 0.1, usable: float = 0.5
) -> dict[object, list]:
    """For each column with gaps its predictors, most correlated first; the rule is in `impute_multiple`.

    >>> a, c = np.arange(7.0), np.array([1.0, -1, -1, 1, 0, 0, 0])
    >>> quick_predictors(pd.DataFrame({"a": a, "b": [2.0, 1, 4, 5, 5, 7, None], "c": c}))
    {'b': ['a', 'c']}
    """
    missing = frame.isna()
    gaps = missing.loc[:, missing.any()]
    if gaps.empty:
        return {}
    # In units of the largest value: products of variances of very large or small ones are no numbers.
    plain = frame / frame.abs().max().replace(0, 1)
    with np.errstate(invalid="ignore", divide="ignore"):
        pairs = pd.concat([plain, gaps.astype(float)], axis=1, keys=["value", "gap"]).corr().abs().loc["value"]
    strength = np.nan_to_num(np.fmax(pairs["value"][gaps.columns], pairs["gap"]).to_numpy())
    # Of the rows to be imputed, the share in which each column is seen: (columns, columns with gaps).
    lost = missing.to_numpy(float)
    seen = 1 - (lost.T @ gaps.to_numpy(float)) / gaps.sum().to_numpy()
    found = {}
    for place, name in enumerate(gaps.columns):
        own, measured = frame.columns.get_loc(name), int((~missing[name]).sum())
        order = np.argsort(-strength[:, place], kind="stable")
        order = order[order != own]
        good = order[(strength[order, place] >= correlation) & (seen[order, place] >= usable)]
        most = max(1, min(predictors, measured // 3))
        found[name] = list(frame.columns[(good if len(good) else order[:1])[:most]])
    return found


def _named(frame: pd.DataFrame, named: Mapping[str, Sequence[str]]) -> dict[object, list]:
    """The predictors given, for each column with gaps; no more than its values can bear."""
    measured = frame.notna().sum()
    gaps = [name for name in frame.columns if measured[name] < len(frame)]
    known = set(frame.columns)
    wrong = [name for name in gaps if not named.get(name) or not known - {name} >= set(named[name])]
    if wrong:
        raise UnknownColumnError(f"{', '.join(map(str, wrong[:5]))}: no predictors of the frame are named.", wrong)
    return {name: list(named[name])[: max(1, int(measured[name] // 3))] for name in gaps}


class _Linear:
    """What the chain asks of a model."""

    @staticmethod
    def predict(params: np.ndarray, x: np.ndarray) -> np.ndarray:
        return x @ params


class _Chain(MICEData):
    """A chain that keeps its values in an array: formulas, frames and whole results would cost most of the time."""

    def __init__(self, data: pd.DataFrame, predictors: dict[str, list[str]], donors: int):
        super().__init__(data, k_pmm=donors)
        # Fewest gaps first, of as many the first column: `MICEData` leaves open which.
        gaps = data.isna().sum()
        self._cycle_order = gaps[gaps > 0].sort_values(kind="stable").index.tolist()
        self._position = {name: position for position, name in enumerate(self.data.columns)}
        self._predictors = {name: [self._position[other] for other in use] for name, use in predictors.items()}
        self.values = self.data.to_numpy(copy=True)
        self.models = dict.fromkeys(self.data.columns, _Linear)

    def with_stream(self, rng: np.random.Generator) -> _Chain:
        """The chain at its start, with random numbers of its own."""
        chain = copy.copy(self)
        chain.rng, chain.values, chain.params = rng, self.values.copy(), {}
        return chain

    def set_imputer(self, endog_name: str, **_):
        """Nothing: the formula, of all other columns, is never read."""

    def _initial_imputation(self):
        """Each gap takes the observed value nearest to the column's mean, as in `MICEData`, all columns at once."""
        away = (self.data - self.data.mean()).abs().to_numpy()
        nearest = np.nanargmin(away, axis=0)
        values = self.data.to_numpy()
        central = values[nearest, np.arange(values.shape[1])]
        self.data = pd.DataFrame(np.where(np.isnan(values), central, values), self.data.index, self.data.columns)

    def _perturb_gaussian(self, name: str):
        """Coefficients drawn from N(b, Cov(b)): the arithmetic of `OLS.fit`, without its results."""
        y, x, *_ = self.get_fitting_data(name)
        inverse, singular = pinv_extended(x)
        b = inverse @ y
        left = y - x @ b
        # Of deficient rank it is the least squares of smallest norm, whose predictions do not depend on which column
        # is left out.
        rank = int((singular > singular.max() * len(singular) * np.finfo(float).eps).sum())
        scale = left @ left / (len(y) - rank)
        # Cov(b) = scale · X⁺X⁺ᵀ, so X⁺z has it for z ~ N(0, scale·I). `multivariate_normal` would take the root from
        # singular vectors, whose signs, and with them the draws, are another on another processor.
        self.params[name] = b + np.sqrt(scale) * (inverse @ self.rng.standard_normal(len(y)))

    def impute_pmm(self, name: str):
        """Each gap takes the value of one of the donors nearest to it, drawn at random.

        As in `MICEData`, but that predictions nearer than `ALIKE` are equal, and of equal ones the first row comes
        first: last digits, and the order in which a sort leaves what is equal, are another on another processor, and
        one other donor makes another chain.
        """
        y, x, gaps, *_ = self.get_split_data(name)
        known, wanted = (np.round(_Linear.predict(self.params[name], rows), ALIKE) for rows in (x, gaps))
        nearest = np.argsort(np.round(np.abs(wanted[:, None] - known), ALIKE), axis=1, kind="stable")[:, : self.k_pmm]
        chosen = self.rng.integers(0, self.k_pmm, len(wanted))
        self._store_changes(name, y[nearest[np.arange(len(wanted)), chosen]])

    def _columns(self, name: str) -> tuple[np.ndarray, np.ndarray]:
        x = self.values[:, self._predictors[name]]
        return self.values[:, self._position[name]], np.column_stack([np.ones(len(x)), x])

    def get_fitting_data(self, name: str):
        y, x = self._columns(name)
        rows = self.ix_obs[name]
        return y[rows], x[rows], {}, {}

    def get_split_data(self, name: str):
        y, x = self._columns(name)
        return y[self.ix_obs[name]], x[self.ix_obs[name]], x[self.ix_miss[name]], {}, {}

    def _store_changes(self, name: str, drawn: np.ndarray):
        self.values[self.ix_miss[name], self._position[name]] = drawn


def _options(**counts: tuple[int, int]) -> None:
    for name, (count, least) in counts.items():
        if count < least:
            raise OptionError(f"{name} is {count}; it must be at least {least}.", [name])


def _checked(frame: pd.DataFrame, donors: int) -> np.ndarray:
    values = frame.apply(pd.to_numeric).to_numpy(float, na_value=np.nan)
    at_least(values.shape[1], 2, "columns")
    if np.isinf(values).any():
        raise ModelError("The frame has infinite values.")
    if not np.isnan(values).any():
        raise ModelError("The frame has no missing value, so there is nothing to impute.")
    gone = frame.index[np.isnan(values).all(axis=1)]
    if len(gone):
        raise ModelError(f"Rows {', '.join(map(str, gone[:5]))} have no value at all; leave them out.", gone)
    counts = (~np.isnan(values)).sum(axis=0)
    few = frame.columns[counts < max(donors, 3)]
    if len(few):
        raise TooFewError(f"{', '.join(map(str, few))}: fewer than {max(donors, 3)} values to draw from.", few)
    flat = frame.columns[np.nanmax(values, axis=0) == np.nanmin(values, axis=0)]
    if len(flat):
        raise ConstantError(f"{', '.join(map(str, flat))}: constant; leave it out.", flat)
    return values


def _restored(values: np.ndarray, standard: np.ndarray, done: np.ndarray) -> np.ndarray:
    """The completed columns with each donor's value in its original units, to the last digit."""
    filled = values.copy()
    for column in np.flatnonzero(np.isnan(values).any(axis=0)):
        seen = ~np.isnan(values[:, column])
        original = dict(zip(standard[seen, column], values[seen, column], strict=True))
        filled[~seen, column] = [original[value] for value in done[~seen, column]]
    return filled
