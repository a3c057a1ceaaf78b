"""The analysis' rules as a first reading proposes them: response, remission, covariates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from helpers.study.intake.proposal import DECIDE, Variable
from helpers.study.intake.visits import ProposedVisit
from helpers.study.intake.vocabulary import lookup

COVARIATES = ("age", "sex", "bmi")


def propose_rules(
    variables: Sequence[Variable], visits: Sequence[ProposedVisit], group: Mapping[str, Any]
) -> dict[str, Any]:
    """The section ``rules`` of the mapping.

    The first outcome that is a depression or anxiety scale decides response: a fall by half is the convention there.
    Which visit counts is the protocol's choice, and asked unless there is only one follow-up.
    """
    outcomes = [v for v in variables if v.section == "outcomes"]
    rated = [v for v in outcomes if (entry := lookup(v.name)) and entry.response]
    first = (rated or outcomes or [None])[0]
    entry = lookup(first.name) if first else None
    later = _visits_of(first)[1:] if first else []
    ask = f"{DECIDE}: the visit at which response is judged; one of {', '.join(later)}"
    rules: dict[str, Any] = {
        "response": {
            "outcome": first.name if first else f"{DECIDE}: the outcome that decides response",
            "fraction": entry.response
            if entry and entry.response
            else f"{DECIDE}: the fall that counts as response, 0.5 is half",
            "visit": later[0] if len(later) == 1 else ask,
        }
    }
    cutoff = entry.remission if entry else None
    rules["remission"] = {"outcome": first.name, "cutoff": cutoff} if first and cutoff is not None else None
    people = {v.name for v in variables if v.section == "participants"}
    rules["analyte_covariates"] = [name for name in COVARIATES if name in people]
    rules["analyte_scale"] = "log"
    rules["panel"] = ""
    if any(v.section == "analytes" and "source_unit" not in v.entry for v in variables):
        rules["analyte_unit"] = f"{DECIDE}: the unit of the analytes without one of their own, such as pg/mL"
    compared = group["compared"]
    rules["change_regressions"] = (
        [{"outcome": first.name, "groups": list(compared)}] if first and isinstance(compared, list) else []
    )
    return rules


def _visits_of(variable: Variable) -> list[str]:
    return list(variable.source) if isinstance(variable.source, dict) else list(variable.entry.get("visits", []))
