"""A synthetic twin of a study: drawn from its model, kept away from its participants, written as a study folder."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.study.read import Study

from .distance import Distances, Scale, nearest, real_distances, scale_of
from .draw import draw_group, draw_kept, draw_rows, with_gaps
from .errors import TwinError
from .model import StudyModel, fit_study
from .names import new_identifiers
from .tables import tables_of

# Rounds in which those too close to a real participant are drawn again.
ROUNDS = 50
MOST = 20_000


@dataclass(frozen=True, eq=False)
class Twin:
    """A twin in memory.

    Attributes
    ----------
    model : StudyModel
        What it was drawn from; holds the study's values and stays on the machine.
    values : DataFrame
        The twin's participants × cells.
    groups : ndarray of str
    tables : mapping of str to DataFrame
        The tables of its study folder.
    distances : Distances
    redrawn : int
        Draws that were put aside as too close to a real participant.
    seed : int
    """

    model: StudyModel
    values: pd.DataFrame
    groups: np.ndarray
    tables: Mapping[str, pd.DataFrame]
    distances: Distances
    redrawn: int
    seed: int


def make_twin(study: Study, seed: int = 1) -> Twin:
    """Draw a twin of a study: same tables, columns, groups, visits and sizes, and nobody of it.

    Same study and seed, same twin. After the draw, everybody who is closer to a real participant than two real ones of
    the same group are to each other (Gower's distance over all columns and visits) is drawn again.

    Raises
    ------
    TwinError
        The study is too small, or too large to compare everybody with everybody; a rule between its columns cannot be
        kept; or no draw is far enough from the real participants.
    """
    if len(study.participants) > MOST:
        raise TwinError(study.descriptor.name, [f"{len(study.participants)} participants; expected {MOST} at most"])
    model, generator = fit_study(study), np.random.default_rng(seed)
    rows = draw_rows(model, generator)
    parts = [draw_group(model, name, rows[name], generator) for name in model.groups]
    values = pd.concat([part for part, _ in parts], ignore_index=True)
    groups = np.repeat(np.array(list(model.groups), dtype=object), [len(part) for part, _ in parts])
    flags = np.vstack([left for _, left in parts])
    values, flags, distances, redrawn = _keep_away(model, values, groups, flags, generator)
    order = generator.permutation(len(values))
    values, groups = values.iloc[order].reset_index(drop=True), groups[order]
    identifiers = new_identifiers(study.descriptor, list(model.wide.groups.index), len(values))
    tables = tables_of(study, model.wide, values, groups, flags[order], identifiers)
    return Twin(model, values, groups, tables, distances, redrawn, seed)


def _keep_away(model: StudyModel, values, groups, flags, generator) -> tuple[pd.DataFrame, np.ndarray, Distances, int]:
    """Draw again whoever is too close to a real participant, until nobody is."""
    scale, real_groups = scale_of(model.wide), model.wide.groups.to_numpy(dtype=object)
    real = _encoded(scale, model.wide.values, real_groups, model)
    nominal, redrawn = np.append(scale.nominal, True), 0
    among = real_distances(real, real_groups, nominal)
    apart = nearest(_encoded(scale, values, groups, model), real, nominal)
    for _ in range(ROUNDS):
        distances = Distances(among, real_groups, apart, groups)
        close = np.flatnonzero(distances.too_close())
        if not len(close):
            return values, flags, distances, redrawn
        redrawn += len(close)
        values, flags = _again(model, values, groups, flags, close, generator)
        apart = apart.copy()
        apart[close] = nearest(_encoded(scale, values.iloc[close], groups[close], model), real, nominal)
    raise TwinError(
        "the twin",
        [
            f"after {ROUNDS} rounds {len(close)} of {len(values)} participants drawn are still closer to a real one "
            "than real ones are to each other; nothing was written. Try another SEED, or leave columns out whose "
            "values hardly differ between participants"
        ],
    )


def _again(model: StudyModel, values, groups, flags, close, generator) -> tuple[pd.DataFrame, np.ndarray]:
    values, flags = values.copy(), flags.copy()
    for name in sorted(set(groups[close])):
        places = close[groups[close] == name]
        fresh, _ = draw_kept(model, name, len(places), generator)
        fresh, flags[places] = with_gaps(model, model.groups[name], fresh, flags[places], generator)
        values.iloc[places] = fresh.to_numpy()
    return values, flags


def _encoded(scale: Scale, values: pd.DataFrame, groups: np.ndarray, model: StudyModel) -> np.ndarray:
    """The values as numbers, the group as one more category."""
    codes = {name: float(place) for place, name in enumerate(model.groups)}
    return np.column_stack([scale.encode(values), [codes[name] for name in groups]])
