"""A random function judged by what chance allows: how often, what mean and spread, which distribution.

A law like any other, so that it is decided at once and at home; but it holds by chance, and says with which probability it would reject
a right function. How many draws it takes is computed from that, and from how far off a wrong function is to be noticed.
"""

import math
from collections.abc import Callable, Iterator
from typing import Any

import msgspec
import numpy as np

from grader.checks.chance import (
    Floats,
    Off,
    are_repeated,
    distribution_off,
    draws_for_moments,
    draws_for_rate,
    mean_off,
    rate_off,
    variance_off,
)
from grader.checks.draft import MOST_CASES, Arguments, Cases
from grader.checks.evidence import arrays_in
from grader.checks.property import Property, Shape
from grader.checks.uses import seeded
from grader.checks.words import number
from grader.sandbox.values import Seeded
from grader.text.language import gettext as _

ALPHA = 1e-6  # of a check: of a thousand right submissions it rejects one with a probability of 0.1 % at most
SEEDS = 1 << 31
Number = float | Callable[[Arguments], float]
Sample = Callable[[Arguments, Any], Any]
Cdf = Callable[[Arguments, Floats], Any]


class Seed(msgspec.Struct, frozen=True):
    """What stands for an argument that is another seed in each call, or a generator with another seed."""

    of_generator: bool = False

    def filled(self, drawn: int) -> int | Seeded:
        """The argument of one call."""
        return seeded(drawn) if self.of_generator else drawn


any_seed = Seed()
any_generator = Seed(of_generator=True)


def statistic(
    name: str,
    *,
    cases: Cases,
    sample: Sample | None = None,
    rate: Number | None = None,
    mean: Number | None = None,
    sd: Number | None = None,
    kurtosis: float = 3.0,
    cdf: Cdf | None = None,
    apart: float = 0.1,
    each: int = 1,
    alpha: float = ALPHA,
    share: float = 1.0,
    shape: Shape | None = None,
) -> Property:
    """A statistic of what a random function draws, within what chance allows.

    Args:
        cases: generator function of argument dicts, one for each setting; `any_seed` stands for an argument that takes a seed, another
            one in each call, and `any_generator` for one that takes a `np.random.Generator`.
        sample: `(case, result)` → the draws in one result, as an array; truth values where `rate` is asked. By default all its numbers.
        rate: how often the draws are true; `mean` and `sd`: of the draws; `cdf`: `(case, x)` → the part of the draws up to each of x.
            One of these three. A function of the case, or a number where it is the same in all of them.
        kurtosis: E(x − mean)⁴ / sd⁴, where `sd` is asked: 3 for a normal distribution, 1.8 for a uniform one.
        apart: what is surely noticed: a rate or a distribution that is this far off, a mean by so many standard deviations, a variance
            by this part of itself.
        each: how many draws a result holds; as many calls are made as it takes.
        alpha: the probability that a right function is rejected, at most, by the check as a whole; so is that of missing what is `apart`.
        shape: of one result (see `has_property`).
    """
    asked = [rate is not None, mean is not None or sd is not None, cdf is not None]
    if sum(asked) != 1 or (mean is None) is not (sd is None):
        raise ValueError("ask one thing: rate=…, or mean=… and sd=…, or cdf=…")
    if not 0 < alpha <= 0.01:
        raise ValueError(f"alpha={alpha!r}, but a right function is rejected with a small probability: above 0, at most 0.01")
    if not 0 < apart < 1:
        raise ValueError(f"apart={apart!r}, but what is noticed is a part, between 0 and 1")
    if not each >= 1:
        raise ValueError(f"each={each!r}, but a result holds one draw or more")
    if not kurtosis >= 1:
        raise ValueError(f"kurtosis={kurtosis!r}, but that of every distribution is 1 or more")
    settings = sum(1 for _case in cases(np.random.default_rng(0)))
    tests = max(settings, 1) * (3 if mean is not None else 2)
    draws = draws_for_moments(apart, kurtosis, alpha / tests) if mean is not None else draws_for_rate(apart, alpha / tests)
    calls = math.ceil(draws / each)
    if settings * calls > MOST_CASES:
        raise ValueError(
            f"it takes {draws} draws to notice what is {apart} apart, and {calls} calls of {each} for each of {settings} settings; at most "
            f"{MOST_CASES} are made: draw more in one call (each=), or ask for less (apart=)"
        )
    asks = _Asked(sample or _all_numbers, rate, mean, sd, kurtosis, cdf, alpha / tests)

    def repeated(rng: np.random.Generator) -> Iterator[list[Arguments]]:
        for case in cases(rng):
            yield [_with_seed(case, int(drawn)) for drawn in rng.choice(SEEDS, size=calls, replace=False)]

    return Property(name, repeated, asks.law, None, share, shape)


def _with_seed(case: Arguments, drawn: int) -> Arguments:
    return {name: value.filled(drawn) if isinstance(value, Seed) else value for name, value in case.items()}


def _all_numbers(_case: Arguments, result: Any) -> Any:
    return np.concatenate([np.zeros(0), *(array.ravel() for array in arrays_in([result]))])


class _Asked(msgspec.Struct, frozen=True):
    """What is asked of the draws; `alpha` is that of one test."""

    sample: Sample
    rate: Number | None
    mean: Number | None
    sd: Number | None
    kurtosis: float
    cdf: Cdf | None
    alpha: float

    def law(self, cases: list[Arguments], results: list[Any]) -> str | None:
        """None where chance explains the draws of all calls together, else what it does not explain."""
        case = cases[0]
        samples = [np.ravel(np.asarray(self.sample(case, result), dtype=float)) for result in results]
        draws = np.concatenate(samples)
        if not draws.size:
            return _("nothing was drawn")
        if not np.isfinite(draws).all():
            return _("not everything that was drawn is a finite number")
        if are_repeated(samples, self.alpha):
            return _(
                "all {n} calls drew the same numbers: do they depend on the seed, or the generator, that is handed in?"
            ).format(n=len(samples))
        if self.rate is not None:
            off = rate_off(int(np.count_nonzero(draws)), draws.size, _of(self.rate, case), self.alpha)
            return self._said(_("in {n} draws the rate is {got}, but should be {want}"), off, draws.size)
        if self.mean is not None and self.sd is not None:
            mean, sd = _of(self.mean, case), _of(self.sd, case)
            off = mean_off(draws, mean, sd, self.alpha)
            if off is None and (off := variance_off(draws, mean, sd, self.kurtosis, self.alpha)):
                return self._said(_("in {n} draws the variance is {got}, but should be {want}"), off, draws.size)
            return self._said(_("in {n} draws the mean is {got}, but should be {want}"), off, draws.size)
        assert self.cdf is not None
        cdf = self.cdf
        off = distribution_off(draws, lambda x: cdf(case, x), self.alpha)
        return self._said(_("of {n} draws the part up to {at} is {got}, but should be {want}"), off, draws.size)

    def _said(self, text: str, off: Off | None, count: int) -> str | None:
        if off is None:
            return None
        chance = _("chance alone reaches ±{margin}, and more once in {odds} times at most")
        found = text.format(n=count, got=number(off.got), want=number(off.want), at=number(off.at))
        return f"{found}; {chance.format(margin=f'{off.margin:.2g}', odds=f'{1 / self.alpha:,.0f}')}"


def _of(value: Number, case: Arguments) -> float:
    return float(value(case)) if callable(value) else float(value)
