"""What a multiverse says of the claims, as results rows, and which p a specification was judged by."""

from __future__ import annotations

import pandas as pd

from helpers.analysis.results import row, to_frame
from helpers.analysis.robustness.kept import Kept
from helpers.claims.ledger import Claim
from helpers.claims.whole import ledger_of

ANALYSIS = "multiverse"
# Where the share of specifications in which a claim stands puts it, from the surest down.
STANDINGS = ("everywhere", "in_most", "in_few", "nowhere")
FIGURES = ("statistic", "p_value", "effect_size")


def standing(share: float) -> str:
    """The class of a share: 1, at least a half, less, 0.

    >>> [standing(share) for share in (1.0, 0.5, 0.2, 0.0)]
    ['everywhere', 'in_most', 'in_few', 'nowhere']
    """
    return STANDINGS[0] if share == 1 else STANDINGS[1] if share >= 0.5 else STANDINGS[2] if share > 0 else STANDINGS[3]


def claims_by_id(run, kept: Kept) -> dict[str, Claim]:
    """The claims that a multiverse answers; what no ledger states is a statement of significance."""
    known = {claim.id: claim for claim in ledger_of(run)}
    return {name: _statement(name, kept.alpha) for name in kept.main} | {
        name: known[name] for name in kept.shares.get("claim", ()) if name in known
    }


def _statement(name: str, alpha: float) -> Claim:
    """What :func:`helpers.claims.answers.statements_of` stated, from its identifier.

    >>> found = _statement("change_regression:vas/il_6/beta", 0.05)
    >>> found.statement, found.printed, found.row["statistic"]
    ('Change regression (vas/il_6/beta)', '< 0.05', 'beta')
    """
    analysis, _, members = name.partition(":")
    row = {"analysis": analysis, "statistic": members.rpartition("/")[2]}
    said = f"{analysis.replace('_', ' ').capitalize()} ({members})"
    return Claim(name, "significance", "", said, f"< {alpha:g}", "", row)


def robustness_rows(run, kept: Kept) -> pd.DataFrame:
    """Results rows: how many claims of each family stand where, and the shares of each main claim.

    ``outcome`` is the family, empty for all of them; ``contrast`` the claim. Of the printed figures (statistics,
    p values and effect sizes): how many arise under the paper's own specification, how many under others alone, and
    how many under none.
    """
    if kept.missing:
        return to_frame([])
    shares = kept.shares[kept.shares["answered"] > 0]
    rows = []
    tried = shares.groupby("family", sort=False)["specifications"].max()
    for family, part in [("", shares), *shares.groupby("family", sort=False)]:
        counted, many = part["stands"].map(standing).value_counts(), tried[family] if family else tried.sum()
        rows.append(row(ANALYSIS, "specifications", many, outcome=family))
        rows += [
            row(ANALYSIS, f"stand_{name}", counted.get(name, 0), outcome=family, n=len(part)) for name in STANDINGS
        ]
    for found in shares[shares["claim"].isin(kept.main)].itertuples():
        cells = {"outcome": found.family, "contrast": found.claim, "n": found.answered}
        rows += [row(ANALYSIS, "percent_standing", 100 * found.stands, **cells)]
        rows += [] if pd.isna(found.printed) else [row(ANALYSIS, "percent_printed", 100 * found.printed, **cells)]
    return to_frame([*rows, *_arising(printed_figures(run, kept))])


def printed_figures(run, kept: Kept) -> pd.DataFrame:
    """The rows of the shares that are of printed figures, not of statements of significance or direction."""
    kinds = {claim.id: claim.kind for claim in ledger_of(run)}
    shares = kept.shares
    return shares[shares["claim"].map(kinds).isin(FIGURES) & (shares["answered"] > 0)]


def _arising(figures: pd.DataFrame) -> list[dict]:
    if figures.empty:
        return []
    changes, n = figures["changes"], len(figures)
    counts = {"published": (changes == 0).sum(), "elsewhere": (changes > 0).sum(), "nowhere": changes.isna().sum()}
    return [row(ANALYSIS, f"figures_arise_{name}", count, n=n) for name, count in counts.items()]


def judged(claim: Claim, curve: pd.DataFrame) -> pd.Series:
    """The p value by which each specification of a claim was judged; missing where an interval stood for it.

    What the ledger compares where that is a p value; else the adjusted one if there is one, and for β, which the paper
    gives with an unadjusted p, that.
    """
    if claim.read in ("p", "p_adjusted"):
        return curve[claim.read]
    if claim.row.get("statistic") == "beta":
        return curve["p"]
    return curve["p_adjusted"].where(curve["p_adjusted"].notna(), curve["p"])
