"""Every figure, on both bundled studies: what it says, whether it repeats itself, what it does with gaps."""

import re
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure
from matplotlib.text import Text

from helpers.analysis import baseline_cytokines, change, cohort, efficacy, longitudinal_cytokines, response
from helpers.analysis.frames import groups
from helpers.analysis.results import row, to_frame
from helpers.analysis.run import Run
from helpers.analysis.settings import Settings
from helpers.report import figures
from helpers.report.exhibit import TextExhibit
from helpers.study import Study, load_study

DATA = Path(__file__).parents[2] / "data"
STUDIES = ("synthetic", "pbc")
NAMES = (
    "fig-flow",
    "fig-missing",
    "fig-outcomes",
    "fig-time-to-endpoint",
    "fig-effects",
    "fig-baseline-cytokines",
    "fig-cytokine-changes",
    "fig-cytokine-trajectories",
    "fig-change-regressions",
    "fig-change-scatter",
    "fig-mediation",
    "fig-diagnostics-outcomes",
)


def make_run(study: Study) -> Run:
    return Run("00_test", study, Settings(bootstrap=200), "published", Path(), by_hand=False)


def model_like(study: Study) -> pd.DataFrame:
    """Rows as the mixed models give them, made from observed means: the figures read rows and fit nothing."""
    made = []
    for item in study.roles.outcomes:
        made += _model_like(study, "mixed_model", {"outcome": item.column}, item.visits)
    for analyte in study.roles.analytes.columns:
        cells = {"analyte": analyte}
        made += _model_like(study, longitudinal_cytokines.ALL_VISITS, cells, study.roles.analytes.visits)
    return to_frame(made)


def _model_like(study, analysis, cells, visits):
    between, within = {**cells, "adjustment": "bonferroni", "n": 60}, {**cells, "n": 60}
    for place, visit in enumerate(visits):
        p = 0.01 if place % 2 else 0.4
        tests = {"p": p, "p_adjusted": p}
        yield row(
            analysis, "mean_difference", -0.2, visit=visit, ci_low=-0.5, ci_high=0.1, p=p, p_adjusted=p, **between
        )
        for sign, group in zip((1, -1), study.roles.compared, strict=True):
            ends = {"ci_low": 1 - 0.1 * place, "ci_high": 2 - 0.1 * place}
            yield row(analysis, "marginal_mean", 1.5 - 0.1 * place, group=group, visit=visit, **ends, **within)
            if place:
                ends = {"ci_low": 0.2 * sign - 0.3, "ci_high": 0.2 * sign + 0.3}
                yield row(analysis, "change", 0.2 * sign, group=group, visit=visit, **ends, **tests, **between)


@pytest.fixture(scope="module")
def rows():
    """Everything the figures are drawn from, by study."""
    return {name: _rows(load_study(DATA / name)) for name in STUDIES}


def _rows(study: Study) -> dict:
    settings = Settings(bootstrap=200)
    draws = np.random.default_rng(1).normal(size=(2, 300))
    return {
        "run": make_run(study),
        "flow": cohort.participant_flow(study),
        "missing": cohort.missing_data(study),
        "course": pd.concat([model_like(study), efficacy.describe_outcomes(study, settings)], ignore_index=True),
        "times": response.time_to_endpoint(study, settings),
        "curves": response.survival_curves(study, settings),
        "samples": baseline_cytokines.baseline_samples(study),
        "baseline": baseline_cytokines.univariate_tests(study, settings),
        "regressions": change.change_regressions(study, settings, None),
        "changes": change.mediation_frame(study, None),
        "paths": change.mediation(study, settings, None),
        "fits": {"First": tuple(draws), "Second": tuple(draws[:, :50])},
    }


def draw(rows: dict, name: str):
    """One figure of a study by its name."""
    run = rows["run"]
    outcomes = [item.column for item in run.study.roles.outcomes]
    return {
        "fig-flow": lambda: figures.participant_flow(run, rows["flow"]),
        "fig-missing": lambda: figures.missing_data(run, rows["missing"]),
        "fig-outcomes": lambda: figures.trajectories(run, rows["course"], outcomes[:2], "fig-outcomes"),
        "fig-time-to-endpoint": lambda: figures.survival(run, rows["times"], rows["curves"]),
        "fig-effects": lambda: figures.effects(run, rows["course"]),
        "fig-baseline-cytokines": lambda: figures.baseline_cytokines(run, rows["baseline"], rows["samples"]),
        "fig-cytokine-changes": lambda: figures.cytokine_changes(run, rows["course"]),
        "fig-cytokine-trajectories": lambda: figures.cytokine_trajectories(run, rows["course"]),
        "fig-change-regressions": lambda: figures.change_heatmap(run, rows["regressions"]),
        "fig-change-scatter": lambda: figures.change_scatter(run, rows["changes"], rows["paths"]),
        "fig-mediation": lambda: figures.path_diagram(run, rows["paths"]),
        "fig-diagnostics-outcomes": lambda: figures.diagnostics(run, rows["fits"], "outcomes"),
    }[name]()


@pytest.fixture(scope="module")
def drawn(rows):
    """Each figure with the texts on its face; drawn once, when first asked for."""
    made, texts, save = {}, [], Figure.savefig

    def keep(figure, *args, **kwargs):
        # The file holds outlines, so the texts are caught as it is saved.
        texts[:] = [text.get_text() for text in figure.findobj(Text)]
        return save(figure, *args, **kwargs)

    def get(study, name):
        if (study, name) not in made:
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(Figure, "savefig", keep)
                made[study, name] = (draw(rows[study], name), list(texts))
        return made[study, name]

    return get


@pytest.mark.parametrize("study", STUDIES)
@pytest.mark.parametrize("name", NAMES)
def test_figure_is_complete(drawn, rows, study, name):
    (made, _), run = drawn(study, name), rows[study]["run"]
    ElementTree.fromstring(made.svg)
    assert made.name == name
    assert made.caption.startswith("**")
    for text in (made.caption, made.alt):
        assert "\n" not in text
        assert "  " not in text
        assert not re.search(r"\bnan\b|None|inf\b|\d\.\d{4,}(?!\d*e)", text), text
    assert name not in made.alt
    assert len(made.svg) < 600_000
    assert ("Synthetic cohort." in made.caption) is run.synthetic


@pytest.mark.parametrize("study", STUDIES)
@pytest.mark.parametrize("name", NAMES[:-1])
def test_alternative_text_names_the_groups(drawn, rows, study, name):
    roles = rows[study]["run"].study.roles
    one_group = name in ("fig-change-scatter", "fig-mediation")
    for group in [roles.mediation.group] if one_group else roles.compared:
        assert rows[study]["run"].study.group_label(group) in drawn(study, name)[0].alt


@pytest.mark.parametrize("name", NAMES)
def test_same_call_gives_the_same_bytes(drawn, rows, name):
    assert draw(rows["synthetic"], name).svg == drawn("synthetic", name)[0].svg


@pytest.mark.parametrize("study", STUDIES)
@pytest.mark.parametrize("name", NAMES)
def test_stamp_stands_on_synthetic_data_only(drawn, rows, study, name):
    _, texts = drawn(study, name)
    assert ("Synthetic cohort" in texts) is rows[study]["run"].synthetic
    assert not [text for text in texts if "nan" in text]


def test_flow_shows_the_groups_and_who_was_lost(drawn, rows):
    _, texts = drawn("synthetic", "fig-flow")
    study = rows["synthetic"]["run"].study
    assert {study.group_label(group) for group in groups(study)} <= set(texts)
    assert {"2 no sample", "3 no sample", "n = 126"} <= set(texts)


def without_values(frame: pd.DataFrame, keep: pd.Series) -> pd.DataFrame:
    """The rows with every number missing where ``keep`` is false."""
    numbers = ["value", "ci_low", "ci_high", "p", "p_adjusted"]
    return frame.assign(**{name: frame[name].where(keep) for name in numbers})


@pytest.mark.parametrize(
    ("name", "part", "column"),
    [
        ("fig-outcomes", "course", "outcome"),
        ("fig-effects", "course", "outcome"),
        ("fig-cytokine-changes", "course", "analyte"),
        ("fig-cytokine-trajectories", "course", "analyte"),
        ("fig-change-regressions", "regressions", "analyte"),
    ],
)
def test_missing_results_are_left_out_and_said(rows, name, part, column):
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


@pytest.mark.parametrize("name", ["fig-outcomes", "fig-effects", "fig-cytokine-changes"])
def test_nothing_estimated_is_drawn_without_marks(rows, name):
    mine = rows["synthetic"]
    made = draw({**mine, "course": without_values(mine["course"], pd.Series(False, index=mine["course"].index))}, name)
    assert "nan" not in made.alt + made.caption


def test_missing_rows_are_no_error(rows):
    mine = rows["pbc"]
    assert "Not estimated" in draw({**mine, "course": mine["course"].iloc[:0]}, "fig-outcomes").caption


def test_path_without_estimate_says_so(rows):
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
    run = make_run(bare)
    for made in (
        figures.path_diagram(run, mine["paths"]),
        figures.change_scatter(run, mine["changes"], mine["paths"]),
        figures.trajectories(run, mine["course"], [], "fig-none"),
        figures.change_heatmap(run, mine["regressions"].iloc[:0]),
        figures.diagnostics(run, {}, "none"),
    ):
        assert isinstance(made, TextExhibit)


def test_level_follows_alpha(rows):
    run = replace(rows["pbc"]["run"], settings=Settings(alpha=0.1))
    assert "90\u00a0% confidence" in figures.effects(run, rows["pbc"]["course"]).caption
