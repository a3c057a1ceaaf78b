"""The synthetic cohort: participants, then depression, then pain, then cytokines, each given the ones before."""

from __future__ import annotations

import numpy as np
import pandas as pd

from . import parameters as p
from .cytokines import analyte_names, draw_levels, falls, sampled
from .depression import draw_madrs
from .design import PATIENT_GROUPS, Sizes, columns, sizes, visits
from .draws import Array
from .pain import draw_reports, draw_scales, draw_vas
from .participants import Patients, draw_controls, draw_patients


class Refinement:
    """What may be changed on the way through a cohort, part by part; as it stands, nothing.

    A search that moves a drawn cohort towards given statistics overrides these: each part is drawn given the refined
    parts before it. Arrays are as their ``draw`` functions return them, patients in the order of ``patients.table``.
    """

    def madrs(self, patients: Patients, madrs: Array) -> Array:
        """MADRS, patients × visits."""
        return madrs

    def vas(self, patients: Patients, madrs: Array, vas: Array) -> Array:
        """VAS, patients × visits."""
        return vas

    def scale(self, name: str, patients: Patients, vas: Array, values: Array) -> Array:
        """Another pain scale at its visits, patients × visits, 0 where VAS is 0."""
        return values

    def levels(self, people: pd.DataFrame, scales: dict[str, Array], taken: Array, levels: Array) -> Array:
        """Plasma levels, people × samples × analytes; ``taken``, people × samples, says which samples there are."""
        return levels


def make_cohort(seed: int, n: int = p.PATIENTS, refine: Refinement | None = None) -> dict[str, pd.DataFrame]:
    """Draw a synthetic cohort with ``n`` patients in each group and 60 / 33 as many controls.

    Returns the tables ``participants``, ``assessments``, ``analytes`` and ``infusions`` of the study folder, with the
    columns of its descriptor. The model is made to agree with the figures published by Zhou et al. (2021), so
    agreement with them is met by construction and says nothing about the world:

    - for every seed the counts are exact: group sizes, responders and remitters of each group at the sixth infusion,
      infusions with pain, missing samples on day 26; and no pain at baseline without pain. They are given by rank,
      never by redrawing;
    - patients are redrawn until, of the candidate covariates, education and body mass index differ between the groups
      and nothing else does (a cohort much smaller than 33 may miss this);
    - means, effects and correlations are those of ``parameters``; everything else is plain sampling.

    ``refine`` may move the parts on, one after the other; the witness cohorts are made with one.

    Same seed and size, same tables. Raises ``ValueError`` for fewer than 6 patients a group.

    >>> cohort = make_cohort(seed=1, n=12)
    >>> cohort["participants"]["group"].value_counts().to_dict()
    {'control': 22, 'pain': 12, 'non_pain': 12}
    """
    size, refine = sizes(n), refine or Refinement()
    people, clinical, pain, blood = (np.random.default_rng([seed, part]) for part in range(4))
    patients = draw_patients(people, size)
    controls = draw_controls(people, patients.table, size)
    everyone = pd.concat([patients.table, controls], ignore_index=True)
    everyone["id"] = _codes(people, len(everyone))
    group, codes = patients.table["group"], everyone["id"].to_numpy()
    madrs = refine.madrs(patients, draw_madrs(clinical, patients, size))
    vas = refine.vas(patients, madrs, draw_vas(pain, group, madrs))
    others = draw_scales(pain, vas)
    scales = {"madrs": madrs, "vas": vas}
    scales |= {name: refine.scale(name, patients, vas, values) for name, values in others.items()}
    reports = draw_reports(pain, vas, size)
    drawn = draw_levels(blood, everyone, falls(group, vas, madrs))
    taken = _taken(blood, everyone["group"], size)
    levels = refine.levels(everyone, scales, taken, drawn)
    return {
        "participants": _ordered("participants", everyone, ["id"]),
        "assessments": _assessments(codes[: len(group)], scales),
        "analytes": _analytes(everyone, levels, taken),
        "infusions": _infusions(codes[: len(group)], reports),
    }


def _codes(rng: np.random.Generator, n: int) -> list[str]:
    """Participant codes in random order, so that a code tells no group."""
    return [f"S{number:03d}" for number in 1 + rng.permutation(n)]


def _ordered(name: str, table: pd.DataFrame, key: list[str]) -> pd.DataFrame:
    """The descriptor's columns in its order, rows in order of participant; integers with gaps stay integers."""
    table = table.sort_values(key[0], kind="stable").reset_index(drop=True)[columns(name)]
    whole = [c for c in table if table[c].dtype.kind == "f" and (table[c].dropna() % 1 == 0).all()]
    return table.astype(dict.fromkeys(whole, "Int64"))


def _assessments(codes: Array, scales: dict[str, Array]) -> pd.DataFrame:
    names = visits()
    table = pd.DataFrame({"id": np.repeat(codes, len(names)), "visit": np.tile(names, len(codes))})
    return _ordered("assessments", table.assign(**{k: v.ravel() for k, v in scales.items()}), ["id"])


def _taken(rng: np.random.Generator, group: pd.Series, size: Sizes) -> Array:
    """Which samples there are, people × samples: controls have the first only, some patients lack the last."""
    taken = np.ones((len(group), len(sampled())), dtype=bool)
    taken[(group == "control").to_numpy(), 1:] = False
    for name in PATIENT_GROUPS:
        rows = np.flatnonzero(group == name)
        taken[rng.choice(rows, size.last_sample_missing[name], replace=False), -1] = False
    return taken


def _analytes(people: pd.DataFrame, levels: Array, taken: Array) -> pd.DataFrame:
    """One row a sample."""
    names, n = sampled(), len(people)
    table = pd.DataFrame(levels.reshape(n * len(names), -1), columns=analyte_names())
    table.insert(0, "visit", np.tile(names, n))
    table.insert(0, "id", np.repeat(people["id"].to_numpy(), len(names)))
    return table[taken.ravel()].sort_values("id", kind="stable").reset_index(drop=True)[columns("analytes")]


def _infusions(codes: Array, reports: Array) -> pd.DataFrame:
    n = reports.shape[1]
    table = pd.DataFrame({"id": np.repeat(codes, n), "infusion": np.tile(np.arange(1, n + 1), len(codes))})
    return _ordered("infusions", table.assign(pain_reported=reports.ravel()), ["id"])
