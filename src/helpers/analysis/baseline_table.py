"""The baseline table: each variable by group, the test between the compared groups, and which variables differ."""

from __future__ import annotations

import pandas as pd

from helpers.analysis.frames import groups, outcome_long, people
from helpers.analysis.pairs import Pair, named, of_pairs, overall, several
from helpers.analysis.results import pick, row, to_frame
from helpers.analysis.settings import Settings
from helpers.models import (
    ModelError,
    analysis_of_variance,
    chi_square,
    standardised_difference,
    standardised_difference_categorical,
    student_t,
)
from helpers.study import Study
from helpers.study.descriptor import BaselineVariable, Field


def baseline_table(study: Study, settings: Settings) -> pd.DataFrame:
    """Describe and compare every variable of the descriptor's baseline table.

    Continuous variables: ``mean`` and ``sd`` a group, Student's t-test (pooled variance). Categorical variables:
    ``count`` and ``percent`` of each level a group (the level in ``contrast``), Pearson's chi-square without
    continuity correction. Both: the standardised difference (Yang & Dalton 2012). Tests are between the compared
    groups; a healthy reference group is described where the variable was recorded for it.

    With more than two compared groups there is one test of all of them (``contrast`` ``group``: one-way analysis of
    variance, ``F``, or ``chi_square``), and the tests above for every pair, p adjusted by Bonferroni over the pairs.
    """
    rows: list[dict] = []
    for variable in study.roles.baseline_table:
        field, values = _variable(study, variable)
        describe, compare = (_levels, _compare_levels) if field.is_category else (_moments, _compare_means)
        for group in groups(study):
            rows += describe(field, values.loc[values["group"] == group, "value"].dropna(), group)
        rows += _overall(study, field, values) if several(study) else []
        rows += of_pairs(study, lambda pair, c=compare, f=field, v=values: c(pair, f, v, settings))
    return to_frame(rows)


def choose(study: Study, settings: Settings) -> pd.DataFrame:
    """The covariate rows alone, for a notebook that is run without the one before it."""
    return covariate_rows(study, baseline_table(study, settings), settings)


def covariates_that_differ(study: Study, rows: pd.DataFrame, alpha: float) -> tuple[str, ...]:
    """The candidates whose test of the compared groups gives p < ``alpha``, in the table's order.

    They enter the mixed models as covariates, as the paper did (Statistical analysis, third paragraph).
    """
    candidates = [variable.column for variable in study.roles.baseline_table if variable.candidate]
    tests = rows[(rows["analysis"] == "baseline") & rows["statistic"].isin(["t", "F", "chi_square"])]
    tests = tests[tests["contrast"] == overall(study)]
    low = set(tests.loc[tests["p"] < alpha, "outcome"])
    return tuple(name for name in candidates if name in low)


def recorded_covariates(rows: pd.DataFrame) -> tuple[str, ...]:
    """The covariates that the cohort notebook chose, from its results rows."""
    return tuple(pick(rows, analysis="covariate", statistic="selected")["outcome"])


def covariate_rows(study: Study, rows: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    """One row a selected covariate, so that later notebooks read the choice instead of making it again.

    No row where the scenario takes none.
    """
    chosen = covariates_that_differ(study, rows, settings.alpha) if settings.covariates == "differing" else ()
    method = f"differs between the groups, p < {settings.alpha:g}"
    return to_frame(row("covariate", "selected", 1, outcome=name, method=method) for name in chosen)


def _variable(study: Study, variable: BaselineVariable) -> tuple[Field, pd.DataFrame]:
    """The codebook entry, and a frame ``group, value`` of everyone for whom it was recorded."""
    columns = [field.name for field in study.descriptor.resource(study.roles.tables["participants"]).fields]
    if variable.column in columns:
        everyone = people(study, groups(study))
        return study.field("participants", variable.column), everyone[["group", variable.column]].set_axis(
            ["group", "value"], axis=1
        )
    long = outcome_long(study, variable.column, raw=True)
    return study.field("outcomes", variable.column), long.loc[long["visit"] == study.baseline, ["group", "value"]]


def _moments(field: Field, values: pd.Series, group: str) -> list[dict]:
    if values.empty:
        return []
    cells = {"outcome": field.name, "group": group, "n": len(values)}
    return [
        row("baseline", "mean", values.mean(), **cells),
        row("baseline", "sd", values.std(ddof=1), **cells, method="one value" if len(values) < 2 else ""),
    ]


def _levels(field: Field, values: pd.Series, group: str) -> list[dict]:
    rows = []
    for level in _known_levels(field):
        count = int((values == level).sum())
        cells = {"outcome": field.name, "group": group, "contrast": level, "n": len(values)}
        if len(values):
            rows.append(row("baseline", "count", count, **cells))
            rows.append(row("baseline", "percent", 100 * count / len(values), **cells))
    return rows


def _known_levels(field: Field) -> list[str]:
    return [str(level) for level in field.constraints.get("enum", ("true", "false"))]


def _overall(study: Study, field: Field, values: pd.DataFrame) -> list[dict]:
    """The test of all compared groups together."""
    compared = values[values["group"].isin(study.roles.compared)].dropna()
    cells = {"outcome": field.name, "contrast": overall(study), "n": len(compared)}
    statistic = "chi_square" if field.is_category else "F"
    try:
        if field.is_category:
            test = chi_square(pd.crosstab(compared["group"].astype(str), compared["value"]))
            return [row("baseline", statistic, test.statistic, df1=test.df, p=test.p, method=test.method, **cells)]
        test = analysis_of_variance(_samples(study, compared))
    except ModelError as error:
        return [row("baseline", statistic, float("nan"), **cells, method=f"not computed: {error}")]
    return [row("baseline", "F", test.statistic, df1=test.df1, df2=test.df2, p=test.p, method=test.method, **cells)]


def _samples(study: Study, compared: pd.DataFrame) -> list[pd.Series]:
    return [compared.loc[compared["group"] == group, "value"] for group in study.roles.compared]


def _compare_means(pair: Pair, field: Field, values: pd.DataFrame, settings: Settings) -> list[dict]:
    first, second = (values.loc[values["group"] == group, "value"].dropna() for group in pair)
    cells = {"outcome": field.name, "contrast": named(pair), "n": len(first) + len(second)}
    try:
        test = student_t(first, second, alpha=settings.alpha)
        difference = standardised_difference(first, second)
    except ModelError as error:
        return [row("baseline", "t", float("nan"), **cells, method=f"not computed: {error}")]
    return [
        row("baseline", "mean_difference", test.estimate, ci_low=test.ci_low, ci_high=test.ci_high, **cells),
        row("baseline", "t", test.statistic, df1=1, df2=test.df, p=test.p, method=test.method, **cells),
        row("baseline", "standardised_difference", difference, **cells),
    ]


def _compare_levels(pair: Pair, field: Field, values: pd.DataFrame, settings: Settings) -> list[dict]:
    compared = values[values["group"].isin(pair)].dropna()
    counts = pd.crosstab(compared["group"].astype(str), compared["value"]).reindex(list(pair), fill_value=0)
    cells = {"outcome": field.name, "contrast": named(pair), "n": len(compared)}
    first, second = (compared.loc[compared["group"] == group, "value"] for group in pair)
    try:
        test = chi_square(counts)
        difference = standardised_difference_categorical(first, second)
    except ModelError as error:
        return [row("baseline", "chi_square", float("nan"), **cells, method=f"not computed: {error}")]
    return [
        row("baseline", "chi_square", test.statistic, df1=test.df, p=test.p, method=test.method, **cells),
        row("baseline", "standardised_difference", difference, **cells),
    ]
