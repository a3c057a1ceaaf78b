"""Analytes whose unit looks wrong by orders of magnitude, against the panel's range or between groups and visits."""

from __future__ import annotations

import json
import math
import unicodedata
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pandas as pd

from helpers.study.checks.view import GROUP, View
from helpers.study.finding import WARNING, Finding

# Below a tenth of what the assay detects, or above all it can measure; between parts of one study less is needed.
BELOW, BETWEEN = 10, 20
FEW = 3
# How many pg/mL one of the unit is.
UNITS = {"pg/ml": 1.0, "ng/l": 1.0, "fg/ml": 1e-3, "ng/ml": 1e3, "ug/l": 1e3, "ug/ml": 1e6, "mg/l": 1e6, "ng/dl": 10.0}
GREEK = str.maketrans({"α": "a", "β": "b", "γ": "g", "µ": "u", "μ": "u"})


def findings(view: View) -> Iterator[Finding]:
    """Each analyte against its panel's range, and its groups and visits against each other."""
    if "analytes" not in view.visited:
        return
    frame = view.table("analytes")
    rows = frame[frame["visit"].isin(view.roles.analytes.visits)]
    parts = rows.groupby([GROUP, "visit"], observed=True)
    for column in view.values("analytes"):
        positive = rows[column].astype("float64")
        median = float(positive[positive > 0].median())
        yield from _against_panel(view, column, median)
        yield from _between(view, column, parts[column].median().astype("float64"), parts[column].count())


@cache
def _panel() -> dict:
    return json.loads((Path(__file__).parent / "panel.json").read_text(encoding="utf-8"))


def least_detectable(name: str) -> float | None:
    """The least concentration (pg/mL) that the panel detects of an analyte; None for analytes not on the panel.

    >>> least_detectable("IL-6"), least_detectable("IFN-γ"), least_detectable("albumin")
    (0.11, 0.48, None)
    """
    entry = _entry(name)
    return entry["least"] if entry else None


def _entry(name: str) -> dict | None:
    plain = "".join(sign for sign in _plain(name) if sign.isalnum())
    return next((entry for entry in _panel()["analytes"].values() if plain in entry["names"]), None)


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold().translate(GREEK)


def _against_panel(view: View, column: str, median: float) -> Iterator[Finding]:
    field = view.resource("analytes").field(column)
    entry, unit = _entry(column) or _entry(field.title), UNITS.get(_plain(field.unit))
    if entry is None or unit is None or not median > 0:
        return
    least = entry["least"]
    ratio = median * unit / least
    if 1 / BELOW <= ratio <= _panel()["span"]:
        return
    side = "below" if ratio < 1 else "above"
    bound = least if ratio < 1 else least * _panel()["span"]
    what = f"the median lies {_orders(median * unit / bound)} {side} what the panel measures"
    expected = f"expected {least / BELOW:g} to {least * _panel()['span']:g} pg/mL, given as {field.unit}"
    if entry["kind"] != "printed":
        expected += "; no limit of this analyte is printed anywhere that was searched, so that the range is assumed"
    yield Finding(WARNING, "unit-panel", what, expected, "check the unit in the descriptor and the decimal sign",
                  view.resource("analytes").path, column)  # fmt: skip


def _between(view: View, column: str, medians: pd.Series, counts: pd.Series) -> Iterator[Finding]:
    """A group at a visit whose median is far from the middle one of all groups and visits."""
    medians = medians[(counts >= FEW) & (medians > 0)]
    if len(medians) < 2:
        return
    middle = medians.sort_values().iloc[(len(medians) - 1) // 2]
    for (group, visit), value in medians.items():
        if max(value / middle, middle / value) >= BETWEEN:
            side = "above" if value > middle else "below"
            what = f"the median lies {_orders(value / middle)} {side} that of the other groups and visits"
            advice = "check whether these samples are in another unit, or their decimals shifted"
            yield Finding(WARNING, "unit-between", what, "", advice, view.resource("analytes").path, column,
                          visit=str(visit), group=str(group))  # fmt: skip


def _orders(ratio: float) -> str:
    """A ratio in whole orders of magnitude: no value is repeated.

    >>> _orders(0.0011), _orders(30)
    ('about 3 orders of magnitude', 'about 1 order of magnitude')
    """
    orders = max(1, round(abs(math.log10(ratio))))
    return f"about {orders} order{'s' * (orders > 1)} of magnitude"
