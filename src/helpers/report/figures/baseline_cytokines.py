"""Analyte levels at baseline, every group."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from scipy import stats

from helpers.analysis.frames import groups
from helpers.analysis.results import pick
from helpers.analysis.run import Run
from helpers.report.exhibit import FigureExhibit
from helpers.report.figures.common import (
    SMALL,
    absent,
    adjustment_word,
    analyte_title,
    dots,
    error_marks,
    finish,
    grid_of,
    group_looks,
    handles,
    initial,
    level,
    level_unit,
    quiet,
    small_title,
    top_legend,
)
from helpers.report.format import count_of, listed, number
from helpers.report.style import DOUBLE, INK, MM, drawing, new_figure


def baseline_cytokines(run: Run, rows: pd.DataFrame, samples: pd.DataFrame) -> FigureExhibit:
    """The small multiples ``fig-baseline-cytokines``: each participant, and the group's mean with its interval.

    ``rows`` are those of :func:`helpers.analysis.baseline_cytokines.univariate_tests`, ``samples`` of
    :func:`helpers.analysis.baseline_cytokines.baseline_samples`.
    """
    analytes = run.study.roles.analytes.columns
    rows = pick(rows, analysis="ancova")
    with drawing():
        lines = -(-len(analytes) // min(5, len(analytes)))
        figure = new_figure(DOUBLE, (12 + 44 * lines) * MM)
        panels, columns = grid_of(figure, len(analytes), 5)
        for place, (axes, analyte) in enumerate(zip(panels, analytes, strict=True)):
            _panel(axes, run, samples, analyte, pick(rows, analyte=analyte))
            if place % columns == 0 or _units(run) > 1:
                axes.set_ylabel(level_unit(run, analyte), labelpad=1)
        figure.supxlabel("Number of participants, by group", fontsize=7)
        top_legend(figure, handles(run, groups(run.study), line=False))
        return finish(run, figure, "fig-baseline-cytokines", _caption(run, rows), _alt(run, rows, samples))


def _units(run: Run) -> int:
    return len({level_unit(run, analyte) for analyte in run.study.roles.analytes.columns})


def _panel(axes: Axes, run: Run, samples: pd.DataFrame, analyte: str, tests: pd.DataFrame) -> None:
    counts = {}
    for x, (group, style) in enumerate(group_looks(run).items()):
        values = samples.loc[samples["group"] == group, analyte].dropna().to_numpy(float)
        dots(axes, x + jitter(len(values)), values, style["marker"], style["color"])
        # The mean is black with a white rim, so that it is seen on its own cloud.
        error_marks(axes, x, *mean_interval(values, run.settings.alpha), {"color": INK, "marker": style["marker"]},
                    markeredgecolor="white", markeredgewidth=0.5, zorder=4)  # fmt: skip
        counts[group] = len(values)
    small_title(axes, analyte_title(run, analyte) + (" #" if _differs(tests, run) else ""), pad=4)
    axes.set_xticks(range(len(counts)), [str(n) for n in counts.values()])
    axes.set_xlim(-0.6, len(counts) - 0.4)
    for tick, style in zip(axes.get_xticklabels(), group_looks(run).values(), strict=True):
        tick.set(color=style["color"], fontsize=SMALL)
    quiet(axes)
    _brackets(axes, run, tests)


def jitter(count: int, width: float = 0.5) -> np.ndarray:
    """Sideways steps that spread points evenly and are always the same (golden-ratio sequence)."""
    return width * ((np.arange(count) * 0.6180339887498949) % 1 - 0.5)


def mean_interval(values: np.ndarray, alpha: float) -> tuple[float, float, float]:
    """Mean and its t interval; the interval is missing for fewer than two values."""
    if not len(values):
        return (np.nan,) * 3
    mean = float(values.mean())
    if len(values) < 2:
        return mean, np.nan, np.nan
    half = stats.t.ppf(1 - alpha / 2, len(values) - 1) * values.std(ddof=1) / np.sqrt(len(values))
    return mean, mean - half, mean + half


def _differs(tests: pd.DataFrame, run: Run) -> bool:
    return bool((pick(tests, statistic="F", contrast="group")["p_adjusted"] < run.settings.alpha).any())


def _clear_pairs(run: Run, tests: pd.DataFrame) -> list[tuple[str, str]]:
    """Pairs of groups whose adjusted p is below alpha, nearest neighbours first."""
    pairs = pick(tests, statistic="mean_difference")
    names = pairs.loc[pairs["p_adjusted"] < run.settings.alpha, "contrast"].str.split(" - ")
    order = groups(run.study)
    found = [tuple(sorted(pair, key=order.index)) for pair in names]
    return sorted(found, key=lambda pair: (order.index(pair[1]) - order.index(pair[0]), order.index(pair[0])))


def _brackets(axes: Axes, run: Run, tests: pd.DataFrame) -> None:
    pairs, order = _clear_pairs(run, tests), groups(run.study)
    low, high = axes.get_ylim()
    step = 0.11 * (high - low)
    axes.set_ylim(low, high + step * (len(pairs) + 0.4) if pairs else high)
    for place, (first, second) in enumerate(pairs):
        left, right, y = order.index(first), order.index(second), high + step * (place + 0.35)
        axes.plot([left, left, right, right], [y - 0.25 * step, y, y, y - 0.25 * step], color=INK, linewidth=0.7)
        axes.text((left + right) / 2, y - 0.15 * step, "*", ha="center", va="bottom", fontsize=8)


def _caption(run: Run, rows: pd.DataFrame) -> str:
    tests = pick(rows, statistic="F", contrast="group")
    scale = "natural logarithm of the level" if run.study.roles.analytes.transform == "log" else "level"
    covariates = listed([initial(run.study.field("participants", c).title) for c in run.study.roles.analyte_covariates])
    gaps = [analyte_title(run, a) for a in tests.loc[tests["value"].isna(), "analyte"]]
    return f"""**Analytes at baseline.** Vertical axis: {scale}. Points: participants, moved sideways for legibility;
    black marks: unadjusted means with {level(run)} confidence intervals; under each panel, the number measured.
    #: the groups differ (analysis of covariance with {covariates}; p < {run.settings.alpha:g} after
    {adjustment_word(tests)} adjustment over the analytes). \\*: the two groups differ, p < {run.settings.alpha:g}
    after Bonferroni adjustment over the pairs. {absent(gaps).replace("left blank", "not marked")}"""


def _alt(run: Run, rows: pd.DataFrame, samples: pd.DataFrame) -> str:
    analytes = run.study.roles.analytes.columns
    sizes = samples["group"].value_counts()
    who = listed([f"{run.study.group_label(g)} ({sizes.get(g, 0)})" for g in groups(run.study)])
    marked = [a for a in analytes if _differs(pick(rows, analyte=a), run)]
    text = f"{count_of(len(analytes), 'panel')} of points and means at baseline for {who}. "
    if not marked:
        return text + "No analyte differs between the groups after adjustment."
    text += f"After adjustment the groups differ in {listed([analyte_title(run, a) for a in marked])}. "
    return text + " ".join(_direction(run, rows, pair) for pair in _all_pairs(run)).strip()


def _all_pairs(run: Run) -> list[tuple[str, str]]:
    order = groups(run.study)
    return [*pairwise(order), *([(order[0], order[2])] if len(order) > 2 else [])]


def _direction(run: Run, rows: pd.DataFrame, pair: tuple[str, str]) -> str:
    """How many analytes are higher in the first group of a pair."""
    tests = rows[rows["contrast"] == " - ".join(pair)]
    clear = tests[tests["p_adjusted"] < run.settings.alpha]
    if clear.empty:
        return ""
    first, second = (run.study.group_label(group) for group in pair)
    higher = number((clear["value"] > 0).sum(), 0)
    return f"{first} against {second}: {len(clear)} differ, {higher} of them higher in {first}."
