"""What two runs of the same notebook differ in, taken out of its executed copy."""

from __future__ import annotations

import copy
from typing import Any

INJECTED = "injected-parameters"


def clean_notebook(notebook: dict[str, Any]) -> dict[str, Any]:
    """A copy of an executed notebook without times, durations, random identifiers and the full version of Python.

    Consecutive pieces of one stream are joined: how the kernel cut them up is chance.

    >>> made = {"cells": [], "metadata": {"language_info": {"name": "python", "version": "3.11.7"}}}
    >>> clean_notebook(made)["metadata"]
    {'language_info': {'name': 'python'}}
    """
    result = copy.deepcopy(notebook)
    result["metadata"].pop("papermill", None)
    result["metadata"].get("language_info", {}).pop("version", None)
    for cell in result["cells"]:
        for key in ("papermill", "execution"):
            cell["metadata"].pop(key, None)
        if INJECTED in cell["metadata"].get("tags", []):
            cell["id"] = INJECTED
        if cell["cell_type"] == "code":
            cell["outputs"] = _joined(cell["outputs"])
    return result


def _joined(outputs: list[dict[str, Any]]) -> list[dict[str, Any]]:
    joined: list[dict[str, Any]] = []
    for output in outputs:
        last = joined[-1] if joined else {}
        if output["output_type"] == "stream" and output.get("name") == last.get("name"):
            last["text"] += output["text"]
        else:
            joined.append(output)
    return joined


def complaints(notebook: dict[str, Any]) -> list[str]:
    """Cells that wrote to stderr or hold an error, one line each: a page of the book shows no warning."""
    found = []
    for number, cell in numbered_cells(notebook):
        for output in cell.get("outputs", []):
            if output["output_type"] == "stream" and output["name"] == "stderr":
                found.append(f"{cell_name(number, cell)}: wrote to stderr: {_last_line(output['text'])}")
            if output["output_type"] == "error":
                found.append(f"{cell_name(number, cell)}: {output['ename']}: {output['evalue']}")
    return found


def numbered_cells(notebook: dict[str, Any]) -> list[tuple[int, dict[str, Any]]]:
    """The cells with their numbers in the notebook as committed: cells that papermill adds are not counted."""
    number, numbered = 0, []
    for cell in notebook["cells"]:
        added = {INJECTED, "papermill-error-cell-tag"} & set(cell["metadata"].get("tags", []))
        number += not added
        numbered.append((number, cell))
    return numbered


def cell_name(number: int, cell: dict[str, Any]) -> str:
    """A cell as a person finds it: its number and its first line."""
    lines = [line for line in cell["source"].splitlines() if line.strip()]
    return f"cell {number} ({lines[0].strip()[:70] if lines else 'empty'})"


def _last_line(text: str) -> str:
    """The telling line of a warning or a traceback: the last that is not code quoted under it."""
    lines = [line for line in text.splitlines() if line.strip()]
    named = [line for line in lines if "Warning" in line or "Error" in line]
    return (named or lines or ["(nothing readable)"])[-1].strip()[:300]
