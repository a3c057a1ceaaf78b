"""Which visits and samples participants have, as patterns with their counts."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from helpers.analysis.missing_patterns import ANALYSIS, OTHER, SEEN, planned
from helpers.analysis.results import pick
from helpers.analysis.run import Run
from helpers.report.exhibit import FigureExhibit
from helpers.report.figures.common import SMALL, finish
from helpers.report.format import count_of, listed, number
from helpers.report.style import DOUBLE, FAINT, INK, MM, drawing, new_figure

NAME = "fig-missing-patterns"
MOST = 24
KINDS = (("outcomes", "Any outcome"), ("analytes", "Blood sample"))
# No group's colour: a pattern belongs to none.
THERE, MISSING = "#7a8793", "#f2f2f2"


def missing_patterns(run: Run, rows: pd.DataFrame) -> FigureExhibit:
    """Patterns of visits and samples, one line a pattern, with how many participants of each group have it.

    ``rows`` are those of :func:`helpers.analysis.missing_patterns.missing_patterns`.
    """
    counts = pattern_counts(run.study, rows)
    shown = counts.drop(index=OTHER, errors="ignore").iloc[:MOST]
    visits = planned(run.study)
    with drawing():
        figure = new_figure(DOUBLE, (30 + 4.5 * max(len(shown), 2)) * MM)
        # A study without a panel has no samples to show.
        kinds = [(k, *kind) for k, kind in enumerate(KINDS) if visits[kind[0]]]
        widths = [*(len(visits[role]) for _, role, _ in kinds), 1.6 * counts.shape[1]]
        panels = figure.subplots(1, len(widths), sharey=True, width_ratios=widths)
        for axes, (place, role, title) in zip(panels, kinds, strict=False):
            flags = np.array([[mark == SEEN for mark in text.split("/")[place]] for text in shown.index])
            _tiles(axes, run, flags.reshape(len(shown), -1), visits[role])
            axes.set_title(title)
        _counts(panels[-1], run, shown)
        return finish(run, figure, NAME, _caption(rows, counts), alternative(run.study, rows))


def pattern_counts(study, rows: pd.DataFrame) -> pd.DataFrame:
    """Participants by pattern and group, in the order of the rows."""
    found = pick(rows, analysis=ANALYSIS, statistic="participants")
    table = found.pivot(index="contrast", columns="group", values="value").reindex(found["contrast"].unique())
    return table[[group for group in study.roles.compared if group in table]]


def _tiles(axes: Axes, run: Run, flags: np.ndarray, visits: list[str]) -> None:
    for line, column in np.ndindex(flags.shape):
        face = THERE if flags[line, column] else MISSING
        axes.add_patch(_tile(column, line, face))
        if not flags[line, column]:
            axes.text(column + 0.5, line + 0.5, "×", ha="center", va="center", fontsize=SMALL, color=FAINT)
    axes.set(xlim=(0, len(visits)), ylim=(max(len(flags), 1), 0), yticks=[])
    labels = [run.study.visit_label(name) for name in visits]
    axes.set_xticks(np.arange(len(visits)) + 0.5, labels, rotation=45, ha="right", rotation_mode="anchor")
    _bare(axes)


def _tile(column: int, line: int, face: str):
    from matplotlib.patches import Rectangle

    return Rectangle((column + 0.06, line + 0.1), 0.88, 0.8, facecolor=face, edgecolor=FAINT, linewidth=0.4)


def _counts(axes: Axes, run: Run, shown: pd.DataFrame) -> None:
    for (line, column), count in np.ndenumerate(shown.to_numpy(float)):
        axes.text(column + 0.5, line + 0.5, number(count, 0), ha="center", va="center", fontsize=7, color=INK)
    axes.set_xlim(0, shown.shape[1])
    labels = [run.study.group_label(group) for group in shown.columns]
    axes.set_xticks(np.arange(shown.shape[1]) + 0.5, labels, rotation=45, ha="right", rotation_mode="anchor")
    axes.set_title("Participants (n)")
    _bare(axes)


def _bare(axes: Axes) -> None:
    axes.tick_params(length=0)
    for spine in axes.spines.values():
        spine.set_visible(False)


def _rest(rows: pd.DataFrame, counts: pd.DataFrame) -> str:
    """What the lines leave out: rare patterns, and those beyond the figure's length."""
    others = counts.loc[OTHER].sum() if OTHER in counts.index else 0
    parts = []
    if others:
        rare = pick(rows, analysis=ANALYSIS, statistic="patterns")["value"].iloc[0]
        have = "share" if others > 1 else "has"
        parts.append(
            f"{count_of(others, 'more participant')} {have} {count_of(rare, 'pattern')} of fewer than five each."
        )
    beyond = len(counts.drop(index=OTHER, errors="ignore")) - MOST
    if beyond > 0:
        parts.append(f"{count_of(beyond, 'further pattern')} are not drawn.")
    return " ".join(parts)


def _caption(rows: pd.DataFrame, counts: pd.DataFrame) -> str:
    return f"""**Patterns of missing visits and samples.** One line a pattern: coloured where a participant has any
    outcome, or any analyte, of that visit; × where not. Right: how many of each group have the pattern.
    {_rest(rows, counts)}"""


def alternative(study, rows: pd.DataFrame) -> str:
    """The figure in words."""
    counts = pattern_counts(study, rows)
    drawn = min(len(counts.drop(index=OTHER, errors="ignore")), MOST)
    text = f"Grid of {count_of(drawn, 'pattern')} of visits and samples."
    whole = [name for name in counts.index if set(name) <= {SEEN, "/"}]
    sizes = pick(rows, analysis=ANALYSIS, statistic="participants").groupby("group")["n"].max()
    complete = [
        f"{number(counts.loc[whole, group].sum(), 0)} of {number(sizes[group], 0)} in {study.group_label(group)}"
        for group in counts.columns
    ]
    return f"{text} Complete: {listed(complete)}. {_rest(rows, counts)}".strip()
