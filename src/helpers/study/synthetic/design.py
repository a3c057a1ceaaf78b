"""What the cohort's descriptor says, and the counts a cohort of a given size must have."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from . import parameters as p

TEMPLATE = Path(__file__).with_name("descriptor.json")
PATIENT_GROUPS = ("pain", "non_pain")


@cache
def descriptor() -> dict[str, Any]:
    """The descriptor of the synthetic study, as committed with the package. Not to be changed by the caller."""
    return json.loads(TEMPLATE.read_text(encoding="utf-8"))


def columns(table: str) -> list[str]:
    """Names of a table's columns, in order.

    >>> columns("infusions")
    ['id', 'infusion', 'pain_reported']
    """
    return [field["name"] for field in _fields(table)]


def limits(table: str, column: str) -> tuple[float, float]:
    """Lowest and highest value the descriptor allows.

    >>> limits("assessments", "madrs")
    (0, 60)
    """
    rules = next(field for field in _fields(table) if field["name"] == column)["constraints"]
    return rules["minimum"], rules["maximum"]


def levels(column: str) -> list[str]:
    """Values a categorical column of the participants may take.

    >>> levels("sex")
    ['female', 'male']
    """
    return next(f for f in _fields("participants") if f["name"] == column)["constraints"]["enum"]


def visits() -> list[str]:
    """All visits in order; the first is the baseline."""
    return [visit["name"] for visit in descriptor()["roles"]["visits"]]


def outcome_visits(column: str) -> list[str]:
    """The visits at which an outcome is measured.

    >>> outcome_visits("ppi")
    ['baseline', 'infusion_6', 'day_26']
    """
    return next(o["visits"] for o in descriptor()["roles"]["outcomes"] if o["column"] == column)


def candidates() -> list[str]:
    """Columns of the baseline table that become covariates when the patient groups differ in them."""
    return [row["column"] for row in descriptor()["roles"]["baseline_table"] if row["candidate"]]


def _fields(table: str) -> list[dict[str, Any]]:
    return next(r for r in descriptor()["resources"] if r["name"] == table)["schema"]["fields"]


@dataclass(frozen=True)
class Sizes:
    """Counts of one cohort: ``patients`` in each patient group, and what follows from it."""

    patients: int
    controls: int
    responders: dict[str, int]
    remitters: dict[str, int]
    last_sample_missing: dict[str, int]
    infusions_with_pain: int


def sizes(patients: int = p.PATIENTS) -> Sizes:
    """The published counts, scaled to ``patients`` in a group and rounded.

    Raises ``ValueError`` below 6 patients a group: with fewer, two groups can hardly differ in anything.

    >>> sizes(33).responders, sizes(66).infusions_with_pain
    ({'pain': 24, 'non_pain': 16}, 152)
    """
    if patients < 6:
        raise ValueError(f"A synthetic cohort needs at least 6 patients a group, not {patients}.")

    def scale(count: int) -> int:
        return int(count * patients / p.PATIENTS + 0.5)

    def by_group(counts: dict[str, int]) -> dict[str, int]:
        return {group: scale(count) for group, count in counts.items()}

    return Sizes(
        patients=patients,
        controls=scale(p.CONTROLS),
        responders=by_group(p.RESPONDERS),
        remitters=by_group(p.REMITTERS),
        last_sample_missing=by_group(p.LAST_SAMPLE_MISSING),
        infusions_with_pain=scale(p.INFUSIONS_WITH_PAIN),
    )
