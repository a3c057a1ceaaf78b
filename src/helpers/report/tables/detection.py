"""The table of values below the detection limit."""

from __future__ import annotations

import pandas as pd

from helpers.analysis.frames import analyte_titles
from helpers.report.exhibit import TableExhibit, TextExhibit, table_exhibit
from helpers.report.format import DASH, number
from helpers.report.listing import ListingExhibit, searchable
from helpers.report.words import face

RULE = (
    "A value that is only known to lie below the limit of detection (LOD) enters every analysis as LOD/√2 (Hornung and "
    "Reed 1990). With many such values in an analyte, its spread is understated; analytes without any are not listed."
)


def below_limit(run, rows: pd.DataFrame) -> TableExhibit | ListingExhibit | TextExhibit:
    """Values below the detection limit by analyte, group and visit; one sentence where the study names none."""
    table = rows[rows["analysis"] == "detection"]
    if table.empty:
        return TextExhibit("The study names no value below a detection limit.")
    study, titles = run.study, analyte_titles(run.study)
    cells = {(r.analyte, r.group, r.visit): f"{number(r.value, 0)} of {number(r.n, 0)}" for r in table.itertuples()}
    sampled = dict.fromkeys((group, visit) for _, group, visit in cells)
    heads = {key: f"{study.group_label(key[0])}, {study.visit_label(key[1])}" for key in sampled}
    lines = [
        [titles[analyte], *(cells.get((analyte, *key), DASH) for key in heads)]
        for analyte in dict.fromkeys(table["analyte"].astype(str))
    ]
    frame = pd.DataFrame(lines, columns=["Analyte", *heads.values()])
    caption = f"Values below the detection limit, of those measured.{face(run)}"
    return searchable(table_exhibit(frame, "tab-below-limit", caption, "l" + "r" * len(heads), RULE))
