"""The table of how the models of a notebook went."""

from __future__ import annotations

import pandas as pd

from helpers.analysis.frames import analyte_titles
from helpers.report.exhibit import TableExhibit, table_exhibit
from helpers.report.format import count_of, listed
from helpers.report.words import BOUNDARY, face, model_name


def convergence(run, rows: pd.DataFrame, name: str) -> TableExhibit:
    """How every model of a notebook went: one line a model, or one line for all when nothing is to be said."""
    fits = rows[rows["statistic"] == "converged"]
    fits = fits.assign(
        model=fits["analysis"].astype(str).map(model_name),
        state=[_state(value, str(message)) for value, message in zip(fits["value"], fits["method"], strict=True)],
        message=fits["method"].astype(str),
    )
    counts = fits.groupby(["model", "state", "message"], sort=True)
    lines = [[model, f"{len(part)}", state, message, _which(part)] for (model, state, message), part in counts]
    frame = pd.DataFrame(lines, columns=["Model", "Fits", "State", "Message", "Which"])
    return table_exhibit(frame, name, f"How the fits went.{face(run)}", "lrlll", _note(run, fits))


def _state(value: float, message: str) -> str:
    if value == 1:
        return "Converged"
    return "At the boundary" if message.startswith(BOUNDARY) else "Not converged"


def _which(part: pd.DataFrame) -> str:
    names = [name for name in [*part["outcome"].astype(str), *part["analyte"].astype(str)] if name]
    return "all" if len(names) > 5 else ", ".join(names)


def _note(run, fits: pd.DataFrame) -> str:
    """How many models converged, and which did not."""
    failed = fits[fits["value"] != 1]
    total = count_of(len(fits), "model")
    if failed.empty:
        return f"All of the {total} converged." if len(fits) != 1 else "The model converged."
    titles = {item.column: item.label for item in run.study.roles.outcomes} | analyte_titles(run.study)
    edge = failed["method"].str.startswith(BOUNDARY)
    parts = []
    for part, words in (
        (failed[edge], "a variance was estimated at zero"),
        (failed[~edge], "there is no converged fit"),
    ):
        names = list(dict.fromkeys(titles[name] for name in [*part["outcome"], *part["analyte"]] if name))
        if names:
            parts.append(f"in {len(part)} {words} ({listed(names)})")
    return f"Of {total}, {len(fits) - len(failed)} converged inside their limits; {listed(parts)}."
