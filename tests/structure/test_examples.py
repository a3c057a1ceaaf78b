"""Every public function of the statistics shows how it is used, by an example that the tests run."""

from __future__ import annotations

import importlib
import inspect
import pkgutil

import pytest

import helpers.models

MODULES = [
    importlib.import_module(f"helpers.models.{found.name}") for found in pkgutil.iter_modules(helpers.models.__path__)
]
FUNCTIONS = [
    (module.__name__, name)
    for module in MODULES
    for name, item in vars(module).items()
    if inspect.isfunction(item) and item.__module__ == module.__name__ and not name.startswith("_")
]


@pytest.mark.parametrize(("module", "name"), FUNCTIONS)
def test_a_public_function_has_a_runnable_example(module, name):
    assert ">>> " in inspect.getdoc(getattr(importlib.import_module(module), name))


def test_what_the_package_offers_is_what_it_lists():
    offered = {name for name in vars(helpers.models) if not name.startswith("_")}
    modules = {found.name for found in pkgutil.iter_modules(helpers.models.__path__)}
    assert offered - modules <= set(helpers.models.__all__) | {"annotations"}
    assert sorted(helpers.models.__all__) == list(helpers.models.__all__)
