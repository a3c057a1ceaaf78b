"""The panel of a witness: group differences at baseline at their model's size, and IL-6 as printed."""

from __future__ import annotations

import numpy as np
import pandas as pd

from helpers.study.synthetic import parameters as p
from helpers.study.synthetic.cytokines import analyte_names
from helpers.study.synthetic.draws import significant

from .fall_aims import ROOM
from .il6 import correlation_with_p, last_levels, with_correlations
from .moves import SearchError
from .paths import Correlations, predictor, slack
from .sums import Floats
from .wanted import LAST, RULE, Wanted, mediation_intervals

GROUPS = ("pain", "non_pain")
HAIRS = tuple(1 + step * 1e-5 for k in range(20) for step in dict.fromkeys((k, -k)))


def panel(want: Wanted, people: pd.DataFrame, scales: dict[str, Floats], taken: np.ndarray, levels: Floats) -> Floats:
    """Levels in pg/mL with the targets met, people × samples × analytes; see the functions below.

    Levels are written with few digits. Where those move a slope or path out of its interval, falls of IL-6 that are
    wider or narrower by a hair are tried. Raises :class:`SearchError` when none will do.
    """
    logs = at_model_size(people, np.log(levels))
    patients = len(scales["madrs"])
    group = (people["group"][:patients] == GROUPS[1]).to_numpy().astype(int)
    place = analyte_names().index("il_6")
    for hair in HAIRS:
        il6 = linked(want, logs[:patients, :, place], group, taken[:patients, -1], scales, hair)
        written = significant(np.exp(il6), p.Cytokines().digits)
        if _room(want, np.log(written), group, scales) > 0:
            break
    else:
        raise SearchError("the digits that levels are written with leave no slopes and paths as printed")
    out = significant(np.exp(logs).reshape(-1, logs.shape[-1]), p.Cytokines().digits).reshape(levels.shape)
    out[:patients, :, place] = written
    return out


def _room(want: Wanted, logs: Floats, group: np.ndarray, scales: dict[str, Floats]) -> float:
    """The slack of the slopes and paths at the rule's visit, of IL-6 as written."""
    first = group == 0
    x = logs[first, 0] - logs[first, 1]
    m, y = (scales[name][first, 0] - scales[name][first, RULE] for name in ("vas", "madrs"))
    r = np.corrcoef([x, m, y])
    found = Correlations(r[0, 1], r[0, 2], r[1, 2], *(v.std(ddof=1) for v in (x, m, y)), len(x))
    return float(slack(found, mediation_intervals(want)))


def at_model_size(people: pd.DataFrame, logs: Floats) -> Floats:
    """Shift the patients of each group, at all samples, so that every analyte which the paper says to differ from
    controls does so at baseline by the model's effect exactly, given age, sex and body mass index.

    Analytes that are not said to differ keep what they were drawn with.
    """
    dummies = np.column_stack([(people["group"] == g).to_numpy(float) for g in GROUPS])
    covariates = [people["age"], people["sex"] == "male", people["bmi"]]
    design = np.column_stack([dummies, np.ones(len(people)), *(np.asarray(c, dtype=float) for c in covariates)])
    fitted = np.linalg.lstsq(design, logs[:, 0, :], rcond=None)[0][:2]
    out = logs.copy()
    for k, name in enumerate(analyte_names()):
        model = p.ANALYTES[name]
        effects = np.array([model.pain, model.non_pain]) * model.spread
        if effects.any():
            out[:, :, k] += (dummies @ (effects - fitted[:, k]))[:, None]
    return out


def linked(
    want: Wanted, logs: Floats, group: np.ndarray, taken: np.ndarray, scales: dict[str, Floats], hair: float = 1.0
) -> Floats:
    """Log levels of IL-6, patients × samples, whose falls have the printed slopes and paths in the first group.

    ``hair`` multiplies the spread of the falls at the rule's visit.
    """
    out, first = logs.copy(), group == 0
    vas, madrs = (scales[name][first, 0] - scales[name][first, RULE] for name in ("vas", "madrs"))
    intervals, n = mediation_intervals(want), int(first.sum())
    point = predictor(intervals, np.corrcoef(vas, madrs)[0, 1], vas.std(ddof=1), madrs.std(ddof=1), n)
    if slack(point, intervals) < ROOM / 2:
        raise SearchError("no falls of IL-6 have the printed slopes and paths with these scales")
    fall = with_correlations(
        logs[first, 0] - logs[first, 1], [vas, madrs], [float(point.xm), float(point.xy)], hair * float(point.s_x)
    )
    out[first, 1] = logs[first, 0] - fall
    late = scales["vas"][first, 0] - scales["vas"][first, LAST]
    r, spread = _last(want, late, n)
    return last_levels(out, group, taken, late.astype(float), r, spread)


def _last(want: Wanted, late: Floats, n: int) -> tuple[float, float | None]:
    """The correlation of the falls on day 26, and the SD of IL-6's where a reading ties it."""
    middle = sum(want.interval("il6-vas-day-26")) / 2
    if want.claims["il6-vas-day-26"].row["statistic"] == "beta":
        return middle, None
    r = correlation_with_p(want.interval("il6-vas-day-26-p"), n)
    return r, r * float(late.std(ddof=1)) / middle
