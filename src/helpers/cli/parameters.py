"""A notebook's parameters, checked by name and type before anything runs. Papermill only warns."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from typing import Any

from helpers.cli.errors import UsageError
from helpers.cli.layout import Place

TYPES: dict[str, tuple[type, ...]] = {
    "str": (str,),
    "int": (int,),
    "float": (float, int),
    "bool": (bool,),
    "None": (type(None),),
}


def run_parameters(where: Place, settings: Mapping[str, Any]) -> dict[str, Any]:
    """What a notebook of this run is given: where it reads and writes, and the scenario's values."""
    return {"study": where.study, "scenario": where.scenario, "output": where.folder, **settings}


def declared_parameters(notebook: Mapping[str, Any]) -> dict[str, str]:
    """Names and annotations in the cell tagged ``parameters``.

    Read from the syntax tree: papermill's own reader matches lines by a pattern, and passes over annotations such as
    ``float | None`` and comments with an equals sign.

    Examples
    --------
    >>> cell = {"cell_type": "code", "metadata": {"tags": ["parameters"]}, "source": "cutoff: float | None = None"}
    >>> declared_parameters({"cells": [cell]})
    {'cutoff': 'float | None'}
    """
    tagged = (cell for cell in notebook["cells"] if "parameters" in cell["metadata"].get("tags", []))
    cell = next(tagged, None)
    if cell is None:
        return {}
    statements = ast.parse("".join(cell["source"])).body
    annotated = {s.target.id: ast.unparse(s.annotation) for s in statements if isinstance(s, ast.AnnAssign)}
    plain = {t.id: "" for s in statements if isinstance(s, ast.Assign) for t in s.targets if isinstance(t, ast.Name)}
    return annotated | plain


def check_against_notebook(given: Mapping[str, Any], declared: Mapping[str, str], notebook: str) -> None:
    """Refuse parameters that the notebook does not declare, or declares with another type.

    Parameters
    ----------
    given : mapping
        Parameter values.
    declared : mapping
        Annotations of the notebook's parameters, by name.
    notebook : str
        Name of the notebook, for the message.

    Raises
    ------
    UsageError
        Names every parameter that is unknown (with the nearest name) or ill-typed.

    Examples
    --------
    >>> check_against_notebook({"sed": 1}, {"seed": "int"}, "01_cohort")
    Traceback (most recent call last):
    helpers.cli.errors.UsageError: 01_cohort: parameters refused, nothing was run
      - sed: the notebook has no such parameter; did you mean seed?
    """
    if not declared:
        raise UsageError(f"{notebook}: no cell is tagged `parameters`; tag the cell that sets study, scenario, output")
    problems = [line for name, value in given.items() if (line := _problem(name, value, declared))]
    if problems:
        raise UsageError("\n  - ".join([f"{notebook}: parameters refused, nothing was run", *problems]))


def _problem(name: str, value: Any, declared: Mapping[str, str]) -> str | None:
    from helpers.analysis.settings import suggestion

    if name not in declared:
        return f"{name}: the notebook has no such parameter; {suggestion(name, tuple(declared))}"
    wanted = declared[name]
    return None if accepts(wanted, value) else f"{name}: found {value!r}; expected {wanted.replace(' | ', ' or ')}"


def accepts(annotation: str, value: Any) -> bool:
    """Whether a value fits an annotation such as ``float | None``; an annotation unknown here accepts everything.

    Examples
    --------
    >>> accepts("int", 3), accepts("int", True), accepts("float", 3), accepts("float | None", None), accepts("str", 3)
    (True, False, True, True, False)
    """
    names = [name.strip() for name in annotation.split("|")]
    if any(name not in TYPES for name in names):
        return True
    if isinstance(value, bool):
        return "bool" in names
    return any(isinstance(value, TYPES[name]) for name in names)
