"""The page on what disclosure control withheld or changed, never with the value."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from helpers.analysis.disclosure import RULES, Disclosure, told
from helpers.analysis.disclosure.linked import KEYS
from helpers.report.format import DASH
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
MOST = 3  # names in a cell of the page; more are counted
RESULTS = {
    "flow": "Participants, visits and samples",
    "missing": "Missing values",
    "missing_pattern": "Patterns of missing visits",
    "missing_outcome": "Treatments of missing outcomes",
    "baseline": "Characteristics",
    "detection": "Values below the detection limit",
    "mixed_model": "Model of the outcomes",
    "observed": "Observed values",
    "structure": "Covariance structures",
    "baseline_level": "Levels at baseline",
    "imputation": "Imputed values",
    "mancova_assumption": "Assumptions of the multivariate analysis",
    "ancova": "Analysis of covariance",
    "mancova": "Multivariate analysis of covariance",
    "cytokine_all_visits": "Model of all visits",
    "cytokine_adjusted": "Model with baseline as covariate",
    "cytokine_multiple_imputation": "Multiple imputation",
    "change_regression": "Regressions of change",
    "analyte_correlation": "Correlations of the analytes",
    "analyte_change_correlation": "Correlations of the analytes’ changes",
}
STATISTICS = {
    "aic": "AIC",
    "beta": "standardised slope",
    "box_m": "Box’s M",
    "box_m_F": "F of Box’s M",
    "chi_square": "chi-square",
    "chi_square_yates": "chi-square with Yates’ correction",
    "cohens_d": "Cohen’s d",
    "deviance": "−2 log-likelihood",
    "fmi": "fraction of missing information",
    "hedges_g": "Hedges’ g",
    "little": "Little’s test",
    "partial_eta2": "partial η²",
    "sd": "SD",
    "spearman": "Spearman’s ρ",
}
PLACE = ["what", "analysis", "done"]
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
    kinds = rows.groupby([rows["analysis"].astype(str).map(_result), "rule"], sort=False)
    lines = [_counted(study, key, part) for key, part in kinds]
    heads = ["Result", "Of", "Statistics", "Rule", "Numbers"]
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
        small_table(["Where", "What is done"], [[_linked(*line), line[2]] for line in others[PLACE].to_numpy()]),
        "What this control does not do: it looks at this book alone. Two books of overlapping participants, or of two "
        "thresholds, can be subtracted from each other; share one.",
    )


def _counted(study, key: tuple[str, str], rows: pd.DataFrame) -> list[str]:
    """One line for the numbers of a kind of result that one rule took."""
    result, rule = key
    analytes = [study.field("analytes", name).title for name in rows["analyte"].astype(str).unique() if name]
    outcomes = [_title(study, name) for name in rows["outcome"].astype(str).unique() if name]
    of = "; ".join(filter(None, [_some(outcomes, "outcomes"), _some(analytes, "analytes")]))
    statistics = [STATISTICS.get(name, _words(name)) for name in rows["statistic"].astype(str).unique()]
    return [escaped(result), escaped(of) or DASH, _some(statistics, "statistics"), rule, str(len(rows))]


def _linked(what: str, name: str, _done: str) -> str:
    return f"{{numref}}`{name}`" if what == "figure" else f"[The data]({name}.md)"


def _result(analysis: str) -> str:
    """What a row is of, for people; fits of other data or structures with their kind."""
    base = analysis.split("/")[0].removesuffix("_sensitivity")
    base = "missing_outcome" if base.startswith("missing_outcome") else base
    return RESULTS.get(base, _words(base).capitalize())


def _some(names: list[str], plural: str) -> str:
    names = list(dict.fromkeys(names))
    return f"{len(names)} {plural}" if len(names) > MOST else ", ".join(names)


def _title(study, name: str) -> str:
    """The title of an outcome's or characteristic's column; an endpoint's own name."""
    fields = (field for resource in study.descriptor.resources for field in resource.fields)
    return next((field.title for field in fields if field.name == name), _words(name))


def _words(name: str) -> str:
    return name.replace("_", " ")
