"""-2 log-likelihood, its derivatives and their expectation against the whole covariance matrix and differences."""

import numpy as np
import pytest

from helpers.models.layout import lay_out, pose, rough_covariance
from helpers.models.likelihood import NotPositiveDefiniteError, evaluate, whitened

SUBJECTS, VISITS = 14, 3
TANGENT = np.array([np.outer(a, b) + np.outer(b, a) for a, b in zip(np.eye(3), np.eye(3)[[1, 2, 0]], strict=True)])
TANGENT = np.concatenate([TANGENT, np.array([np.diag(row) for row in np.eye(3)])])


class Example:
    """Rows with gaps, a design, a Σ, and everything in terms of the n x n matrix."""

    def __init__(self, reml):
        rng = np.random.default_rng(20)
        seen = rng.random((SUBJECTS, VISITS)) > 0.3
        self.subject, self.visit = np.nonzero(seen)
        self.subject = np.unique(self.subject, return_inverse=True)[1]
        n = len(self.subject)
        self.x = np.column_stack([np.ones(n), rng.normal(50, 5, n), self.visit == 1, self.visit == 2])
        self.y = self.x @ [3, 0.1, 1, 2] + rng.normal(0, 2, n)
        self.reml = reml
        self.sigma = np.array([[2.0, 0.8, 0.5], [0.8, 3.0, 1.1], [0.5, 1.1, 1.5]])
        self.problem = pose(lay_out(self.x, self.subject, self.visit, VISITS), self.y, reml)
        self.scaled = self.sigma / self.problem.scale**2
        self.point = evaluate(self.problem, self.scaled)

    def beside(self, step):
        """Evaluations a step along each tangent."""
        return [evaluate(self.problem, self.scaled + step * tangent) for tangent in TANGENT]

    def whole(self, matrix):
        same = np.equal.outer(self.subject, self.subject)
        return matrix[np.ix_(self.visit, self.visit)] * same

    def deviance(self, sigma):
        v = self.whole(sigma)
        information = self.x.T @ np.linalg.solve(v, self.x)
        b = np.linalg.solve(information, self.x.T @ np.linalg.solve(v, self.y))
        r = self.y - self.x @ b
        value = np.linalg.slogdet(v)[1] + r @ np.linalg.solve(v, r)
        value += (len(self.y) - self.reml * self.x.shape[1]) * np.log(2 * np.pi)
        return value + self.reml * np.linalg.slogdet(information)[1]


@pytest.fixture(params=[True, False], ids=["reml", "ml"])
def example(request):
    return Example(request.param)


def test_it_is_that_of_the_whole_matrix(example):
    assert example.point.deviance == pytest.approx(example.deviance(example.sigma), abs=1e-9)


def test_its_slope_is_that_of_differences(example):
    step = 1e-6
    up, down = (
        [evaluate(example.problem, example.scaled + sign * t).deviance for t in step * TANGENT] for sign in (1, -1)
    )
    differences = np.subtract(up, down) / (2 * step)
    assert np.tensordot(TANGENT, example.point.slope, 2) == pytest.approx(differences, abs=1e-6)


def test_its_second_derivatives_are_those_of_differences(example):
    step = 1e-5
    up, down = (
        [evaluate(example.problem, example.scaled + sign * t).slope for t in step * TANGENT] for sign in (1, -1)
    )
    slopes = np.tensordot(np.subtract(up, down) / (2 * step), TANGENT, ([1, 2], [1, 2]))
    assert example.point.hessian(TANGENT) == pytest.approx(slopes, rel=1e-5, abs=1e-5)


def test_the_expectation_is_the_trace_of_the_whole_matrix(example):
    v = example.whole(example.scaled)
    inverse = np.linalg.inv(v)
    p = inverse - inverse @ example.x @ np.linalg.solve(example.x.T @ inverse @ example.x, example.x.T @ inverse)
    left = p if example.reml else inverse
    products = [left @ example.whole(tangent) for tangent in TANGENT]
    expected = [[np.trace(one @ two) for two in products] for one in products]
    assert example.point.expected(TANGENT) == pytest.approx(np.array(expected), rel=1e-9, abs=1e-9)


def test_the_covariance_of_the_coefficients_changes_as_it_says(example):
    def covariance(scaled):
        inverse = np.linalg.inv(example.whole(scaled))
        return np.linalg.inv(example.x.T @ inverse @ example.x)

    triangle = example.problem.layout.triangle
    root = np.linalg.solve(triangle, example.point.root)
    assert root @ root.T == pytest.approx(covariance(example.scaled), rel=1e-9, abs=1e-12)
    step = 1e-6
    for tangent, slope in zip(TANGENT, example.point.precision_slopes(TANGENT), strict=True):
        moved = covariance(example.scaled + step * tangent) - covariance(example.scaled - step * tangent)
        assert root @ slope @ root.T == pytest.approx(moved / (2 * step), rel=1e-5, abs=1e-8)


def test_whitened_residuals_have_the_quadratic_form_of_the_whole_matrix(example):
    left = whitened(example.problem, example.scaled, example.point.residuals())
    r = example.point.residuals()[example.subject, example.visit]
    assert (left**2).sum() == pytest.approx(r @ np.linalg.solve(example.whole(example.scaled), r))
    assert np.count_nonzero(left) == len(example.y)


def test_a_matrix_that_is_not_positive_definite_is_refused(example):
    with pytest.raises(NotPositiveDefiniteError):
        evaluate(example.problem, -example.scaled)


@pytest.mark.parametrize("seed", range(10))
def test_the_first_guess_is_positive_definite_whatever_is_missing(seed):
    rng = np.random.default_rng(seed)
    seen = rng.random((12, 6)) > 0.5
    subject, visit = np.nonzero(seen)
    subject = np.unique(subject, return_inverse=True)[1]
    layout = lay_out(np.ones((len(subject), 1)), subject, visit, 6)
    assert np.linalg.eigvalsh(rough_covariance(pose(layout, rng.standard_cauchy(len(subject)), True)))[0] > 0
