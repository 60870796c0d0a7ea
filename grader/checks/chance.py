"""Tests of random draws that reject what is right with a stated probability at most, whatever the distribution and the number of draws.

A right sampler must be able to trust the test, so that nothing here relies on a normal approximation, which is worst far out in the tails:

    a rate           Chernoff: P(n·KL(p̂‖p) ≥ ln(2/α)) ≤ α for independent draws that happen with probability p
    a mean           the median of the means of equal blocks: each block is farther off than 2 standard errors with probability ≤ ¼
                     (Chebyshev), the median only where half of the blocks are
    a variance       the same for the squares of the deviations from the mean, whose own variance is σ⁴(κ − 1)
    a distribution   Dvoretzky, Kiefer, Wolfowitz and Massart: P(sup |F̂ − F| > √(ln(2/α)/2n)) ≤ α
"""

import math
from collections.abc import Callable, Sequence
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
ROUNDING = 1e-9  # of floats that have no spread
FARTHER = 0.25  # of the blocks' means, at most, are farther off than two standard errors


class Off(msgspec.Struct, frozen=True):
    """What chance does not explain.

    Attributes:
        got, want: what was measured, and what it should be.
        margin: how far off chance alone brings it.
        at: of a distribution, the number up to which the draws are counted.
    """

    got: float
    want: float
    margin: float
    at: float = 0.0


def rate_off(happened: int, count: int, rate: float, alpha: float) -> Off | None:
    """Whether something that should happen with probability `rate` happened too often or too seldom in `count` draws."""
    got = happened / count
    if count * _divergence(got, rate) <= math.log(2 / alpha):
        return None
    return Off(got, rate, rate_margin(count, alpha))


def rate_margin(count: int, alpha: float) -> float:
    """How far a rate, or a distribution, is off by chance at most (but with probability `alpha`)."""
    return math.sqrt(math.log(2 / alpha) / (2 * count))


def _divergence(got: float, want: float) -> float:
    """Kullback and Leibler's divergence of two rates."""
    parts = [(got, want), (1 - got, 1 - want)]
    return sum(math.inf if not q else p * math.log(p / q) for p, q in parts if p > 0)


def blocks(alpha: float) -> int:
    """The least odd number of blocks of which half are farther off than two standard errors with probability `alpha` at most."""
    if not alpha > 0:
        raise ValueError(f"alpha={alpha!r}, but a probability of error is above 0")
    count = 1
    while _tail(count, FARTHER) > alpha:
        count += 2
    return count


def _tail(count: int, rate: float) -> float:
    """The probability that half of so many things happen, or more, each with probability `rate`."""
    return sum(math.comb(count, k) * rate**k * (1 - rate) ** (count - k) for k in range((count + 1) // 2, count + 1))


def mean_off(draws: Floats, mean: float, sd: float, alpha: float) -> Off | None:
    """Whether draws of this standard deviation have another mean."""
    count = blocks(alpha)
    each = len(draws) // count
    margin = 2 * sd / math.sqrt(each) + ROUNDING * (abs(mean) + sd)
    got = float(np.median(draws[: each * count].reshape(count, each).mean(axis=1)))
    return Off(got, mean, margin) if not abs(got - mean) <= margin else None


def variance_off(draws: Floats, mean: float, sd: float, kurtosis: float, alpha: float) -> Off | None:
    """Whether draws of this mean have another variance; `kurtosis` is E(x − mean)⁴ / sd⁴."""
    return mean_off((draws - mean) ** 2, sd**2, sd**2 * math.sqrt(max(kurtosis - 1, 0.0)), alpha)


def distribution_off(draws: Floats, cdf: Callable[[Floats], Any], alpha: float) -> Off | None:
    """Whether the draws come from another distribution than that of `cdf`, which may have jumps."""
    values, counts = np.unique(draws, return_counts=True)
    up_to = np.cumsum(counts) / len(draws)
    right = np.asarray(cdf(values), dtype=float)
    below = np.asarray(cdf(np.nextafter(values, -np.inf)), dtype=float)  # the limit from the left
    gaps = np.concatenate([np.abs(up_to - right), np.abs(up_to - counts / len(draws) - below)])
    margin, worst = rate_margin(len(draws), alpha), int(np.argmax(gaps))
    if gaps[worst] <= margin:
        return None
    place = worst % len(values)
    got, want = (up_to, right) if worst < len(values) else (up_to - counts / len(draws), below)
    return Off(float(got[place]), float(want[place]), margin, float(values[place]))


def are_repeated(samples: Sequence[Floats], alpha: float) -> bool:
    """Whether calls that should be independent drew the same, though draws that are equal so often would hardly do so by chance.

    How often two draws are equal is measured; the square of `alpha` leaves room for that.
    """
    first = samples[0]
    if len(samples) < 2 or len(first) < 2 or any(not np.array_equal(first, other) for other in samples[1:]):
        return False
    counts = np.unique(first, return_counts=True)[1]
    equal = float(np.sum(counts * (counts - 1))) / (len(first) * (len(first) - 1))
    return not equal or len(first) * (len(samples) - 1) * math.log(equal) <= 2 * math.log(alpha)


def draws_for_rate(apart: float, alpha: float) -> int:
    """How many draws reject a rate, or a distribution, that is `apart` from the right one, but with probability `alpha`."""
    return math.ceil((math.sqrt(math.log(2 / alpha)) + math.sqrt(math.log(1 / alpha))) ** 2 / (2 * apart**2))


def draws_for_moments(apart: float, kurtosis: float, alpha: float) -> int:
    """How many draws reject a mean that is `apart` standard deviations off, and a variance that is off by the part `apart`.

    The wrong sampler's own blocks are as far off as the right one's, so that two margins must fit between them; a variance that is too
    large makes its own margin larger by the same part.
    """
    spread = max(1.0, math.sqrt(max(kurtosis - 1, 0.0)))
    return blocks(alpha) * math.ceil((2 * (2 + apart) * spread / apart) ** 2)
