"""The table of how the models of a notebook went."""

from __future__ import annotations

import pandas as pd

from helpers.report.exhibit import TableExhibit, table_exhibit
from helpers.report.words import face, model_name


def convergence(run, rows: pd.DataFrame, name: str) -> TableExhibit:
    """How every model of a notebook went: one line a model, or one line for all when nothing is to be said."""
    fits = rows[rows["statistic"] == "converged"]
    fits = fits.assign(
        model=fits["analysis"].astype(str).map(model_name),
        state=fits["value"].map({1.0: "Converged", 0.0: "Not fitted"}).astype(str),
        message=fits["method"].astype(str),
    )
    counts = fits.groupby(["model", "state", "message"], sort=True)
    lines = [[model, f"{len(part)}", state, message, _which(part)] for (model, state, message), part in counts]
    frame = pd.DataFrame(lines, columns=["Model", "Fits", "State", "Message", "Which"])
    return table_exhibit(frame, name, f"How the fits went.{face(run)}", "lrlll")


def _which(part: pd.DataFrame) -> str:
    names = [name for name in [*part["outcome"].astype(str), *part["analyte"].astype(str)] if name]
    return "all" if len(names) > 5 else ", ".join(names)
