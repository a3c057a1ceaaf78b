"""How many claims of each family stand in all specifications, in most, in few, in none."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from helpers.analysis.robustness.kept import Kept
from helpers.claims.robustness import STANDINGS, standing
from helpers.report.exhibit import FigureExhibit, TextExhibit
from helpers.report.figures.common import SMALL, finish, quiet
from helpers.report.format import SPACE, count_of, number
from helpers.report.multiverse_words import FAMILIES
from helpers.report.style import COLOURS, DOUBLE, MM, drawing, new_figure
from helpers.report.words import NOTHING

# From dark to light and then another hue; the hatch is the second cue.
LOOKS = {
    "everywhere": {"color": COLOURS[1], "label": "in all specifications"},
    "in_most": {"color": COLOURS[6], "label": "in half of them or more"},
    "in_few": {"color": "#f3c98b", "label": "in fewer", "hatch": "////"},
    "nowhere": {"color": COLOURS[0], "label": "in none", "hatch": "xxxx"},
}


def claim_shares(run, kept: Kept) -> FigureExhibit | TextExhibit:
    """The figure ``fig-multiverse-shares``."""
    if kept.missing:
        return NOTHING
    shares = kept.shares[kept.shares["answered"] > 0]
    counts = pd.crosstab(shares["family"], shares["stands"].map(standing)).reindex(columns=STANDINGS, fill_value=0)
    counts = counts.loc[[family for family in FAMILIES if family in counts.index]]
    with drawing():
        figure = new_figure(DOUBLE, (7 * len(counts) + 24) * MM)
        axes = figure.add_subplot()
        _bars(axes, counts)
        axes.set_xlabel("Claims, %")
        figure.legend(*axes.get_legend_handles_labels(), loc="outside upper left", ncols=4, borderaxespad=0.2)
        return finish(run, figure, "fig-multiverse-shares", _caption(shares), _alt(counts))


def _bars(axes: Axes, counts: pd.DataFrame) -> None:
    totals, left, places = counts.sum(axis=1), np.zeros(len(counts)), np.arange(len(counts))
    for name, look in LOOKS.items():
        share = (100 * counts[name] / totals).to_numpy()
        axes.barh(places, share, left=left, height=0.7, edgecolor="white", linewidth=0.8, **look)
        for place, (width, start, count) in enumerate(zip(share, left, counts[name], strict=True)):
            if width > 3:
                dark = {"bbox": {"facecolor": "white", "edgecolor": "none", "pad": 0.8}} if "hatch" in look else {}
                axes.text(start + width / 2, place, str(count), ha="center", va="center_baseline", fontsize=SMALL,
                          color="white" if name == "everywhere" else "black", **dark)  # fmt: skip
        left = left + share
    axes.set_yticks(places, [f"{FAMILIES[family]} ({totals[family]})" for family in counts.index])
    axes.set(xlim=(0, 100), ylim=(len(counts) - 0.4, -0.6))
    axes.tick_params(axis="y", length=0)
    quiet(axes)


def _caption(shares: pd.DataFrame) -> str:
    tried = shares["specifications"]
    return f"""**In which share of the specifications claims stand.** Bars, the claims of a family, with their numbers;
    in brackets all of them (n{SPACE}={SPACE}{len(shares)} claims, in families with {number(tried.min(), 0)} to
    {number(tried.max(), 0)} specifications)."""


def _alt(counts: pd.DataFrame) -> str:
    parts = []
    for family, row in counts.iterrows():
        said = [f"{row[name]} {look['label']}" for name, look in LOOKS.items() if row[name]]
        parts.append(f"{FAMILIES[family]}: {', '.join(said)}")
    return f"Bars of {count_of(counts.to_numpy().sum(), 'claim')} by where they stand. {'; '.join(parts)}."
