"""What each chapter shows and what it cannot; the words follow the data source."""

from __future__ import annotations

from helpers.report.exhibit import TextExhibit
from helpers.report.ledger import audited
from helpers.report.words import not_applicable
from helpers.study.twin import MODULE

MADE = (
    "The cohort is synthetic and was made to resemble published figures. What this chapter shows is that the analysis "
    "runs "
    "as described and what its numbers look like; it is no evidence about patients. "
)
TWIN = (
    "The tables are a synthetic twin of a study. What this chapter shows is that the analysis runs and roughly what "
    "its numbers look like; no result of it is a result of the study. "
)
LEDGER_MADE = (
    "The cohort is synthetic, and some of these figures were among what it was made to meet. That a check holds here "
    "says that the printed figure is possible beside the others, and that the analysis runs as described. It says "
    "nothing of the patients: made data neither confirm nor refute a figure of the paper. "
)
LEDGER_REAL = (
    "These are other patients than the paper’s. A figure that differs can do so by chance, by another sample, another "
    "measurement or another analysis; one that agrees can do so by chance as well. Agreement within rounding is a "
    "strict rule for an estimate and a lax one for a direction, so that the counts are no score. "
)
ARITHMETIC = (
    "What arithmetic alone says of the printed figures holds without any data, and only under the readings that are "
    "named."
)


def cohort(run) -> TextExhibit:
    """Limits of the baseline comparison."""
    return _said(
        run,
        "Groups that were not randomised can differ in what nobody measured; a test that finds no difference does not "
        "show that there is none.",
    )


def efficacy(run) -> TextExhibit:
    """Limits of the comparison of courses."""
    return _said(
        run,
        "A difference between groups that were not made by chance is a difference in prognosis as much as in effect of "
        "treatment, and a fall from baseline holds natural recovery and regression to the mean. Where the study "
        "randomised its groups, the first of these does not apply.",
    )


def baseline(run) -> TextExhibit:
    """Limits of the baseline levels."""
    return _said(
        run,
        "Levels in plasma say little of levels in the brain or the liver, one sample is one moment, and differences "
        "that "
        "remain after adjustment for a few covariates may still come from others.",
    )


def longitudinal(run) -> TextExhibit:
    """Limits of the levels over time."""
    return _said(
        run,
        "Without controls sampled at the same visits a change over time has no comparison. That a change passes the "
        "level "
        "in one group and not in the other does not show that the groups differ: the interaction tests that.",
    )


def change(run) -> TextExhibit:
    """Limits of change scores and mediation."""
    return _said(
        run,
        "Associations between changes over the same days have no direction. Measurement error shared with baseline "
        "builds "
        "correlation into change scores, and an indirect effect is causal only under assumptions no data of this kind "
        "can "
        "test.",
    )


def ledger(run) -> TextExhibit:
    """Limits of setting printed and computed figures side by side."""
    if not run.study.descriptor.claims:
        return not_applicable("without a ledger nothing is claimed here, and nothing can be concluded.")
    return TextExhibit((LEDGER_MADE if run.synthetic else LEDGER_REAL) + (ARITHMETIC if audited(run) else ""))


def robustness(run) -> TextExhibit:
    """Limits of trying many specifications."""
    return _said(
        run,
        "Specifications are no sample: that a claim stands in most of them is no probability, and adding poor ones "
        "would lower every share. They share the same patients, so that a chance finding stands or falls in all "
        "together. A choice that is right counts as much here as one that is merely common; which is right is argued "
        "in the chapters, not counted here.",
    )


def design(run) -> TextExhibit:
    """Limits of simulating cohorts from what was estimated."""
    return _said(
        run,
        "Populations are fitted to this study: power at effects as found is power to find again what was found, and "
        "is too high for every effect that was noticed because it came out large. Levels and coverage hold for "
        "normal data with these variances and correlations; skewed levels, ceilings of scales and values missing "
        "not at random are not simulated. Covariates are left out.",
    )


def _said(run, text: str) -> TextExhibit:
    return TextExhibit((_made(run) if run.synthetic else "") + text)


def _made(run) -> str:
    generator = run.study.descriptor.raw.get("generator") or {}
    return TWIN if generator.get("module") == MODULE else MADE
