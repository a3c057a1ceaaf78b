"""How far apart the groups are at each visit: a forest plot of standardised differences."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from helpers.analysis.frames import outcome
from helpers.analysis.pairs import Pair, pairs, several, turned
from helpers.analysis.results import pick
from helpers.analysis.run import Run
from helpers.report.exhibit import FigureExhibit
from helpers.report.figures.common import SMALL, absent, error_marks, finish, initial, level, quiet, span
from helpers.report.format import interval, listed, number
from helpers.report.style import DOUBLE, FAINT, INK, MM, drawing, new_figure

MOST_LINES = 60  # of several pairs, in one figure


def effects(run: Run, rows: pd.DataFrame) -> FigureExhibit:
    """The forest plot ``fig-effects``: Cohen's d of every pair of compared groups by outcome and visit.

    One panel a pair, one below the other; of several pairs whose lines are too many to be read, the last visit of each
    outcome. ``rows`` hold those of :func:`helpers.analysis.efficacy.describe_outcomes`.
    """
    whole = pick(rows, analysis="observed", statistic="cohens_d").reset_index(drop=True)
    rows = _shown(run, whole)
    every = pairs(run.study)
    places = {pair: _places(run, pick(rows, contrast=turned(pair))) for pair in every}
    lowest = max((y for part in places.values() for y, _ in part.values()), default=0) + 1
    with drawing():
        figure = new_figure(DOUBLE, (22 + 4.6 * lowest) * len(every) * MM)
        for place, pair in enumerate(every):
            axes = figure.add_subplot(len(every), 1, place + 1)
            _panel(axes, run, rows, pair, places[pair], lowest)
        return finish(run, figure, "fig-effects", _caption(run, rows, whole), _alt(run, rows))


def _shown(run: Run, rows: pd.DataFrame) -> pd.DataFrame:
    """All rows, or the last visits of the outcomes, the most different ones where even those are too many."""
    if not several(run.study) or len(rows) <= MOST_LINES:
        return rows
    last = {entry.column: entry.visits[-1] for entry in run.study.roles.outcomes}
    rows = rows[rows["visit"] == rows["outcome"].map(last)]
    size = rows["value"].abs().groupby(rows["outcome"]).max().fillna(-1)
    kept = size.sort_values(ascending=False, kind="stable").index[: max(3, MOST_LINES // len(pairs(run.study)))]
    return rows[rows["outcome"].isin(kept)].reset_index(drop=True)


def _brief(run: Run, rows: pd.DataFrame) -> bool:
    """Whether every outcome has one line in a panel, which names it then, instead of a heading over several."""
    return several(run.study) and bool((rows.groupby("outcome")["visit"].nunique() == 1).all())


def _panel(axes: Axes, run: Run, rows: pd.DataFrame, pair: Pair, places: dict, lowest: float) -> None:
    for y, row in places.values():
        error_marks(axes, row.value, y, row.ci_low, row.ci_high, {"color": INK, "marker": "D"}, horizontal=True)
        text = (
            f"{number(row.value)} ({interval(row.ci_low, row.ci_high)})" if np.isfinite(row.value) else "not estimated"
        )
        axes.annotate(text, (1.02, y), xycoords=("axes fraction", "data"), va="center", fontsize=7)
    _dress(axes, run, rows, pair, places, lowest)


def _places(run: Run, rows: pd.DataFrame) -> dict[tuple[str, str], tuple[float, object]]:
    """Where each row is drawn; an outcome's heading takes the line above its visits."""
    places, y = {}, 0.0
    for entry in run.study.roles.outcomes:
        mine = {row.visit: row for row in pick(rows, outcome=entry.column).itertuples()}
        y += 1.3 if mine and not _brief(run, rows) else 0
        for visit in (v for v in entry.visits if v in mine):
            places[entry.column, visit] = (y, mine[visit])
            y += 1
    return places


def _dress(axes: Axes, run: Run, rows: pd.DataFrame, pair: Pair, places: dict, lowest: float) -> None:
    axes.axvline(0, color=INK, linewidth=0.8, zorder=1)
    labels = [run.study.visit_label(visit) for _, visit in places]
    if _brief(run, rows):
        labels = [f"{run.study.field('outcomes', name).title}, {initial(label)}" for (name, _), label in
                  zip(places, labels, strict=True)]  # fmt: skip
    axes.set_yticks([y for y, _ in places.values()], labels)
    for column in () if _brief(run, rows) else dict.fromkeys(column for column, _ in places):
        top = min(y for (name, _), (y, _) in places.items() if name == column) - 1
        title = run.study.field("outcomes", column).title
        axes.annotate(title, (0, top), xycoords=("axes fraction", "data"), xytext=(-4, 0), ha="right", va="center",
                      textcoords="offset points", fontsize=8, fontweight="bold")  # fmt: skip
    ends = rows[["ci_low", "ci_high"]].to_numpy(float)
    low, high = np.nanmin(ends, initial=-0.5), np.nanmax(ends, initial=0.5)
    axes.set(xlim=(low - 0.05 * (high - low), high + 0.05 * (high - low)), ylim=(lowest - 0.4, -0.4))
    axes.set_xlabel("Cohen's d")
    first, second = (run.study.group_label(group) for group in pair)
    if several(run.study):
        axes.set_title(f"{second} − {first}", pad=12)
    heads = {0.0: ("left", f"← higher in {first}"), 1.0: ("right", f"lower in {first} →")}
    heads[1.02] = ("left", f"d ({level(run)} CI)")
    for x, (side, text) in heads.items():
        axes.annotate(text, (x, 1), xycoords="axes fraction", fontsize=SMALL, color=FAINT, va="bottom", ha=side)
    quiet(axes, "x")
    axes.spines["left"].set_visible(False)
    axes.tick_params(axis="y", length=0)


def _caption(run: Run, rows: pd.DataFrame, whole: pd.DataFrame) -> str:
    gaps = [
        f"{outcome(run.study, r.outcome).label} at {initial(run.study.visit_label(r.visit))}{_between(run, r.contrast)}"
        for r in rows[rows["value"].isna()].itertuples()
    ]
    return f"""**Standardised difference between the groups.** Cohen's d of the observed values, {_direction(run)};
    bars are {level(run)} confidence intervals (n = {span(rows["n"])} a row). {_left_out(rows, whole)}
    {absent(gaps)}"""


def _left_out(rows: pd.DataFrame, whole: pd.DataFrame) -> str:
    """A caption's sentence on the lines that are not drawn; nothing when all are."""
    if len(rows) == len(whole):
        return ""
    shown, many = rows["outcome"].nunique(), whole["outcome"].nunique()
    of = "each outcome" if shown == many else f"the {shown} of {many} outcomes that differ most"
    return f"Shown is the last visit of {of}; the tables have all."


def _direction(run: Run) -> str:
    if several(run.study):
        return """the group named second minus the first over the pooled standard deviation of the visit, one panel a
        pair of groups"""
    first, second = (run.study.group_label(g) for g in run.study.roles.compared)
    return f"""{second} − {first} over the pooled standard deviation of the visit, so that a lower value in {first} is
    positive"""


def _between(run: Run, contrast: str) -> str:
    """The groups of a contrast, where more than two are compared."""
    if not several(run.study):
        return ""
    pair = next(pair for pair in pairs(run.study) if turned(pair) == contrast)
    return f" between {listed([run.study.group_label(g) for g in pair])}"


def _alt(run: Run, rows: pd.DataFrame) -> str:
    who = listed([run.study.group_label(g) for g in run.study.roles.compared])
    seen = rows.dropna(subset=["value"])
    if seen.empty:
        return f"No standardised difference between {who} could be estimated."
    largest = seen.loc[seen["value"].abs().idxmax()]
    clear = ((seen["ci_low"] > 0) | (seen["ci_high"] < 0)).sum()
    where = "lower" if largest["value"] > 0 else "higher"
    pair = next((pair for pair in pairs(run.study) if turned(pair) == largest["contrast"]), run.study.roles.compared)
    first = run.study.group_label(pair[0])
    others = f" than in {run.study.group_label(pair[1])}" if several(run.study) else ""
    title = run.study.field("outcomes", largest["outcome"]).title
    size = f"{number(largest['value'])} ({interval(largest['ci_low'], largest['ci_high'])})"
    visit = initial(run.study.visit_label(largest["visit"]))
    return f"""Forest plot of Cohen's d between {who}: intervals that exclude zero, {clear} of
    {len(seen)}. The largest difference is {size} for {title} at {visit}, {where} in {first}{others}."""
