"""What each chapter shows and what it cannot; the words follow the data source."""

from __future__ import annotations

from helpers.report.exhibit import TextExhibit

MADE = (
    "The cohort is synthetic and was made to resemble published figures. What this chapter shows is that the analysis "
    "runs "
    "as described and what its numbers look like; it is no evidence about patients. "
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


def _said(run, text: str) -> TextExhibit:
    return TextExhibit((MADE if run.synthetic else "") + text)
