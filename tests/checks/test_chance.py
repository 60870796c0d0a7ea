"""What chance allows: right samplers pass, wrong ones are noticed, and the stated probabilities hold."""

import math

import numpy as np
import pytest

from grader.checks.chance import (
    are_repeated,
    blocks,
    distribution_off,
    draws_for_moments,
    draws_for_rate,
    mean_off,
    rate_off,
    variance_off,
)

ALPHA = 1e-6
COARSE = 0.05  # so large that rejections can be counted
TIMES = 2000


def rng(seed: int) -> np.random.Generator:
    """A generator."""
    return np.random.default_rng(seed)


@pytest.mark.parametrize("rate", [0.01, 0.2, 0.5, 0.97])
def test_a_right_rate_is_rejected_more_seldom_than_stated(rate: float) -> None:
    """Of 2,000 right samples fewer are rejected than alpha says."""
    counts = rng(1).binomial(200, rate, size=TIMES)
    assert sum(rate_off(int(count), 200, rate, COARSE) is not None for count in counts) <= COARSE * TIMES


@pytest.mark.parametrize("draw", ["normal", "exponential", "uniform"])
def test_right_moments_are_rejected_more_seldom_than_stated(draw: str) -> None:
    """The median of means needs no normal distribution."""
    mean, sd, kurtosis = {"normal": (0, 1, 3), "exponential": (1, 1, 9), "uniform": (0.5, math.sqrt(1 / 12), 1.8)}[draw]
    samples = getattr(rng(2), draw)(size=(TIMES // 4, 300))
    wrong = [mean_off(one, mean, sd, COARSE) or variance_off(one, mean, sd, kurtosis, COARSE) for one in samples]
    assert sum(one is not None for one in wrong) <= 2 * COARSE * len(samples)


def test_a_right_distribution_is_rejected_more_seldom_than_stated() -> None:
    """One without jumps, and one of whole numbers."""
    smooth = [distribution_off(one, lambda x: np.clip(x, 0, 1), COARSE) for one in rng(3).random((TIMES // 4, 100))]
    dice = rng(4).integers(1, 7, size=(TIMES // 4, 100)).astype(float)
    whole = [distribution_off(one, lambda x: np.clip(np.floor(x), 0, 6) / 6, COARSE) for one in dice]
    assert sum(one is not None for one in smooth + whole) <= COARSE * TIMES / 2


@pytest.mark.parametrize("wrong", [0.15, 0.25])
def test_a_rate_that_is_apart_is_noticed(wrong: float) -> None:
    """With as many draws as are computed, a rate that is 0.05 off is always rejected."""
    count = draws_for_rate(0.05, ALPHA)
    assert all(rate_off(int(k), count, 0.2, ALPHA) for k in rng(5).binomial(count, wrong, size=200))


@pytest.mark.parametrize(("mean", "sd"), [(0.2, 1.0), (0.0, math.sqrt(1.2)), (0.0, math.sqrt(0.8))])
def test_moments_that_are_apart_are_noticed(mean: float, sd: float) -> None:
    """A mean a fifth of a standard deviation off; a variance that is a fifth too large or too small."""
    draws = rng(6).normal(mean, sd, size=draws_for_moments(0.2, 3.0, ALPHA))
    assert mean_off(draws, 0, 1, ALPHA) or variance_off(draws, 0, 1, 3.0, ALPHA)


def test_a_distribution_of_the_same_mean_and_variance_is_noticed() -> None:
    """A uniform distribution in place of a normal one."""
    draws = rng(7).uniform(-math.sqrt(3), math.sqrt(3), size=draws_for_rate(0.05, ALPHA))
    assert mean_off(draws, 0, 1, ALPHA) is None and variance_off(draws, 0, 1, 3.0, ALPHA) is None
    assert distribution_off(draws, lambda x: [0.5 * (1 + math.erf(item / math.sqrt(2))) for item in x], ALPHA)


def test_what_never_happens_may_not_happen_once() -> None:
    """A rate of 0 is exact, and so is one of 1."""
    assert rate_off(0, 1000, 0.0, ALPHA) is None and rate_off(1000, 1000, 1.0, ALPHA) is None
    assert rate_off(1, 1000, 0.0, ALPHA) and rate_off(999, 1000, 1.0, ALPHA)


def test_draws_without_a_spread_are_compared_as_they_are() -> None:
    """Signs have a square of 1, up to rounding."""
    draws = rng(8).choice([-0.1, 0.1], size=10_000)
    assert variance_off(draws, 0.0, 0.1, 1.0, ALPHA) is None
    assert variance_off(1.01 * draws, 0.0, 0.1, 1.0, ALPHA)


def test_fewer_blocks_do_for_a_larger_probability() -> None:
    """The number of blocks is odd, and grows as alpha falls."""
    assert [blocks(alpha) % 2 for alpha in (0.01, 1e-6, 1e-9)] == [1, 1, 1]
    assert blocks(0.01) < blocks(1e-6) < blocks(1e-9)


def test_the_same_draws_in_every_call_are_noticed() -> None:
    """But not where two calls may well be alike by chance, or nothing is random."""
    many, few = rng(9).random(100), np.array([1.0, 0.0, 1.0])
    assert are_repeated([many, many], ALPHA)
    assert not are_repeated([many, many[::-1]], ALPHA)
    assert not are_repeated([few, few], ALPHA)
    assert not are_repeated([np.zeros(1000), np.zeros(1000)], ALPHA)
