"""Which functions a notebook's figures, tables and sentences rest on, read from its code without running it."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Callable, Iterable
from functools import reduce
from importlib import import_module
from types import ModuleType
from typing import Any

PACKAGE = "helpers"
# They start a run and put rows together; they compute nothing.
PLUMBING = ("helpers.analysis.results.", "helpers.analysis.run.")


def name_of(function: Callable) -> str:
    """Where a function is defined, whatever it is wrapped in and wherever it is also offered.

    >>> from helpers.report import figures
    >>> name_of(figures.effects)
    'helpers.report.figures.effects.effects'
    """
    inner = inspect.unwrap(function)
    return f"{inner.__module__}.{inner.__qualname__}"


def function_at(name: str) -> Callable:
    """The function of a full name.

    >>> name_of(function_at("helpers.analysis.response.endpoint_words"))
    'helpers.analysis.response.endpoint_words'
    """
    module, _, last = name.rpartition(".")
    return inspect.unwrap(getattr(import_module(module), last))


def functions_behind(cells: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """The functions whose results each shown function was given, those called first before the others.

    Parameters
    ----------
    cells : iterable of str
        The code of a notebook's cells, in order; a cell that is not plain Python is passed over.

    Returns
    -------
    dict
        Full name of a function inside ``run.show(...)`` -> full names of functions of this package.

    Examples
    --------
    >>> code = '''from helpers.analysis import response
    ... from helpers.report import text
    ... rows = response.endpoints(run.study, run.settings)
    ... run.show(text.efficacy.endpoints(run, rows))'''
    >>> functions_behind([code])
    {'helpers.report.text.efficacy.endpoints': ('helpers.analysis.response.endpoints',)}
    """
    reader = _Reader()
    for code in cells:
        try:
            reader.visit(ast.parse(code))
        except SyntaxError:
            continue
    return reader.shown


class _Reader(ast.NodeVisitor):
    """Follows assigned names from call to call; what a name rests on is what its last assignment called."""

    def __init__(self) -> None:
        self.known: dict[str, Any] = {}
        self.behind: dict[str, tuple[str, ...]] = {}
        self.shown: dict[str, tuple[str, ...]] = {}

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        if (node.module or "").partition(".")[0] != PACKAGE:
            return
        module = import_module(node.module)
        for alias in node.names:
            found = getattr(module, alias.name, None) or import_module(f"{node.module}.{alias.name}")
            self.known[alias.asname or alias.name] = found

    def visit_Assign(self, node: ast.Assign) -> None:
        self.generic_visit(node)
        behind = self._rests_on(node.value)
        for target in node.targets:
            for name in ast.walk(target):
                if isinstance(name, ast.Name):
                    self.behind[name.id] = behind

    def visit_Call(self, node: ast.Call) -> None:
        self.generic_visit(node)
        if ast.unparse(node.func) == "run.show" and isinstance(node.args[0], ast.Call):
            inner = node.args[0]
            if name := self._called(inner):
                given = [*inner.args, *(word.value for word in inner.keywords)]
                self.shown[name] = _once(found for item in given for found in self._rests_on(item))

    def _rests_on(self, value: ast.AST) -> tuple[str, ...]:
        """Everything of the package that an expression calls, or that its names rest on; what comes first, first."""
        found: list[str] = []
        for node in ast.iter_child_nodes(value):
            found += self._rests_on(node)
        if isinstance(value, ast.Call) and (name := self._called(value)):
            found.append(name)
        if isinstance(value, ast.Name):
            found += self.behind.get(value.id, ())
        return _once(found)

    def _called(self, call: ast.Call) -> str:
        """The full name of a called function of this package; empty for plumbing and for everything else."""
        first, *rest = ast.unparse(call.func).split(".")
        found = reduce(lambda item, name: getattr(item, name, None), rest, self.known.get(first))
        if found is None or isinstance(found, ModuleType) or not callable(found):
            return ""
        name = name_of(found)
        return "" if name.startswith(PLUMBING) else name


def _once(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))
