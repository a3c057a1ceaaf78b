"""The page on what disclosure control withheld or changed, never with the value."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from helpers.analysis.disclosure import RULES, Disclosure, told
from helpers.analysis.disclosure.linked import KEYS
from helpers.report.format import DASH, listed
from helpers.report.markdown import escaped, paragraphs, small_table

# What a figure shows in place of single people, by the start of its name; everything else is drawn from the rows.
FIGURES = {
    "fig-outcomes": "single courses left out; estimated and observed means kept",
    "fig-time-to-endpoint": "steps gathered until each stands for enough people; numbers at risk likewise",
    "fig-baseline-cytokines": "participants replaced by boxes of quartiles and inner percentiles",
    "fig-change-scatter": "participants replaced by means of bins; the line ends at inner percentiles",
    "fig-diagnostics": "residuals replaced by means and standard deviations of bins",
}
DATA = "counts of missing values by column told as none or some; numbers of rows left out"
KINDS = ("analysis", "outcome", "statistic", "rule")
FEW_TITLES = 3
WORDS = {
    "flow": "Participants, visits and samples",
    "missing": "Missing values",
    "missing_pattern": "Patterns of missing visits",
    "baseline": "Characteristics",
    "detection": "Values below the detection limit",
    "chi_square": "Chi-square",
    "cytokine_all_visits": "Model of all visits",
    "cytokine_adjusted": "Model with baseline as covariate",
    "cytokine_all_visits_sensitivity": "Model of all visits, other data",
    "cytokine_adjusted_sensitivity": "Model with baseline as covariate, other data",
    "deviance": "−2 log-likelihood",
}
COLUMNS = ("what", *KEYS, "done", "rule", "reason")


def withheld_table(control: Disclosure, exhibits: Sequence[str]) -> pd.DataFrame:
    """One line a results row, figure or page that control withheld or changed: what, which rule, why.

    Parameters
    ----------
    control : Disclosure
    exhibits : sequence of str
        Names of the figures and tables of the book.
    """
    lines = []
    for cells in control.plan.to_dict("records"):
        for part in ("row", "n"):
            if cells[part] and not (part == "n" and cells["row"]):
                rule = told(cells[part])
                place = {name: cells[name] for name in KEYS}
                lines.append({"what": "results row", **place, "done": RULES[rule].done, "rule": rule})
    for name in exhibits:
        lines += [_line("figure", name, done) for start, done in FIGURES.items() if name.startswith(start)]
    lines.append(_line("page", "data", DATA))
    frame = pd.DataFrame(lines, columns=[name for name in COLUMNS if name != "reason"]).fillna("")
    reasons = {name: rule.reason for name, rule in RULES.items()} | {"points": "a mark would be one person’s value"}
    return frame.assign(reason=frame["rule"].map(reasons))[list(COLUMNS)]


def _line(what: str, name: str, done: str) -> dict[str, str]:
    return {"what": what, "analysis": name, "done": done, "rule": "points" if what == "figure" else "counts"}


def withheld_page(study, control: Disclosure, table: pd.DataFrame) -> str:
    """The page (Markdown): the rules with their sources, and what each was applied to, counted."""
    n = control.threshold
    rules = [[name, rule.done, rule.reason, rule.source] for name, rule in RULES.items()]
    rows, others = table[table["what"] == "results row"], table[table["what"] != "results row"]
    lines = [_counted(study, key, part) for key, part in rows.groupby([*KINDS], sort=False)]
    heads = ["Result", "Of", "Statistic", "Rule", "Numbers"]
    return paragraphs(
        "# What was withheld",
        f"This book may leave the place where the participants’ data are. Counts from 1 to {n - 1} are withheld "
        f"(threshold {n}), with as many others as keep them from being computed by subtraction; 0 is shown. Which of "
        "the withheld counts are the small ones is not told. Statistics of fewer people than the threshold are "
        "withheld, and no figure shows one person. In tables a withheld number is a dash. "
        '<a href="withheld.csv">The whole list</a> names every results row.',
        "## Rules",
        small_table(["Rule", "What is done", "Why", "Source"], [list(map(escaped, line)) for line in rules]),
        "## Results rows",
        small_table(heads, lines) if lines else "No results row was withheld.",
        "## Figures and pages",
        small_table(["Where", "What is done"], others[["analysis", "done"]].to_numpy().tolist()),
        "What this control does not do: it looks at this book alone. Two books of overlapping participants, or of two "
        "thresholds, can be subtracted from each other; share one.",
    )


def _counted(study, key: tuple[str, ...], rows: pd.DataFrame) -> list[str]:
    """One line for the numbers of an analysis that one rule took, whatever the group, visit or analyte."""
    analysis, outcome, statistic, rule = map(str, key)
    titles = [study.field("analytes", name).title for name in dict.fromkeys(rows["analyte"].astype(str)) if name]
    analytes = listed(titles) if len(titles) <= FEW_TITLES else f"{len(titles)} analytes"
    of = " and ".join(filter(None, [_title(study, outcome), analytes if titles else ""]))
    return [escaped(_words(analysis)), escaped(of) or DASH, _words(statistic), rule, str(len(rows))]


def _title(study, outcome: str) -> str:
    """An outcome's label, a characteristic's title; the name of an endpoint, which is its own."""
    found = [
        field.title for resource in study.descriptor.resources for field in resource.fields if field.name == outcome
    ]
    return next(iter(found), _words(outcome)) if outcome else ""


def _words(name: str) -> str:
    return WORDS.get(name, name.replace("_", " ").capitalize())
