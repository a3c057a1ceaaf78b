"""The page on what disclosure control withheld or changed, never with the value."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from helpers.analysis.disclosure import RULES, Disclosure, told
from helpers.analysis.disclosure.linked import KEYS
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


def withheld_page(control: Disclosure, table: pd.DataFrame) -> str:
    """The page (Markdown): the rules with their sources, and what each was applied to, counted."""
    n = control.threshold
    rules = [[name, rule.done, rule.reason, rule.source] for name, rule in RULES.items()]
    rows, others = table[table["what"] == "results row"], table[table["what"] != "results row"]
    counted = rows.groupby(["analysis", "outcome", "analyte", "statistic", "rule"], sort=False).size()
    lines = [[*map(str, key), str(count)] for key, count in counted.items()]
    heads = ["Analysis", "Outcome", "Analyte", "Statistic", "Rule", "Rows"]
    return paragraphs(
        "# What was withheld",
        f"This book may leave the place where the participants’ data are. Counts from 1 to {n - 1} are withheld "
        f"(threshold {n}), with as many others as keep them from being computed by subtraction; 0 is shown. Which of "
        "the withheld counts are the small ones is not told. Statistics of fewer people than the threshold are "
        "withheld, and no figure shows one person. In tables a withheld number is a dash. "
        '<a href="withheld.csv">The whole list</a> names every row.',
        "## Rules",
        small_table(["Rule", "What is done", "Why", "Source"], [list(map(escaped, line)) for line in rules]),
        "## Results rows",
        small_table(heads, lines) if lines else "No results row was withheld.",
        "## Figures and pages",
        small_table(["Where", "What is done"], others[["analysis", "done"]].to_numpy().tolist()),
        "What this control does not do: it looks at this book alone. Two books of overlapping participants, or of two "
        "thresholds, can be subtracted from each other; share one.",
    )
