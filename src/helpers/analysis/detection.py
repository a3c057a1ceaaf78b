"""Values below the detection limit, counted."""

from __future__ import annotations

import pandas as pd

from helpers.analysis.frames import groups, people
from helpers.analysis.results import row, to_frame
from helpers.study import Study

RULES = {"lod_sqrt2": "replaced by LOD/√2"}


def below_limit(study: Study) -> pd.DataFrame:
    """How many values of each analyte lie below its detection limit.

    Rows ``detection``: statistic ``below_limit`` by analyte, group and visit, with ``n`` the values there are, those
    below the limit among them, and the rule in ``method``. Only analytes with any such value have rows; an empty table
    when the study names none.
    """
    role = study.roles.analytes.detection
    if role is None:
        return to_frame([])
    table = study.analytes.rename(columns={study.roles.identifier: "id"}).assign(visit=lambda t: t["visit"].astype(str))
    flags = study.below_limit.rename(columns={study.roles.identifier: "id"}).astype({"visit": str, "analyte": str})
    group = people(study, groups(study)).set_index("id")["group"].astype(str)
    table, flags = (frame.assign(group=frame["id"].map(group)) for frame in (table, flags))
    rows = []
    for analyte in (name for name in study.roles.analytes.columns if (flags["analyte"] == name).any()):
        for name in groups(study):
            for visit in study.roles.analytes.visits:
                here = table[(table["group"] == name) & (table["visit"] == visit)]
                below = flags[(flags["group"] == name) & (flags["visit"] == visit) & (flags["analyte"] == analyte)]
                cells = {"analyte": analyte, "group": name, "visit": visit, "n": int(here[analyte].notna().sum())}
                if cells["n"]:
                    rows.append(row("detection", "below_limit", len(below), method=RULES[role.rule], **cells))
    return to_frame(rows)
