"""What the chapter on the ledger shares: what applies to a study, how verdicts look, and where a claim belongs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from helpers.claims import Claim, Verdict
from helpers.claims.witness.readings import LEDGER
from helpers.report.exhibit import TextExhibit
from helpers.report.format import listed
from helpers.report.words import not_applicable

# Said in the caption of what no data enter, synthetic or real.
PRINTED_ONLY = "From the printed figures alone."
POSSIBLE = "A witness shows that figures can stand together in one set of data; it does not show what happened."
FALLBACK = "Published beside computed"  # every chapter has this section

# The paper's sections in its order; those of another ledger follow in the ledger's.
PAPER = (
    "Materials and methods",
    "Participants",
    "Study design",
    "Inflammatory cytokine measurements",
    "Statistical analysis",
    "Demographics",
    "Efficacy",
    "Differences in cytokine levels at baseline",
    "Changes of cytokine after ketamine treatment",
    "Clinical effects and inflammatory cytokine alterations",
    "Discussion",
    "Limitations",
)

# Analysis, or analysis and statistic, of a results row -> the heading under which its chapter computes it.
HEADINGS: dict[tuple[str, ...], str] = {
    ("flow",): "Data used",
    ("eligibility",): "Eligibility",
    ("classification",): "How the groups were made",
    ("missing",): "Missing data",
    ("baseline",): "Characteristics at baseline",
    ("covariate",): "Which variables become covariates",
    ("response",): "Response and remission",
    ("remission",): "Response and remission",
    ("time_to_response",): "Time to response and remission",
    ("time_to_remission",): "Time to response and remission",
    ("mixed_model", "F"): "Tests of group, time and their interaction",
    ("mixed_model",): "Course of the outcomes",
    ("observed",): "Effect sizes",
    ("adverse_event",): "Events at single exposures",
    ("mancova",): "All analytes at once",
    ("ancova", "mean_difference"): "Between which groups",
    ("ancova",): "Analyte by analyte",
    ("imputation",): "Missing samples",
    ("cytokine_all_visits", "F"): "Time, group and their interaction",
    ("cytokine_all_visits",): "Against baseline",
    ("change_regression",): "Regressions of change on change",
    ("mediation",): "Mediation",
}


class Look(NamedTuple):
    """Colour and shape of a verdict's mark; a hollow one has a white face."""

    colour: str
    marker: str
    filled: bool


# Okabe & Ito's palette; shape and filling are the second cue.
LOOKS = {
    "recomputed": Look("#009E73", "D", True),
    "met by construction": Look("#56B4E9", "s", True),
    "emerges": Look("#0072B2", "o", True),
    "does not emerge": Look("#D55E00", "o", False),
    "inconsistent as printed": Look("#CC79A7", "^", True),
    "not computable": Look("#5f5f5f", "x", True),
    "agrees": Look("#0072B2", "o", True),
    "differs": Look("#D55E00", "o", False),
}


def no_ledger(verdicts: Iterable[Verdict], run, what: str) -> TextExhibit | None:
    """The sentence that stands for ``what`` where nothing can be judged; nothing where something can."""
    if not run.study.descriptor.claims:
        return not_applicable(f"it has no ledger of published claims, so that there is {what}.")
    if not list(verdicts):
        return TextExhibit(f"There is {what} before the other chapters have been run.")
    return None


def audited(run) -> bool:
    """Whether the audit's printed figures are those of the study's ledger."""
    return run.study.descriptor.claims == LEDGER


def witnessed(run) -> bool:
    """Whether witness cohorts belong to the study: made data, and the ledger that they were searched for."""
    return run.synthetic and audited(run)


def section(place: str) -> str:
    """The section of a place in the paper.

    >>> section("Efficacy, third paragraph, implied by the visits listed")
    'Efficacy'
    """
    return place.partition(",")[0]


def by_section(verdicts: Iterable[Verdict]) -> dict[str, list[Verdict]]:
    """The checks by section, sections in the paper's order."""
    found: dict[str, list[Verdict]] = {}
    for item in verdicts:
        found.setdefault(section(item.claim.place), []).append(item)
    return {name: found[name] for name in sorted(found, key=lambda name: _place(name, list(found)))}


def _place(name: str, seen: list[str]) -> int:
    return PAPER.index(name) if name in PAPER else len(PAPER) + seen.index(name)


def heading(claim: Claim) -> str:
    """The heading in the claim's notebook under which its results row is computed.

    >>> row = {"analysis": "mixed_model", "outcome": "madrs", "statistic": "F"}
    >>> heading(Claim("a", "statistic", "Efficacy", "F", "6.154", "02_efficacy", row))
    'Tests of group, time and their interaction'
    """
    analysis, statistic = claim.row.get("analysis", ""), claim.row.get("statistic", "")
    return HEADINGS.get((analysis, statistic)) or HEADINGS.get((analysis,), FALLBACK)


def tallied(verdicts: Iterable[Verdict], mark: str = "") -> str:
    """The verdicts counted, in words, each name between marks: ``7 recomputed and 3 emerges``."""
    counted = Counter(item.verdict for item in verdicts)
    return listed([f"{counted[name]} {mark}{name}{mark}" for name in LOOKS if counted[name]])
