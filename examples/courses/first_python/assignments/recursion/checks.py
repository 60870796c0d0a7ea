"""Checks for `recursion`."""

from grader.course.authoring import _, agrees, examples, exercise, has_property, manual, raises


def small(rng):
    for n in (1, 3, 9, 6, 15):
        yield dict(n=n)


def zero(rng):
    yield dict(n=0)


def large(rng):
    """More than 64 bits."""
    yield dict(n=int(rng.integers(25, 60)))


def nested(rng, levels):
    items = [int(item) for item in rng.integers(0, 9, size=rng.integers(1, 4))]
    if levels > 1:
        items.insert(int(rng.integers(len(items) + 1)), nested(rng, levels - 1))
        items.append(nested(rng, max(1, levels - 2)))
    return items


def trees(rng):
    for levels in (1, 2, 4, 3):
        yield dict(tree=nested(rng, levels))


def with_empty_lists(rng):
    yield dict(tree=[])
    yield dict(tree=[1, [[]], 2])


def distinct(rng):
    for n in (3, 2, 4):
        yield dict(items=[int(item) for item in rng.permutation(9)[:n]])


def nothing(rng):
    yield dict(items=[])


def all_orders(case, results):
    items, found = case["items"], results[0]
    for order in found:
        if sorted(order) != sorted(items):
            return _("{order} is no order of {items}").format(order=list(order), items=items)
    distinct_orders = {tuple(order) for order in found}
    wanted = 1
    for n in range(2, len(items) + 1):
        wanted *= n
    if len(found) != wanted or len(distinct_orders) != wanted:
        return _("{n} things have {wanted} orders; yours are {found}, {distinct} of them different").format(
            n=len(items), wanted=wanted, found=len(found), distinct=len(distinct_orders)
        )
    return None


def towers(rng):
    for n in (1, 2, 3, 5):
        names = [str(name) for name in rng.permutation(["left", "middle", "right"])]
        yield dict(n=n, start=names[0], goal=names[1], other=names[2])


def no_tower(rng):
    yield dict(n=0, start="a", goal="b", other="c")


def first_ones(rng):
    for n in (0, 1, 2, 5, 12, 20):
        yield dict(n=n)


def late_ones(rng):
    yield dict(n=int(rng.integers(200, 300)))


@exercise(points=1)
def factorial():
    """n!"""
    yield from examples()
    yield agrees("some numbers", cases=small, share=2)
    yield agrees("0! = 1", cases=zero, share=0.5)
    yield agrees("numbers of many digits", cases=large, share=0.5)
    yield raises(ValueError, "a negative n is refused", args=dict(n=-2))


@exercise(points=2)
def depth():
    """How deep lists lie in lists."""
    yield agrees("lists in lists", cases=trees, share=3)
    yield agrees("empty lists", cases=with_empty_lists)


@exercise(points=2)
def permutations():
    """All orders, in any order."""
    yield has_property("all of them, once each", cases=distinct, law=all_orders, share=3)
    yield has_property("the one order of nothing", cases=nothing, law=all_orders, share=0.5)


@exercise(points=2)
def hanoi():
    """The towers of Hanoi."""
    yield agrees("towers of one to five discs", cases=towers, share=3)
    yield agrees("no disc, no move", cases=no_tower, share=0.25)


@exercise(points=1, seconds=1)
def fibonacci():
    """Fibonacci numbers, fast."""
    yield from examples()
    yield agrees("the first ones", cases=first_ones)
    yield agrees("a late one, in less than a second", cases=late_ones)


@exercise(points=1)
def why_slow():
    """Why a recursion may take minutes."""
    yield manual("the reason", points=1, items={"the same numbers are computed again": 0.5, "says how the calls grow": 0.5})
