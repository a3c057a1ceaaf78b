"""Analyte levels at baseline, every group."""

from __future__ import annotations

import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.patheffects import withStroke
from scipy import stats
from scipy.stats import qmc

from helpers.analysis.disclosure.points import ENDS
from helpers.analysis.frames import group_size, groups
from helpers.analysis.results import pick, rounded
from helpers.analysis.run import Run
from helpers.report.exhibit import FigureExhibit, TextExhibit
from helpers.report.figures.common import (
    SMALL,
    absent,
    adjustment_word,
    analyte_title,
    finish,
    grid_of,
    group_looks,
    handles,
    initial,
    level,
    level_unit,
    most_telling,
    quiet,
    shown_of,
    small_title,
    top_legend,
)
from helpers.report.format import count_of, listed, number, some_of
from helpers.report.style import DOUBLE, INK, MM, drawing, new_figure
from helpers.report.words import with_analytes

DOT, CROWD = 2.2, 150  # diameter of a point, while the panel holds at most so many; with more, points are smaller
MOST_DOTS = 200  # participants in a group; larger ones are outlines


@with_analytes
def baseline_cytokines(run: Run, rows: pd.DataFrame, samples: pd.DataFrame) -> FigureExhibit | TextExhibit:
    """The small multiples ``fig-baseline-cytokines``: each participant, and the group's mean with its interval.

    ``rows`` are those of :func:`helpers.analysis.baseline_cytokines.univariate_tests`, ``samples`` of
    :func:`helpers.analysis.baseline_cytokines.baseline_samples`.
    """
    rows = pick(rows, analysis="ancova")
    analytes = most_telling(pick(rows, statistic="F"), run.study.roles.analytes.columns)
    with drawing():
        lines = -(-len(analytes) // min(5, len(analytes)))
        figure = new_figure(DOUBLE, (12 + 44 * lines) * MM)
        panels, columns = grid_of(figure, len(analytes), 5)
        for place, (axes, analyte) in enumerate(zip(panels, analytes, strict=True)):
            _panel(axes, run, samples, analyte, pick(rows, analyte=analyte))
            if place % columns == 0 or _units(run) > 1:
                axes.set_ylabel(level_unit(run, analyte), labelpad=2)
        figure.supxlabel("Number of participants, by group", fontsize=7)
        top_legend(figure, handles(run, groups(run.study), line=False))
        return finish(run, figure, "fig-baseline-cytokines", _caption(run, rows, samples), _alt(run, rows, samples))


def _units(run: Run) -> int:
    return len({level_unit(run, analyte) for analyte in run.study.roles.analytes.columns})


def _panel(axes: Axes, run: Run, samples: pd.DataFrame, analyte: str, tests: pd.DataFrame) -> None:
    order, seen = groups(run.study), samples.dropna(subset=[analyte]).astype({"group": str})
    counts = seen["group"].value_counts().reindex(order, fill_value=0)
    if run.disclosure:
        seen, counts = _tellable(run, seen, counts)
    _clouds(run, samples)(axes, run, seen, analyte)
    # The mean is black with a white rim, so that it is seen on its own cloud; as a dash it hides no interval.
    rim = {"path_effects": [withStroke(linewidth=2.4, foreground="white")], "zorder": 4}
    sns.pointplot(seen, x="group", y=analyte, order=order, color=INK, marker="_", markersize=8, markeredgewidth=1.1,
                  linestyle="none", errorbar=lambda values: mean_interval(values, run.settings.alpha),
                  err_kws={"linewidth": 1.1}, ax=axes, **rim)  # fmt: skip
    axes.set(xlabel="", ylabel="")
    small_title(axes, analyte_title(run, analyte) + (" #" if _differs(tests, run) else ""), pad=4)
    axes.set_xticks(range(len(counts)), [number(n, 0) for n in counts])
    axes.set_xlim(-0.6, len(counts) - 0.4)
    for tick, style in zip(axes.get_xticklabels(), group_looks(run).values(), strict=True):
        tick.set(color=style["color"], fontsize=SMALL)
    quiet(axes)
    _brackets(axes, run, tests)


def _large(samples: pd.DataFrame) -> bool:
    """Whether single participants are too many to be told apart."""
    return samples["group"].value_counts().max() > MOST_DOTS


def _clouds(run: Run, samples: pd.DataFrame):
    """How the participants of a panel are drawn."""
    return _boxes if run.disclosure else _outlines if _large(samples) else _swarms


def _tellable(run: Run, seen: pd.DataFrame, counts: pd.Series) -> tuple[pd.DataFrame, pd.Series]:
    """Groups with enough values, and the numbers measured that may be told."""
    enough = [group for group, n in counts.items() if n >= run.disclosure.threshold]
    told = {group: run.disclosure.count(n, group_size(run.study, group)) for group, n in counts.items()}
    return seen[seen["group"].isin(enough)], pd.Series(told)


def _boxes(axes: Axes, run: Run, seen: pd.DataFrame, analyte: str) -> None:
    """Quartiles and inner percentiles; no outlier, no extreme, no box of few."""
    for place, (group, style) in enumerate(group_looks(run).items()):
        box = run.disclosure.points.box(seen.loc[seen["group"] == group, analyte])
        line = {"color": style["color"], "linewidth": 0.9}
        if box:
            axes.bxp([box], positions=[place], widths=0.6, showfliers=False, manage_ticks=False, boxprops=line,
                     whiskerprops=line, capprops=line, medianprops=line)  # fmt: skip


def _swarms(axes: Axes, run: Run, seen: pd.DataFrame, analyte: str) -> None:
    """Single participants."""
    looks = group_looks(run)
    crowd = max(seen["group"].value_counts().max() * len(looks), 1) if len(seen) else 1
    cloud = {"s": (DOT * min(1.0, np.sqrt(CROWD / crowd))) ** 2, "alpha": 0.45, "linewidth": 0}
    for place, (group, style) in enumerate(looks.items()):
        values = rounded(seen.loc[seen["group"] == group, analyte])
        axes.scatter(place + sideways(values), values, color=style["color"], marker=style["marker"], **cloud)


def sideways(values: np.ndarray, width: float = 0.36) -> np.ndarray:
    """How far each value's point is moved sideways, at most ``width``, so that fewer lie on each other.

    In order of size the points take the steps of a van der Corput sequence, as wide as the values are dense there: a
    textured dot strip (Tukey & Tukey 1990, Strips displaying empirical distributions, Bellcore). Nothing is drawn at
    random, and equal values keep their order, so that the same data give the same drawing on every machine.

    >>> sideways(np.array([3.0, 1.0, 2.0])).round(2).tolist()
    [-0.14, -0.28, 0.0]
    """
    if len(values) == 0:
        return np.empty(0)
    steps = 2 * qmc.Halton(1, scramble=False).random(len(values))[:, 0] - 1
    dense = stats.gaussian_kde(values)(values) if len(values) > 2 and np.ptp(values) > 0 else np.ones(len(values))
    moved = np.empty(len(values))
    moved[np.argsort(values, kind="stable")] = steps
    return width * moved * dense / dense.max()


def _outlines(axes: Axes, run: Run, seen: pd.DataFrame, analyte: str) -> None:
    palette = {group: style["color"] for group, style in group_looks(run).items()}
    look = {"inner": "quart", "cut": 0, "width": 0.85, "linewidth": 0.8, "fill": False, "legend": False}
    sns.violinplot(seen, x="group", y=analyte, order=list(palette), hue="group", palette=palette, ax=axes, **look)


def mean_interval(values: pd.Series, alpha: float) -> tuple[float, float]:
    """The t interval of the mean; missing for fewer than two values.

    >>> [round(float(end), 2) for end in mean_interval(pd.Series([1.0, 2.0, 3.0]), 0.05)]
    [-0.48, 4.48]
    """
    if len(values) < 2:
        return np.nan, np.nan
    half = stats.t.ppf(1 - alpha / 2, len(values) - 1) * values.std(ddof=1) / np.sqrt(len(values))
    return values.mean() - half, values.mean() + half


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


def _caption(run: Run, rows: pd.DataFrame, samples: pd.DataFrame) -> str:
    tests = pick(rows, statistic="F", contrast="group")
    scale = "natural logarithm of the level" if run.study.roles.analytes.transform == "log" else "level"
    names = [initial(run.study.field("participants", c).title) for c in run.study.roles.analyte_covariates]
    covariates = listed(names or ["no covariate"])
    every = run.study.roles.analytes.columns
    shown_here = most_telling(tests, every)
    gaps = [analyte_title(run, a) for a in tests.loc[tests["value"].isna(), "analyte"] if a in shown_here]
    outlines = "Outlines: density of the participants, dashed at the quartiles"
    shown = outlines if _large(samples) else "Points: participants, moved sideways for legibility"
    shown = _box_words() if run.disclosure else shown
    return f"""**Analytes at baseline.** Vertical axis: {scale}. {shown}; black dashes: unadjusted
    means with {level(run)} confidence intervals; under each panel, the number measured. #: the groups differ (analysis
    of covariance with {covariates}; p < {run.settings.alpha:g} after {adjustment_word(tests)} adjustment over the
    analytes). \\*: the two groups differ, p < {run.settings.alpha:g} after Bonferroni adjustment over the pairs.
    {shown_of(shown_here, every)} {absent(gaps).replace("left blank", "not marked")}"""


def _box_words() -> str:
    """What the boxes of a run under disclosure control are, for its caption."""
    ends = [f"the {100 * share:g}th and {100 - 100 * share:g}th percentile" for share in ENDS]
    return f"Boxes: quartiles, lines to {', or '.join(ends)}, where a group is large enough"


def _alt(run: Run, rows: pd.DataFrame, samples: pd.DataFrame) -> str:
    analytes = run.study.roles.analytes.columns
    sizes = samples["group"].value_counts()
    if run.disclosure:
        sizes = pd.Series({g: run.disclosure.count(sizes.get(g, 0), group_size(run.study, g)) for g in sizes.index})
    who = listed([f"{run.study.group_label(g)} ({number(sizes.get(g, 0), 0)})" for g in groups(run.study)])
    tests = pick(rows, analysis="ancova", statistic="F", contrast="group")
    differing = set(tests.loc[tests["p_adjusted"] < run.settings.alpha, "analyte"])
    marked = [a for a in analytes if a in differing]
    drawn = most_telling(pick(tests, statistic="F"), analytes)
    marks = "boxes" if run.disclosure else "outlines" if _large(samples) else "points"
    text = f"{count_of(len(drawn), 'panel')} of {marks} and means at baseline for {who}. "
    if not marked:
        return text + "No analyte differs between the groups after adjustment."
    text += f"After adjustment the groups differ in {some_of([analyte_title(run, a) for a in marked])}. "
    return text + " ".join(_direction(run, rows, pair) for pair in _all_pairs(run)).strip()


def _all_pairs(run: Run) -> list[tuple[str, str]]:
    """Neighbours first, then those further apart."""
    order = groups(run.study)
    return [(order[i], order[i + gap]) for gap in range(1, len(order)) for i in range(len(order) - gap)]


def _direction(run: Run, rows: pd.DataFrame, pair: tuple[str, str]) -> str:
    """How many analytes are higher in the first group of a pair."""
    tests = rows[rows["contrast"] == " - ".join(pair)]
    clear = tests[tests["p_adjusted"] < run.settings.alpha]
    if clear.empty:
        return ""
    first, second = (run.study.group_label(group) for group in pair)
    higher = number((clear["value"] > 0).sum(), 0)
    return f"{first} against {second}: {len(clear)} differ, {higher} of them higher in {first}."
