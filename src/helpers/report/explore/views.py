"""What a choice of outcome or analyte, covariance structure and degrees of freedom shows: a figure and its tests."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from helpers.analysis import baseline_table, efficacy, longitudinal_cytokines, missing_samples, results
from helpers.analysis.run import Run
from helpers.analysis.settings import Settings
from helpers.report import figures, tables, text
from helpers.report.exhibit import FigureExhibit, TableExhibit, TextExhibit
from helpers.report.listing import ListingExhibit
from helpers.study import Study

Exhibit = FigureExhibit | TableExhibit | ListingExhibit | TextExhibit


def outcome_view(run: Run, outcome: str, **choices) -> tuple[Exhibit, ...]:
    """Course, tests and convergence of one outcome under other settings.

    Parameters
    ----------
    outcome : str
        A column of the outcomes table.
    **choices
        Settings to put in place of the run's: ``covariance``, ``df``, ``covariates``, ...

    Returns
    -------
    tuple of exhibits
        Figure, sentence, table of the tests, and how the fit went.

    Raises
    ------
    SettingsError
        A choice is not among those that a scenario may make.
    """
    chosen = _with(run, outcomes=(outcome,), **choices)
    entered = _covariates(run.study, chosen.settings)
    fits = efficacy.fit_outcomes(chosen.study, chosen.settings, entered)
    models = efficacy.outcome_models(chosen.study, chosen.settings, fits)
    course = results.join(models, efficacy.describe_outcomes(chosen.study, chosen.settings))
    return (
        figures.trajectories(chosen, course, [outcome], "fig-explored-outcome"),
        text.efficacy.models(chosen, models),
        tables.efficacy.model_tests(chosen, models),
        tables.fits.convergence(chosen, models, "tab-explored-fits"),
    )


def analyte_view(run: Run, analyte: str, **choices) -> tuple[Exhibit, ...]:
    """Course, tests and convergence of one analyte over the visits; p is not adjusted over the others.

    Parameters, returned value and errors as :func:`outcome_view`; ``imputation`` is a choice too.
    """
    chosen = _with(run, analytes=(analyte,), **{"adjustment": "none", **choices})
    completed, _ = missing_samples.completed_samples(chosen.study)
    models = longitudinal_cytokines.analyte_models(chosen.study, chosen.settings, completed, sensitivity=False)
    return (
        figures.cytokine_trajectories(chosen, models),
        text.cytokines.changes(chosen, models),
        tables.cytokines.all_visit_tests(chosen, models),
        tables.fits.convergence(chosen, models, "tab-explored-fits"),
    )


def _covariates(study: Study, settings: Settings) -> Sequence[str]:
    return baseline_table.recorded_covariates(baseline_table.choose(study, settings))


def _with(run: Run, outcomes: Sequence[str] = (), analytes: Sequence[str] = (), **choices) -> Run:
    """The run, of the named outcomes or analytes only, under other settings; checked as a scenario is."""
    roles = run.study.roles
    if outcomes:
        roles = replace(roles, outcomes=tuple(item for item in roles.outcomes if item.column in outcomes))
    if analytes:
        roles = replace(roles, analytes=replace(roles.analytes, columns=tuple(analytes)))
    study = replace(run.study, descriptor=replace(run.study.descriptor, roles=roles))
    settings = Settings.from_mapping({**run.settings.as_dict(), **choices}, where="explore")
    return replace(run, study=study, settings=settings)
