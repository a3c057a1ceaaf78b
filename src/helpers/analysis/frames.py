"""The frames that analyses start from, made from a study's tables and roles."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from helpers.study import Study
from helpers.study.descriptor import Outcome


def groups(study: Study) -> tuple[str, ...]:
    """The compared groups, then the healthy reference if the study has one."""
    reference = (study.roles.reference,) if study.roles.reference else ()
    return (*study.roles.compared, *reference)


def people(study: Study, which: Sequence[str] | None = None) -> pd.DataFrame:
    """Participants of the groups given (the compared ones by default), with a column ``group`` in the groups' order.

    Whole numbers become floats, yes/no columns and numbers that stand for categories text, so that every statistic
    sees plain numpy columns and a code such as 0 or 1 is never taken for a quantity.
    """
    which = tuple(which or study.roles.compared)
    frame = study.participants.rename(columns={study.roles.identifier: "id", study.roles.group_column: "group"})
    frame = frame[frame["group"].isin(which)].reset_index(drop=True)
    fields = study.descriptor.resource(study.roles.tables["participants"]).fields
    codes = {f.name: {value: str(value) for value in f.constraints["enum"]} for f in fields if "enum" in f.constraints}
    frame = frame.apply(lambda column: _plain(column, codes.get(column.name)))
    return frame.assign(group=pd.Categorical(frame["group"], categories=list(which), ordered=False))


def group_size(study: Study, group: str) -> int:
    """How many participants a group has, measured or not."""
    return int((study.participants[study.roles.group_column] == group).sum())


def _plain(column: pd.Series, codes: dict | None) -> pd.Series:
    if codes and pd.api.types.is_numeric_dtype(column.dtype) and not pd.api.types.is_bool_dtype(column.dtype):
        return column.astype(object).map(codes).astype(object).where(column.notna(), None)
    if pd.api.types.is_bool_dtype(column.dtype):
        return column.map({True: "true", False: "false"}).astype(object)
    if pd.api.types.is_numeric_dtype(column.dtype):
        return column.astype("float64")
    return column.astype(object).where(column.notna(), None)


def outcome(study: Study, column: str) -> Outcome:
    """The descriptor's entry of a clinical outcome."""
    return next(item for item in study.roles.outcomes if item.column == column)


def main_outcome(study: Study) -> str:
    """The outcome that examples are taken from: that of the response rule, else the first."""
    return study.roles.response.outcome if study.roles.response else study.roles.outcomes[0].column


def outcome_long(study: Study, column: str, raw: bool = False) -> pd.DataFrame:
    """One row a patient and visit: ``id, group, visit, day, value`` and the participant's columns.

    ``value`` is on the outcome's modelled scale (natural log where the descriptor says so) unless ``raw``.
    Rows without a value are dropped: they were not observed.
    """
    entry = outcome(study, column)
    table = study.assessments.rename(columns={study.roles.identifier: "id", column: "value"})
    table = table.loc[table["visit"].isin(entry.visits), ["id", "visit", "value"]]
    values = table["value"].astype("float64")
    table = table.assign(value=np.log(values) if entry.transform == "log" and not raw else values)
    return _with_people(study, table.dropna(subset=["value"]), entry.visits)


def analyte_long(study: Study, samples: pd.DataFrame | None = None, which: Sequence[str] | None = None) -> pd.DataFrame:
    """One row a blood sample: ``id, group, visit, day``, one column an analyte on the analysed scale.

    ``samples`` replaces the study's own samples (the completed table after imputation, already transformed).
    """
    table = analyte_levels(study) if samples is None else samples
    return _with_people(study, table, study.roles.analytes.visits, which)


def analyte_levels(study: Study) -> pd.DataFrame:
    """``id``, ``visit`` and every analyte on the analysed scale (natural log where the descriptor says so)."""
    columns = list(study.roles.analytes.columns)
    table = study.analytes.rename(columns={study.roles.identifier: "id"})
    # One block: hundreds of columns, each on its own, would make every later step slow.
    values = pd.DataFrame(table[columns].to_numpy("float64", na_value=np.nan), table.index, columns)
    values = np.log(values) if study.roles.analytes.transform == "log" else values
    return pd.concat([table[["id", "visit"]], values], axis=1)


def _with_people(study: Study, table: pd.DataFrame, visits: Sequence[str], which: Sequence[str] | None = None):
    days = {visit.name: visit.day for visit in study.roles.visits}
    # A copy is one block, whatever the table was made or read from.
    merged = table[table["visit"].isin(visits)].merge(people(study, which), on="id", how="inner").copy()
    merged["visit"] = pd.Categorical(merged["visit"].astype(str), categories=list(visits), ordered=False)
    merged["day"] = merged["visit"].astype(str).map(days).astype("float64")
    return merged.sort_values(["id", "day"], ignore_index=True)


def schedules(study: Study) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Outcomes assessed at most visits, and those with fewer visits (none when all share one schedule)."""
    most = max(len(item.visits) for item in study.roles.outcomes)
    often = tuple(item.column for item in study.roles.outcomes if len(item.visits) == most)
    return often, tuple(item.column for item in study.roles.outcomes if item.column not in often)


def group_indicators(study: Study, group: pd.Series) -> pd.DataFrame:
    """0 and 1 for each compared group but the last, for models of columns; groups without anybody have none.

    One column ``group`` for two groups, then ``group_2`` and so on.
    """
    columns = {
        "group" if place == 1 else f"group_{place}": (group == name).astype("float64")
        for place, name in enumerate(study.roles.compared[:-1], start=1)
    }
    found = pd.DataFrame(columns, index=group.index)
    return found if found.shape[1] == 1 else found.loc[:, found.nunique() > 1]


def baseline_of(study: Study, long: pd.DataFrame, column: str = "value") -> pd.Series:
    """Each participant's baseline value, indexed by ``id``."""
    first = long[long["visit"] == study.baseline]
    return first.set_index("id")[column]


def change_from_baseline(study: Study, long: pd.DataFrame, visit: str, column: str = "value") -> pd.Series:
    """Reduction since baseline, baseline − visit, indexed by ``id``; positive means a fall."""
    later = long[long["visit"] == visit].set_index("id")[column]
    return (baseline_of(study, long, column) - later).dropna()


def analyte_titles(study: Study) -> dict[str, str]:
    """Each analyte's column and the name a reader sees."""
    return {name: study.field("analytes", name).title for name in study.roles.analytes.columns}
