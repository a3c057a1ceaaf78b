"""Tables of the multiverse: its choices, the main claims, and where printed figures could arise."""

from __future__ import annotations

import json

import pandas as pd

from helpers.analysis.robustness.kept import Kept, choice_table
from helpers.claims.robustness import claims_by_id, printed_figures
from helpers.report.exhibit import TableExhibit, TextExhibit, table_exhibit
from helpers.report.format import DASH, number, percent_of, unbroken
from helpers.report.multiverse_words import CHOICES, FAMILIES, changes_in_words, choice_name, value_name
from helpers.report.tables.claims import labels_of, stated
from helpers.report.words import NOTHING, face


def choices(run, kept: Kept) -> TableExhibit | TextExhibit:
    """The values of each choice, the paper's first, and in how many families it bears."""
    if kept.missing:
        return NOTHING
    curves = [kept.curves[kept.curves["family"] == family] for family in dict.fromkeys(kept.curves["family"])]
    tables = [choice_table(curve.drop_duplicates("key")["key"]) for curve in curves]
    lines = []
    for name in CHOICES:
        texts = [text for table in tables if name in table for text in table[name].unique()]
        merged = list(dict.fromkeys(value_name(name, json.loads(text)) for text in texts))
        if merged:
            found = sum(name in table for table in tables)
            lines.append([choice_name(name), str(len(merged)), "; ".join(merged), str(found)])
    frame = pd.DataFrame(lines, columns=["Choice", "Values", "Which", "Families"])
    note = (
        "The first value is the paper’s, as far as its text states one; of the covariates the first differs by family. "
        "Families: among those of the main claims. CS, compound symmetry; AR(1), first-order autoregressive; FDR, "
        "false discovery rate by Benjamini and Hochberg (BH) or Benjamini and Yekutieli (BY)."
    )
    return table_exhibit(
        frame, "tab-multiverse-choices", f"The choices that are combined.{face(run)}", "lrlr", note, wordy=True
    )


def main_claims(run, kept: Kept) -> TableExhibit | TextExhibit:
    """Each main claim: in how many specifications it stands, the printed figure arises, and what moves it most."""
    if kept.missing:
        return NOTHING
    labels, claims = labels_of(run.study), claims_by_id(run, kept)
    shares = kept.shares.set_index("claim")
    lines = []
    for name in kept.main:
        claim, found = claims[name], shares.loc[name]
        figure = claim.printed[0] not in "<>"
        lines.append(
            [
                FAMILIES.get(found["family"], found["family"]),
                stated(claim, labels),
                unbroken(claim.printed) if figure else "",
                number(found["answered"], 0),
                percent_of(found["stands"]),
                {1: "yes", 0: "no"}.get(found["own"], DASH),
                percent_of(found["printed"]) if figure else "",
                f"{number(found['lowest'])} to {number(found['highest'])}",
                f"{choice_name(found['choice'])} ({percent_of(found['moved'])})" if found["choice"] else "none",
            ]
        )
    heads = ["Family", "Claim", "Printed", "Specifications", "Stands in, %", "Paper’s choices", "Printed figure in, %",
             "Statistic", "Moved most by (points)"]  # fmt: skip
    note = (
        "Statistic: the smallest and the largest, where scales differ not in one unit. Paper’s choices: whether the "
        "claim stands under them. Moved most by: the choice whose values differ most in the share of specifications in "
        "which the claim stands, and by how many percentage points."
    )
    caption = f"The main claims under every specification.{face(run)}"
    frame = pd.DataFrame(lines, columns=heads)
    return table_exhibit(frame, "tab-multiverse-main", caption, "llrrrlrrl", note, groups="Family")


def arising(run, kept: Kept) -> TableExhibit | TextExhibit:
    """Printed figures that the paper's choices do not give: the nearest specification that does, or that none does."""
    if kept.missing:
        return NOTHING
    figures = printed_figures(run, kept)
    figures = figures[figures["changes"] != 0]
    if figures.empty:
        return NOTHING
    labels, claims = labels_of(run.study), claims_by_id(run, kept)
    lines = []
    for found in figures.sort_values(["family", "changes", "claim"]).itertuples():
        claim = claims[found.claim]
        none = pd.isna(found.changes)
        lines.append(
            [
                FAMILIES.get(found.family, found.family),
                stated(claim, labels),
                unbroken(claim.printed),
                number(found.own_value, 3),
                "none" if none else percent_of(found.printed),
                "" if none else changes_in_words(found.nearest),
            ]
        )
    heads = ["Family", "Claim", "Printed", "Statistic, paper’s choices", "Arises in, %", "Choices that would be others"]
    note = (
        "A figure arises where the computed one rounds to it. That another choice gives it says that it is possible "
        "here, not that the choice was made. Beside a printed *p* stands the statistic that it belongs to."
    )
    caption = f"Printed figures that the paper’s choices do not give.{face(run)}"
    frame = pd.DataFrame(lines, columns=heads)
    return table_exhibit(frame, "tab-multiverse-arising", caption, "llrrrl", note, groups="Family", wordy=True)
