"""Time to an endpoint: cumulative incidence by group."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes

from helpers.analysis.pairs import overall
from helpers.analysis.response import endpoint_words, endpoints
from helpers.analysis.results import pick
from helpers.analysis.run import Run
from helpers.report.exhibit import FigureExhibit, TextExhibit
from helpers.report.figures.common import count_rows, finish, group_looks, handles, initial, level, quiet, top_legend
from helpers.report.format import SPACE, listed, number, p_equals
from helpers.report.style import DOUBLE, INK, MM, drawing, new_figure
from helpers.report.words import not_applicable


def survival(run: Run, rows: pd.DataFrame, curves: pd.DataFrame) -> FigureExhibit | TextExhibit:
    """The figure ``fig-time-to-endpoint``: one panel an endpoint, 1 − Kaplan–Meier by group, numbers at risk beneath.

    ``rows`` are those of :func:`helpers.analysis.response.time_to_endpoint`, ``curves`` of
    :func:`helpers.analysis.response.survival_curves`.
    """
    curves = curves if run.disclosure is None else coarse_curves(run, rows, curves)
    names = list(curves["endpoint"].unique())
    if not endpoints(run.study, run.settings):
        return not_applicable("its descriptor has no rule of response or remission.")
    if not names:
        return not_applicable("nobody was assessed after baseline, so there are no curves.")
    with drawing():
        figure = new_figure(DOUBLE, 84 * MM)
        for axes, name in zip(figure.subplots(1, len(names), squeeze=False)[0], names, strict=True):
            _panel(axes, run, curves[curves["endpoint"] == name], pick(rows, analysis=f"time_to_{name}"))
            axes.set_title(name.capitalize())
        top_legend(figure, handles(run, run.study.roles.compared))
        _lines_only(figure)
        return finish(run, figure, "fig-time-to-endpoint", _caption(run, names), _alt(run, rows, curves, names))


def coarse_curves(run: Run, rows: pd.DataFrame, curves: pd.DataFrame) -> pd.DataFrame:
    """Curves on the days of visits with steps of enough people; none for an endpoint whose events are withheld."""
    days, made = [float(visit.day) for visit in run.study.roles.visits], [curves.iloc[:0]]
    for (endpoint, group), curve in curves.groupby(["endpoint", "group"], sort=False):
        events = pick(rows, analysis=f"time_to_{endpoint}", statistic="events")["value"]
        if events.notna().all():
            until = [day for day in days if day <= curve["time"].max()]
            made.append(run.disclosure.points.steps(curve, until).assign(endpoint=endpoint, group=group))
    return pd.concat(made, ignore_index=True)


def _lines_only(figure) -> None:
    """Curves carry no marks, and neither does their legend."""
    for handle in figure.legends[0].legend_handles:
        handle.set_marker("")


def _panel(axes: Axes, run: Run, curves: pd.DataFrame, tests: pd.DataFrame) -> None:
    compared, at_risk = run.study.roles.compared, {}
    horizon = curves["time"].max()
    ticks = [float(visit.day) for visit in run.study.roles.visits if visit.day <= horizon]
    for group, style in group_looks(run, compared).items():
        curve = _to_edge(curves[curves["group"] == group].sort_values("time"), 1.05 * horizon)
        paint = {"color": style["color"], "step": "post", "alpha": 0.15, "linewidth": 0}
        axes.fill_between(curve["time"], 100 * (1 - curve["ci_high"]), 100 * (1 - curve["ci_low"]), **paint)
        axes.step(curve["time"], 100 * (1 - curve["survival"]), where="post", color=style["color"],
                  linestyle=style["linestyle"], linewidth=1.4)  # fmt: skip
        at_risk[group] = {day: _at_risk(curve.iloc[:-1], day) for day in ticks}
    axes.set_xticks(ticks, [number(day, 0) for day in ticks])
    axes.set(xlim=(-0.04 * horizon, 1.06 * horizon), ylim=(0, 100), xlabel="Days since baseline")
    axes.set_ylabel("Cumulative incidence (%)")
    axes.tick_params(axis="x", pad=3 + count_rows(axes, run, at_risk))
    quiet(axes)
    p = pick(tests, statistic="log_rank", contrast=overall(run.study))["p"].dropna()
    text = f"log-rank {p_equals(p.iloc[0])}" if len(p) else "log-rank test not computed"
    axes.text(0.03, 0.97, text, transform=axes.transAxes, va="top", fontsize=7, color=INK)


def _to_edge(curve: pd.DataFrame, edge: float) -> pd.DataFrame:
    """The curve with its last level drawn on to the panel's edge, so that a step on the last day is seen."""
    return pd.concat([curve, curve.tail(1).assign(time=edge)], ignore_index=True)


def _at_risk(curve: pd.DataFrame, day: float) -> float:
    """Those under observation just before a day."""
    later = curve.loc[curve["time"] >= day, "at_risk"]
    return float(later.iloc[0]) if len(later) else 0.0


def _caption(run: Run, names: list[str]) -> str:
    words = endpoint_words(run.study, run.settings, with_visit=False)
    rules = "; ".join(f"{name}: {words[name]}" for name in names)
    deciding = dict.fromkeys(e.rule.visit for e in endpoints(run.study, run.settings) if e.name in names)
    last = listed([initial(run.study.visit_label(visit)) for visit in deciding])
    least = run.disclosure.threshold if run.disclosure else 0
    coarse = f" Steps are gathered until each stands for at least {least} participants." if least else ""
    return f"""**Time to {listed(names)}.** Cumulative incidence (1 − Kaplan–Meier) by group; bands are pointwise
    {level(run)} confidence intervals. The rule ({rules}) is applied at each visit up to the deciding one ({last}); the
    first visit at which it holds is the event. Participants without it are censored at their last visit up to then.
    Under the axis: number at risk just before that day.{coarse}"""


def _alt(run: Run, rows: pd.DataFrame, curves: pd.DataFrame, names: list[str]) -> str:
    return " ".join(_sentence(run, pick(rows, analysis=f"time_to_{name}"), curves, name) for name in names)


def _sentence(run: Run, tests: pd.DataFrame, curves: pd.DataFrame, name: str) -> str:
    ends = []
    for group in run.study.roles.compared:
        curve = curves[(curves["endpoint"] == name) & (curves["group"] == group)].sort_values("time")
        if curve.empty:
            continue
        ends.append(f"{number(100 * (1 - curve['survival'].iloc[-1]), 0)}{SPACE}% in {run.study.group_label(group)}")
    day = number(curves.loc[curves["endpoint"] == name, "time"].max(), 0)
    p = pick(tests, statistic="log_rank", contrast=overall(run.study))["p"].dropna()
    test = f" (log-rank {p_equals(p.iloc[0])})" if len(p) else ""
    return f"{name.capitalize()}: by day {day} the cumulative incidence reaches {listed(ends)}{test}."
