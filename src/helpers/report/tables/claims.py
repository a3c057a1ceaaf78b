"""Published beside computed: a notebook's slice of the ledger."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from helpers.analysis.frames import analyte_titles, groups
from helpers.claims import Claim, Verdict, counts, counts_by_kind
from helpers.report.exhibit import TableExhibit, TextExhibit, table_exhibit
from helpers.report.format import MINUS, SPACE, count_of, listed, number, p_value
from helpers.report.ledger import by_section
from helpers.report.words import face, not_applicable
from helpers.study import Study

# Terms of models and statistics, as identifiers of claims have them.
TERMS = {
    "interaction": "group × time",
    "mean_difference": "difference",
    "beta": "β",
    "chi_square": "χ²",
    "direct": "direct effect",
    "indirect": "indirect effect",
    "indirect_sobel": "indirect effect",
}


def claims(run, verdicts: Sequence[Verdict], name: str) -> TableExhibit | TextExhibit:
    """Each claim of the notebook with the printed figure, the computed one, and the verdict with its reason."""
    if not verdicts:
        return not_applicable("there are no published figures to set beside the computed ones.")
    labels = labels_of(run.study)
    by = by_section(verdicts)
    lines = [[name, *_line(part, labels)] for name, found in by.items() for part in _parts(found)]
    heads = ["Section", "Statement", "Place in the paper", "Checks", "Printed", "Computed", "Verdict", "Reason"]
    frame, caption = pd.DataFrame(lines, columns=heads), f"Published beside computed.{face(run)}"
    return table_exhibit(frame, name, caption, "lllrrrll", _note(run, verdicts), groups="Section")


def counts_table(verdicts: Sequence[Verdict]) -> str:
    """Checks by kind and verdict, a Markdown table that also reads well in a terminal."""
    table = counts_by_kind(verdicts)
    heads = ["Kind", *table.columns]
    lines = [[str(kind).replace("_", " "), *map(str, row)] for kind, row in zip(table.index, table.values, strict=True)]
    widths = [max(map(len, column)) for column in zip(heads, *lines, strict=True)]
    rule = ["-" * widths[0], *(f"{'-' * (width - 1)}:" for width in widths[1:])]
    shown = [heads, rule, *lines]
    return "\n".join("| " + " | ".join(_padded(cells, widths)) + " |" for cells in shown)


def _padded(cells: Sequence[str], widths: Sequence[int]) -> list[str]:
    first, *rest = zip(cells, widths, strict=True)
    return [first[0].ljust(first[1]), *(cell.rjust(width) for cell, width in rest)]


def _parts(verdicts: Sequence[Verdict]) -> list[list[Verdict]]:
    """Checks of one statement with one verdict stand in one line; those that do not show stand alone."""
    parts: dict[tuple, list[Verdict]] = {}
    for item in verdicts:
        key = (item.claim.id.partition(":")[0], item.verdict) if item.met else (item.claim.id,)
        parts.setdefault(key, []).append(item)
    return list(parts.values())


def labels_of(study: Study) -> dict[str, str]:
    """What a reader calls the outcomes, analytes, visits, groups and terms that a list's members are named by."""
    names = {item.column: item.label for item in study.roles.outcomes} | analyte_titles(study)
    names |= {visit.name: visit.label for visit in study.roles.visits}
    names |= {group: study.group_label(group) for group in groups(study)}
    return names | TERMS


def _line(part: Sequence[Verdict], labels: Mapping[str, str]) -> list[str]:
    first = part[0]
    statement = stated(first.claim, labels) if len(part) == 1 else entry_statement(first.claim)
    by_size = sorted(part, key=lambda item: item.computed)
    shown = list(dict.fromkeys([computed(by_size[0]), computed(by_size[-1])]))
    place = first.claim.place.partition(", ")[2] or "–"
    cells = [statement, place, str(len(part)), first.claim.printed.replace(" ", SPACE), " to ".join(shown)]
    return [*cells, first.verdict, first.reason]


def entry_statement(claim: Claim) -> str:
    """What the claim's entry of the ledger says, of all members of its list."""
    return claim.statement.rpartition(" (")[0] if ":" in claim.id else claim.statement


def stated(claim: Claim, labels: Mapping[str, str]) -> str:
    """What the claim says, its member of a list named as readers know it."""
    members = claim.id.partition(":")[2]
    named = f" ({', '.join(_named(name, labels) for name in members.split('/'))})" if members else ""
    return entry_statement(claim) + named


def _named(member: str, labels: Mapping[str, str]) -> str:
    """A member of a list, or a contrast of two.

    >>> _named("non_pain - control", {"non_pain": "Non-pain", "control": "Controls"})
    'Non-pain − Controls'
    """
    return f" {MINUS} ".join(labels.get(part, part) for part in member.split(" - "))


def _note(run, verdicts: Sequence[Verdict]) -> str:
    parts = [f"{n} *{verdict}*" for verdict, n in counts(verdicts).items()]
    return f"{count_of(len(verdicts), 'check')}: {listed(parts)}. {_meaning(run)}"


def _meaning(run) -> str:
    if not run.synthetic:
        return "Agreement is judged within the rounding interval of the printed figure."
    return (
        "The cohort is made, partly from these very figures, so that agreement here is no evidence for them. "
        "Recomputed: "
        "follows from other printed figures. Met by construction: a target of the cohort. Emerges: shown though not a "
        "target."
    )


def computed(item: Verdict) -> str:
    """The computed number with the decimals of the printed one; a p value in its own way; a dash when there is none.

    >>> patients = Claim("a", "count", "Methods", "Patients", "66", "01_cohort", {}, read="n")
    >>> computed(Verdict(patients, 66.0, True, "emerges", ""))
    '66'
    """
    if pd.isna(item.computed):
        return "–"
    if item.claim.read in ("p", "p_adjusted"):
        return p_value(item.computed)
    decimals = len(item.claim.printed.partition(".")[2])
    return number(item.computed, decimals)
