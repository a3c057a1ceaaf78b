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
from .participants import draw_controls, draw_patients


def make_cohort(seed: int = p.SEED, n: int = p.PATIENTS) -> dict[str, pd.DataFrame]:
    """Draw a synthetic cohort with ``n`` patients in each group and 60 / 33 as many controls.

    Returns the tables ``participants``, ``assessments``, ``analytes`` and ``infusions`` of the study folder, with the
    columns of its descriptor. The cohort is made to agree with the figures published by Zhou et al. (2021), so
    agreement with them is met by construction and says nothing about the world:

    - for every seed the counts are exact: group sizes, responders and remitters of each group at the sixth infusion,
      infusions with pain, missing samples on day 26; and no pain at baseline without pain. They are given by rank,
      never by redrawing;
    - patients are redrawn until, of the candidate covariates, education and body mass index differ between the groups
      and nothing else does (a cohort much smaller than 33 may miss this);
    - means, effects and correlations are those of ``parameters``; chance imbalance is damped (``parameters.KEEP``).

    Same seed and size, same tables. Raises ``ValueError`` for fewer than 6 patients a group.

    >>> cohort = make_cohort(seed=1, n=12)
    >>> cohort["participants"]["group"].value_counts().to_dict()
    {'control': 22, 'pain': 12, 'non_pain': 12}
    """
    size = sizes(n)
    people, clinical, pain, blood = (np.random.default_rng([seed, part]) for part in range(4))
    patients = draw_patients(people, size)
    controls = draw_controls(people, patients.table, size)
    everyone = pd.concat([patients.table, controls], ignore_index=True)
    everyone["id"] = _codes(people, len(everyone))
    group, codes = patients.table["group"], everyone["id"].to_numpy()
    madrs = draw_madrs(clinical, patients, size)
    vas = draw_vas(pain, group, madrs)
    scales = {"madrs": madrs, "vas": vas} | draw_scales(pain, vas)
    reports = draw_reports(pain, vas, size)
    levels = draw_levels(blood, everyone, falls(group, vas, madrs))
    return {
        "participants": _ordered("participants", everyone, ["id"]),
        "assessments": _assessments(codes[: len(group)], scales),
        "analytes": _analytes(blood, everyone, levels, size),
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


def _analytes(rng: np.random.Generator, people: pd.DataFrame, levels: Array, size: Sizes) -> pd.DataFrame:
    """One row a sample: controls have the first only, some patients lack the last."""
    names, n = sampled(), len(people)
    taken = np.ones((n, len(names)), dtype=bool)
    taken[(people["group"] == "control").to_numpy(), 1:] = False
    for group in PATIENT_GROUPS:
        rows = np.flatnonzero(people["group"] == group)
        taken[rng.choice(rows, size.last_sample_missing[group], replace=False), -1] = False
    table = pd.DataFrame(levels.reshape(n * len(names), -1), columns=analyte_names())
    table.insert(0, "visit", np.tile(names, n))
    table.insert(0, "id", np.repeat(people["id"].to_numpy(), len(names)))
    return table[taken.ravel()].sort_values("id", kind="stable").reset_index(drop=True)[columns("analytes")]


def _infusions(codes: Array, reports: Array) -> pd.DataFrame:
    n = reports.shape[1]
    table = pd.DataFrame({"id": np.repeat(codes, n), "infusion": np.tile(np.arange(1, n + 1), len(codes))})
    return _ordered("infusions", table.assign(pain_reported=reports.ravel()), ["id"])
