"""A study with other groups of patients or another scale of its analytes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pandas as pd
from scipy import stats

from helpers.study import Study, StudyError


def regrouped(study: Study, above: Mapping[str, float] | None) -> Study:
    """The study with its two groups of patients formed anew: in the first, those with any score above its value.

    Scores are those of the first visit; whoever has none of them keeps the recorded group. None keeps everybody's.

    Raises
    ------
    StudyError
        The study does not compare two groups, or has no such outcome.
    """
    if above is None:
        return study
    if len(study.roles.compared) != 2:
        raise StudyError(study.descriptor.name, ["groups can be formed anew only where two are compared"])
    unknown = [name for name in above if name not in study.assessments.columns]
    if unknown:
        known = ", ".join(item.column for item in study.roles.outcomes)
        raise StudyError(study.descriptor.name, [f"no outcome is called {', '.join(unknown)}; there are {known}"])
    identifier, column = study.roles.identifier, study.roles.group_column
    first = study.assessments[study.assessments["visit"] == study.baseline].set_index(identifier)[list(above)]
    scores = first.astype("float64")
    met = (scores > pd.Series(above, dtype="float64")).any(axis=1)[scores.notna().any(axis=1)]
    participants = study.participants
    patients = participants[column].isin(study.roles.compared) & participants[identifier].isin(met.index)
    yes, no = study.roles.compared
    formed = participants.loc[patients, identifier].map(met).map({True: yes, False: no})
    table = participants.assign(**{column: participants[column].astype(object)})
    table.loc[patients, column] = formed
    table[column] = table[column].astype(participants[column].dtype)
    return replace(study, tables={**study.tables, study.roles.tables["participants"]: table})


def rescaled(study: Study, transform: str) -> Study:
    """The study with its analytes on another scale.

    `described` the descriptor's, `none` that of the assay, `rank` normal scores of the ranks among all samples of the
    analyte: Φ⁻¹((r - 3/8) / (n + 1/4)) (Blom 1958, Statistical Estimates and Transformed Beta-Variables).
    """
    if transform == "described":
        return study
    analytes = replace(study.roles.analytes, transform="none")
    roles = replace(study.roles, analytes=analytes)
    tables = study.tables
    if transform == "rank":
        columns, name = list(analytes.columns), study.roles.tables["analytes"]
        tables = {**tables, name: study.analytes.assign(**{c: blom(study.analytes[c]) for c in columns})}
    return Study(replace(study.descriptor, roles=roles), tables)


def blom(values: pd.Series) -> pd.Series:
    """Normal scores of the ranks, ties averaged; missing values stay missing.

    >>> blom(pd.Series([3.0, 1.0, 2.0, None])).round(2).tolist()
    [0.87, -0.87, 0.0, nan]
    """
    numbers = values.astype("float64")
    ranks = numbers.rank()
    return pd.Series(stats.norm.ppf((ranks - 0.375) / (numbers.notna().sum() + 0.25)), values.index).where(
        numbers.notna(), np.nan
    )
