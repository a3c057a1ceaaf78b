"""The search's sums and closed forms, against plain sums and the models that the notebooks use."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from helpers.claims.witness.balanced import TERMS, compound_symmetry, effect_sizes
from helpers.claims.witness.sums import Fall, Steps, make_design, stepped, sums_of, swapped
from helpers.models import cohens_d, fit_repeated

N, VISITS = 9, 4
GROUP = np.repeat([0, 1], N)


@pytest.fixture(params=[0, 2], ids=["no covariates", "two covariates"])
def case(request):
    rng = np.random.default_rng(request.param)
    person = rng.integers(0, 6, (2 * N, 1))
    table = rng.integers(0, 9, (2 * N, VISITS)) + person + 3 * GROUP[:, None] * np.arange(VISITS)
    covariates = rng.normal(size=(2 * N, request.param)) if request.param else None
    other = rng.normal(size=N)
    return table.astype(np.int64), make_design(GROUP, covariates), covariates, Fall(0, 2, other), rng


def test_tests_are_those_of_the_repeated_measures_model(case):
    table, design, covariates, _, _ = case
    long = pd.DataFrame({"id": np.repeat(range(2 * N), VISITS), "visit": np.tile(list("abcd"), 2 * N)})
    long["group"] = np.where(GROUP == 0, "x", "y").repeat(VISITS)
    long["value"] = table.ravel().astype(float)
    names = [] if covariates is None else ["c0", "c1"]
    for k, name in enumerate(names):
        long[name] = covariates[:, k].repeat(VISITS)
    formula = " + ".join(["value ~ group * visit", *names])
    tests = fit_repeated(long, formula, "id", "visit", "compound_symmetry").tests(df="satterthwaite")
    expected = tests.set_index("term").loc[["group", "visit", "group:visit"], "F"].to_numpy()
    found = compound_symmetry(sums_of(table, design), design)
    assert np.array(found) == pytest.approx(expected, rel=1e-7), TERMS


def test_effect_sizes_are_cohens_d(case):
    table, design, *_ = case
    expected = [cohens_d(table[GROUP == 1, v], table[GROUP == 0, v]).value for v in range(VISITS)]
    assert effect_sizes(sums_of(table, design), N) == pytest.approx(expected)


def fields(sums, k=None):
    values = vars(sums).values()
    if k is None:
        return [np.asarray(value, dtype=float) for value in values]
    return [np.asarray(value, dtype=float)[0 if len(value) == 1 else k] for value in values]


def test_steps_and_swaps_give_the_sums_of_the_changed_table(case):
    table, design, _, fall, rng = case
    patient, visit, by = rng.integers(0, 2 * N, 40), rng.integers(0, VISITS, 40), rng.choice([-1, 1], 40)
    found = stepped(table, design, Steps(patient, visit, by), fall)
    for k in range(40):
        changed = table.copy()
        changed[patient[k], visit[k]] += by[k]
        for got, expected in zip(fields(found, k), fields(sums_of(changed, design, fall)), strict=True):
            assert got == pytest.approx(expected, abs=1e-8)
    up = rng.integers(0, N, 40)
    down = (up + rng.integers(1, N, 40)) % N
    ones = np.ones(40, dtype=np.int64)
    found = swapped(table, design, Steps(up, visit, ones), Steps(down, visit, -ones), fall)
    for k in range(40):
        changed = table.copy()
        changed[up[k], visit[k]] += 1
        changed[down[k], visit[k]] -= 1
        for got, expected in zip(fields(found, k), fields(sums_of(changed, design, fall)), strict=True):
            assert got == pytest.approx(expected, abs=1e-8)
