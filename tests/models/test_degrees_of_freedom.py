"""Satterthwaite's and Kenward-Roger's degrees of freedom: the formulas, and what they may depend on."""

import numpy as np
import pytest
from scipy import optimize, stats

from helpers.models import OptionError, TooFewError, fit_repeated
from helpers.models.inference import term_rows
from helpers.models.kenward_roger import _matched
from helpers.models.satterthwaite import pooled

FORMULA = "score ~ group * visit + age"
INFORMATION = ["observed", "expected"]


def fitted(table, name="trial_66x3", **options):
    return fit_repeated(table(name), FORMULA, "id", "visit", **options)


def sigma_of(structure, values):
    visits = 3
    lag = np.abs(np.subtract.outer(range(visits), range(visits)))
    if structure == "ar1":
        return values[0] * values[1] ** lag
    deviations = np.sqrt(values[:visits])
    return np.outer(deviations, deviations) * np.where(lag == 0, 1, values[visits])


class Dense:
    """Restricted likelihood of a fit in the natural parameters, from the whole matrix and by differences alone."""

    def __init__(self, fit):
        rows = fit.design.data
        self.same = np.equal.outer(rows["id"].to_numpy(), rows["id"].to_numpy())
        self.visit = rows["visit"].cat.codes.to_numpy()
        self.x, self.y, self.structure, self.at = fit.design.x, fit.design.y, fit.structure, fit.parameters.to_numpy()

    def whole(self, values):
        return sigma_of(self.structure, values)[np.ix_(self.visit, self.visit)] * self.same

    def vcov(self, values):
        return np.linalg.inv(self.x.T @ np.linalg.solve(self.whole(values), self.x))

    def half_deviance(self, values):
        v, vcov = self.whole(values), self.vcov(values)
        r = self.y - self.x @ vcov @ self.x.T @ np.linalg.solve(v, self.y)
        return (np.linalg.slogdet(v)[1] + r @ np.linalg.solve(v, r) - np.linalg.slogdet(vcov)[1]) / 2

    def steps(self):
        return np.diag(1e-4 * np.abs(self.at))

    def spread(self):
        """Inverse of the second differences."""
        moves = self.steps()
        f = lambda *signed: self.half_deviance(self.at + sum(signed))  # noqa: E731
        second = [[f(i, j) - f(i, -j) - f(-i, j) + f(-i, -j) for j in moves] for i in moves]
        sizes = np.diag(moves)
        return np.linalg.inv(np.array(second) / (4 * np.outer(sizes, sizes)))


@pytest.mark.parametrize("structure", ["ar1", "heterogeneous_cs"])
def test_satterthwaites_df_are_those_of_numerical_derivatives(table, structure):
    ours = fitted(table, covariance=structure)
    dense = Dense(ours)
    found = ours.inference("satterthwaite", "observed")
    rows = np.array([*np.eye(len(ours.coefficients))[1:4], np.ones(len(ours.coefficients))])
    change = [(dense.vcov(dense.at + step) - dense.vcov(dense.at - step)) / (2 * step.sum()) for step in dense.steps()]
    slopes = np.array([np.einsum("mk,kl,ml->m", rows, one, rows) for one in change])
    variance = np.einsum("mk,kl,ml->m", rows, ours.vcov, rows)
    expected = 2 * variance**2 / np.einsum("pm,pq,qm->m", slopes, dense.spread(), slopes)
    # Second differences of a likelihood of a thousand keep six digits.
    assert found.row_df(rows) == pytest.approx(expected, rel=1e-4)


@pytest.mark.parametrize("structure", ["ar1", "heterogeneous_cs"])
def test_the_adjusted_covariance_is_kenward_and_rogers(table, structure):
    """Φ + 2 Φ (Σ W_ij (Q_ij - P_i Φ P_j - R_ij / 4)) Φ, with the derivatives of the whole matrix by differences."""
    ours = fitted(table, covariance=structure)
    dense = Dense(ours)
    found = ours.inference("kenward-roger", "observed")
    moves = dense.steps()
    phi, weight = dense.vcov(dense.at), np.linalg.solve(dense.whole(dense.at), dense.x)
    first = [(dense.whole(dense.at + m) - dense.whole(dense.at - m)) / (2 * m.sum()) for m in moves]
    solved = [np.linalg.solve(dense.whole(dense.at), one @ weight) for one in first]
    total = np.zeros_like(phi)
    spread = dense.spread()
    for i, one in enumerate(moves):
        for j, two in enumerate(moves):
            signs = [(1, 1, 1), (1, -1, -1), (-1, 1, -1), (-1, -1, 1)]
            bent = sum(sign * dense.whole(dense.at + a * one + b * two) for a, b, sign in signs)
            bent = bent / (4 * one.sum() * two.sum())
            p_i, p_j = (weight.T @ first[k] @ weight for k in (i, j))
            q = weight.T @ first[i] @ solved[j]
            total += spread[i, j] * (q - p_i @ phi @ p_j - weight.T @ bent @ weight / 4)
    adjusted = phi + 2 * phi @ total @ phi
    # Relative to the adjustment itself, not to Φ; second differences of a likelihood keep about six digits.
    assert found.vcov - phi == pytest.approx(adjusted - phi, rel=1e-3, abs=1e-4 * np.abs(adjusted - phi).max())


def test_observed_and_expected_information_differ_on_incomplete_data(table):
    ours = fitted(table)
    observed, expected = (ours.tests(information=information)["df2"].to_numpy() for information in INFORMATION)
    assert np.abs(observed / expected - 1).max() > 1e-3
    assert ours.tests()["df2"].tolist() == observed.tolist()


def test_df_of_several_rows_are_fai_and_cornelius(table):
    ours = fitted(table, covariance="ar1")
    found = ours.inference()
    rows = term_rows(ours.design, "visit")
    covariance = rows @ ours.vcov.to_numpy() @ rows.T
    parts = np.linalg.eigh(covariance)[1].T @ rows
    nu = found.row_df(parts)
    total = (nu / (nu - 2)).sum()
    assert found.joint(rows)[1] == pytest.approx(2 * total / (total - len(rows)))
    one = ours.tests().set_index("term").loc["visit"]
    assert one["df2"] == pytest.approx(found.joint(rows)[1])
    estimate = rows @ ours.coefficients.to_numpy()
    assert one["F"] == pytest.approx(estimate @ np.linalg.solve(covariance, estimate) / 2)
    assert one["p"] == pytest.approx(stats.f.sf(one["F"], 2, one["df2"]))


@pytest.mark.parametrize(
    ("df", "expected"),
    [
        ([7.0], 7.0),
        ([1.5], 1.5),
        ([10.0, 10.0], 10.0),
        ([np.inf, np.inf], np.inf),
        # E = 4 / 2 + 6 / 4 = 3.5
        ([4.0, 6.0], 2 * 3.5 / 1.5),
        # What has at most two degrees of freedom is left out of the sum: E = 3.
        ([1.0, 3.0], 6.0),
        # E = 1.25 is below q; lmerTest gives 2.
        ([1.0, 10.0], 2.0),
        ([4.0, np.inf], 2 * 3.0 / 1.0),
    ],
)
def test_pooled_degrees_of_freedom(df, expected):
    assert pooled(np.array(df)) == pytest.approx(expected)


def test_the_rows_of_an_interaction_are_products(table):
    data = table("trial_66x3")
    third = data["age"] > data["age"].median()
    design = fit_repeated(data.assign(group=data["group"].mask(third, "third")), FORMULA, "id", "visit").design
    found = term_rows(design, "group:visit")
    cells = {(g, v): design.rows(one)[0] for g, v, one in _cells(design)}
    *groups, last_group = design.factors["group"]
    *visits, last_visit = design.factors["visit"]
    expected = [
        cells[g, v] - cells[last_group, v] - cells[g, last_visit] + cells[last_group, last_visit]
        for v in visits
        for g in groups
    ]
    assert found == pytest.approx(np.array(expected), abs=1e-12)


def _cells(design):
    for group in design.factors["group"]:
        for visit in design.factors["visit"]:
            one = design.data.head(1).assign(group=group, visit=visit)
            yield group, visit, one


@pytest.mark.parametrize("information", INFORMATION)
def test_kenward_rogers_moments_are_those_it_matches(table, information):
    """λ F has the mean and variance of F(q, m) that the paper's moments of F ask for."""
    ours = fitted(table)
    found = ours.inference("kenward-roger", information)
    rows = term_rows(ours.design, "group:visit")
    q, (f, df) = len(rows), found.joint(rows)
    half = rows @ found.sensitivity.root
    theta = half.T @ np.linalg.solve(half @ half.T, half)
    slopes, spread = found.sensitivity.slopes, found.sensitivity.spread
    traces = np.array([np.trace(theta @ p) for p in slopes])
    a1 = traces @ spread @ traces
    a2 = sum(
        spread[i, j] * np.trace(theta @ one @ theta @ two)
        for i, one in enumerate(slopes)
        for j, two in enumerate(slopes)
    )
    b = (a1 + 6 * a2) / (2 * q)
    g = ((q + 1) * a1 - (q + 4) * a2) / ((q + 2) * a2)
    d = 3 * q + 2 * (1 - g)
    mean = 1 / (1 - a2 / q)
    variance = 2 / q * (1 + g / d * b) / ((1 - (q - g) / d * b) ** 2 * (1 - (q + 2 - g) / d * b))
    reference = stats.f(q, df)
    wald = rows @ ours.coefficients @ np.linalg.solve(rows @ found.vcov @ rows.T, rows @ ours.coefficients) / q
    scale = f / wald
    assert reference.mean() == pytest.approx(scale * mean, rel=1e-9)
    assert reference.var() == pytest.approx(scale**2 * variance, rel=1e-9)


def test_the_cancelled_moments_are_the_limit_of_the_others():
    """One variance, estimated on 2 / s degrees of freedom: exact, also where the mean is infinite."""
    for q in (2, 3, 7):
        for s in (0.01, 0.5, 1.0, 1.9):
            assert _matched(q * q * s, q * s, q) == pytest.approx((1.0, 2 / s), rel=1e-9)
    near, away = _matched(4 * 0.4, 2 * 0.4 * (1 + 1e-7), 2), _matched(4 * 0.4, 2 * 0.4, 2)
    assert near == pytest.approx(away, rel=1e-5)


def test_an_f_that_does_not_exist_is_refused_by_name(long):
    rng = np.random.default_rng(0)
    values = rng.normal(size=(6, 8)) + rng.normal(size=(6, 1))
    ours = fit_repeated(long(values), "score ~ group * visit", "id", "visit")
    assert not ours.converged
    with pytest.raises(TooFewError, match="for visit: too few subjects for 7 effects") as caught:
        ours.tests("kenward-roger")
    assert caught.value.names == ("visit",)
    assert ours.means("group", by="visit", df="kenward-roger").notna().all(axis=None)


def test_kenward_roger_is_for_reml(table):
    ours = fitted(table, method="ml")
    for call in (
        ours.tests,
        lambda **more: ours.means("group", **more),
        lambda **more: ours.contrasts("group", **more),
    ):
        with pytest.raises(OptionError, match="defined for REML"):
            call(df="kenward-roger")
    assert ours.tests("satterthwaite").notna().all(axis=None)


def test_residual_and_asymptotic_df_are_plain(table):
    ours = fitted(table)
    residual, asymptotic = ours.tests("residual"), ours.tests("asymptotic")
    assert set(residual["df2"]) == {ours.n_rows - len(ours.coefficients)}
    assert np.isinf(asymptotic["df2"]).all()
    assert residual["F"].tolist() == asymptotic["F"].tolist()
    assert (residual["p"] > asymptotic["p"]).all()
    for wrong in ({"df": "between-within"}, {"information": "average"}):
        with pytest.raises(OptionError, match="allowed are"):
            ours.tests(**wrong)


def test_kenward_rogers_standard_errors_count_that_the_covariance_was_estimated(table):
    ours = fitted(table, "trial_16x4")
    plain = ours.means("group", by="visit")
    adjusted = ours.means("group", by="visit", df="kenward-roger")
    assert plain["mean"].tolist() == adjusted["mean"].tolist()
    assert adjusted["se"].mean() > plain["se"].mean()


def test_the_search_is_at_the_minimum_of_the_whole_likelihood(table):
    ours = fitted(table, covariance="ar1")
    dense = Dense(ours)
    found = optimize.minimize(dense.half_deviance, dense.at * [1.3, 0.7], method="Nelder-Mead", options={"xatol": 1e-6})
    assert found.x == pytest.approx(dense.at, rel=1e-4)
    constant = (ours.n_rows - len(ours.coefficients)) * np.log(2 * np.pi)
    assert ours.deviance == pytest.approx(2 * found.fun + constant, abs=1e-6)
