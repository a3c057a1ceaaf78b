"""Values below the detection limit, counted."""

from __future__ import annotations

from itertools import product

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
    keys, columns = ["group", "visit"], list(study.roles.analytes.columns)
    group = people(study, groups(study)).set_index("id")["group"].astype(str)

    def placed(frame: pd.DataFrame) -> pd.DataFrame:
        who = frame[study.roles.identifier].astype(object)
        return pd.DataFrame({"group": who.map(group).astype(object), "visit": frame["visit"].astype(str)})

    flags = placed(study.below_limit).assign(analyte=study.below_limit["analyte"].astype(str))
    below = flags.groupby(["analyte", *keys]).size().to_dict()
    present = pd.concat([placed(study.analytes), study.analytes[columns].notna()], axis=1).groupby(keys).sum()
    rows = []
    for analyte in (name for name in columns if name in set(flags["analyte"])):
        counts = present[analyte].to_dict()
        for place in product(groups(study), study.roles.analytes.visits):
            cells = dict(zip(keys, place, strict=True)) | {"analyte": analyte, "n": int(counts.get(place, 0))}
            if cells["n"]:
                count = below.get((analyte, *place), 0)
                rows.append(row("detection", "below_limit", count, method=RULES[role.rule], **cells))
    return to_frame(rows)
