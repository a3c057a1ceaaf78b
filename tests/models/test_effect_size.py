import numpy as np
import pytest
from scipy import stats

from helpers.models import ConstantError, cohens_d, student_t

EXACT = 1e-10  # closed forms


def test_d_and_its_interval_by_hand():
    rng = np.random.default_rng(5)
    x, y = rng.normal(1, 1, 33), rng.normal(0, 2, 30)
    pooled = np.sqrt((32 * x.var(ddof=1) + 29 * y.var(ddof=1)) / 61)
    d = (x.mean() - y.mean()) / pooled
    half = stats.t.ppf(0.975, 61) * np.sqrt(63 / (33 * 30) + d**2 / (2 * 63))
    found = cohens_d(np.append(x, np.nan), y)
    assert (found.value, found.ci_low, found.ci_high) == pytest.approx((d, d - half, d + half), rel=EXACT)
    assert found.n == 63


def test_d_is_t_without_the_sample_size():
    x, y = [1, 4, 2, 8], [2, 1, 1, 3, 2]
    assert cohens_d(x, y).value == pytest.approx(student_t(x, y).statistic * np.sqrt(1 / 4 + 1 / 5), rel=EXACT)


def test_a_group_may_be_constant_but_not_both():
    assert cohens_d([3, 4, 5], [0, 0, 0]).value > 0
    with pytest.raises(ConstantError):
        cohens_d([1, 1], [0, 0])
