"""The border that everything shown passes: under disclosure control, rows are controlled before they are read.

Functions of :mod:`helpers.report.tables`, ``figures`` and ``text`` take a run and results rows. Here each is wrapped,
so that none of them, and none that will be written, has to remember.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from types import ModuleType
from typing import Any

import pandas as pd

from helpers.analysis.disclosure import anything_withheld
from helpers.analysis.results import COLUMNS
from helpers.report.exhibit import FigureExhibit, TableExhibit

NOTE = "Withheld or coarser under disclosure control: see the page [What was withheld](../withheld.md)."
MARK = "rows_are_controlled"
DASH = "–: withheld under disclosure control, or not computed."


def under_control(function: Callable) -> Callable:
    """The function, whose results rows pass the disclosure control of its run first; as it is for any other run."""

    @wraps(function)
    def shown(run, *arguments: Any, **named: Any) -> Any:
        control = getattr(run, "disclosure", None)
        if control is None:
            return function(run, *arguments, **named)
        given = [control.rows(item) if is_results(item) else item for item in arguments]
        named = {name: control.rows(item) if is_results(item) else item for name, item in named.items()}
        lacking = any(anything_withheld(item) for item in [*given, *named.values()] if is_results(item))
        return _noted(function(run, *given, **named), lacking)

    setattr(shown, MARK, True)
    return shown


def is_results(item: Any) -> bool:
    """Whether something is a table of results rows.

    >>> from helpers.analysis.results import row, to_frame
    >>> is_results(to_frame([row("response", "count", 24)])), is_results(pd.DataFrame({"id": []}))
    (True, False)
    """
    return isinstance(item, pd.DataFrame) and set(COLUMNS) <= set(item.columns)


def guard(*modules: ModuleType) -> None:
    """Wrap every public function of the modules that takes a run first."""
    for module in modules:
        for name, item in list(vars(module).items()):
            if not name.startswith("_") and inspect.isfunction(item) and takes_run(item):
                setattr(module, name, under_control(item))


def takes_run(function: Callable) -> bool:
    """Whether a function's first parameter is a run and it is not behind the border yet.

    A mark of its own says so: other decorators wrap functions too.
    """
    first = next(iter(inspect.signature(function).parameters), "")
    return first == "run" and not hasattr(function, MARK)


def _noted(exhibit: Any, lacking: bool) -> Any:
    """Say under a table or figure that it lacks something."""
    if not lacking:
        return exhibit
    if isinstance(exhibit, TableExhibit):
        return replace(exhibit, note=f"{exhibit.note} {DASH} {NOTE}".strip())
    if isinstance(exhibit, FigureExhibit):
        return replace(exhibit, caption=f"{exhibit.caption} {NOTE}")
    return exhibit
