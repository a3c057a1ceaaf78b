"""The search for the covariance parameters: what it leaves, what it comes out of, and what it says."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from helpers.models import fit_repeated
from helpers.models.layout import lay_out, pose
from helpers.models.search import degenerate, optimise
from helpers.models.structure_kinds import parametric, random_effects
from helpers.models.structures import unstructured

VISITS = ["a", "b", "c"]


def problem(reml=True):
    rng = np.random.default_rng(3)
    seen = rng.random((40, 3)) > 0.2
    subject, visit = np.nonzero(seen)
    subject = np.unique(subject, return_inverse=True)[1]
    y = rng.normal(size=40)[subject] + rng.normal(size=len(subject)) + visit
    return pose(lay_out(np.eye(3)[visit], subject, visit, 3), y, reml)


STRUCTURES = {
    "unstructured": unstructured(VISITS),
    "heterogeneous_toeplitz": parametric("heterogeneous_toeplitz", VISITS),
    "ar1": parametric("ar1", VISITS),
    "slope": random_effects(np.column_stack([np.ones(3), [0, 0.5, 1]])),
}


@pytest.mark.parametrize("name", ["unstructured", "heterogeneous_toeplitz", "ar1"])
@pytest.mark.parametrize("reml", [True, False])
def test_no_slope_is_left_and_few_steps_are_taken(name, reml):
    structure = STRUCTURES[name]
    found = optimise(problem(reml), structure, VISITS)
    assert found.problem == ""
    slope = np.tensordot(structure.tangent(found.state), found.point.slope, 2)
    # Newton's last steps square the error; what is left is rounding in sums of about a hundred terms.
    assert np.abs(slope).max() < 1e-9
    assert found.steps <= 8


def test_it_comes_out_of_a_saddle():
    """At an intercept variance of zero the likelihood has no slope along its factor, whether or not zero is best."""
    structure = random_effects(np.ones((3, 1)))
    usual = optimise(problem(), structure, VISITS)
    stuck = optimise(problem(), replace(structure, first=lambda rough: np.array([0.0, 0.0])), VISITS)
    assert usual.problem == stuck.problem == ""
    assert stuck.point.deviance == pytest.approx(usual.point.deviance, abs=1e-9)
    assert stuck.sigma == pytest.approx(usual.sigma, rel=1e-6)


def test_it_comes_back_from_afar():
    structure = STRUCTURES["unstructured"]
    near = optimise(problem(), structure, VISITS)
    for start in (1e-3 * np.eye(3), 1e3 * np.eye(3), np.full((3, 3), 0.99) + 0.01 * np.eye(3)):
        afar = optimise(problem(), _From(start), VISITS)
        assert afar.problem == ""
        assert afar.point.deviance == pytest.approx(near.point.deviance, abs=1e-9)


class _From:
    """The unstructured search from a given Σ."""

    def __init__(self, sigma):
        self.sigma_, self.inner = sigma, STRUCTURES["unstructured"]

    def start(self, rough):
        return self.sigma_

    def __getattr__(self, name):
        return getattr(self.inner, name)


@pytest.mark.parametrize(
    ("sigma", "said"),
    [
        (np.eye(3), ""),
        (np.diag([1.0, 1e-9, 0.0]), "no variance is left at b, c"),
        (np.diag([1.0, 1e-7, 1.0]), ""),
        ([[1, 0, 2], [0, 1, 0], [2, 0, 4]], "a and c are perfectly correlated"),
        ([[1, 0, -2], [0, 1, 0], [-2, 0, 4]], "a and c are perfectly correlated"),
        ([[1, 0, 1], [0, 1, 1], [1, 1, 2]], "a, b and c follow from one another"),
        ([[1, 0, 0.999], [0, 1, 0], [0.999, 0, 1]], ""),
    ],
)
def test_what_is_singular_about_a_covariance(sigma, said):
    found = degenerate(np.array(sigma, float), VISITS)
    assert found == (f"the covariance of the visits is singular: {said}" if said else "")


def test_a_search_that_meets_a_singular_covariance_tells_its_own_steps():
    rng = np.random.default_rng(3)
    first = rng.normal(size=12)
    wide = np.column_stack([first, 2 * first + 1, rng.normal(size=12)])
    long = pd.DataFrame({"id": np.repeat(range(12), 3), "visit": list("abc") * 12, "y": wide.ravel()})
    fit = fit_repeated(long, "y ~ visit", "id", "visit")
    assert not fit.converged
    assert "singular" in fit.message
    assert 0 < fit.steps < 100
