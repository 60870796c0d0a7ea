"""What ships earns nothing: every function that students get is tried as the answer of every exercise, on inputs that are not published.

A function is called with the arguments of an exercise's calls in every way that fits: in order, some of them, by name, as one case; as an
explanation, `(inputs, result, index)` → text, element by element; laws are tried by `telling_laws`. The more generous the attempt, the
stronger the proof: results are compared roughly.
"""

import importlib
import inspect
import itertools
import pkgutil
import warnings
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from types import FunctionType
from typing import Any

import msgspec
import numpy as np

import grader.checks
from grader.checks.property import Property
from grader.course.rubric import Rubric
from grader.judge.endless import many_cut_off
from grader.judge.oracle import Oracle
from grader.plan import Plan, PlannedCheck, PlannedExercise
from grader.prove.telling_laws import NEAR, Function, called, numbers_in, said, tells
from grader.prove.ways import Probe, Way, takes, ways
from grader.sandbox.outcome import Returned
from grader.sandbox.values import Ref, decode

AUTHORS = ("grader.course.arithmetic", "grader.course.cases", "grader.course.laws")  # what checks.py imports, besides the checks
FEW = 5  # signs and zeros can be met by chance
RESULTS = 20  # that a function returns, at most
WAYS = 200  # of choosing arguments, at most


class GivenAway(msgspec.Struct, frozen=True):
    """A function that ships and computes `results` of an exercise, and what they are worth."""

    function: str
    exercise: str
    results: tuple[str, ...]
    points: float


def given_away(public: Rubric, plan: Plan, oracle: Oracle) -> list[GivenAway]:
    """The functions that earn points although they ship.

    Args:
        public: the rubric as students get it.
    """
    found: dict[tuple[str, str], dict[tuple[str, str], float]] = defaultdict(dict)
    functions = {**_packaged(), **_own(public)}
    quiet = np.printoptions(threshold=1, edgeitems=1, formatter={"float": "{:.8g}".format})  # some functions write arrays
    with np.errstate(all="ignore"), warnings.catch_warnings(), quiet, many_cut_off():
        warnings.simplefilter("ignore")
        for planned in plan.exercises:
            exercise, names = planned.exercise, planned.exercise.returns
            shares = sum(item.check.share for item in planned.checks)
            for item in planned.checks:
                for target, probes in _probes(plan, planned, item, oracle):
                    count = len(probes[0].wanted)
                    results = names if len(names) == count else (target,) * count
                    telling = [chosen for place in range(count) if (chosen := _telling(probes, place))]
                    for name, function in functions.items():
                        for place in _answered(function, telling, results):
                            worth = planned.points * item.check.share / shares / count
                            found[name, exercise.name][item.check.name, results[place]] = worth
        for planned in plan.exercises:
            shares = sum(item.check.share for item in planned.checks)
            shipped = {check.name: check for check in _checks(public, planned)}
            for item in planned.checks:
                check = shipped.get(item.check.name)
                if isinstance(check, Property) and check.law is not None and tells(check.law, item, plan, oracle):
                    name = f"the law of «{check.name}»"
                    found[name, planned.exercise.name][check.name, ""] = planned.points * check.share / shares
    return [
        GivenAway(function, exercise, tuple(dict.fromkeys(result for _, result in cells)), sum(cells.values()))
        for (function, exercise), cells in found.items()
    ]


# --- the functions -----------------------------------------------------------------------------------------------------------------


def _packaged() -> dict[str, Function]:
    """The functions of the package that a rubric imports, or could."""
    names = [*AUTHORS, *(f"grader.checks.{module.name}" for module in pkgutil.iter_modules(grader.checks.__path__))]
    return {
        f"{name}.{key}": value
        for name in names
        for key, value in vars(importlib.import_module(name)).items()
        if isinstance(value, FunctionType) and value.__module__ == name
    }


def _own(public: Rubric) -> dict[str, Function]:
    """The functions of a rubric: those of its module, those that its checks hold, and those that these close over."""
    module: dict[str, Any] = getattr(public.exercises[0].checks, "__globals__")  # noqa: B009 - a function
    waiting = [(f"checks.py: {name}", value) for name, value in module.items() if not inspect.isclass(value)]
    for exercise in public.exercises:
        for check in public.checks(exercise):
            fields = getattr(check, "__struct_fields__", ())
            waiting += [(f"{field} of «{check.name}»", getattr(check, field)) for field in fields]
    found: dict[int, tuple[str, Function]] = {}
    while waiting:
        name, value = waiting.pop(0)
        value = inspect.unwrap(value) if callable(value) else value
        if isinstance(value, partial):
            found.setdefault(id(value), (name, value))
            waiting.append((name, value.func))
        elif isinstance(value, FunctionType) and id(value) not in found:
            if value.__module__ == module["__name__"] or value.__closure__:
                found[id(value)] = (name, value)
            waiting += [(f"{name} ({key})", item) for key, item in inspect.getclosurevars(value).nonlocals.items()]
    return dict(found.values())


def _checks(public: Rubric, planned: PlannedExercise) -> list[Any]:
    exercise = next(item for item in public.exercises if item.name == planned.exercise.name)
    return list(public.checks(exercise))


# --- as answers --------------------------------------------------------------------------------------------------------------------


def _probes(plan: Plan, planned: PlannedExercise, item: PlannedCheck, oracle: Oracle) -> Iterator[tuple[str, list[Probe]]]:
    """The calls of a check, by function or method, that do not help a trivial program: each result that is wanted is news."""
    if item.check.published:
        return
    found: dict[str, list[Probe]] = defaultdict(list)
    for seq in item.seqs:
        step, outcome = plan.steps[seq], oracle.outcome(seq)
        if step.op != "call" or not isinstance(outcome, Returned) or not plan.is_own(planned.exercise.name, seq):
            continue
        if any(isinstance(value, Ref) for value in (*step.args, *dict(step.kwargs).values())):
            continue
        target = plan.targets[seq]
        args, kwargs = [decode(value) for value in step.args], {name: decode(value) for name, value in step.kwargs}
        names = plan.rubric.parameters.get(target, ())
        value = decode(outcome.value)
        wanted = tuple(value) if isinstance(value, tuple) else (value,)
        case = dict(zip(names, args, strict=False)) | kwargs
        found[step.part].append(Probe((*args, *kwargs.values()), case, wanted, tuple(map(numbers_in, wanted))))
    yield from found.items()


def _telling(probes: list[Probe], place: int) -> tuple[int, list[Probe]] | None:
    """A result, and the calls in which its numbers are news, the smallest first; None where it may be met by chance."""
    news = [probe for probe in probes if len(probe.wanted) > place and _is_news(probe.numbers[place], probe)]
    news.sort(key=lambda probe: numbers_in(probe.args).size)
    wanted = [probe.numbers[place] for probe in news]
    return (place, news) if wanted and (wanted[0].size > 1 or len({one.tobytes() for one in wanted}) > 1) else None


def _answered(function: Function, telling: list[tuple[int, list[Probe]]], results: Sequence[str]) -> Iterator[int]:
    """The results that a function computes in all their calls, in one way of calling it."""
    left = dict(telling)
    firsts = {id(probes[0]): probes[0] for _place, probes in telling}
    for first in firsts.values():
        for way, args, kwargs in itertools.islice(ways(function, first), WAYS):
            if (returned := called(function, args, kwargs)) is None:
                continue
            items = _numbers_of_items(returned, max(numbers.size for numbers in first.numbers))
            for place in [place for place, probes in left.items() if probes[0] is first]:
                picks = _right_items(items, first.numbers[place])
                rest = left[place][1:]
                if picks and any(all(pick in _answer(function, way, probe, place) for probe in rest) for pick in picks):
                    del left[place]
                    yield place
    yield from (place for place, probes in left.items() if _explains(function, probes, place, results[place]))


def _answer(function: Function, way: Way, probe: Probe, place: int) -> list[int]:
    """The places in what a function returns for a probe that hold a result of it."""
    numbers = probe.numbers[place]
    return _right_items(_numbers_of_items(called(function, *way(probe)), numbers.size), numbers)


def _is_news(numbers: Any, probe: Probe) -> bool:
    """Whether a result holds numbers, not all the same, that are none of the arguments."""
    if not numbers.size or not np.isfinite(numbers).all() or (numbers.size > 1 and np.ptp(numbers) == 0):
        return False
    if numbers.size < FEW and np.isin(numbers, (-1, 0, 1)).all():
        return False
    arguments = [*probe.args, *_items(probe.args)]
    return not any(_close(numbers_in(value), numbers) for value in arguments)


def _numbers_of_items(value: Any, most: int) -> list[Any]:
    """The numbers of what was returned as a whole, and of each of its items: none of those that hold more than `most`."""
    return [numbers_in(item, most) for item in [value, *_items([value])][:RESULTS]]


def _right_items(items: Sequence[Any], wanted: Any) -> list[int]:
    """The places of the items whose numbers are what is wanted."""
    return [place for place, numbers in enumerate(items) if _close(numbers, wanted)]


def _items(values: Iterable[Any]) -> list[Any]:
    inside = [list(value.values()) if isinstance(value, dict) else value for value in values]
    return [item for value in inside if isinstance(value, list | tuple) for item in value]


def _close(got: Any, wanted: Any) -> bool:
    return got.size == wanted.size > 0 and bool(np.abs(got - wanted).max() <= NEAR * np.abs(wanted).max())


def _explains(function: Function, probes: list[Probe], place: int, result: str) -> bool:
    """Whether the last number of `function(inputs, result, index)` is the element of the result, for all elements of all calls."""
    taken = takes(function)
    if taken is not None and not taken.least <= 3 <= taken.most:
        return False
    for probe in probes:
        if not isinstance(probe.wanted[place], np.ndarray | int | float):
            return False
        wanted = np.asarray(probe.wanted[place])
        if not wanted.size:
            return False
        largest = NEAR * np.abs(wanted).max()
        for index in np.ndindex(wanted.shape):
            found = said(called(function, (probe.case, result, index), {}))
            if not found or not abs(found[-1] - wanted[index]) <= largest:
                return False
    return True
