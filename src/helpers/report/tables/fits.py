"""The table of how the models of a notebook went."""

from __future__ import annotations

import pandas as pd

from helpers.analysis.frames import analyte_titles
from helpers.report.exhibit import TableExhibit, TextExhibit, table_exhibit
from helpers.report.format import count_of, listed, some_of
from helpers.report.words import EDGES, NOTHING, face, model_name

MOST_NAMED = 5  # with more, the column says nothing that the count does not


def convergence(run, rows: pd.DataFrame, name: str) -> TableExhibit | TextExhibit:
    """How every model of a notebook went: one line a model, or one line for all when nothing is to be said."""
    fits = rows[rows["statistic"] == "converged"]
    if fits.empty:
        return NOTHING
    fits = fits.assign(
        model=fits["analysis"].astype(str).map(model_name),
        state=[_state(value, str(message)) for value, message in zip(fits["value"], fits["method"], strict=True)],
        message=fits["method"].astype(str).replace("converged", "–"),
    )
    counts = fits.groupby(["model", "state", "message"], sort=True)
    lines = [[model, f"{len(part)}", state, message, _which(run, part)] for (model, state, message), part in counts]
    frame = pd.DataFrame(lines, columns=["Model", "Fits", "State", "Message", "Which"])
    return table_exhibit(frame, name, f"How the fits went.{face(run)}", "lrlll", _note(run, fits))


def _state(value: float, message: str) -> str:
    if value == 1:
        return "Converged"
    return "At the boundary" if _at_edge(message) else "Not converged"


def _at_edge(message: str) -> bool:
    return any(words in message for words in EDGES)


def _which(run, part: pd.DataFrame) -> str:
    names = _titles(run, part)
    return "–" if len(names) > MOST_NAMED else ", ".join(names)


def _titles(run, part: pd.DataFrame) -> list[str]:
    """The outcomes and analytes of some fits, as readers know them."""
    titles = {item.column: item.label for item in run.study.roles.outcomes} | analyte_titles(run.study)
    return list(dict.fromkeys(titles[name] for name in [*part["outcome"], *part["analyte"]] if name))


def _note(run, fits: pd.DataFrame) -> str:
    """How many models converged, and which did not."""
    failed = fits[fits["value"] != 1]
    total = count_of(len(fits), "model")
    if failed.empty:
        return f"All of the {total} converged." if len(fits) != 1 else "The model converged."
    edge = failed["method"].astype(str).map(_at_edge)
    parts = []
    for part, words in (
        (failed[edge], "the covariance was estimated as singular"),
        (failed[~edge], "there is no converged fit"),
    ):
        if names := _titles(run, part):
            parts.append(f"in {len(part)} {words} ({some_of(names)})")
    return f"Of {total}, {len(fits) - len(failed)} converged inside their limits; {listed(parts)}."
