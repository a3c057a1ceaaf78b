"""Figures, tables and sentences of a run under disclosure control."""

from __future__ import annotations

import inspect
import re
from dataclasses import replace

import pytest

from helpers.analysis.disclosure import WITHHELD, plan_for
from helpers.analysis.results import join, row, to_frame
from helpers.report import figures, tables, text
from helpers.report.controlled import passes, takes_run

DRAWN = (
    "fig-flow",
    "fig-missing",
    "fig-outcomes",
    "fig-time-to-endpoint",
    "fig-baseline-cytokines",
    "fig-baseline-differences",
    "fig-cytokine-volcano",
    "fig-change-scatter",
    "fig-diagnostics-outcomes",
)


class Spy:
    """A control that lets everything through and counts who came."""

    def __init__(self, seen: list):
        self.seen = seen

    def rows(self, frame):
        self.seen.append(len(frame))
        return frame


@pytest.fixture(scope="module")
def controlled(rows):
    """The same rows and inputs in runs under control, by study; rows are still uncontrolled."""
    made = {}
    for name, parts in rows.items():
        kinds = ("flow", "missing", "course", "times", "baseline", "together", "regressions", "paths")
        plan = plan_for(join(*(parts[kind] for kind in kinds)), 5)
        made[name] = {**parts, "run": replace(parts["run"], disclosure=plan)}
    return made


@pytest.mark.parametrize("study", ["synthetic", "pbc"])
@pytest.mark.parametrize("name", DRAWN)
def test_a_figure_says_nothing_unreadable_and_draws_nobody(controlled, draw, study, name):
    figure = draw(controlled[study], name)
    if not hasattr(figure, "svg"):
        return
    assert not re.search(r"\bnan\b|single participants|Points: participants", figure.alt + figure.caption)
    most = len(controlled[study]["run"].study.participants)
    for group in re.findall(r'<g id="(?:PathCollection|line2d)_\d+">(.*?)</g>\s*</g>', figure.svg, flags=re.DOTALL):
        assert group.count("<use ") < most / 4


def test_a_map_of_correlations_is_drawn_from_the_rows_that_are_told(controlled, draw):
    figure = draw(controlled["synthetic"], "fig-correlations-baseline")
    assert not re.search(r"\bnan\b", figure.alt + figure.caption)
    run, rows = controlled["synthetic"]["run"], controlled["synthetic"]["together"]
    few = replace(run, disclosure=plan_for(join(controlled["synthetic"]["flow"], rows), 61))
    gone = figures.correlations(few, rows)
    assert not hasattr(gone, "svg")  # no group has so many


def test_every_function_that_takes_a_run_is_behind_the_border():
    modules = [figures, *(vars(tables)[name] for name in tables.__all__), *(vars(text)[name] for name in text.__all__)]
    for module in modules:
        for name, item in vars(module).items():
            if inspect.isfunction(item) and not name.startswith("_") and takes_run(item):
                assert passes(item), f"{module.__name__}.{name}"


def test_a_function_that_asks_first_whether_it_applies_is_behind_the_border_too(controlled):
    run = controlled["synthetic"]["run"]
    gap = row("imputation", "imputed", float("nan"), analyte="il6", group="pain", visit="day_26", n=33, method=WITHHELD)
    seen = []
    spy = replace(run, disclosure=Spy(seen))
    text.cytokines.imputation(spy, to_frame([gap]))
    tables.cytokines.imputation(spy, to_frame([gap]))
    assert len(seen) == 2


def test_functions_that_are_decorated_otherwise_are_behind_it_too(controlled):
    run, rows = controlled["synthetic"]["run"], controlled["synthetic"]["baseline"]
    few = replace(run, disclosure=plan_for(join(controlled["synthetic"]["flow"], rows), 200))
    assert rows["value"].notna().all()
    assert "None could be estimated" in figures.baseline_forest(few, rows).alt
    assert "None could be estimated" not in figures.baseline_forest(replace(run, disclosure=None), rows).alt


def test_a_missing_count_is_a_dash_and_is_said_to_be(controlled):
    run, flow = controlled["synthetic"]["run"], controlled["synthetic"]["flow"]
    assert text.cohort.flow(run, flow).markdown.startswith("Blood samples missing: – of 33")
    shown = run.disclosure.rows(flow)
    gone = shown[shown["method"] == WITHHELD]
    assert set(gone["visit"]) == {"day_26"}


def test_a_run_without_control_shows_everything(rows):
    flow = text.cohort.flow(rows["synthetic"]["run"], rows["synthetic"]["flow"]).markdown
    assert re.match(r"Blood samples missing: \d of 33", flow)
