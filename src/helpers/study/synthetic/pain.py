"""Pain over the visits: VAS, the other scales of the SF-MPQ, and the pain reported at infusions."""

from __future__ import annotations

import numpy as np
import pandas as pd

from . import parameters as p
from .design import PATIENT_GROUPS, Sizes, limits, outcome_visits, visits
from .draws import Array, carried_over, standardise, to_integer

MODEL = p.Pain()


def draw_vas(rng: np.random.Generator, group: pd.Series, madrs: Array) -> Array:
    """VAS, patients × visits, whole centimetres.

    At baseline 0 without pain and at least 1 with pain, where it goes with the fall of MADRS to come.
    """
    fall = madrs[:, :1] - madrs[:, [visits().index("infusion_6")]]
    latent = np.vstack([_latent(rng, g, fall[(group == g).to_numpy()]) for g in PATIENT_GROUPS])
    vas = to_integer(latent, *limits("assessments", "vas"))
    with_pain = (group == "pain").to_numpy()
    vas[:, 0] = np.where(with_pain, np.maximum(vas[:, 0], 1), 0)
    return vas


def draw_scales(rng: np.random.Generator, vas: Array) -> dict[str, Array]:
    """Sensory, affective and present pain index at their visits (else missing): 0 without pain, else following VAS."""
    asked = [visits().index(visit) for visit in outcome_visits("sensory")]
    scales = {}
    for name, slope, noise in MODEL.scales:
        lowest, highest = limits("assessments", name)
        score = slope * vas[:, asked] + noise * rng.standard_normal((len(vas), len(asked)))
        # Whoever marks pain on the line also chooses a word and an intensity; an affective word need not be among them.
        least = lowest if name == "affective" else lowest + 1
        scales[name] = np.full(vas.shape, np.nan)
        scales[name][:, asked] = np.where(vas[:, asked] > 0, to_integer(score, least, highest), lowest)
    return scales


def draw_reports(rng: np.random.Generator, vas: Array, size: Sizes) -> Array:
    """Pain reported, patients × infusions, 0 or 1: the infusions with most pain, exactly so many."""
    score = vas[:, 1 : 1 + p.INFUSIONS] + MODEL.report_noise * rng.standard_normal((len(vas), p.INFUSIONS))
    reported = np.zeros(score.size, dtype=int)
    reported[np.argsort(-score, axis=None, kind="stable")[: size.infusions_with_pain]] = 1
    return reported.reshape(score.shape)


def _latent(rng: np.random.Generator, group: str, fall: Array) -> Array:
    """VAS of one group before rounding; negative values will be 0."""
    n, benefit = len(fall), standardise(fall)
    means, sd = np.array(dict(MODEL.means)[group]), dict(MODEL.sd)[group]
    person = rng.standard_normal((n, 1))
    noise = carried_over(rng, n, len(means), 0.3)
    latent = means + sd * (MODEL.person * person + np.sqrt(1 - MODEL.person**2) * noise)
    r = MODEL.baseline_benefit
    start = rng.standard_normal((n, 1))
    latent[:, :1] = means[0] + MODEL.baseline_sd * (r * benefit + np.sqrt(1 - r**2) * start)
    return latent
