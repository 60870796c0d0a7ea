"""Random functions judged by what chance allows: dropout's rate, an initialisation's scale, a sampler's distribution."""

import math
from collections.abc import Iterable
from typing import Any

import numpy as np
import pytest
from toys import exercise_of, grade, one_case, prepared, verdict

from grader.checks.agrees import agrees
from grader.checks.property import Property
from grader.checks.statistic import any_generator, any_seed, statistic
from grader.checks.unchanged import unchanged
from grader.checks.uses import seeded
from grader.engine.prepare import Prepared
from grader.sandbox.values import WireError, check


def mask(p: float, seed: int) -> Any:
    """The reference: zeros with probability p, 1/(1 - p) otherwise."""
    return (np.random.default_rng(seed).random((50, 40)) >= p) / (1 - p)


def settings(rng: np.random.Generator) -> Iterable[dict[str, Any]]:
    """A small and a large p."""
    for p in (0.2, 0.7):
        yield dict(p=p, seed=any_seed)


def dropped(case: Any, result: Any) -> Any:
    """Where the mask is zero."""
    return result == 0


def p_of(case: Any) -> float:
    """How often that should be."""
    return float(case["p"])


def rates(**options: Any) -> Property:
    """The check of the rate."""
    return statistic("as many are dropped as p says", cases=settings, sample=dropped, rate=p_of, each=2000, **options)


def ready(check: Property, with_reference: bool = True, **functions: Any) -> Prepared:
    """The check planned for its function."""
    (name,) = functions
    return prepared(exercise_of(name, check), functions=functions, with_reference=with_reference)


def another_generator(p: float, seed: int) -> Any:
    """Right, with other draws than the reference's."""
    state = np.random.RandomState(seed)
    return (state.uniform(size=(50, 40)) < 1 - p) / (1 - p)


@pytest.mark.parametrize("with_reference", [True, False], ids=["submission", "self-check"])
@pytest.mark.parametrize(
    ("student", "outcome"),
    [
        pytest.param(mask, "passed", id="right"),
        pytest.param(another_generator, "passed", id="another-generator"),
        pytest.param(lambda p, seed: mask(1 - p, seed), "failed", id="p-is-kept"),
        pytest.param(lambda p, seed: mask(p + 0.1, seed), "failed", id="a-tenth-off"),
        pytest.param(lambda p, seed: np.full((50, 40), 1 / (1 - p)), "failed", id="nothing-dropped"),
        pytest.param(lambda p, seed: mask(p, seed) * np.nan, "failed", id="nan"),
    ],
)
def test_a_rate(student: Any, outcome: str, with_reference: bool) -> None:
    """A right rate passes whatever draws it, a wrong one fails."""
    assert verdict(ready(rates(), with_reference, mask=mask), {"mask": student}).verdict == outcome


def test_the_message_says_what_chance_allows() -> None:
    """Measured, wanted, and how far chance alone brings it."""
    found = verdict(ready(rates(), mask=mask), {"mask": lambda p, seed: mask(1 - p, seed)})
    assert found.message.startswith("in 4000 draws the rate is 0.79")
    assert "but should be 0.2; chance alone reaches ±0.045, and more once in 4,000,000 times at most" in found.message
    assert found.told is not None and "0.79" not in found.told.message


def weights(n: int, seed: int) -> Any:
    """He's initialisation."""
    return np.random.default_rng(seed).normal(0, math.sqrt(2 / n), size=(n, 100))


def layers(rng: np.random.Generator) -> Iterable[dict[str, Any]]:
    """A layer of 100 inputs."""
    yield dict(n=100, seed=any_seed)


@pytest.mark.parametrize(
    ("student", "outcome"),
    [
        pytest.param(weights, "passed", id="right"),
        pytest.param(lambda n, seed: weights(n, seed) / math.sqrt(2), "failed", id="xavier"),
        pytest.param(lambda n, seed: weights(n, seed) * math.sqrt(1.25), "failed", id="a-quarter-too-large"),
        pytest.param(lambda n, seed: np.abs(weights(n, seed)), "failed", id="no-negative-ones"),
    ],
)
def test_a_mean_and_a_spread(student: Any, outcome: str) -> None:
    """A wrong scale fails, and so does a wrong mean."""
    check = statistic("He's scale", cases=layers, mean=0, sd=lambda case: math.sqrt(2 / case["n"]), apart=0.2, each=10_000)
    assert verdict(ready(check, weights=weights), {"weights": student}).verdict == outcome


def die(n: int, seed: int) -> Any:
    """A fair die."""
    return np.random.default_rng(seed).integers(1, 7, size=n)


@pytest.mark.parametrize(
    ("student", "outcome"),
    [
        pytest.param(die, "passed", id="right"),
        pytest.param(lambda n, seed: np.random.default_rng(seed).integers(1, 6, size=n), "failed", id="no-six"),
        pytest.param(lambda n, seed: np.round(np.random.default_rng(seed).uniform(1, 6, n)).astype(int), "failed", id="rounded"),
    ],
)
def test_a_distribution(student: Any, outcome: str) -> None:
    """A die without a six fails, and one whose first and last number come half as often."""
    check = statistic(
        "a fair die", cases=layers, cdf=lambda case, x: np.clip(np.floor(x), 0, 6) / 6, apart=0.07, each=100, share=1.0
    )
    assert verdict(ready(check, die=die), {"die": student}).verdict == outcome


def test_as_many_calls_are_made_as_the_error_rate_takes() -> None:
    """A result that holds fewer draws is asked for more often, each time with another seed."""
    one, many = (ready(rates(alpha=alpha), mask=mask).plan.steps for alpha in (1e-2, 1e-9))
    assert len(one) < len(many)
    assert len({step.args[1] for step in many}) == len(many)


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        (dict(alpha=0.5), "alpha=0.5"),
        (dict(alpha=0), "alpha=0"),
        (dict(apart=0), "apart=0"),
        (dict(mean=0), "ask one thing"),
        (dict(apart=0.0005), "draws to notice what is 0.0005 apart"),
    ],
)
def test_what_makes_no_sense_is_refused(options: dict[str, Any], problem: str) -> None:
    """The error says what was given, and what to write instead."""
    with pytest.raises(ValueError, match=problem):
        rates(**options)


def walk(n: int, rng: np.random.Generator) -> Any:
    """Normal steps from a generator that is handed in."""
    return rng.normal(size=n)


def walks(rng: np.random.Generator) -> Iterable[dict[str, Any]]:
    """A thousand steps of a new generator in each call."""
    yield dict(n=1000, rng=any_generator)


@pytest.mark.parametrize(
    ("student", "outcome"),
    [
        pytest.param(walk, "passed", id="right"),
        pytest.param(lambda n, rng: 2 * rng.normal(size=n), "failed", id="too-wide"),
        pytest.param(lambda n, rng: rng.random(n), "failed", id="uniform"),
        pytest.param(lambda n, rng: np.random.default_rng(0).normal(size=n), "failed", id="own-generator"),
    ],
)
def test_a_generator_is_handed_in(student: Any, outcome: str) -> None:
    """It begins anew with another seed in each call; who makes one of their own draws the same numbers every time."""
    check = statistic("normal steps", cases=walks, mean=0, sd=1, apart=0.2, each=1000)
    assert verdict(ready(check, walk=walk), {"walk": student}).verdict == outcome


def test_a_generator_is_an_argument_of_every_check() -> None:
    """The reference draws the same numbers; drawing from the generator does not count as a change of an argument."""
    checks = (
        agrees("the same draws", cases=one_case(x=np.zeros(3), rng=seeded(7))),
        unchanged("left", cases=one_case(x=np.zeros(3), rng=seeded(7))),
    )

    def noisy(x: Any, rng: np.random.Generator) -> Any:
        return x + rng.normal(size=len(x))

    toy = prepared(exercise_of("noisy", *checks), functions={"noisy": noisy})
    assert [item.verdict for item in grade(toy, {"noisy": noisy}).exercises[0].checks] == ["passed", "passed"]
    wrong = verdict(toy, {"noisy": lambda x, rng: x + rng.random(len(x))})
    assert wrong.call == "noisy(x=[0., 0., 0.], rng=np.random.default_rng(7))"


def test_no_generator_comes_back() -> None:
    """A child that sends one in place of a value breaks the protocol."""
    with pytest.raises(WireError, match="Seeded"):
        check(seeded(1))
