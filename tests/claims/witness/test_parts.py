"""The parts of the search: nodes, times, falls, IL-6; each against a computation of its own."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from helpers.claims.witness import il6, paths
from helpers.claims.witness.aims import Aim, printed_aim, reached
from helpers.claims.witness.balanced import TERMS, compound_symmetry
from helpers.claims.witness.endpoints import NEVER, boxed, first_visits, rules, time_t
from helpers.claims.witness.lattice import nodes
from helpers.claims.witness.moves import Box, Problem, SearchError, approach
from helpers.claims.witness.scales import found
from helpers.claims.witness.sums import make_design, sums_of
from helpers.models import impute_em
from helpers.study.synthetic.design import visits

GROUP = np.repeat([0, 1], 33)


def problem(printed: tuple[str, str, str], drawn: np.ndarray, highest: int) -> Problem:
    design = make_design(GROUP, np.random.default_rng(5).normal(size=(66, 2)))

    def part(place):
        return lambda sums: compound_symmetry(sums, design)[place]

    aims = [
        printed_aim(term, f, part(k), 0.01 * float(f)) for k, (term, f) in enumerate(zip(TERMS, printed, strict=True))
    ]
    return Problem(design, Box(np.zeros_like(drawn), np.full_like(drawn, highest), drawn), tuple(aims))


@pytest.fixture
def posed():
    rng = np.random.default_rng(3)
    drawn = rng.integers(0, 4, (66, 3)) + np.where(GROUP[:, None] == 0, [8, 2, 2], [1, 1, 1])
    return problem(("34.617", "25.713", "34.791"), drawn.astype(np.int64), 33)


def test_a_scale_is_found_with_all_its_digits(posed):
    table = found(np.random.default_rng(1), posed, "scale")
    assert [round(float(aim.of(sums_of(table, posed.design))), 3) for aim in posed.aims] == [34.617, 25.713, 34.791]
    assert table.min() >= 0
    again = found(np.random.default_rng(1), posed, "scale")
    assert (table == again).all()


def test_a_node_is_a_table_whose_f_of_time_and_interaction_are_right(posed):
    near = approach(np.random.default_rng(1), posed, posed.box.drawn)
    node = nodes(np.random.default_rng(1), posed, near)[0]
    n, visits_ = 33, 3
    margin = node.aim.low + 0.5
    between = (node.cells.sum(axis=1) ** 2).sum() / (n * visits_)
    cells = (node.cells**2).sum() / n
    time = (node.cells.sum(axis=0) ** 2).sum() / (2 * n) - node.cells.sum() ** 2 / (2 * n * visits_)
    interaction = cells - between - time
    # The error that the whole number leaves: T times it is M less what the cell sums take.
    error = margin / visits_ - cells + between
    assert round(64 * time / error, 3) == 25.713
    assert round(64 * interaction / error, 3) == 34.791


def test_what_cannot_be_is_said():
    drawn = np.random.default_rng(1).integers(0, 2, (66, 3))
    posed = problem(("34.617", "25.713", "34.791"), drawn, 1)
    with pytest.raises(SearchError, match="no table near the aims"):
        approach(np.random.default_rng(1), posed, drawn, turns=50)


def test_times_and_counts_stay_inside_the_box():
    rng = np.random.default_rng(4)
    drawn = np.clip(32 - np.arange(8) * rng.uniform(0.5, 4, (66, 1)) + rng.normal(0, 3, (66, 8)), 0, 60).astype(
        np.int64
    )
    drawn[:, 0] = np.maximum(drawn[:, 0], 24)
    aims = (Aim("t", lambda t: t, -1.0, 1.0, 0.05),) * 2
    box = boxed(rng, drawn, GROUP, *aims, 60)
    rule = rules()
    for table in (np.clip(drawn, box.low, box.high), box.low, box.high):
        responds = table[:, 1 : rule.rule + 1] <= table[:, :1] / 2
        drawn_responds = drawn[:, 1 : rule.rule + 1] <= drawn[:, :1] / 2
        assert (responds[:, -1] == drawn_responds[:, -1]).all()
        assert ((table[:, rule.rule] <= 10) == (drawn[:, rule.rule] <= 10)).all()
        t = time_t(first_visits(responds), GROUP, rule.days, rule.rule)
        assert -1 <= t <= 1
    assert (box.low <= box.high).all()


def test_t_of_times_is_students():
    first = np.random.default_rng(2).integers(1, 7, 66)
    first[::7] = NEVER
    rule = rules()
    days = np.where(first == NEVER, rule.days[rule.rule], rule.days[np.minimum(first, rule.rule)])
    expected = stats.ttest_ind(days[GROUP == 1], days[GROUP == 0]).statistic
    assert time_t(first, GROUP, rule.days, rule.rule) == pytest.approx(expected)
    assert visits()[rule.rule] == "infusion_6"


def test_paths_are_those_of_least_squares():
    rng = np.random.default_rng(1)
    m = rng.normal(size=33)
    y = 0.5 * m + rng.normal(size=33) * 3
    x = il6.with_correlations(rng.normal(size=33), [m, y], [0.3, 0.4], 1.2)
    c = paths.Correlations(0.3, 0.4, np.corrcoef(m, y)[0, 1], 1.2, m.std(ddof=1), y.std(ddof=1), 33)
    got = {name: float(value) for name, value in paths.statistics(c).items()}
    design = np.column_stack([np.ones(33), x, m])
    beta, rss, *_ = np.linalg.lstsq(design, y, rcond=None)
    se = np.sqrt(np.linalg.inv(design.T @ design)[1, 1] * rss[0] / 30)
    slope = stats.linregress(x, m)
    total = stats.linregress(x, y)
    assert got["direct-effect"] == pytest.approx(beta[1])
    assert got["indirect-effect"] == pytest.approx(total.slope - beta[1])
    assert got["direct-p"] == pytest.approx(2 * stats.t.sf(abs(beta[1] / se), 30))
    assert (got["slope"], got["beta"], got["vas-p"]) == pytest.approx((slope.slope, slope.rvalue, slope.pvalue))


@pytest.mark.parametrize("name", ["beta", "slope"])
def test_a_predictor_is_found_for_a_mediator_that_allows_one(name):
    wanted = {"madrs-beta": (0.4775, 0.4785), "direct-effect": (2.9945, 2.9955), "indirect-effect": (0.8665, 0.8675)}
    wanted[name] = (0.3325, 0.3335)
    point = paths.wanted_mediator(wanted, 9.0, 33)
    again = paths.predictor(wanted, float(point.my), float(point.s_m), 9.0, 33)
    assert paths.slack(again, wanted) > 0.5
    with pytest.raises(SearchError, match="no falls have such correlations"):
        il6.with_correlations(np.arange(4.0), [np.array([1.0, 0, 0, 0]), np.array([0, 1.0, 0, 0])], [0.9, 0.9], 1.0)


def test_the_last_sample_is_completed_as_expectation_maximisation_does():
    rng = np.random.default_rng(6)
    logs = rng.normal(size=(66, 3)) + rng.normal(size=(66, 1))
    taken = np.ones(66, dtype=bool)
    taken[[3, 9, 40]] = False
    missing = pd.DataFrame(logs).mask(pd.DataFrame({2: ~taken}).reindex(columns=range(3), fill_value=False))
    expected = impute_em(missing.assign(group=GROUP.astype(float))).completed[[0, 1, 2]].to_numpy()
    assert il6.completed(logs, GROUP, taken) == pytest.approx(expected, abs=1e-5)


def test_reached_is_every_aim():
    low, high = Aim("a", lambda x: x, 0.0, 1.0, 0.1), Aim("b", lambda x: x, -np.inf, 0.6, 0.1)
    assert reached([low, high], np.array([0.5, 0.7, 2.0])).tolist() == [True, False, False]
