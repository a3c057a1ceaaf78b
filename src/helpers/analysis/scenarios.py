"""Named sets of settings: the YAML files under ``scenarios/``."""

from __future__ import annotations

from pathlib import Path

from helpers.analysis.places import project_root, resolve
from helpers.analysis.settings import Settings, SettingsError, suggestion
from helpers.analysis.yaml_file import read_yaml

# The files of `make multiverse` and `make design`, which are no scenarios.
OTHERS = ("multiverse", "design")


def scenario_file(name: str) -> Path:
    """The file of a scenario, by name (``published``) or by path, absolute or relative to the checkout.

    Raises
    ------
    SettingsError
        There is no such scenario; the message lists those there are.
    """
    folder = project_root() / "scenarios"
    for candidate in (folder / f"{name}.yaml", resolve(name)):
        if candidate.is_file() and candidate.suffix in (".yaml", ".yml"):
            return candidate
    known = tuple(sorted(path.stem for path in folder.glob("*.yaml") if path.stem not in OTHERS))
    raise SettingsError("scenario", [f"no scenario is called {name!r}; {suggestion(name, known)}"])


def load_scenario(name: str) -> Settings:
    """The settings a scenario holds.

    Raises
    ------
    SettingsError
        No such scenario, not YAML, or a parameter in it is unknown or not allowed.
    """
    path = scenario_file(name)
    values = read_yaml(path) or {}
    if not isinstance(values, dict):
        raise SettingsError(path.name, ["expected one `parameter: value` a line"])
    return Settings.from_mapping(values, where=path.name)
