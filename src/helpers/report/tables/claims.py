"""Published beside computed: a notebook's slice of the ledger."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from helpers.claims import Verdict
from helpers.report.exhibit import TableExhibit, TextExhibit, table_exhibit
from helpers.report.format import number, p_value
from helpers.report.words import face, not_applicable


def claims(run, verdicts: Sequence[Verdict], name: str) -> TableExhibit | TextExhibit:
    """Each claim of the notebook with the printed figure, the computed one, and the verdict with its reason."""
    if not verdicts:
        return not_applicable("there are no published figures to set beside the computed ones.")
    lines = [
        [item.claim.statement, item.claim.place, item.claim.printed, _computed(item), item.verdict, item.reason]
        for item in verdicts
    ]
    frame = pd.DataFrame(lines, columns=["Statement", "Place in the paper", "Printed", "Computed", "Verdict", "Reason"])
    return table_exhibit(frame, name, f"Published beside computed.{face(run)}", "llrrll", _note(run))


def _note(run) -> str:
    if not run.synthetic:
        return "Agreement is judged within the rounding interval of the printed figure."
    return (
        "The cohort is made, partly from these very figures, so that agreement here is no evidence for them. "
        "Recomputed: "
        "follows from other printed figures. Met by construction: a target of the cohort. Emerges: shown though not a "
        "target."
    )


def _computed(item: Verdict) -> str:
    if pd.isna(item.computed):
        return "–"
    if item.claim.read != "value":
        return p_value(item.computed)
    decimals = len(item.claim.printed.partition(".")[2])
    return number(item.computed, decimals)
