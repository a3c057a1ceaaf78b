"""Sentences about the whole ledger: what is set side by side, how the checks stand, and what the verdicts mean."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from helpers.claims import Verdict
from helpers.claims.audit import Finding
from helpers.claims.whole import Chapters, chapter_names, ledger_of
from helpers.claims.witness import Witnesses
from helpers.report.exhibit import TextExhibit
from helpers.report.format import count_of, listed
from helpers.report.ledger import POSSIBLE, audited, by_section, no_ledger, tallied, witnessed
from helpers.report.words import NOTHING, not_applicable

MEANINGS = {
    "recomputed": "follows from other printed figures alone",
    "met by construction": "the cohort was made to meet it",
    "emerges": "the cohort shows it, though it was not made to",
    "does not emerge": "the cohort and the models of this scenario give another figure",
    "inconsistent as printed": "another printed statement excludes it under the stated method",
    "not computable": "needs what no study folder holds",
    "agrees": "the computed figure rounds to the printed one",
    "differs": "the computed figure does not round to the printed one",
}
LAST = ("inconsistent as printed", "consistent under a stated reading", "no power")


def data_used(run, chapters: Chapters) -> TextExhibit:
    """Which results the ledger is set beside, and which chapters have not been run by hand."""
    claims = ledger_of(run)
    if not claims:
        return not_applicable("it has no ledger of published claims, so that there is nothing to set side by side.")
    entries = {claim.id.partition(":")[0] for claim in claims}
    said = f"The ledger: {count_of(len(entries), 'statement')}, {count_of(len(claims), 'check')}."
    if chapters:
        rows = [f"{name} ({len(part)})" for name, part in chapters.items()]
        said += f" Results rows, by chapter: {listed(rows)}."
    left = Counter(claim.notebook for claim in claims if claim.notebook not in chapters)
    if left:
        named = listed([f"{name} ({count_of(left[name], 'check')})" for name in chapter_names(claims) if left[name]])
        said += (
            f"\n\n**Left out, because their results are not here: {named}.** Run these notebooks first, with the same "
            "parameters, or make the book."
        )
    return TextExhibit(said)


def verdicts(run, judged: Sequence[Verdict]) -> TextExhibit:
    """The checks counted by verdict, with what each verdict means."""
    if no_ledger(judged, run, "nothing to count"):
        return NOTHING
    counted = Counter(item.verdict for item in judged)
    lines = [f"- **{name}** ({counted[name]}): {meaning}." for name, meaning in MEANINGS.items() if counted[name]]
    return TextExhibit("\n".join(lines))


def sections(run, judged: Sequence[Verdict]) -> TextExhibit:
    """What remains to be looked at: the checks that do not hold, by section."""
    if no_ledger(judged, run, "nothing to count"):
        return NOTHING
    open_ = [item for item in judged if item.verdict in ("does not emerge", "differs", "inconsistent as printed")]
    if not open_:
        return TextExhibit("Every check that can be computed holds.")
    parts = [f"{name} ({tallied(part, '*')})" for name, part in by_section(open_).items()]
    return TextExhibit(f"Checks that do not hold are in {listed(parts)}.")


def audit(run, found: Sequence[Finding]) -> TextExhibit:
    """The findings counted by verdict, and which do not follow."""
    if not audited(run):
        return NOTHING
    counted = Counter(item.verdict for item in found)
    said = f"Of {count_of(len(found), 'finding')}, {counted['follows']} follow under the stated method"
    rest = [f"{counted[name]} {'is' if counted[name] == 1 else 'are'} *{name}*" for name in LAST[:2] if counted[name]]
    if counted["no power"]:
        rest.append(f"for {counted['no power']} arithmetic has no power")
    return TextExhibit(f"{listed([said, *rest])}.")


def witnesses(run, found: Witnesses) -> TextExhibit:
    """What a witness is, before any is shown."""
    if not witnessed(run):
        return NOTHING
    many = len(found.readings)
    return TextExhibit(
        f"{POSSIBLE} The printed figures are read in {count_of(many, 'way')}, written down before any "
        "search; a search then looked for data in which a reading’s targets stand together. The bundled "
        f"study is the witness of the first, “{found.readings[0].title}”."
    )
