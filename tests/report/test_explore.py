"""Exploring by hand: a choice shows what a scenario with that choice would have shown, and changes nothing else."""

from __future__ import annotations

from dataclasses import replace

import pytest

from helpers.analysis import efficacy, longitudinal_cytokines, missing_samples
from helpers.analysis.results import pick
from helpers.analysis.settings import SettingsError
from helpers.report import explore
from helpers.report.explore import widgets
from helpers.report.format import number

STUDIES = ("synthetic", "pbc")


@pytest.fixture(scope="module")
def runs(books):
    return {name: chapters["01_cohort"].run for name, chapters in books.items()}


def table(exhibits, name):
    return next(item for item in exhibits if getattr(item, "name", "") == name).frame


@pytest.mark.parametrize("name", STUDIES)
def test_an_outcome_under_another_structure_is_that_model(name, runs):
    run = runs[name]
    outcome = run.study.roles.outcomes[-1].column
    shown = explore.outcome_view(run, outcome, covariance="ar1", df="residual", covariates="none")
    settings = replace(run.settings, covariance="ar1", df="residual", covariates="none")
    fits = efficacy.fit_outcomes(run.study, settings, ())
    models = efficacy.outcome_models(run.study, settings, fits)
    tests = pick(models, analysis="mixed_model", outcome=outcome, statistic="F")
    assert list(table(shown, "tab-models")["F"]) == [number(value, 3) for value in tests["value"]]
    assert shown[0].svg.startswith("<?xml")
    assert run.study.roles.outcomes[-1].label in shown[1].markdown


@pytest.mark.parametrize("name", STUDIES)
def test_an_analyte_is_shown_alone(name, runs):
    run = runs[name]
    analyte = run.study.roles.analytes.columns[1]
    shown = explore.analyte_view(run, analyte, covariance="unstructured", imputation="none")
    settings = replace(run.settings, covariance="unstructured", imputation="none", adjustment="none")
    completed, _ = missing_samples.completed_samples(run.study)
    every = longitudinal_cytokines.analyte_models(run.study, settings, completed, sensitivity=False)
    tests = pick(every, analysis=longitudinal_cytokines.ALL_VISITS, analyte=analyte, statistic="F")
    (line,) = table(shown, "tab-s3").itertuples(index=False)
    for value in tests["value"]:
        assert number(value) in line


def test_an_unknown_choice_is_refused_in_words(runs):
    with pytest.raises(SettingsError, match="covariance"):
        explore.outcome_view(runs["pbc"], "bilirubin", covariance="banana")


def lists(panel):
    return {child.description: child for child in panel.children[:-1]}


def test_the_lists_start_at_the_scenario_and_a_change_shows_another_model(runs, monkeypatch):
    shown = []
    monkeypatch.setattr(widgets, "display", shown.append)
    panel = explore.outcomes(runs["synthetic"])
    chosen = lists(panel)
    assert chosen["Covariance"].value == runs["synthetic"].settings.covariance
    first = [table([item], "tab-models") for item in shown if getattr(item, "name", "") == "tab-models"]
    shown.clear()
    chosen["Covariance"].value = "diagonal"
    (second,) = [table([item], "tab-models") for item in shown if getattr(item, "name", "") == "tab-models"]
    assert list(first[0]["F"]) != list(second["F"])
    shown.clear()
    chosen["Outcome"].value = "vas"
    assert any("VAS" in getattr(item, "caption", "") for item in shown)


def test_every_outcome_and_analyte_can_be_chosen(runs, monkeypatch):
    monkeypatch.setattr(widgets, "display", lambda item: None)
    for run in runs.values():
        outcomes = [value for _, value in lists(explore.outcomes(run))["Outcome"].options]
        assert outcomes == [item.column for item in run.study.roles.outcomes]
        analytes = [value for _, value in lists(explore.analytes(run))["Analyte"].options]
        assert tuple(analytes) == run.study.roles.analytes.columns
