"""Values below the detection limit: named in a table of their own, and replaced by a stated rule."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from helpers.study.columns import cell_findings
from helpers.study.descriptor import Descriptor
from helpers.study.finding import ERROR, Finding


def detection_findings(tables: Mapping[str, pd.DataFrame], descriptor: Descriptor) -> list[Finding]:
    """Flags that cannot be: of no sample or analyte, of a value that is there, without a limit."""
    roles, role = descriptor.roles, descriptor.roles.analytes.detection
    if role is None:
        return []
    path, flags = descriptor.resource(role.table).path, tables[role.table]
    who, analyte = flags[roles.identifier], flags["analyte"]
    limit = flags["limit"].astype("float64")
    found = _levels(tables, descriptor).reindex(_keys(flags, roles.identifier))
    samples = _keys(tables[roles.tables["analytes"]], roles.identifier, "visit")
    sampled = pd.Series(_keys(flags, roles.identifier, "visit").isin(samples), index=flags.index)
    valued = pd.Series(found.notna().to_numpy(), index=flags.index)
    rules = [
        (analyte, ~analyte.isin(roles.analytes.columns), who, "expected one of the analytes"),
        (flags["limit"], ~(limit > 0), who, "expected a limit above 0"),
        (who, ~sampled, None, "expected a sample of the table of analytes"),
        (analyte, valued, who, "the table of analytes has a value there; leave one of the two empty"),
    ]
    return [
        finding
        for column, bad, whose, expected in rules
        for finding in cell_findings(
            Finding(ERROR, "below-limit", "", expected, "", path, column.name), column, bad, whose
        )
    ]


def with_limits(tables: Mapping[str, pd.DataFrame], descriptor: Descriptor) -> dict[str, pd.DataFrame]:
    """The tables, with LOD/√2 in the place of each value below its limit of detection.

    Notes
    -----
    The rule ``lod_sqrt2`` puts the limit divided by √2 where a value is only known to lie below it: for values that are
    log-normal and not extremely skewed, close to their mean under the limit (Hornung and Reed 1990, *Applied
    Occupational and Environmental Hygiene* 5:46–51). Variances come out too small when many values are below.
    """
    roles, role = descriptor.roles, descriptor.roles.analytes.detection
    if role is None or tables[role.table].empty:
        return dict(tables)
    name, flags = roles.tables["analytes"], tables[role.table]
    table = tables[name]
    rows, filled = _keys(table, roles.identifier, "visit"), {}
    for analyte, part in flags.groupby(flags["analyte"].astype(str)):
        limits = pd.Series(part["limit"].astype("float64").to_numpy(), _keys(part, roles.identifier, "visit"))
        stand_in = limits.reindex(rows).to_numpy() / np.sqrt(2)
        filled[analyte] = table[analyte].astype("float64").fillna(pd.Series(stand_in, index=table.index))
    # All columns at once: hundreds of replacements one by one leave a frame that is slow ever after.
    done = pd.concat([table.drop(columns=list(filled)), pd.DataFrame(filled, table.index)], axis=1)
    return {**tables, name: done[table.columns]}


def _levels(tables: Mapping[str, pd.DataFrame], descriptor: Descriptor) -> pd.Series:
    """Every analyte's value by participant, visit and analyte."""
    roles = descriptor.roles
    table = tables[roles.tables["analytes"]]
    columns = list(roles.analytes.columns)
    long = table.melt([roles.identifier, "visit"], columns, var_name="analyte")
    return pd.Series(long["value"].astype("float64").to_numpy(), index=_keys(long, roles.identifier)).dropna()


def _keys(frame: pd.DataFrame, identifier: str, *names: str) -> pd.MultiIndex:
    columns = [identifier, *(names or ("visit", "analyte"))]
    return pd.MultiIndex.from_frame(frame[columns].astype(str))
