"""One notebook, run with the parameters of a study and a scenario."""

from __future__ import annotations

import contextlib
import json
import logging
import os
import time
from pathlib import Path
from typing import Any

from helpers.cli import notes
from helpers.cli.clean import cell_name, clean_notebook, complaints, numbered_cells
from helpers.cli.environment import job_environment
from helpers.cli.errors import RunError, UsageError
from helpers.cli.layout import Place, write_text
from helpers.cli.limits import LIMIT, MOST_SHOWN
from helpers.cli.parameters import check_against_notebook, declared_parameters, run_parameters

KERNEL = "python3"


def run_notebook(notebook: Path, where: Place, output: Path, limit: int = LIMIT) -> None:
    """Run a notebook and write its executed copy, whole or not at all.

    Parameters
    ----------
    notebook : Path
        The committed notebook.
    where : Place
        Study, scenario and build folder.
    output : Path
        Where the executed copy goes.
    limit : int
        Seconds that a cell may take.

    Raises
    ------
    UsageError, SettingsError
        A parameter is unknown or ill-typed; nothing was run.
    RunError
        A cell failed, hung, lost its kernel, wrote to stderr or showed too much. The message names it; the partial
        copy is under ``failed/``.
    """
    parameters, before = checked_parameters(notebook, where), notes.reads(where, notebook.stem)
    name, started = notebook.stem, time.monotonic()
    partial = where.path("failed", f"{name}.ipynb")
    forget(partial)
    say(f"{name}  started")
    try:
        executed = clean_notebook(_execute(notebook, partial, parameters, where.root, limit))
        _refuse_complaints(executed, partial, where.root)
    except RunError as error:
        say(f"{name}  failed after {time.monotonic() - started:.1f} s")
        with contextlib.suppress(OSError):  # on a full disk the message is all there is
            write_text(partial.with_suffix(".txt"), f"{error}\n")
        raise
    text = json.dumps(executed, indent=1, ensure_ascii=False, sort_keys=True) + "\n"
    write_text(output, without_places(text, where))
    notes.write(where, name, before)
    forget(partial)
    say(f"{name}  finished in {time.monotonic() - started:.1f} s")


def without_places(text: str, where: Place) -> str:
    """An executed copy that may leave the machine names the study and scenario, not the folders they lie in."""
    for place in (where.study, where.scenario) if where.threshold else ():
        if Path(place).is_absolute():
            text = text.replace(json.dumps(place, ensure_ascii=False)[1:-1], Path(place).name)
    return text


def checked_parameters(notebook: Path, where: Place) -> dict[str, Any]:
    """The parameters this notebook is given; refused by name when the notebook does not take them."""
    from helpers.analysis.scenarios import load_scenario

    if not notebook.is_file():
        raise UsageError(f"{notebook}: there is no such notebook")
    parameters = run_parameters(where, load_scenario(where.scenario).as_dict())
    committed = json.loads(notebook.read_text(encoding="utf-8"))
    check_against_notebook(parameters, declared_parameters(committed), notebook.stem)
    return parameters


def say(line: str) -> None:
    """One line of progress, shown at once."""
    print(f"  {line}", flush=True)


def forget(partial: Path) -> None:
    """Remove what an earlier failure left."""
    for path in (partial, partial.with_suffix(".txt")):
        path.unlink(missing_ok=True)


def _execute(notebook: Path, partial: Path, parameters: dict[str, Any], root: Path, limit: int) -> dict[str, Any]:
    """Run the cells, each saved to ``partial`` as it ends."""
    environment = job_environment(root)
    os.environ.clear()
    os.environ.update(environment)
    import papermill
    from papermill.exceptions import PapermillExecutionError

    from helpers.cli.warm import kernel

    logging.getLogger("papermill").setLevel(logging.ERROR)
    partial.parent.mkdir(parents=True, exist_ok=True)
    options = {"kernel_name": KERNEL, "cwd": str(root / "notebooks"), "progress_bar": False, "execution_timeout": limit}
    try:
        executed = papermill.execute_notebook(
            str(notebook), str(partial), parameters=parameters, **options, **kernel.options()
        )
    except PapermillExecutionError as error:
        raise RunError(_failure(partial, f"{error.ename}: {error.evalue}", root)) from None
    except TimeoutError:
        reason = f"it took longer than {limit} seconds and was ended; where it needs more, give LIMIT=seconds to make"
        raise RunError(_unfinished(partial, reason, root)) from None
    except RuntimeError as error:  # the kernel died or did not start
        raise RunError(_unfinished(partial, without_kernel(str(error)), root)) from None
    return json.loads(json.dumps(executed))


def without_kernel(error: str) -> str:
    """What jupyter_client says of a kernel that it cannot reach or that is gone, with what may be the cause.

    >>> without_kernel("Kernel didn't respond in 60 seconds").partition("; ")[2]
    'it is spoken to at 127.0.0.1, which must be reachable, and a machine that is overloaded answers late'
    >>> without_kernel("Kernel died").partition("; ")[2]
    'a system that runs out of memory ends what needs most of it'
    """
    if "respond" in error:
        cause = "it is spoken to at 127.0.0.1, which must be reachable, and a machine that is overloaded answers late"
        return f"its kernel did not answer: {error}; {cause}"
    return f"its kernel ended: {error}; a system that runs out of memory ends what needs most of it"


def _failure(partial: Path, error: str, root: Path) -> str:
    """The message of a failed cell, from the copy that papermill left."""
    import nbformat

    cells = numbered_cells(nbformat.read(partial, as_version=4))
    failed = [cell_name(number, cell) for number, cell in cells if _has_error(cell)]
    return f"{partial.stem}: {failed[0] if failed else 'a cell'}\n  {_shortened(error)}\n  copy: {shown(partial, root)}"


def _unfinished(partial: Path, reason: str, root: Path) -> str:
    """The message of a cell that never ended: the last that was started."""
    import nbformat

    cells = numbered_cells(nbformat.read(partial, as_version=4)) if partial.is_file() else []
    begun = [
        cell_name(number, cell) for number, cell in cells if cell["metadata"].get("papermill", {}).get("start_time")
    ]
    return (
        f"{partial.stem}: {begun[-1] if begun else 'before its first cell'}\n  {reason}\n  copy: {shown(partial, root)}"
    )


def _refuse_complaints(executed: dict[str, Any], partial: Path, root: Path) -> None:
    too_much = [
        f"{cell_name(number, cell)}: shows {size:,} characters; a page may show {MOST_SHOWN:,} of a cell"
        for number, cell in numbered_cells(executed)
        if (size := len(json.dumps(cell.get("outputs", []), ensure_ascii=False))) > MOST_SHOWN
    ]
    if too_much:
        partial.unlink(missing_ok=True)  # as large
        raise RunError("\n  ".join([f"{partial.stem}: more output than a page can hold", *too_much]))
    found = complaints(executed)
    if found:
        lines = "".join(f"\n  {line}" for line in found)
        raise RunError(f"{partial.stem}: no page may show a warning{lines}\n  copy: {shown(partial, root)}")


def _has_error(cell: dict[str, Any]) -> bool:
    return any(output["output_type"] == "error" for output in cell.get("outputs", []))


def _shortened(text: str, most: int = 8) -> str:
    lines = text.splitlines()
    return "\n  ".join([*lines[:most], "..."] if len(lines) > most else lines)


def shown(path: Path, root: Path) -> str:
    """A path as a person types it from the checkout."""
    return str(path.relative_to(root)) if path.is_relative_to(root) else str(path)
