"""A notebook's run: its study, its settings, and where its results go."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
from IPython.display import display

from helpers.analysis.disclosure import Disclosure, read_control
from helpers.analysis.files import write_whole
from helpers.analysis.places import resolve
from helpers.analysis.results import join, read_results, rounded, write_results
from helpers.analysis.scenarios import load_scenario
from helpers.analysis.settings import Settings, SettingsError, suggestion
from helpers.study import Study, load_study

KEPT_DIGITS = 10
PLACES = ("study", "scenario", "output")
Compute = Callable[[Study, Settings], pd.DataFrame]
PLAIN = (str, int, float, bool, type(None))


@dataclass(frozen=True, eq=False)
class Run:
    """What a notebook works with.

    Attributes
    ----------
    notebook : str
        Name of the notebook, which is also the name of its results table.
    study : Study
    settings : Settings
    scenario : str
        The scenario's name; with what was changed by hand, if anything was.
    output : Path
        Folder of this run's products.
    by_hand : bool
        True when nobody gave an output folder: a person runs the cells.
    disclosure : Disclosure or None
        What may be shown, in a run whose products leave the machine; none in every other.
    folder : Path or None
        The study's folder; none for a study that is in memory alone.
    """

    notebook: str
    study: Study
    settings: Settings
    scenario: str
    output: Path
    by_hand: bool
    disclosure: Disclosure | None = None
    folder: Path | None = None

    @property
    def synthetic(self) -> bool:
        """True when the data are made."""
        return self.study.descriptor.data_source == "synthetic"

    def show(self, exhibit) -> None:
        """Display an exhibit and save its file beside the results; nothing for one that is empty."""
        if getattr(exhibit, "markdown", None) == "":
            return
        for name, content in exhibit.files().items():
            write_whole(self.output / name, content)
        display(exhibit)

    def write(self, *parts: pd.DataFrame) -> pd.DataFrame:
        """Write the results table of this notebook, whole or not at all, and return it."""
        rows = join(*parts).assign(scenario=self.scenario)
        rows["scenario"] = rows["scenario"].astype("string")
        rows = self.disclosure.rows(rows) if self.disclosure else rows
        write_results(rows, self.output / "results" / f"{self.notebook}.csv")
        return rows

    def upstream(self, notebook: str, otherwise: Compute) -> pd.DataFrame:
        """Results of an earlier notebook of the same build; computed here when the cells are run by hand."""
        return (
            otherwise(self.study, self.settings)
            if self.by_hand
            else read_results(self.output / "results" / f"{notebook}.csv")
        )

    def keep(self, table: pd.DataFrame, name: str) -> None:
        """Save a table that a later notebook starts from.

        Ten digits: the last of a double differ between processors. The results, of fewer digits, are the same.
        Identifiers stay as they are, as the table is read back (see `helpers.cli.tables.harmless`).
        """
        text = table.to_csv(index=False, float_format=f"%.{KEPT_DIGITS}g", lineterminator="\n")
        write_whole(self.output / "tables" / f"{name}.csv", text.encode("utf-8"))

    def kept(self, name: str, otherwise: Compute) -> pd.DataFrame:
        """A table an earlier notebook of the same build kept; computed here when the cells are run by hand."""
        if self.by_hand:
            return _as_kept(otherwise(self.study, self.settings))
        path = self.output / "tables" / f"{name}.csv"
        return pd.read_csv(path, dtype={"id": "string"}, keep_default_na=False, na_values=[""])


def _as_kept(table: pd.DataFrame) -> pd.DataFrame:
    """A table with its numbers to ten digits, so that what is kept and what is computed by hand are the same."""
    numbers = table.select_dtypes("float").columns
    return table.assign(**{name: rounded(table[name], KEPT_DIGITS) for name in numbers})


def begin(notebook: str, namespace: Mapping[str, Any]) -> Run:
    """Start a notebook's run from its parameters.

    Parameters
    ----------
    notebook : str
        The notebook's name, ``02_efficacy``.
    namespace : mapping
        ``globals()`` of the notebook. The parameters are its plain values (text, numbers, none).

    Raises
    ------
    SettingsError
        A parameter is unknown, misspelt, or not allowed: papermill itself would only warn.
    StudyError
        The study folder cannot be used.
    """
    given = _parameters(namespace)
    settings = Settings.from_mapping({k: v for k, v in given.items() if k not in PLACES}, where=notebook)
    places = {name: given.get(name, "") for name in PLACES}
    if not places["study"] or not isinstance(places["study"], str):
        raise SettingsError(notebook, ["study: expected a folder that holds datapackage.json"])
    if not isinstance(places["scenario"], str) or not isinstance(places["output"], str):
        raise SettingsError(notebook, ["scenario, output: expected text, the name of a scenario and a folder"])
    study = load_study(resolve(places["study"]), name=places["study"])
    scenario = _scenario_label(places["scenario"], settings)
    folder = places["output"] or Path("build") / "by_hand" / study.descriptor.name / places["scenario"]
    control = read_control(resolve(folder)) if places["output"] else None
    by_hand, source = not places["output"], resolve(places["study"])
    return Run(notebook, study, settings, scenario, resolve(folder), by_hand, control, source)


def _parameters(namespace: Mapping[str, Any]) -> dict[str, Any]:
    known = (*PLACES, *Settings.names())
    # An import that takes a parameter's name would silently put the default in its place.
    hidden = [name for name in known if name in namespace and not isinstance(namespace[name], PLAIN)]
    if hidden:
        kinds = {name: type(namespace[name]).__name__ for name in hidden}
        raise SettingsError("parameters", [f"{n}: found a {k}; expected a plain value" for n, k in kinds.items()])
    plain = {
        name: value
        for name, value in namespace.items()
        if not name.startswith("_") and isinstance(value, PLAIN) and name not in ("In", "Out")
    }
    # On a second run of the set-up cell the person's own variables are there too; only the first run is strict.
    unknown = [] if isinstance(namespace.get("run"), Run) else [name for name in plain if name not in known]
    if unknown:
        raise SettingsError("parameters", [f"{name}: no such parameter; {suggestion(name, known)}" for name in unknown])
    return {name: value for name, value in plain.items() if name in known}


def _scenario_label(name: str, settings: Settings) -> str:
    changed = settings.differences(load_scenario(name))
    return name if not changed else f"{name}, with " + ", ".join(f"{k} = {v}" for k, v in changed.items())
