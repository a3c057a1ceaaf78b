"""Each structure's matrix and derivatives, and that a structure never fits worse than a special case of it."""

import numpy as np
import pytest

from helpers.models import fit_repeated
from helpers.models.structure_kinds import parametric, random_effects
from helpers.models.structures import curvature, directions, unstructured

VISITS = ["a", "b", "c", "d"]
LAGS = np.abs(np.subtract.outer(range(4), range(4)))
V = np.array([1.0, 4.0, 9.0, 2.0])
SDS = np.sqrt(np.outer(V, V))
EQUAL = np.equal.outer(range(4), range(4))
# Natural parameters and the matrix they stand for.
MATRICES = {
    "identity": ([2.0], 2.0 * EQUAL),
    "diagonal": (V, np.diag(V)),
    "compound_symmetry": ([2.0, 0.5], np.where(EQUAL, 2.5, 0.5)),
    "heterogeneous_cs": ([*V, -0.2], SDS * np.where(EQUAL, 1, -0.2)),
    "ar1": ([2.0, -0.6], 2 * (-0.6) ** LAGS.astype(float)),
    "heterogeneous_ar1": ([*V, 0.0], np.diag(V)),
    "toeplitz": ([2.0, 1.0, 0.5, 0.1], np.array([2.0, 1.0, 0.5, 0.1])[LAGS]),
    "heterogeneous_toeplitz": ([*V, 0.5, 0.3, 0.2], SDS * np.array([1, 0.5, 0.3, 0.2])[LAGS]),
}
Z = np.column_stack([np.ones(4), [0, 0.2, 0.5, 1.0]])
EFFECTS = {
    "intercept": (Z[:, :1], [0.7, 2.0], np.full((4, 4), 0.7) + 2 * EQUAL),
    "slope": (Z, [0.7, -0.2, 0.4, 2.0], Z @ [[0.7, -0.2], [-0.2, 0.4]] @ Z.T + 2 * EQUAL),
}
ROUGH = SDS * np.array([1, 0.5, 0.4, 0.3])[LAGS]
SPECIAL = {
    "identity": ["diagonal", "compound_symmetry", "ar1"],
    "diagonal": ["heterogeneous_cs", "heterogeneous_ar1"],
    "compound_symmetry": ["heterogeneous_cs", "toeplitz"],
    "ar1": ["heterogeneous_ar1", "toeplitz"],
    "toeplitz": ["heterogeneous_toeplitz"],
    "heterogeneous_cs": ["heterogeneous_toeplitz"],
    "heterogeneous_ar1": ["heterogeneous_toeplitz"],
    "heterogeneous_toeplitz": ["unstructured"],
    "intercept": ["compound_symmetry", "slope"],
    "slope": ["unstructured"],
}


def every_structure():
    return {name: parametric(name, VISITS) for name in MATRICES} | {n: random_effects(e[0]) for n, e in EFFECTS.items()}


@pytest.mark.parametrize("name", MATRICES)
def test_the_matrix_is_the_textbooks(name):
    values, expected = MATRICES[name]
    structure = parametric(name, VISITS)
    assert structure.matrix(np.array(values, dtype=float)) == pytest.approx(expected.astype(float), abs=1e-12)
    assert len(structure.labels) == len(values)


@pytest.mark.parametrize("name", EFFECTS)
def test_random_effects_are_z_d_z(name):
    z, values, expected = EFFECTS[name]
    assert random_effects(z).matrix(np.array(values)) == pytest.approx(expected)


@pytest.mark.parametrize("name", every_structure())
@pytest.mark.parametrize("seed", range(3))
def test_anywhere_in_the_search_the_matrix_is_positive_definite(name, seed):
    structure = every_structure()[name]
    state = structure.start(ROUGH) + np.random.default_rng(seed).normal(0, 1, len(structure.labels))
    assert np.linalg.eigvalsh(structure.sigma(state))[0] > 0
    assert structure.matrix(structure.values(state)) == pytest.approx(structure.sigma(state))


@pytest.mark.parametrize("name", every_structure())
def test_a_linear_structure_is_linear(name):
    structure = every_structure()[name]
    at = structure.values(structure.start(ROUGH))
    bent = np.abs(curvature(structure.matrix, at)).max()
    assert structure.linear == (bent < 1e-8)
    assert (structure.natural_curvature(structure.start(ROUGH)) is None) == structure.linear


@pytest.mark.parametrize("name", every_structure())
def test_derivatives_are_differences(name):
    structure, step = every_structure()[name], 1e-6
    state = structure.start(ROUGH) + 0.1
    moves = step * np.eye(len(state))
    forward, back = (np.array([structure.sigma(state + sign * move) for move in moves]) for sign in (1, -1))
    assert structure.tangent(state) == pytest.approx((forward - back) / (2 * step), abs=1e-7)
    slope = np.random.default_rng(0).normal(size=(4, 4))
    up, down = (np.array([structure.tangent(state + sign * move) for move in moves]) for sign in (1, -1))
    second = np.tensordot((up - down) / (2 * step), slope + slope.T, 2) / 2
    assert structure.bend(state, slope) == pytest.approx(second, abs=1e-6)


def test_second_derivatives_are_good_where_variances_are_far_apart():
    """Visits in other units: √(v₁ v₂) ρ has the second derivative -√v₂ ρ / 4 v₁^(3/2) in v₁, however small v₁."""
    for small in (1e-2, 1e-6):
        structure = parametric("heterogeneous_cs", ["a", "b"])
        state = structure.start(np.array([[small, 0.5 * np.sqrt(small)], [0.5 * np.sqrt(small), 1.0]]))
        bent = structure.natural_curvature(state)
        assert bent[0, 0, 0, 1] == pytest.approx(-0.25 * small**-1.5 * 0.5, rel=1e-7)
        assert bent[0, 2, 0, 1] == pytest.approx(0.5 * small**-0.5, rel=1e-7)


def test_the_unstructured_search_moves_as_its_derivatives_say():
    structure, step = unstructured(VISITS), 1e-4
    moves = step * np.eye(10)
    forward, back = (np.array([structure.move(ROUGH, sign * move) for move in moves]) for sign in (1, -1))
    assert structure.tangent(ROUGH) == pytest.approx((forward - back) / (2 * step), abs=1e-9)
    slope = ROUGH + np.diag(V)
    twice = np.array([[structure.move(ROUGH, one + two) for two in moves] for one in moves])
    second = (twice - forward[:, None] - forward[None] + ROUGH) / step**2
    # Forward differences: an error of the size of the step.
    assert structure.bend(ROUGH, slope) == pytest.approx(np.tensordot(second, slope, 2), abs=1e-2)
    assert structure.values(ROUGH) == pytest.approx([ROUGH[i, j] for i in range(4) for j in range(i + 1)])
    assert structure.labels[:3] == ("variance a", "covariance a, b", "variance b")


def test_a_step_never_leaves_the_positive_definite_matrices():
    structure = unstructured(VISITS)
    for seed in range(20):
        moved = structure.move(ROUGH, np.random.default_rng(seed).normal(0, 5, 10))
        assert np.linalg.eigvalsh(moved)[0] > 0


def test_complex_steps_are_exact():
    found = directions(lambda v: (v**3)[..., None, :] * np.ones((2, 1)), np.array([1.0, 2.0]))
    assert found[:, 0].tolist() == [[3.0, 0.0], [0.0, 12.0]]


@pytest.fixture(scope="module")
def deviances(table):
    """-2 log-likelihood of every structure, of two tables and both methods."""
    names = [*SPECIAL, "unstructured"]
    found = {}
    for data in ("trial_66x3", "trial_16x4"):
        for method in ("reml", "ml"):
            for name in names:
                options = {"covariance": name}
                if name in ("intercept", "slope"):
                    options = {"random": name, "time": "time" if name == "slope" else None}
                fit = fit_repeated(table(data), "score ~ group * visit + age", "id", "visit", method=method, **options)
                found[data, method, name] = fit.deviance
    return found


@pytest.mark.parametrize(("special", "general"), [(one, two) for one, more in SPECIAL.items() for two in more])
def test_a_special_case_never_fits_better(deviances, special, general):
    for data, method in {key[:2] for key in deviances}:
        assert deviances[data, method, general] <= deviances[data, method, special] + 1e-7


@pytest.mark.parametrize("structure", ["ar1", "heterogeneous_ar1", "toeplitz", "heterogeneous_toeplitz"])
def test_a_negative_autocorrelation_is_found(long, structure):
    rng = np.random.default_rng(7)
    values = np.linalg.cholesky((-0.6) ** LAGS.astype(float)) @ rng.normal(size=(4, 200))
    fit = fit_repeated(long(values.T), "score ~ group * visit", "id", "visit", structure)
    assert fit.converged
    sd = np.sqrt(np.diag(fit.covariance))
    assert np.diagonal(fit.covariance / np.outer(sd, sd), 1) == pytest.approx(-0.6, abs=0.1)
