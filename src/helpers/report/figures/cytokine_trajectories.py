"""Analyte levels over the visits: small multiples."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes

from helpers.analysis.longitudinal_cytokines import ALL_VISITS
from helpers.analysis.pairs import several
from helpers.analysis.results import pick
from helpers.analysis.run import Run
from helpers.report.exhibit import FigureExhibit, TextExhibit
from helpers.report.figures.common import (
    absent,
    analyte_title,
    at_visits,
    dodge,
    error_marks,
    finish,
    grid_of,
    group_looks,
    groups_differ,
    handles,
    initial,
    labels_outside_layout,
    level,
    level_unit,
    most_telling,
    quiet,
    shown_of,
    small_title,
    span,
    top_legend,
    visit_axis,
)
from helpers.report.format import count_of, listed
from helpers.report.style import DOUBLE, MM, drawing, new_figure
from helpers.report.words import with_visits_of_analytes


@with_visits_of_analytes
def cytokine_trajectories(run: Run, rows: pd.DataFrame) -> FigureExhibit | TextExhibit:
    """The small multiples ``fig-cytokine-trajectories``: model-based means by group and visit, one panel an analyte.

    ``rows`` hold those of :func:`helpers.analysis.longitudinal_cytokines.analyte_models`.
    """
    rows = pick(rows, analysis=ALL_VISITS)
    analytes = most_telling(pick(rows, statistic="F"), run.study.roles.analytes.columns)
    means = pick(rows, statistic="marginal_mean")
    units = {level_unit(run, analyte) for analyte in analytes}
    with drawing():
        lines = -(-len(analytes) // min(5, len(analytes)))
        figure = new_figure(DOUBLE, (22 + 38 * lines) * MM)
        panels, columns = grid_of(figure, len(analytes), 5)
        for place, (axes, analyte) in enumerate(zip(panels, analytes, strict=True)):
            _panel(axes, run, pick(means, analyte=analyte), pick(rows, analyte=analyte), 120 * MM / columns)
            small_title(axes, analyte_title(run, analyte), pad=4)
            _labels(axes, place, columns, len(analytes))
            if place % columns == 0 or len(units) > 1:
                axes.set_ylabel(level_unit(run, analyte), labelpad=2)
        top_legend(figure, handles(run, run.study.roles.compared))
        return finish(run, figure, "fig-cytokine-trajectories", _caption(run, rows), _alt(run, rows))


def _labels(axes: Axes, place: int, columns: int, many: int) -> None:
    """Visit labels under the lowest panel of each column."""
    if place + columns < many:
        axes.tick_params(labelbottom=False)
    elif place // columns < (many - 1) // columns:
        labels_outside_layout(axes)


def _panel(axes: Axes, run: Run, means: pd.DataFrame, rows: pd.DataFrame, width: float) -> None:
    visits, compared = run.study.roles.analytes.visits, run.study.roles.compared
    places = visit_axis(axes, run, visits, width)
    for position, (group, style) in enumerate(group_looks(run, compared).items()):
        mine = pick(means, group=group)
        values = [at_visits(mine, visits, column) for column in ("value", "ci_low", "ci_high")]
        error_marks(axes, dodge(places, position, len(compared), width, 3.2), *values, style, markersize=3.2)
    pairs = pick(rows, statistic="mean_difference")
    clear = pairs.loc[pairs["p_adjusted"] < run.settings.alpha, "visit"].unique()
    axes.margins(y=0.12 if len(clear) else 0.05)
    for visit in clear:
        axes.annotate(
            "*", (places[visit], 0.95), xycoords=("data", "axes fraction"), ha="center", va="center", fontsize=9
        )
    quiet(axes)


def _caption(run: Run, rows: pd.DataFrame) -> str:
    means = pick(rows, statistic="marginal_mean")
    seen = set(means.dropna(subset=["value"])["analyte"])
    every = run.study.roles.analytes.columns
    shown = most_telling(pick(rows, statistic="F"), every)
    lost = [analyte_title(run, a) for a in shown if a not in seen]
    return f"""**Analytes over the visits.** Means estimated by the mixed models by group, with {level(run)} confidence
    intervals. Asterisk: {groups_differ(run)}, not
    adjusted over the analytes). n = {span(means["n"])} participants a model. {shown_of(shown, every)}
    {absent(lost)}"""


def _alt(run: Run, rows: pd.DataFrame) -> str:
    analytes, parts = run.study.roles.analytes.columns, []
    pairs = pick(rows, statistic="mean_difference")
    labels = [run.study.group_label(group) for group in run.study.roles.compared]
    first = labels[0]
    for visit in run.study.roles.analytes.visits:
        here = pick(pairs, visit=visit)
        clear = here[here["p_adjusted"] < run.settings.alpha]
        higher, many = int((clear["value"] > 0).sum()), clear["analyte"].nunique()
        sides = f" ({higher} higher in {first})" if many and not several(run.study) else ""
        parts.append(f"{many or 'none'} at {initial(run.study.visit_label(visit))}{sides}")
    return f"""Small multiples of model-based means for {listed(labels)}. Of {count_of(len(analytes), "analyte")},
    {"two of the groups" if several(run.study) else "the groups"} differ in {listed(parts)}."""
