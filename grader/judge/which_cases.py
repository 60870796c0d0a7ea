"""Which of the cases fail: a fact about the arguments that holds in every wrong case and in no right one.

Single facts first, then two together. What is said is true of the cases that were tried, and only said where there are enough of them.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import combinations, product
from typing import Any

import msgspec
import numpy as np

from grader.judge.distinct import distinct
from grader.text.language import gettext as _
from grader.text.language import ngettext

Arguments = Mapping[str, Any]
LARGE = 100
CASES, CASES_OF_TWO = 4, 6  # cases that are needed to speak of one fact, and of two together


class Fact(msgspec.Struct, frozen=True):
    """A fact about the arguments.

    Attributes:
        yes, no: how it is said where it holds, and where not.
        holds: by case.
        chance: whether drawn numbers alone decide it, so that a single right case says nothing.
    """

    yes: str
    no: str
    holds: tuple[bool, ...]
    chance: bool = False


def which_cases(known: Sequence[Fact], wrong: Sequence[bool]) -> str:
    """The sentence that tells right from wrong cases ("" where none does).

    Args:
        known: the facts about the cases.
        wrong: for each case, whether its result is wrong.
    """
    failed, count = sum(wrong), len(wrong)
    if not 0 < failed < count or count < CASES:
        return ""
    for fact in known:
        if fact.chance and count - failed < 2:
            continue
        if fact.holds == tuple(wrong):
            return _sentence(fact.no, fact.yes, count - failed, failed)
        if all(holds is not bad for holds, bad in zip(fact.holds, wrong, strict=True)):
            return _sentence(fact.yes, fact.no, count - failed, failed)
    if count < CASES_OF_TWO or failed < 2 or 2 * failed > count:  # two facts that hold in most cases tell little
        return ""
    sides = [[(fact.yes, fact.holds), (fact.no, tuple(not holds for holds in fact.holds))] for fact in known]
    for one, other in combinations(sides, 2):
        for (first, holds), (second, also) in product(one, other):
            if all((a and b) is bad for a, b, bad in zip(holds, also, wrong, strict=True)):
                text = _("wrong in all {failed} cases with {first} and {second}, right in the other {passed}")
                return text.format(failed=failed, first=first, second=second, passed=count - failed)
    return ""


def _sentence(right: str, bad: str, passed: int, failed: int) -> str:
    rights = ngettext("right in the only case with {fact}", "right in all {n} cases with {fact}", passed)
    wrongs = ngettext("wrong in the only case with {fact}", "wrong in all {n} cases with {fact}", failed)
    return f"{rights.format(n=passed, fact=right)}, {wrongs.format(n=failed, fact=bad)}"


def facts(cases: Sequence[Arguments]) -> list[Fact]:
    """What can be said about the arguments of some cases and not of others, the most telling first.

    Args:
        cases: the arguments of each call; one that is left out has its default value.
    """
    found: dict[tuple[bool, ...], Fact] = {}
    settings = [(said, False) for said in (*_numbers(cases), *_shapes(cases), *_defaults(cases))]
    for (yes, no, holds), chance in (*settings, *((said, True) for said in _contents(cases))):
        opposite = tuple(not item for item in holds)
        if any(holds) and not all(holds) and opposite not in found:
            found.setdefault(holds, Fact(yes, no, holds, chance))
    return list(found.values())


Said = tuple[str, str, tuple[bool, ...]]


def _given(cases: Sequence[Arguments], of: type | tuple[type, ...]) -> Iterator[tuple[str, list[Any]]]:
    """The arguments that are of this type in every case, and their values."""
    for name in cases[0]:
        values = [case.get(name) for case in cases]
        if all(isinstance(value, of) and not isinstance(value, bool) for value in values):
            yield name, values


def _numbers(cases: Sequence[Arguments]) -> Iterator[Said]:
    """Facts about arguments that are single numbers, and their being equal."""
    scalars = list(_given(cases, (int, float)))
    for name, values in scalars:
        for value in (0, 1):
            others = [other for other in values if other != value]
            no = f"{name} > {value}" if all(other > value for other in others) else f"{name} ≠ {value}"
            yield f"{name} = {value}", no, tuple(other == value for other in values)
        for border in (1, 0):
            yield f"{name} > {border}", f"{name} ≤ {border}", tuple(value > border for value in values)
        yield f"{name} < 0", f"{name} ≥ 0", tuple(value < 0 for value in values)
        yield f"|{name}| > {LARGE}", f"|{name}| ≤ {LARGE}", tuple(abs(value) > LARGE for value in values)
    for (one, left), (other, right) in combinations(scalars, 2):
        holds = tuple(a == b for a, b in zip(left, right, strict=True))
        yield f"{one} = {other}", f"{one} ≠ {other}", holds


def _shapes(cases: Sequence[Arguments]) -> Iterator[Said]:
    """Facts about the shapes of arrays, and of numbers that are sizes of them."""
    arrays = [(name, values) for name, values in _given(cases, np.ndarray) if len({value.ndim for value in values}) == 1]
    scalars = list(_given(cases, int))
    for name, values in arrays:
        axes = [(f"{name}.shape[{axis}]", [value.shape[axis] for value in values]) for axis in range(values[0].ndim)]
        for (one, left), (other, right) in combinations(axes[-2:], 2):  # rows and columns; other axes agree by chance
            yield f"{one} = {other}", f"{one} ≠ {other}", tuple(a == b for a, b in zip(left, right, strict=True))
        for label, sizes in axes:
            yield f"{label} = 1", f"{label} > 1", tuple(size == 1 for size in sizes)
        for scalar, numbers in scalars:
            for label, sizes in axes[-1:]:
                holds = tuple(a == b for a, b in zip(numbers, sizes, strict=True))
                yield f"{scalar} = {label}", f"{scalar} ≠ {label}", holds
    for (one, left), (other, right) in combinations(arrays, 2):
        holds = tuple(a.shape == b.shape for a, b in zip(left, right, strict=True))
        yield f"{one}.shape = {other}.shape", f"{one}.shape ≠ {other}.shape", holds
    for name, values in _given(cases, np.ndarray):
        for ndim in (1, 2):
            yield f"{name}.ndim = {ndim}", f"{name}.ndim ≠ {ndim}", tuple(value.ndim == ndim for value in values)


def _contents(cases: Sequence[Arguments]) -> Iterator[Said]:
    """Facts about the numbers in arrays."""
    for name, values in _given(cases, np.ndarray):
        numeric = [value for value in values if value.dtype.kind in "iuf"]
        if len(numeric) < len(values):
            continue

        def told(yes: str, no: str, holds: Callable[[Any], Any], name: str = name, values: list[Any] = values) -> Said:
            return yes.format(name=name), no.format(name=name), tuple(bool(holds(value)) for value in values)

        yield told(_("a 0 in {name}"), _("no 0 in {name}"), lambda value: (value == 0).any())
        yield told(_("a negative number in {name}"), _("no negative number in {name}"), lambda value: (value < 0).any())
        large = _("a number beyond ±{large} in {name}").replace("{large}", str(LARGE))
        small = _("no number beyond ±{large} in {name}").replace("{large}", str(LARGE))
        yield told(large, small, lambda value: (np.abs(value) > LARGE).any())
        equal = _("two equal numbers in {name}"), _("no two equal numbers in {name}")
        yield told(*equal, lambda value: distinct(value).size < value.size)
        whole = _("an array {name} of integers"), _("an array {name} of floats")
        yield told(*whole, lambda value: value.dtype.kind in "iu")
        yield told("{name}.dtype = float32", "{name}.dtype ≠ float32", lambda value: value.dtype == np.float32)


def _defaults(cases: Sequence[Arguments]) -> Iterator[Said]:
    for name in dict.fromkeys(name for case in cases for name in case):
        left, given = _("{name} left at its default").format(name=name), _("{name} given").format(name=name)
        yield left, given, tuple(name not in case for case in cases)
