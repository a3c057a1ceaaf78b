"""Figures where something is missing, does not apply, or is set otherwise by the scenario."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import seaborn as sns

from helpers.analysis import response
from helpers.analysis.results import row, to_frame
from helpers.analysis.settings import Settings
from helpers.report import figures
from helpers.report.exhibit import TextExhibit
from helpers.report.figures.common import readable_cells
from helpers.report.style import INK, drawing, new_figure
from helpers.study import Study


def without_values(frame: pd.DataFrame, keep: pd.Series) -> pd.DataFrame:
    """The rows with every number missing where ``keep`` is false."""
    numbers = ["value", "ci_low", "ci_high", "p", "p_adjusted"]
    return frame.assign(**{name: frame[name].where(keep) for name in numbers})


@pytest.mark.parametrize(
    ("name", "part", "column"),
    [
        ("fig-outcomes", "course", "outcome"),
        ("fig-effects", "course", "outcome"),
        ("fig-baseline-differences", "baseline", "analyte"),
        ("fig-correlations-baseline", "together", "analyte"),
        ("fig-correlations-changes", "together_changed", "analyte"),
        ("fig-cytokine-changes", "course", "analyte"),
        ("fig-cytokine-volcano", "course", "analyte"),
        ("fig-cytokine-trajectories", "course", "analyte"),
        ("fig-change-regressions", "regressions", "analyte"),
    ],
)
def test_missing_results_are_left_out_and_said(draw, rows, name, part, column):
    mine = rows["pbc"]
    roles = mine["run"].study.roles
    first, role = roles.analytes.columns[0], "analytes"
    if column == "outcome":
        first, role = roles.outcomes[0].column, "outcomes"
    gappy = without_values(mine[part], mine[part][column] != first)
    made = draw({**mine, part: gappy}, name)
    assert "Not estimated" in made.caption
    assert mine["run"].study.field(role, first).title in made.caption
    assert "nan" not in made.alt


@pytest.mark.parametrize("name", ["fig-outcomes", "fig-effects", "fig-cytokine-changes", "fig-cytokine-volcano"])
def test_nothing_estimated_is_drawn_without_marks(draw, rows, name):
    mine = rows["synthetic"]
    made = draw({**mine, "course": without_values(mine["course"], pd.Series(False, index=mine["course"].index))}, name)
    assert "nan" not in made.alt + made.caption


def test_missing_rows_are_no_error(draw, rows):
    mine = rows["pbc"]
    assert "Not estimated" in draw({**mine, "course": mine["course"].iloc[:0]}, "fig-outcomes").caption


def test_path_without_estimate_says_so(draw, rows):
    mine = rows["synthetic"]
    none = to_frame([row("mediation", "indirect", float("nan"), n=2, method="not computed: too few")])
    assert "could not be estimated" in draw({**mine, "paths": none}, "fig-mediation").alt
    few = mine["changes"].head(2)
    made = draw({**mine, "paths": none, "changes": few}, "fig-change-scatter")
    assert "no slope" in made.alt


def test_what_does_not_apply_is_said_in_words(rows):
    mine = rows["pbc"]
    run, descriptor = mine["run"], mine["run"].study.descriptor
    bare = Study(replace(descriptor, roles=replace(descriptor.roles, mediation=None)), run.study.tables)
    run = replace(run, study=bare)
    for made in (
        figures.path_diagram(run, mine["paths"]),
        figures.change_scatter(run, mine["changes"], mine["paths"]),
        figures.trajectories(run, mine["course"], [], "fig-none"),
        figures.change_heatmap(run, mine["regressions"].iloc[:0]),
        figures.diagnostics(run, {}, "none"),
        figures.correlations(run, mine["together"].iloc[:0]),
    ):
        assert isinstance(made, TextExhibit)


def test_level_follows_alpha(rows):
    mine, settings = rows["pbc"], Settings(alpha=0.1)
    run = replace(mine["run"], settings=settings)
    assert "90\u00a0% confidence" in figures.effects(run, mine["course"]).caption
    curves = response.survival_curves(run.study, settings)
    assert "90\u00a0% confidence" in figures.survival(run, mine["times"], curves).caption
    wide = curves["ci_high"] - curves["ci_low"]
    assert (wide <= mine["curves"]["ci_high"] - mine["curves"]["ci_low"] + 1e-12).all()


def test_rule_of_an_endpoint_is_told_without_a_visit_of_its_own(drawn):
    caption = drawn("synthetic", "fig-time-to-endpoint")[0].caption
    assert "remission: MADRS of at most 10) is applied at each visit up to the deciding one (infusion 6)" in caption


def test_curves_of_one_group_or_none(rows):
    mine = rows["pbc"]
    first, second = mine["run"].study.roles.compared
    one = figures.survival(mine["run"], mine["times"], mine["curves"][mine["curves"]["group"] == second])
    assert mine["run"].study.group_label(second) in one.alt
    assert mine["run"].study.group_label(first) not in one.alt
    assert isinstance(figures.survival(mine["run"], mine["times"], mine["curves"].iloc[:0]), TextExhibit)


@pytest.mark.parametrize("name", ["fig-outcomes", "fig-cytokine-trajectories"])
def test_differences_at_a_visit_are_one_comparison(drawn, name):
    caption = drawn("pbc", name)[0].caption
    assert "p < 0.05, one comparison a visit" in caption.replace("\xa0", " ")
    assert "Bonferroni" not in caption


def test_large_groups_are_outlines(draw, rows):
    mine = rows["pbc"]
    many = pd.concat([mine["samples"]] * 3, ignore_index=True)
    made = draw({**mine, "samples": many}, "fig-baseline-cytokines")
    assert "Outlines: density" in made.caption
    assert "Points: participants" in draw(mine, "fig-baseline-cytokines").caption


def test_analyte_without_values_leaves_an_empty_panel(draw, rows):
    mine = rows["pbc"]
    analytes, group = mine["run"].study.roles.analytes.columns, mine["run"].study.roles.compared[0]
    gappy = mine["samples"].copy()
    gappy[analytes[0]] = np.nan
    gappy.loc[gappy["group"] == group, analytes[1]] = np.nan
    assert "nan" not in draw({**mine, "samples": gappy}, "fig-baseline-cytokines").alt


def test_cells_are_written_in_the_colour_of_higher_contrast():
    with drawing():
        axes, values = new_figure().add_subplot(), np.array([[0.0, np.nan], [0.5, 1.0]])
        sns.heatmap(values, annot=True, cmap="Greys", cbar=False, ax=axes)
        readable_cells(axes, values)
    assert [text.get_color() for text in axes.texts] == [INK, INK, "white"]
