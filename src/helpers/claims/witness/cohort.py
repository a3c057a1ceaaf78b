"""A witness cohort: a drawn cohort, moved on part by part until what a reading wants stands in it."""

from __future__ import annotations

import numpy as np
import pandas as pd

from helpers.study.synthetic import Refinement, make_cohort
from helpers.study.synthetic.design import limits, outcome_visits, visits
from helpers.study.synthetic.participants import Patients

from .endpoints import boxed
from .fall_aims import fall_aims
from .moves import Problem, SearchError
from .panel import panel
from .readings import Reading
from .scales import found, pain_box
from .sums import Design, Fall, Floats, Ints, make_design
from .wanted import RULE, Wanted, effect_aims, test_aims, time_aim, wanted

COARSE = {8: 0.003, 3: 0.01}  # by number of visits: how near, as a share of F, single steps have to come
LEAST = {"vas": 1, "sensory": 1, "affective": 0, "ppi": 1}  # of a patient with pain at baseline
# A mark under half a centimetre is 0 on the VAS; a few mild words may go with it.
UNMARKED = {"sensory": 3, "affective": 2, "ppi": 1}
# How far a score may be moved from the one drawn, so that nobody's course gets a spike for the sake of a digit.
BANDS = {"madrs": 8, "vas": 3, "sensory": 8, "affective": 4, "ppi": 2}
TRIES = 12
MODEL_FALL = 5  # centimetres of VAS, with pain


def make_witness(reading: Reading, seed: int) -> dict[str, pd.DataFrame]:
    """The tables of a witness cohort; see :func:`helpers.study.synthetic.make_cohort`.

    Same reading and seed, same tables. A search that gets stuck starts again from another draw, at most a few times.
    Raises :class:`SearchError` when none comes to its end.
    """
    reasons = []
    for trial in range(TRIES):
        try:
            return make_cohort(seed + 10_000 * trial, refine=Towards(wanted(reading), seed + 10_000 * trial))
        except SearchError as error:
            reasons.append(str(error))
    raise SearchError(f"{reading.name}, seed {seed}: {'; '.join(reasons)}")


class Towards(Refinement):
    """Moves each part of a cohort to what is wanted of it."""

    def __init__(self, want: Wanted, seed: int):
        self.want = want
        self.rng = np.random.default_rng([seed, 4])

    def madrs(self, patients: Patients, madrs: Ints) -> Ints:
        """MADRS with the two t, the three F and d."""
        design, rng = self._design(patients), self.rng
        times = time_aim(self.want, "response"), time_aim(self.want, "remission")
        box = boxed(rng, madrs.astype(np.int64), design.group, *times, int(limits("assessments", "madrs")[1]))
        aims = test_aims(self.want, "madrs", design, COARSE[8]) + effect_aims(self.want, design)
        problem = Problem(design, box.banded(BANDS["madrs"]), tuple(aims))
        for _ in range(TRIES):
            table = found(rng, problem, "madrs")
            if self._leaves_falls(table, design):
                return table
        raise SearchError("no whole falls of VAS leave room for the printed slopes and paths")

    def vas(self, patients: Patients, madrs: Ints, vas: Ints) -> Ints:
        """VAS with the three F, whose fall goes with that of MADRS as the paths need."""
        design = self._design(patients)
        fallen = _fallen(madrs, design)
        centred = fallen - fallen.mean()
        fall = Fall(0, RULE, centred / np.sqrt(centred @ centred))
        aims = test_aims(self.want, "vas", design, COARSE[8])
        drawn = int((vas[:, 0] - vas[:, RULE])[design.group == 0].sum())
        aims += fall_aims(self.want, fallen, drawn)
        box = pain_box(vas.astype(np.int64), design.group, int(limits("assessments", "vas")[1]), LEAST["vas"])
        return found(self.rng, Problem(design, box.banded(BANDS["vas"]), tuple(aims), fall), "vas")

    def scale(self, name: str, patients: Patients, vas: Ints, values: Floats) -> Floats:
        """Another pain scale with its three F."""
        design, asked = self._design(patients), [visits().index(visit) for visit in outcome_visits(name)]
        drawn, highest = values[:, asked].astype(np.int64), int(limits("assessments", name)[1])
        room = np.where(vas[:, asked] == 0, UNMARKED[name], highest)
        box = pain_box(drawn, design.group, highest, LEAST[name], room)
        aims = test_aims(self.want, name, design, COARSE[3])
        out = values.copy()
        out[:, asked] = found(self.rng, Problem(design, box.banded(BANDS[name]), tuple(aims)), name)
        return out

    def levels(self, people: pd.DataFrame, scales: dict[str, Floats], taken: np.ndarray, levels: Floats) -> Floats:
        """The panel; see :mod:`helpers.claims.witness.panel`."""
        return panel(self.want, people, scales, taken, levels)

    def _leaves_falls(self, madrs: Ints, design: Design) -> bool:
        """Whether there are falls of VAS, about as large as the model's, with which slopes and paths can exist."""
        try:
            fall_aims(self.want, _fallen(madrs, design), round(design.n * MODEL_FALL))
        except SearchError:
            return False
        return True

    def _design(self, patients: Patients) -> Design:
        table = patients.table
        group = (table["group"] == "non_pain").to_numpy().astype(np.int64)
        return make_design(group, table[["bmi", "education"]].to_numpy(float))


def _fallen(madrs: Ints, design: Design) -> Floats:
    """Falls of MADRS to the rule's visit in the first group."""
    return (madrs[:, 0] - madrs[:, RULE])[design.group == 0].astype(float)
