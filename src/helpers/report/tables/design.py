"""Tables of the simulation: sizes that are enough, and what shortcuts cost."""

from __future__ import annotations

import pandas as pd

from helpers.analysis.design.kept import Simulated
from helpers.analysis.design.plan import BASELINE_R
from helpers.report.design_words import METHODS, TRUTHS, percent, questions
from helpers.report.exhibit import TableExhibit, TextExhibit, table_exhibit
from helpers.report.figures.power import ENOUGH
from helpers.report.format import number
from helpers.report.words import NOTHING, face


def sizes(run, simulated: Simulated) -> TableExhibit | TextExhibit:
    """Power of each main test at this study's size, and the smallest simulated size with enough of it."""
    if simulated.missing:
        return NOTHING
    lines = []
    for question in questions(run.study):
        for truth, part in question.rates(simulated).groupby("truth", sort=False):
            own = part[part["n"] == simulated.size_of(run.study)]
            at_all = part.sort_values("n").loc[lambda frame: frame["rate"] >= ENOUGH, "n"]
            enough = str(at_all.iloc[0]) if len(at_all) else f"more than {part['n'].max()}"
            power = percent(own["rate"].iloc[0], own["rate_se"].iloc[0]) if len(own) else ""
            lines.append([question.title, TRUTHS[truth], power, enough])
    if not lines:
        return NOTHING
    n = simulated.size_of(run.study)
    heads = ["Test", "Population", f"Power at {n} a group, % (SE)", f"Smallest size with {100 * ENOUGH:.0f} %"]
    note = (
        "SE: Monte-Carlo standard error. Sizes are those simulated; of a family of tests the power is the mean "
        "share of the false hypotheses that are rejected. Effects as in the study are too large where they were "
        "found because they were large by chance, which is why half of them stands beside."
    )
    frame, caption = pd.DataFrame(lines, columns=heads), f"Power, and the sizes that are enough.{face(run)}"
    return table_exhibit(frame, "tab-design-sizes", caption, "llrr", note, groups="Test")


def completing(run, simulated: Simulated) -> TableExhibit | TextExhibit:
    """Completing samples once by EM, and what else can be done, with few and with many of them missing."""
    if simulated.of("course").empty:
        return NOTHING
    lines = []
    n = simulated.size_of(run.study)
    for missing in sorted(set(simulated.of("course")["missing"])):
        found = simulated.of("course", truth="equal", adjustment="none", n=n, missing=missing)
        changes = simulated.of("course", truth="equal", n=n, missing=missing)
        changes = changes[changes["test"].str.startswith("change, ")]
        for method, part in found.groupby("method", sort=False):
            tests = part[part["test"].str.startswith("interaction, ")]
            covered = changes[changes["method"] == method]
            lines.append(
                [
                    "missing as in the study" if missing == 0 else f"{100 * missing:.0f} % more missing",
                    METHODS[method] if method != "published" else "as published, completed by EM",
                    percent(tests["rate"].mean(), tests["rate_se"].mean()),
                    percent(covered["coverage"].min(), covered["coverage_se"].max()),
                    percent(tests["lost"].mean()),
                ]
            )
    heads = ["Follow-up samples missing", "Method", "True group × time rejected, % (SE)",
             "Coverage of changes, lowest, % (SE)", "Without a result, %"]  # fmt: skip
    note = (
        f"{n} a group, the same course in all groups. Rejections: mean over the analytes. Coverage: of the "
        "intervals of the changes from baseline, over all analytes, at the group and visit where it is lowest; "
        f"nominal {100 * (1 - run.settings.alpha):g} %. SE: Monte-Carlo standard error of one analyte. Missing at "
        "random."
    )
    caption = f"What completing samples by EM does to tests and intervals.{face(run)}"
    frame = pd.DataFrame(lines, columns=heads)
    return table_exhibit(frame, "tab-design-completing", caption, "llrrr", note, groups="Follow-up samples missing")


def coupled(run, simulated: Simulated) -> TableExhibit | TextExhibit:
    """Falls regressed on falls, beside levels with the baseline levels beside them."""
    found = simulated.of("coupled")
    if found.empty:
        return NOTHING
    sizes_shown = [simulated.size_of(run.study), int(found["n"].max())]
    lines = []
    for truth, part in found.groupby("truth", sort=False):
        for method, own in part.groupby("method", sort=False):
            at = {n: own[own["n"] == n].iloc[0] for n in dict.fromkeys(sizes_shown)}
            lines.append([TRUTHS[truth], METHODS[method], *(percent(r["rate"], r["rate_se"]) for r in at.values())])
    heads = ["Population", "Regression", *(f"Rejections at n = {n}, % (SE)" for n in dict.fromkeys(sizes_shown))]
    note = (
        "Baseline levels alone correlated (r = "
        f"{number(BASELINE_R, 1)}): follow-up levels depend on their own baseline level and on nothing else, so that "
        "nothing moves together; falls are correlated all the same, because both begin at the baseline. SE: "
        "Monte-Carlo standard error."
    )
    caption = f"Does one change go with the other? Two ways of asking.{face(run)}"
    return table_exhibit(
        pd.DataFrame(lines, columns=heads), "tab-design-coupled", caption, "ll" + "r" * (len(heads) - 2), note,
        groups="Population",
    )  # fmt: skip
