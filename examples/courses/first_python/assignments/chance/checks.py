"""Checks for `chance`."""

import math

from grader.course.authoring import (
    _,
    agrees,
    any_generator,
    call,
    examples,
    exercise,
    get,
    has_property,
    new,
    raises,
    seeded,
    statistic,
)


def rolls(rng):
    for n in (600, 600):
        yield dict(seed=int(rng.integers(10_000)), n=n)


def few(rng):
    for n in (9, 4):
        yield dict(seed=int(rng.integers(10_000)), n=n)


def same_seed(rng):
    seed = int(rng.integers(10_000))
    yield [dict(seed=seed, n=20), dict(seed=seed, n=20), dict(seed=seed + 1, n=20)]


def are_rolls(case, results):
    found = results[0]
    if len(found) != case["n"]:
        return _("{n} rolls are asked for, and there are {found}").format(n=case["n"], found=len(found))
    for one in found:
        if one not in (1, 2, 3, 4, 5, 6):
            return _("{one} is no roll of a die").format(one=one)
    return None


def each_side_is_as_likely(case, results):
    """600 rolls: 100 of each side, give or take 46 (five standard deviations)."""
    for side in range(1, 7):
        count = list(results[0]).count(side)
        if abs(count - 100) > 46:
            return _("{side} came {count} times in 600 rolls; about 100 are to be expected").format(side=side, count=count)
    return None


def follows_the_seed(case, results):
    first, again, other = (list(result) for result in results)
    if first != again:
        return _("the same seed gave something else the second time")
    return None if first != other else _("another seed gave the same")


def steps(rng):
    for n in (5, 1, 12, 5):
        yield dict(steps=[bool(up) for up in rng.integers(0, 2, size=n)])


def no_steps(rng):
    yield dict(steps=[])


def long_walks(rng):
    for n in (400, 400):
        yield dict(seed=int(rng.integers(10_000)), n=n)


def one_place_at_a_time(case, results):
    places = list(results[0])
    if len(places) != case["n"] + 1 or places[0] != 0:
        return _("a walk of {n} steps has {m} places, of which the first is 0").format(n=case["n"], m=case["n"] + 1)
    for i, (here, there) in enumerate(zip(places, places[1:])):
        if abs(here - there) != 1:
            return _("step {i} goes from {here} to {there}").format(i=i + 1, here=here, there=there)
    return None


def up_as_often_as_down(case, results):
    """400 steps: 200 up, give or take 50 (five standard deviations); and a step does not tell the next."""
    ups = [there > here for here, there in zip(results[0], list(results[0])[1:])]
    turns = sum(a != b for a, b in zip(ups, ups[1:]))
    if abs(sum(ups) - 200) > 50:
        return _("{ups} of 400 steps go up; about 200 are to be expected").format(ups=sum(ups))
    if abs(turns - 200) > 50:
        return _("the walk turns {turns} times in 400 steps; about 200 are to be expected").format(turns=turns)
    return None


def throws(rng):
    yield dict(rng=any_generator, n=1000)


def few_throws(rng):
    for n in (5, 8):
        yield dict(rng=seeded(int(rng.integers(1000))), n=n)


def a_truth_value_each(case, results):
    found = results[0]
    if found.dtype != bool:
        return _("truth values are asked for, not {dtype}").format(dtype=found.dtype)
    return None


def beginnings(rng):
    for n in (6, 7, int(rng.integers(20, 100)), int(rng.integers(20, 100))):
        yield dict(n=n)


def shopping(rng):
    for _round in range(3):
        a, b, c = (int(value) for value in rng.integers(10, 90, size=3))
        yield [
            new("Purse", a + b, save="purse"),
            call("purse.pay", a),
            get("purse.cents"),
            call("purse.put", c, reply=False),
            get("purse.cents"),
            call("purse.pay", b + c),
            get("purse.cents"),
        ]


def too_little(rng):
    a = int(rng.integers(10, 90))
    yield [new("Purse", a, save="purse"), call("purse.pay", a + 1), get("purse.cents"), call("purse.pay", a), get("purse.cents")]


def empty_at_first(rng):
    yield [
        new("Purse", save="purse"),
        get("purse.cents"),
        call("purse.put", int(rng.integers(5, 50)), reply=False),
        get("purse.cents"),
    ]


def two_purses(rng):
    yield [
        new("Purse", save="one"),
        new("Purse", save="other"),
        call("one.put", int(rng.integers(5, 50)), reply=False),
        get("other.cents"),
        get("one.cents"),
    ]


@exercise(points=2)
def roll():
    """Rolls of a die."""
    yield has_property("as many as asked for, from 1 to 6", cases=few, law=are_rolls, share=0.5)
    yield has_property("every side is as likely", cases=rolls, law=each_side_is_as_likely, share=2)
    yield has_property("the seed decides", cases=same_seed, law=follows_the_seed)


@exercise(points=1)
def walk():
    """A walk of given steps."""
    yield from examples()
    yield agrees("random steps", cases=steps, share=2)
    yield agrees("no step at all", cases=no_steps, share=0.5)


@exercise(points=2)
def random_walk():
    """A walk of random steps."""
    yield has_property("one place at a time", cases=long_walks, law=one_place_at_a_time)
    yield has_property("up as often as down, step by step anew", cases=long_walks, law=up_as_often_as_down, share=2)
    yield has_property("the seed decides", cases=same_seed, law=follows_the_seed)


@exercise(points=2, returns=("hits",))
def darts():
    """Darts at a square."""
    yield has_property(
        "a truth value for each dart", cases=few_throws, law=a_truth_value_each, shape=lambda case: (case["n"],), share=0.25
    )
    yield statistic("a dart hits with the probability π/4", cases=throws, each=1000, rate=math.pi / 4, share=2)


@exercise(points=2, first=12)
def collatz():
    """A sequence without an end."""
    yield agrees("the first twelve numbers", cases=beginnings)


@exercise(points=3)
def Purse():  # noqa: N802 - the name of the class
    """A purse."""
    yield agrees("putting in and paying", cases=shopping, share=2)
    yield agrees("where there is too little", cases=too_little)
    yield agrees("an empty purse", cases=empty_at_first, share=0.5)
    yield agrees("two purses", cases=two_purses, share=0.5)
    yield raises(ValueError, "no debts to begin with", args=dict(cents=-1))
