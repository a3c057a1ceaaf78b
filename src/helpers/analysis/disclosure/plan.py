"""What is withheld of the results rows of a build, decided once over all of them, and carried out row by row."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd

from helpers.analysis.disclosure.linked import KEYS, PERCENT, Key, is_count, keys_of, withheld_counts
from helpers.analysis.disclosure.rules import DERIVED, EXTREME, FEW, NO_PEOPLE, SIZE, UNKNOWN, WITHHELD
from helpers.analysis.disclosure.sizes import sizes_told

NUMBERS = ("value", "df1", "df2", "ci_low", "ci_high", "p", "p_adjusted")
EXTREMES = frozenset(("min", "max", "minimum", "maximum", "range"))
# A percentile stands on the people beyond it: its share of n must reach the threshold.
PERCENTILES = {"median": 0.5, "q1": 0.25, "q3": 0.25, "p5": 0.05, "p95": 0.05, "p10": 0.1, "p90": 0.1}
# An endpoint at its visit, and the time to it: what is known of one bounds the other.
TIMES = "time_to_"
DIGITS, P_DECIMALS = 3, 3


def decide(rows: pd.DataFrame, threshold: int) -> pd.DataFrame:
    """Every row's key with the reason why it is withheld (``row``), and why its n is (``n``); empty where shown.

    Parameters
    ----------
    rows : DataFrame
        All results rows of a build, uncontrolled.
    threshold : int
        Counts from 1 to one below it are small.

    Examples
    --------
    >>> from helpers.analysis.results import row, to_frame
    >>> cells = {"outcome": "madrs", "visit": "v", "n": 33}
    >>> rates = [row("response", "count", k, group=g, **cells) for g, k in (("a", 3), ("b", 20))]
    >>> test = row("response", "chi_square", 4.1, contrast="a - b", outcome="madrs", visit="v", n=66, p=0.04)
    >>> decide(to_frame([*rates, test]), 5)["row"].tolist()
    ['small', '', 'derived']
    """
    rows = rows.reset_index(drop=True)
    keys, told = keys_of(rows), sizes_told(rows, threshold)
    counts = withheld_counts(rows, threshold, told)
    told |= pd.Series([_number(item) in counts for item in rows.itertuples()], index=rows.index, dtype=bool)
    reason = pd.Series([_own(key, counts) for key in keys], index=rows.index, dtype=object)
    reason = reason.mask(_unfit(rows, threshold) & (reason == ""), EXTREME)
    people = ~rows["analysis"].isin(list(NO_PEOPLE))
    reason = reason.mask(people & (rows["n"] > 0) & (rows["n"] < threshold) & (reason == ""), FEW)
    reason = reason.mask(_derived(rows, reason, told) & (reason == ""), DERIVED)
    size = np.where(told & (reason == ""), SIZE, np.where(told | (reason == FEW), SIZE, ""))
    return pd.DataFrame(keys, columns=list(KEYS)).assign(row=reason, n=size)


def _number(item) -> Key:
    return ("n", item.analysis, item.outcome, item.analyte, item.group, item.visit, item.n)


def _own(key: Key, counts: Mapping[Key, str]) -> str:
    """A count's own reason; that of its count for a percentage; that of its n where the n is a count of events."""
    if key[-1] == PERCENT:
        return "derived" if (*key[:-1], "count") in counts or (*key[:-1], "recorded") in counts else ""
    return counts.get(key, counts.get(("row n", *key), ""))


def _unfit(rows: pd.DataFrame, threshold: int) -> pd.Series:
    """Extremes, and percentiles that stand on too few people."""
    shares = rows["statistic"].astype(str).map(PERCENTILES).astype("float64")
    return rows["statistic"].isin(list(EXTREMES)) | (shares * rows["n"] < threshold)


def _derived(rows: pd.DataFrame, reason: pd.Series, told: pd.Series) -> pd.Series:
    """Tests and estimates that rest on a withheld count, and percentages whose n is withheld."""
    counts = is_count(rows) & (reason != "")
    places = {_place(item) for item in rows[counts | (reason == "derived")].itertuples()}
    # What is linked by a withheld count: everything of that analysis and variable but the counts themselves, which
    # suppression has dealt with, and the times to an endpoint, whose events bound its count.
    rests = pd.Series([_place(item) in places for item in rows.itertuples()], index=rows.index, dtype=bool)
    timed = rows["analysis"].str.startswith(TIMES).to_numpy(bool)
    free = ~is_count(rows) & (rows["statistic"] != PERCENT)
    alone = rows["analysis"].isin(["flow", "missing", "eligibility", *NO_PEOPLE])
    return (rests & (free | timed) & ~alone) | ((rows["statistic"] == PERCENT) & told)


def _place(item) -> tuple[str, str, str]:
    return (str(item.analysis).removeprefix(TIMES), str(item.outcome), str(item.analyte))


def carry_out(rows: pd.DataFrame, plan: pd.DataFrame) -> pd.DataFrame:
    """The rows under control: what is withheld is missing, with :data:`WITHHELD` as its method.

    A row whose n is withheld has its degrees of freedom rounded to tens (one digit from 100 on), its estimate to three
    digits and p to three decimals, from which n cannot be solved for. Rows that the plan does not know
    are withheld, except those that count no people.
    """
    known = dict(
        zip(zip(*(plan[name] for name in KEYS), strict=True), zip(plan["row"], plan["n"], strict=True), strict=True)
    )
    free = rows["analysis"].isin(list(NO_PEOPLE))
    found = [
        ("", "") if exempt else known.get(key, (UNKNOWN, SIZE)) for key, exempt in zip(keys_of(rows), free, strict=True)
    ]
    gone = np.array([reason != "" for reason, _ in found], dtype=bool)
    sized = np.array([size != "" for _, size in found], dtype=bool)
    made = rows.copy()
    made.loc[gone, list(NUMBERS)] = np.nan
    made["n"] = made["n"].mask(sized)
    rough = sized & ~gone
    made.loc[rough, "df2"] = made.loc[rough, "df2"].map(_coarse)
    made.loc[rough, ["value", "ci_low", "ci_high"]] = made.loc[rough, ["value", "ci_low", "ci_high"]].map(_rounded)
    made.loc[rough, ["p", "p_adjusted"]] = made.loc[rough, ["p", "p_adjusted"]].map(_rounded_p)
    made["method"] = made["method"].mask(gone, WITHHELD)
    made["method"] = [_without_counts(text, value) for text, value in zip(made["method"], made["value"], strict=True)]
    made["method"] = made["method"].astype(rows["method"].dtype)
    return made


def _lines(plan: pd.DataFrame) -> Iterator[tuple]:
    return plan[[*KEYS, "row", "n"]].itertuples(index=False, name=None) if len(plan) else iter(())


def _coarse(df: float) -> float:
    """Degrees of freedom to tens, at least ten; to one digit from 100 on.

    >>> _coarse(61.4), _coarse(3.0), _coarse(448.0)
    (60.0, 10.0, 400.0)
    """
    if not np.isfinite(df):
        return df
    step = 10.0 ** max(1, np.floor(np.log10(max(df, 1))))
    return float(max(10.0, step * round(df / step)))


def _rounded(value: float) -> float:
    return value if not np.isfinite(value) else float(f"{value:.{DIGITS}g}")


def _rounded_p(p: float) -> float:
    return p if not np.isfinite(p) else max(round(p, P_DECIMALS), 0.5 * 10**-P_DECIMALS)


def _without_counts(method: str, value: float) -> str:
    """A reason for a missing result, without the numbers that it may name."""
    told = str(method)
    if np.isfinite(value) or told == WITHHELD or not any(sign.isdigit() for sign in told):
        return told
    return told.partition(":")[0] + "."
