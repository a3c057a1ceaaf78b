"""What readers call the tests, methods and populations of a simulation."""

from __future__ import annotations

from typing import NamedTuple

import pandas as pd

from helpers.analysis.design.kept import Simulated
from helpers.analysis.frames import main_outcome, outcome

TRUTHS = {
    "fitted": "as in the study",
    "half": "half of every difference between groups",
    "some": "only what was found differs",
    "equal": "the same course in all groups",
    "flat": "no change",
    "none": "no association",
    "no a": "path a absent",
    "no b": "path b absent",
    "neither": "paths a and b absent",
    "no direct": "no direct effect",
    "baseline only": "baseline levels alone correlated",
    "independent": "nothing correlated",
}
METHODS = {
    "published": "as published",
    "observed": "as published, observed samples",
    "unstructured": "unstructured, Kenward–Roger",
    "independent": "visits independent (diagonal)",
    "alternative": "alternative",
    "sobel": "Sobel",
    "aroian": "Aroian",
    "percentile": "percentile bootstrap",
    "bias_corrected": "bias-corrected bootstrap",
    "bca": "BCa bootstrap",
    "fall on fall": "fall on fall",
    "levels, baselines beside": "levels, baselines beside",
}
ADJUSTMENTS = {"none": "unadjusted", "fdr_bh": "FDR (Benjamini–Hochberg)", "bonferroni": "Bonferroni"}


class Question(NamedTuple):
    """A test that the study was done for, as it is found among the rates: what it is called, and its cells."""

    title: str
    family: str
    subject: str
    method: str
    test: str
    adjustment: str

    def rates(self, simulated: Simulated) -> pd.DataFrame:
        """Its rates where the hypothesis is false, without further gaps: the power."""
        cells = {name: getattr(self, name) for name in ("subject", "method", "test", "adjustment")}
        return simulated.of(self.family, missing=0.0, null=False, **cells)


def questions(study) -> list[Question]:
    """The paper's main tests, as far as the study has them."""
    found = []
    if study.roles.outcomes:
        name = main_outcome(study)
        label = outcome(study, name).label
        found.append(Question(f"{label}, group × time", "outcomes", name, "published", "interaction", "none"))
    for rule, name in ((study.roles.response, "response"), (study.roles.remission, "remission")):
        if rule is not None:
            test = f"{name}, chi-square"
            found.append(Question(f"{name.capitalize()} rates", "endpoints", rule.outcome, "published", test, "none"))
    found += [
        Question("Analytes at baseline, FDR", "baseline", "", "published", "groups: power", "fdr_bh"),
        Question("Analytes, group × time, FDR", "course", "", "published", "interaction: power", "fdr_bh"),
    ]
    if study.roles.mediation is not None:
        found += [
            Question("Falls on falls, unadjusted", "falls", "", "published", "slope: power", "none"),
            Question("Indirect effect, Sobel", "mediation", "", "sobel", "indirect effect", "none"),
            Question("Indirect effect, bootstrap", "mediation", "", "percentile", "indirect effect", "none"),
        ]
    return found


def percent(rate: float, se: float | None = None) -> str:
    """A rate in per cent, with its Monte-Carlo standard error.

    >>> percent(0.0512, 0.0041), percent(0.0512)
    ('5.1 (0.4)', '5.1')
    """
    text = f"{100 * rate:.1f}"
    return text if se is None else f"{text} ({max(100 * se, 0.1):.1f})"


def to_its_level(rate: float, alpha: float) -> str:
    """How a rate stands to the nominal level, in words.

    >>> [to_its_level(rate, 0.05) for rate in (0.05, 0.2, 0.07, 0.001)]
    ['at its level', 'far above its level', 'above its level', 'far below its level']
    """
    times = rate / alpha
    if times < 0.8:
        return "far below its level" if times < 0.25 else "below its level"
    return "far above its level" if times > 2 else "above its level" if times > 1.2 else "at its level"
