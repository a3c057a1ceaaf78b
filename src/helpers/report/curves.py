"""One main claim's specifications, sorted and with their choices as columns: what figures and tables draw on."""

from __future__ import annotations

import json
from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.analysis.robustness.kept import Kept, choice_table
from helpers.claims import Claim
from helpers.claims.robustness import claims_by_id, judged
from helpers.report.multiverse_words import value_name
from helpers.report.tables.claims import labels_of, stated

# Families whose specifications measure on several scales: their estimates have no common axis, their p values do.
SEVERAL_SCALES = ("baseline_comparisons", "longitudinal_tests", "longitudinal_comparisons", "baseline_tests")
QUANTITIES = {
    "F": "F",
    "mean_difference": "Difference",
    "change": "Change",
    "beta": "Slope β",
    "direct": "Direct effect",
    "indirect": "Indirect effect",
    "indirect_sobel": "Indirect effect",
}


@dataclass(frozen=True, eq=False)
class Curve:
    """A claim under every specification.

    Attributes
    ----------
    claim, statement : Claim, str
        The claim, and what it says for readers.
    frame : DataFrame
        One row a specification, in order of size: the numbers, ``stands``, ``printed``, ``judged`` (the p that
        decided) and ``drawn`` (what the vertical axis shows).
    chosen : DataFrame
        The choices of each, one column a choice with more than one value, as readers call them.
    as_p : bool
        Whether p is drawn, not the estimate.
    alpha : float
        The level at which the specifications were judged.
    """

    claim: Claim
    statement: str
    frame: pd.DataFrame
    chosen: pd.DataFrame
    as_p: bool
    alpha: float

    @property
    def quantity(self) -> str:
        """What the vertical axis shows."""
        return "p (smaller above)" if self.as_p else QUANTITIES.get(self.claim.row.get("statistic", ""), "Statistic")

    @property
    def printed(self) -> float | None:
        """The printed figure, where it is one of the quantity that is drawn."""
        if self.claim.printed[0] in "<>" or (self.claim.read == "value") == self.as_p:
            return None
        return float(self.claim.printed)

    @property
    def share(self) -> float:
        """In which share of the specifications the claim stands."""
        return self.frame["stands"].mean()

    def standing(self) -> dict[str, dict[str, float]]:
        """By choice and value, the share of the specifications with it in which the claim stands."""
        stands = self.frame["stands"].to_numpy()
        return {
            choice: {value: stands[(column == value).to_numpy()].mean() for value in column.cat.categories}
            for choice, column in self.chosen.items()
        }

    def bins(self, most: int) -> np.ndarray:
        """The place of each specification along an axis: its own up to twice as many, else shared ones."""
        many = len(self.frame)
        return np.arange(many) if many <= 2 * most else np.arange(many) * most // many


def curves_of(run, kept: Kept) -> dict[str, Curve]:
    """The curve of each main claim, by its identifier.

    Specifications without a result are left out.
    """
    claims, labels = claims_by_id(run, kept), labels_of(run.study)
    return {name: _curve(kept, claims[name], stated(claims[name], labels)) for name in kept.main}


def _curve(kept: Kept, claim: Claim, statement: str) -> Curve:
    frame = kept.curves[(kept.curves["claim"] == claim.id) & kept.curves["stands"].notna()]
    frame = frame.assign(judged=judged(claim, frame))
    # Bootstrap intervals have no p: where some specifications have them, estimate and interval are what all have.
    as_p = (claim.read == "p" and frame["judged"].notna().all()) or frame["family"].iloc[0] in SEVERAL_SCALES
    frame = frame.assign(drawn=frame["judged"].clip(lower=1e-12) if as_p else frame["value"])
    chosen = _named(choice_table(frame.sort_values("position")["key"]))
    order = frame["drawn"].reset_index(drop=True).sort_values(kind="stable").index
    return Curve(claim, statement, frame.iloc[order].reset_index(drop=True), chosen.iloc[order], as_p, kept.alpha)


def _named(table: pd.DataFrame) -> pd.DataFrame:
    """Choices with several values, each value as readers call it, in the order in which they come."""
    named = {}
    for choice, column in table.items():
        values = {text: value_name(choice, json.loads(text)) for text in column.unique()}
        if len(values) > 1:
            named[choice] = pd.Categorical(column.map(values), list(values.values()))
    return pd.DataFrame(named, index=table.index)
