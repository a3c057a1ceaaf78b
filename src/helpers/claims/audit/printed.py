"""The printed figures that the audit uses, as strings, each with its place; nowhere else is one typed.

Source: Zhou et al. 2021, J Neuroinflammation 18:200.
Keys shared with ``data/claims/zhou2021.yaml`` mean the same figure.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Printed:
    """A string as printed and its place in the paper."""

    text: str
    place: str


PARTICIPANTS = "Participants, second paragraph"
DESIGN = "Study design"
ASSAY = "Inflammatory cytokine measurements"
STATISTICS = "Statistical analysis, first paragraph"
LEVEL = "Statistical analysis, last paragraph"
FIRST, SECOND, THIRD = (f"Efficacy, {nth} paragraph" for nth in ("first", "second", "third"))
BASELINE = "Differences in cytokine levels at baseline"
CHANGES = "Changes of cytokine after ketamine treatment"
ASSOCIATION = "Clinical effects and inflammatory cytokine alterations"
ANALGESIC = "Discussion, analgesic effect"
COMORBID = "Discussion, pain and depression comorbidities"
MODULATING = "Discussion, modulating inflammation"
LIMITS = "Limitations"

PRINTED: dict[str, Printed] = {
    "patients": Printed("66", PARTICIPANTS),
    "infusions-each": Printed("six", PARTICIPANTS),
    "n-controls": Printed("60", PARTICIPANTS),
    "age-least": Printed("18", PARTICIPANTS),
    "age-most": Printed("65", PARTICIPANTS),
    "hamd17-least": Printed("17", PARTICIPANTS),
    "trials-least": Printed("two", PARTICIPANTS),
    "protocol-3": Printed("4", PARTICIPANTS),
    "n-pain": Printed("33", f"{DESIGN}, last paragraph"),
    "percent-pain": Printed("50.0", f"{DESIGN}, last paragraph"),
    "weekly": Printed("three", f"{DESIGN}, first paragraph"),
    "weeks": Printed("2", f"{DESIGN}, first paragraph"),
    "protocol-1": Printed("0.5", f"{DESIGN}, first paragraph"),
    "infusion-minutes": Printed("40", f"{DESIGN}, first paragraph"),
    "assessment-hours": Printed("24", f"{DESIGN}, second paragraph"),
    "response-definition": Printed("50", f"{DESIGN}, second paragraph"),
    "remission-definition": Printed("10", f"{DESIGN}, second paragraph"),
    "day-after-last": Printed("13", f"{DESIGN}, second paragraph"),
    "day-last": Printed("26", f"{DESIGN}, second paragraph"),
    "days-to-follow-up": Printed("14", f"{DESIGN}, second paragraph"),
    "analytes": Printed("Nineteen", ASSAY),
    "protocol-2": Printed("twice", ASSAY),
    "blood-from": Printed("8", ASSAY),
    "blood-to": Printed("10", ASSAY),
    "tubes-celsius": Printed("4", ASSAY),
    "spin-speed": Printed("3000", ASSAY),
    "spin-minutes": Printed("10", ASSAY),
    "spin-within": Printed("1", ASSAY),
    "store-celsius": Printed("-80", ASSAY),
    "missing": Printed("5", STATISTICS),
    "missing-percent": Printed("7.6", STATISTICS),
    "missing-non-pain": Printed("three", STATISTICS),
    "missing-pain": Printed("two", STATISTICS),
    "samples-missing-seven": Printed("seven", LIMITS),
    "level": Printed("0.05", LEVEL),
    "level-legends": Printed("0.05", "Legends of Figs. 1 to 3"),
    "again-half": Printed("50", COMORBID),
    "response-pain": Printed("72.7", ANALGESIC),
    "remission-pain": Printed("51.5", ANALGESIC),
    "response-chi-square": Printed("4.062", FIRST),
    "response-p": Printed("0.044", FIRST),
    "remission-chi-square": Printed("4.062", FIRST),
    "remission-p": Printed("0.044", FIRST),
    "time-response-t": Printed("2.130", FIRST),
    "time-response-p": Printed("0.037", FIRST),
    "time-remission-t": Printed("2.025", FIRST),
    "time-remission-p": Printed("0.047", FIRST),
    "pain-infusions": Printed("76", ANALGESIC),
    "pain-infusions-percent": Printed("19.2", ANALGESIC),
    "infusions": Printed("396", ANALGESIC),
    "madrs-group-f": Printed("12.669", SECOND),
    "madrs-group-p": Printed("0.001", SECOND),
    "madrs-time-f": Printed("115.257", SECOND),
    "madrs-time-p": Printed("< 0.001", SECOND),
    "madrs-interaction-f": Printed("6.154", SECOND),
    "madrs-interaction-p": Printed("0.001", SECOND),
    "madrs-lower-with-pain": Printed("< 0.05", SECOND),
    "madrs-d-third": Printed("0.490", SECOND),
    "vas-group-f": Printed("488.157", THIRD),
    "vas-group-p": Printed("< 0.001", THIRD),
    "vas-time-f": Printed("80.631", THIRD),
    "vas-time-p": Printed("< 0.001", THIRD),
    "vas-interaction-f": Printed("92.561", THIRD),
    "vas-interaction-p": Printed("< 0.001", THIRD),
    "sensory-group-f": Printed("34.617", THIRD),
    "sensory-group-p": Printed("< 0.001", THIRD),
    "sensory-time-f": Printed("25.713", THIRD),
    "sensory-time-p": Printed("< 0.001", THIRD),
    "sensory-interaction-f": Printed("34.791", THIRD),
    "sensory-interaction-p": Printed("< 0.001", THIRD),
    "affective-group-f": Printed("47.798", THIRD),
    "affective-group-p": Printed("< 0.001", THIRD),
    "affective-time-f": Printed("31.766", THIRD),
    "affective-time-p": Printed("< 0.001", THIRD),
    "affective-interaction-f": Printed("44.306", THIRD),
    "affective-interaction-p": Printed("< 0.001", THIRD),
    "ppi-group-f": Printed("48.350", THIRD),
    "ppi-group-p": Printed("< 0.001", THIRD),
    "ppi-time-f": Printed("20.567", THIRD),
    "ppi-time-p": Printed("< 0.001", THIRD),
    "ppi-interaction-f": Printed("38.981", THIRD),
    "ppi-interaction-p": Printed("< 0.001", THIRD),
    "sf-mpq-no-difference": Printed("> 0.05", THIRD),
    "il6-vas-day-13": Printed("0.333", ASSOCIATION),
    "il6-vas-day-13-p": Printed("0.001", ASSOCIATION),
    "il6-madrs-day-13": Printed("0.478", ASSOCIATION),
    "il6-madrs-day-13-p": Printed("0.005", ASSOCIATION),
    "il6-vas-day-26": Printed("0.307", ASSOCIATION),
    "il6-vas-day-26-p": Printed("0.015", ASSOCIATION),
    "direct-effect": Printed("2.995", ASSOCIATION),
    "direct-p": Printed("0.028", ASSOCIATION),
    "indirect-effect": Printed("0.867", ASSOCIATION),
    "indirect-p": Printed("0.042", ASSOCIATION),
    # Lists, as printed.
    "list-matched": Printed("age, sex", PARTICIPANTS),
    "list-sf-mpq": Printed("sensory index, affective index, PPI", THIRD),
    "list-measured": Printed(
        "ITAC, GM-CSF, fractalkine, IFN-γ, IL-10, MIP-3a, IL-12P70, IL-13, IL-17A, IL-1β, IL-2, IL-4, IL-23, IL-5, "
        "IL-6, IL-7, IL-8, MIP-1β, TNF-α",
        ASSAY,
    ),
    "baseline-differing": Printed("11 of the 19", BASELINE),
    "list-baseline-differing": Printed(
        "GM-CSF, fractalkine, IL-10, MIP-3α, IL-13, IL-17α, IL-2, IL-4, IL-6, IL-7, MIP-1β", BASELINE
    ),
    "list-baseline-higher": Printed("GM-CSF, fractalkine, IL-10, MIP-3α, IL-13, IL-17α, IL-2, IL-6, MIP-1β", BASELINE),
    "list-baseline-lower": Printed("IL-4", BASELINE),
    "list-baseline-lower-non-pain": Printed("IL-7", BASELINE),
    "list-higher-with-pain": Printed("GM-CSF, IL-6", BASELINE),
    "other-analytes": Printed("17", BASELINE),
    "list-discussed-higher": Printed(
        "IL-17α, IL-2, IL-6, IL-10, IL-13, GM-CSF, fractalkine, MIP-3α, MIP-1β", MODULATING
    ),
    "list-discussed-decreased": Printed("IL-4", MODULATING),
    "list-discussed-elevated-pain": Printed("IL-10, IL-4", MODULATING),
    "list-discussed-higher-with-pain": Printed("GM-CSF, IL-6", MODULATING),
    "list-time-effects": Printed(
        "GM-CSF, fractalkine, IFN-γ, IL-10, MIP-3α, IL-12P70, IL-17α, IL-1β, IL-2, IL-4, IL-23, IL-5, IL-6, IL-7, "
        "IL-8, MIP-1β, TNF-α",
        CHANGES,
    ),
    "list-interactions": Printed("GM-CSF, fractalkine, IL-1β, IL-6", CHANGES),
    "list-lower-day-13": Printed("TNF-α, IL-6", CHANGES),
    "list-lower-day-26": Printed(
        "GM-CSF, fractalkine, IFN-γ, IL-10, MIP-3α, IL-12P70, IL-17α, IL-1β, IL-2, IL-4, IL-23, IL-5, IL-6, IL-7, "
        "MIP-1β, TNF-α",
        CHANGES,
    ),
    "list-discussed-lower": Printed(
        "GM-CSF, fractalkine, IFN-γ, IL-10, MIP-3α, IL-12P70, IL-17α, IL-1β, IL-2, IL-4, IL-23, IL-5, IL-6, IL-7, "
        "MIP-1β, TNF-α",
        MODULATING,
    ),
}
