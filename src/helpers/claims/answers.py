"""Claims beside the rows of many specifications: does the conclusion stand, could the printed figure arise?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import pandas as pd

from helpers.claims.ledger import Claim
from helpers.claims.verdicts import has_sign, rounds_to

# Family of a multiverse -> analyses and statistics of the rows that its claims rest on.
ANSWERED: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "outcome_tests": (("mixed_model",), ("F",)),
    "outcome_comparisons": (("mixed_model",), ("change", "mean_difference")),
    "endpoints": (("response", "remission", "time_to_response", "time_to_remission"), ("chi_square", "t")),
    "baseline_tests": (("ancova",), ("F",)),
    "baseline_comparisons": (("ancova",), ("mean_difference",)),
    "longitudinal_tests": (("cytokine_all_visits",), ("F",)),
    "longitudinal_comparisons": (("cytokine_all_visits",), ("change",)),
    "change": (("change_regression",), ("beta",)),
    "mediation": (("mediation",), ("direct", "indirect", "indirect_sobel")),
}
NUMBERS = ("value", "ci_low", "ci_high", "df1", "df2", "p", "p_adjusted", "n")


def claims_in(claims: Iterable[Claim], family: str) -> list[Claim]:
    """The claims that a family's rows answer."""
    analyses, statistics = ANSWERED[family]
    return [
        claim for claim in claims if claim.row.get("analysis") in analyses and claim.row.get("statistic") in statistics
    ]


def statements_of(rows: pd.DataFrame, family: str, alpha: float = 0.05) -> list[Claim]:
    """For a study without a ledger: one statement a test of the rows, that it is significant at ``alpha``.

    >>> from helpers.analysis.results import row, to_frame
    >>> rows = to_frame([row("mixed_model", "F", 5.0, outcome="pain", contrast="time", p=0.03)])
    >>> [claim.id for claim in statements_of(rows, "outcome_tests")]
    ['mixed_model:pain/time/F']
    """
    analyses, statistics = ANSWERED[family]
    kept = rows[rows["analysis"].isin(analyses) & rows["statistic"].isin(statistics) & rows["p"].notna()]
    return [_statement(found, alpha) for found in kept.itertuples()]


def _statement(found, alpha: float) -> Claim:
    cells = {n: getattr(found, n) for n in ("outcome", "analyte", "group", "contrast", "visit") if getattr(found, n)}
    name = "/".join([*cells.values(), found.statistic])
    # Of a slope the adjustment that a specification chooses stands in p itself, as the paper gives it.
    read = "p" if pd.isna(found.p_adjusted) or found.statistic == "beta" else "p_adjusted"
    selected = {"analysis": found.analysis, "statistic": found.statistic, **cells}
    return Claim(f"{found.analysis}:{name}", "significance", "", name, f"< {alpha:g}", "", selected, read=read)


def answers(claims: Sequence[Claim], rows: pd.DataFrame, alpha: float = 0.05) -> pd.DataFrame:
    """One row a claim: ``claim``, the numbers of the row that answers it, ``stands`` and ``printed``.

    ``stands``: the conclusion is the paper's. For a statement of significance or direction, as the ledger has it; for
    one of no significance, p is above the limit. For a printed figure, the row's p is below ``alpha``, and the value
    has the sign of the figure where it can have two. Where a row has no p, its interval leaves out 0, or does not.
    ``printed``: the compared number rounds to the printed one; missing where the row does not have it. A claim that no
    row answers, or more than one, has missing values and says so in ``problem``.
    """
    found: list[dict] = []
    for columns in sorted({tuple(sorted(claim.row)) for claim in claims}):
        these = [claim for claim in claims if tuple(sorted(claim.row)) == columns]
        groups = dict(list(rows.groupby(list(columns), observed=True)))
        for claim in these:
            part = groups.get(tuple(claim.row[name] for name in columns))
            found.append(_answer(claim, part, alpha))
    order = {claim.id: place for place, claim in enumerate(claims)}
    return pd.DataFrame(sorted(found, key=lambda cells: order[cells["claim"]]))


def _answer(claim: Claim, part: pd.DataFrame | None, alpha: float) -> dict:
    empty = {"claim": claim.id, **dict.fromkeys(NUMBERS, float("nan")), "stands": float("nan"), "printed": float("nan")}
    if part is None or len(part) != 1:
        return {**empty, "problem": f"{0 if part is None else len(part)} results answer to the claim"}
    cells = part.iloc[0]
    numbers = {name: float(cells[name]) for name in NUMBERS}
    ends = numbers["ci_low"], numbers["ci_high"]
    if pd.isna(numbers[claim.read]) and not pd.isna(numbers["value"]) and not pd.isna(ends[0]):
        # A bootstrap interval has no p; the claim is one of significance, and the interval leaves out 0 or does not.
        apart = ends[0] > 0 or ends[1] < 0
        stands = apart != (claim.printed[0] == ">") and has_sign(numbers["value"], claim.sign)
        return {**empty, **numbers, "stands": float(stands), "problem": ""}
    if pd.isna(numbers["value"]) or pd.isna(numbers[claim.read]):
        return {**empty, "problem": str(cells["method"]) or "the result is missing"}
    agrees = rounds_to(numbers[claim.read], claim.printed) and has_sign(numbers["value"], claim.sign)
    stands = _stands(claim, numbers, agrees, alpha)
    return {"claim": claim.id, **numbers, "stands": float(stands), "printed": float(agrees), "problem": ""}


def _stands(claim: Claim, numbers: Mapping[str, float], agrees: bool, alpha: float) -> bool:
    if claim.printed[0] in "<>":
        return agrees
    p = numbers["p"] if pd.isna(numbers["p_adjusted"]) else numbers["p_adjusted"]
    # β, like every figure on an unadjusted p, is judged by that.
    p = numbers["p"] if claim.row["statistic"] == "beta" else p
    if pd.isna(p):
        return numbers["ci_low"] > 0 or numbers["ci_high"] < 0
    same_sign = claim.read != "value" or numbers["value"] * float(claim.printed) > 0
    return p < alpha and same_sign
