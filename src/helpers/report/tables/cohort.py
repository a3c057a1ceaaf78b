"""Tables of the cohort: eligibility and the baseline table."""

from __future__ import annotations

import pandas as pd

from helpers.analysis.frames import groups
from helpers.analysis.pairs import named, overall, pairs, several
from helpers.report.exhibit import TableExhibit, TextExhibit, table_exhibit
from helpers.report.format import DASH, SPACE, count_percent, listed, mean_sd, number, p_value, with_symbol
from helpers.report.lookup import Lookup
from helpers.report.words import NOTHING, face, in_paper, not_applicable
from helpers.study import Study
from helpers.study.descriptor import BaselineVariable, Field

KIND = "Kind"


def eligibility(run, rows: pd.DataFrame) -> TableExhibit | TextExhibit:
    """Each eligibility limit with the participants checked and those outside it; nothing where there is none."""
    table = rows[rows["analysis"] == "eligibility"]
    if table.empty:
        return NOTHING
    frame = pd.DataFrame(
        {
            "Criterion": table["contrast"].astype(str),
            "Participants checked": table["n"].map(lambda n: number(n, 0)),
            "Outside": table["value"].map(lambda n: number(n, 0)),
        }
    )
    return table_exhibit(frame, "tab-eligibility", f"Eligibility limits that the data can show.{face(run)}", "lrr")


def baseline(run, rows: pd.DataFrame) -> TableExhibit | TextExhibit:
    """The baseline table (the paper's Table 1): description by group, test, p and standardised difference."""
    study, find = run.study, Lookup(rows[rows["analysis"] == "baseline"])
    lines = [
        [_kind(study, variable), *line]
        for variable in study.roles.baseline_table
        for line in _variable_lines(study, find, variable)
    ]
    sizes = _group_sizes(rows)
    heads = [f"{study.group_label(g)} (n{SPACE}={SPACE}{number(sizes[g], 0)})" for g in groups(study)]
    if not lines:
        return not_applicable("its descriptor lists no variable for a baseline table.")
    compared = listed([study.group_label(g) for g in study.roles.compared])
    tested = [f"{compared}: {what}" for what in ("Test", "p", "SMD")]
    frame = pd.DataFrame(lines, columns=[KIND, "Characteristic", *heads, *tested])
    grouped = frame[KIND].nunique() > 1
    frame = frame if grouped else frame.drop(columns=KIND)
    if several(study):
        note = (
            "Mean (SD) or count (%). *F*: one-way analysis of variance; *χ²*: Pearson’s chi-square; both compare "
            f"{compared}. SMD: the largest standardised difference of two groups, without sign."
        )
    else:
        note = (
            "Mean (SD) or count (%). *t*: Student’s t-test with pooled variance; *χ²*: Pearson’s chi-square without "
            f"continuity correction; both compare {compared}. SMD: standardised difference, first group minus second; "
            "without sign for categorical variables."
        )
    caption = f"Demographic and clinical characteristics at baseline{in_paper(run, 'Table 1')}.{face(run)}"
    align = "l" * (1 + grouped) + "r" * (len(heads) + len(tested))
    return table_exhibit(frame, "tab-1", caption, align, note, groups=KIND if grouped else "", spanners=[compared])


def _kind(study: Study, variable: BaselineVariable) -> str:
    """Whether a variable describes the participants or is followed over the visits."""
    return "Participants" if _role(study, variable.column) == "participants" else "Outcomes at baseline"


def _group_sizes(rows: pd.DataFrame) -> dict[str, float]:
    sizes = rows[(rows["analysis"] == "flow") & (rows["statistic"] == "participants")]
    return dict(zip(sizes["group"].astype(str), sizes["value"], strict=True))


def _variable_lines(study: Study, find: Lookup, variable: BaselineVariable) -> list[list[str]]:
    field = _field(study, variable.column)
    cells = {"analysis": "baseline", "outcome": variable.column, "contrast": overall(study)}
    kind = "chi_square" if field.is_category else "F" if several(study) else "t"
    test = find(statistic=kind, **cells)
    tail = [_test(kind, test), p_value(test.p), number(_standardised(study, find, cells))]
    if not field.is_category:
        return [[field.heading, *(_moments(find, field, g) for g in groups(study)), *tail]]
    levels = [str(level) for level in field.constraints.get("enum", ("true", "false"))]
    if len(levels) == 2 and "yes" in levels:
        return [[field.title, *(_share(find, field, g, "yes") for g in groups(study)), *tail]]
    head = [field.title, *([""] * len(groups(study))), *tail]
    return [
        head,
        *([f"  {field.label(v)}", *(_share(find, field, g, v) for g in groups(study)), "", "", ""] for v in levels),
    ]


def _standardised(study: Study, find: Lookup, cells: dict) -> float:
    """The standardised difference; of several pairs the largest, without its sign."""
    found = [find(statistic="standardised_difference", **{**cells, "contrast": named(pair)}) for pair in pairs(study)]
    sizes = [item.value for item in found if item.exists]
    if not several(study):
        return found[0].value
    return max(map(abs, sizes), default=float("nan"))


def _field(study: Study, column: str) -> Field:
    return study.field(_role(study, column), column)


def _role(study: Study, column: str) -> str:
    known = [f.name for f in study.descriptor.resource(study.roles.tables["participants"]).fields]
    return "participants" if column in known else "outcomes"


def _test(kind: str, test) -> str:
    if not test.exists:
        return DASH
    if kind == "F":
        return with_symbol(f"F({test.df1:.0f},{SPACE}{test.df2:.0f})", test.value)
    if kind == "t":
        return with_symbol(f"t({number(test.df2, 0)})", test.value)
    return with_symbol(f"χ²({test.df1:.0f})", test.value)


def _moments(find: Lookup, field: Field, group: str) -> str:
    cells = {"analysis": "baseline", "outcome": field.name, "group": group}
    mean, sd = find(statistic="mean", **cells), find(statistic="sd", **cells)
    return mean_sd(mean.value, sd.value) if mean.exists else DASH


def _share(find: Lookup, field: Field, group: str, level: str) -> str:
    cells = {"analysis": "baseline", "outcome": field.name, "group": group, "contrast": level}
    count, percent = find(statistic="count", **cells), find(statistic="percent", **cells)
    return count_percent(count.value, percent.value) if count.exists else DASH
