"""The page on how closely the models agree with R, from the table of worst differences."""

from __future__ import annotations

import pandas as pd

from helpers.report.format import SPACE, power
from helpers.report.markdown import paragraphs, small_table
from helpers.report.words import STRUCTURES

DENSE = "plain dense likelihood"
NEAREST = 1e-8  # of tests/oracles/agreement.py
SIMULATED = "trial"  # how the names of simulated data begin


def agreement_page(found: pd.DataFrame) -> str:
    """Worst differences by quantity, by data and structure, and of the other statistics (Markdown).

    Parameters
    ----------
    found : DataFrame
        ``part, subject, data, quantity, method, reference, worst, kind, tolerance, reason``, one row a comparison.
    """
    repeated, other = (found[found["part"] == part] for part in ("repeated", "other"))
    return paragraphs(
        "# Agreement with R",
        "The package’s statistics are compared with other programs’ answers to the same tables. This page is computed "
        "when the book is built: the models are fitted again and set beside the answers, which are committed with the "
        "scripts that ask for them (`tests/oracles`).",
        _verdict(found),
        f"Differences are given as the power of ten that they do not exceed. What is below {power(NEAREST)} or a tenth "
        "of its tolerance is given as that: its size is one of a processor’s last digits.",
        "## Repeated-measures models",
        f"{repeated.groupby(['data', 'subject']).ngroups} combinations of data and covariance structure, most by REML, "
        "some by ML. Real data: sleepstudy (lme4), Orthodont and BodyWeight (nlme), ChickWeight (R), BtheB (HSAUR3) "
        "and the PBC trial’s log bilirubin; simulated trials with drop-out, named by participants × visits. “Dense” is "
        "a plain implementation in numpy and scipy that builds every matrix in full and differentiates numerically; it "
        "answers what the R packages do not fit or print.",
        _by_quantity(repeated),
        "### Where the worst differences are",
        "Worst difference, so given, as a share of its tolerance, over all quantities and references; – where not "
        "fitted.",
        *_by_data(repeated),
        "### Degrees of freedom and *F* by method",
        _by_method(repeated),
        "## Other statistics",
        _others(other),
    )


def _verdict(found: pd.DataFrame) -> str:
    beyond = found[found["worst"] > found["tolerance"]]
    if beyond.empty:
        return f"**All {len(found)} comparisons are within their tolerances.**"
    named = "; ".join(sorted({f"{row.subject}, {row.data}: {row.quantity}" for row in beyond.itertuples()}))
    return f"**{len(beyond)} of {len(found)} comparisons are beyond their tolerances:** {named}."


def _worst(part: pd.DataFrame) -> str:
    return power(part["worst"].max()) if len(part) else "–"


def _by_quantity(found: pd.DataFrame) -> str:
    lines = []
    for (quantity, kind, tolerance, reason), part in found.groupby(["quantity", "kind", "tolerance", "reason"]):
        dense = part["reference"] == DENSE
        measured = f"{power(tolerance)} {kind}"
        lines.append(
            [str(quantity).replace("-2 ", "−2 "), measured, str(reason), _worst(part[~dense]), _worst(part[dense])]
        )
    return small_table(["Quantity", "Tolerance", "Because", "Worst against R", "Worst against dense"], lines)


def _by_data(found: pd.DataFrame) -> list[str]:
    """A table of the real data and one of the simulated trials: all of them side by side are wider than the page."""
    share = (found["worst"] / found["tolerance"]).groupby([found["subject"], found["data"]]).max().unstack()
    simulated = share.columns.str.startswith(SIMULATED)
    return [_shares(share.loc[:, columns].dropna(how="all")) for columns in (~simulated, simulated) if columns.any()]


def _shares(share: pd.DataFrame) -> str:
    lines = [
        [STRUCTURES[name], *("–" if pd.isna(value) else _share(value) for value in share.loc[name])]
        for name in STRUCTURES
        if name in share.index
    ]
    return small_table(["Structure", *(str(name).replace("_", " ") for name in share.columns)], lines)


def _share(value: float) -> str:
    """A share with three decimals, or that it is below them.

    >>> _share(0.0123), _share(3e-5).replace(SPACE, " ")
    ('0.012', '< 0.001')
    """
    return f"<{SPACE}0.001" if value < 0.001 else f"{value:.3f}"


def _by_method(found: pd.DataFrame) -> str:
    part = found[found["quantity"].isin(["degrees of freedom", "F", "p"]) & (found["method"] != "")]
    lines = []
    for method, rows in part.groupby("method"):
        dense = rows["reference"] == DENSE
        cells = [
            _worst(side[side["quantity"] == quantity])
            for quantity in ("degrees of freedom", "F", "p")
            for side in (rows[~dense], rows[dense])
        ]
        lines.append([_method(str(method)), *cells])
    heads = ["Method", *(f"{what}, {who}" for what in ("df", "F", "p") for who in ("R", "dense"))]
    return small_table(heads, lines)


def _method(name: str) -> str:
    df, _, information = name.partition("/")
    words = {"satterthwaite": "Satterthwaite", "kenward-roger": "Kenward–Roger", "residual": "Residual"}[df]
    return f"{words}, {information} information" if information else words


def _others(found: pd.DataFrame) -> str:
    lines = []
    for (subject, reference, kind, tolerance), part in found.groupby(["subject", "reference", "kind", "tolerance"]):
        measured = f"{power(tolerance)} {kind}"
        lines.append([str(subject), _quantities(part), str(reference), measured, _worst(part)])
    return small_table(["Statistic", "Quantities", "Reference", "Tolerance", "Worst"], lines)


def _quantities(part: pd.DataFrame) -> str:
    """What was compared, by name where that is short."""
    names = sorted(set(part["quantity"]), key=str.lower)
    return "; ".join(names) if len(names) <= 4 else f"{len(names)}, among them {'; '.join(names[:3])}"
