"""Results rows of both bundled studies, and every figure drawn from them."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure
from matplotlib.text import Text

from helpers.analysis import (
    baseline_cytokines,
    change,
    cohort,
    correlations,
    efficacy,
    longitudinal_cytokines,
    missing_patterns,
    response,
)
from helpers.analysis.results import row, to_frame
from helpers.analysis.run import Run
from helpers.analysis.settings import Settings
from helpers.report import figures
from helpers.study import Study, load_study

DATA = Path(__file__).parents[2] / "data"
STUDIES = ("synthetic", "pbc")


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


@pytest.fixture(scope="session")
def rows():
    """Everything the figures are drawn from, by study."""
    return {name: _rows(load_study(DATA / name)) for name in STUDIES}


def _rows(study: Study) -> dict:
    settings = Settings(bootstrap=200)
    tests = baseline_cytokines.univariate_tests(study, settings)
    regressions = change.change_regressions(study, settings, None)
    draws = np.random.default_rng(1).normal(size=(2, 300))
    return {
        "run": make_run(study),
        "flow": cohort.participant_flow(study),
        "missing": cohort.missing_data(study),
        "patterns": missing_patterns.missing_patterns(study),
        "course": pd.concat([model_like(study), efficacy.describe_outcomes(study, settings)], ignore_index=True),
        "times": response.time_to_endpoint(study, settings),
        "curves": response.survival_curves(study, settings),
        "samples": baseline_cytokines.baseline_samples(study),
        "baseline": tests,
        "together": correlations.baseline_correlations(study, settings, tests),
        "regressions": regressions,
        "together_changed": correlations.change_correlations(study, settings, regressions),
        "changes": change.mediation_frame(study, None),
        "paths": change.mediation(study, settings, None),
        "fits": {"First": tuple(draws), "Second": tuple(draws[:, :50])},
    }


def _draw(rows: dict, name: str):
    run = rows["run"]
    outcomes = [item.column for item in run.study.roles.outcomes]
    return {
        "fig-flow": lambda: figures.participant_flow(run, rows["flow"]),
        "fig-missing": lambda: figures.missing_data(run, rows["missing"]),
        "fig-missing-patterns": lambda: figures.missing_patterns(run, rows["patterns"]),
        "fig-outcomes": lambda: figures.trajectories(run, rows["course"], outcomes[:2], "fig-outcomes"),
        "fig-time-to-endpoint": lambda: figures.survival(run, rows["times"], rows["curves"]),
        "fig-effects": lambda: figures.effects(run, rows["course"]),
        "fig-baseline-cytokines": lambda: figures.baseline_cytokines(run, rows["baseline"], rows["samples"]),
        "fig-baseline-differences": lambda: figures.baseline_forest(run, rows["baseline"]),
        "fig-correlations-baseline": lambda: figures.correlations(run, rows["together"]),
        "fig-correlations-changes": lambda: figures.correlations(run, rows["together_changed"], correlations.CHANGE),
        "fig-cytokine-volcano": lambda: figures.volcano(run, rows["course"]),
        "fig-cytokine-changes": lambda: figures.cytokine_changes(run, rows["course"]),
        "fig-cytokine-trajectories": lambda: figures.cytokine_trajectories(run, rows["course"]),
        "fig-change-regressions": lambda: figures.change_heatmap(run, rows["regressions"]),
        "fig-change-scatter": lambda: figures.change_scatter(run, rows["changes"], rows["paths"]),
        "fig-mediation": lambda: figures.path_diagram(run, rows["paths"]),
        "fig-diagnostics-outcomes": lambda: figures.diagnostics(run, rows["fits"], "outcomes"),
    }[name]()


@pytest.fixture(scope="session")
def draw():
    """One figure of a study by its name: ``draw(rows["synthetic"], "fig-flow")``."""
    return _draw


@pytest.fixture(scope="session")
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
                made[study, name] = (_draw(rows[study], name), list(texts))
        return made[study, name]

    return get
