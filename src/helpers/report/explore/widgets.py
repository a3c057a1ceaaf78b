"""Controls for the views, in JupyterLab and on Binder: ipywidgets, one list a choice."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from IPython.display import display

from helpers.analysis.frames import analyte_titles
from helpers.analysis.run import Run
from helpers.analysis.settings import COVARIANCES
from helpers.report.explore.views import analyte_view, outcome_view
from helpers.report.words import DFS, STRUCTURES

Options = Mapping[str, object]
STRUCTURE = {STRUCTURES[name]: name for name in COVARIANCES}
METHODS = {words[0].upper() + words[1:]: name for name, words in DFS.items()}
COVARIATES = {"those that differ at baseline": "differing", "none": "none"}
SAMPLES = {"completed by EM": "em", "observed only": "none"}


def outcomes(run: Run):
    """A panel of lists (outcome, covariance structure, degrees of freedom, covariates) over what they show."""
    named = {run.study.field("outcomes", item.column).title: item.column for item in run.study.roles.outcomes}
    lists = {"outcome": ("Outcome", named), **_common(), "covariates": ("Covariates", COVARIATES)}
    return _panel(run, lists, outcome_view)


def analytes(run: Run):
    """The same of the analytes: analyte, covariance structure, degrees of freedom, missing samples."""
    named = {title: name for name, title in analyte_titles(run.study).items()}
    if len(run.study.roles.analytes.visits) < 2:
        return "No analyte of this study was sampled at two visits."
    lists = {"analyte": ("Analyte", named), **_common(), "imputation": ("Missing samples", SAMPLES)}
    return _panel(run, lists, analyte_view)


def _common() -> dict[str, tuple[str, Options]]:
    return {"covariance": ("Covariance", STRUCTURE), "df": ("Degrees of freedom", METHODS)}


def _panel(run: Run, lists: Mapping[str, tuple[str, Options]], view: Callable[..., Sequence]):
    """Lists that start at the run's settings, and below them what the view shows of the choice."""
    import ipywidgets  # only where notebooks are used by hand

    made = {
        name: ipywidgets.Dropdown(options=list(options.items()), description=label, value=_start(run, name, options),
                                  style={"description_width": "9rem"}, layout={"width": "32rem"})
        for name, (label, options) in lists.items()
    }  # fmt: skip

    def show(**chosen) -> None:
        for exhibit in view(run, **chosen):
            if getattr(exhibit, "markdown", None) != "":
                display(exhibit)

    shown = ipywidgets.interactive_output(show, made)
    return ipywidgets.VBox([*made.values(), shown])


def _start(run: Run, name: str, options: Options) -> object:
    set_to = getattr(run.settings, name, None)
    return set_to if set_to in options.values() else next(iter(options.values()))
