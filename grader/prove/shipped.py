"""What ships earns nothing: every function that students get is tried as the answer of every exercise, on inputs that are not published.

A function is called with the arguments of an exercise's calls in every way that fits: in order, some of them, by name, as one case; as an
explanation, `(inputs, result, index)` → text, element by element; and as a law, `(case, results)` → message, on right results of which
one number is changed, or two against each other. The more generous the attempt, the stronger the proof: results are compared roughly,
and a number counts wherever it stands in a text.
"""

import copy
import importlib
import inspect
import itertools
import pkgutil
import re
import warnings
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from types import FunctionType
from typing import Any

import msgspec
import numpy as np

import grader.checks
from grader.checks.evidence import arrays_in
from grader.checks.property import Property
from grader.course.rubric import Rubric
from grader.judge.oracle import Oracle
from grader.plan import Plan, PlannedCheck, PlannedExercise
from grader.sandbox.outcome import Returned
from grader.sandbox.values import Ref, decode

AUTHORS = ("grader.course.arithmetic", "grader.course.cases", "grader.course.laws")  # what checks.py imports, besides the checks
NEAR = 2e-3  # relative to the largest number of a result: texts round
FEW = 5  # signs and zeros can be met by chance
ELEMENTS = 6  # of a result that a law is tried on
RESULTS = 20  # that a function returns, at most
WAYS = 200  # of choosing arguments, at most

Function = Callable[..., Any]


class Probe(msgspec.Struct, frozen=True):
    """A call of an unpublished check: its arguments in order and by name, and the results that are wanted."""

    args: tuple[Any, ...]
    case: dict[str, Any]
    wanted: tuple[Any, ...]


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
    quiet = np.printoptions(threshold=1, edgeitems=1)  # some functions write arrays
    with np.errstate(all="ignore"), warnings.catch_warnings(), quiet:
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
                            worth = exercise.points * item.check.share / shares / count
                            found[name, exercise.name][item.check.name, results[place]] = worth
        for planned in plan.exercises:
            shares = sum(item.check.share for item in planned.checks)
            shipped = {check.name: check for check in _checks(public, planned)}
            for item in planned.checks:
                check = shipped.get(item.check.name)
                if isinstance(check, Property) and check.law is not None and _tells(check.law, item, plan, oracle):
                    name = f"the law of «{check.name}»"
                    found[name, planned.exercise.name][check.name, ""] = planned.exercise.points * check.share / shares
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
    """The calls of a check, by function or method, that are no use to a trivial program: each result that is wanted is news."""
    if item.check.published:
        return
    found: dict[str, list[Probe]] = defaultdict(list)
    others = plan.other_functions(planned.exercise.name)
    for seq in item.seqs:
        step, outcome = plan.steps[seq], oracle.outcome(seq)
        if step.op != "call" or not isinstance(outcome, Returned) or step.target.partition(".")[0] in others:
            continue
        if any(isinstance(value, Ref) for value in (*step.args, *dict(step.kwargs).values())):
            continue
        method = step.target.partition(".")[2]
        target = f"{planned.exercise.name}.{method}" if method else step.target
        args, kwargs = [decode(value) for value in step.args], {name: decode(value) for name, value in step.kwargs}
        names = plan.rubric.parameters.get(target, ())
        value = decode(outcome.value)
        wanted = tuple(value) if isinstance(value, tuple) else (value,)
        found[method].append(Probe((*args, *kwargs.values()), dict(zip(names, args, strict=False)) | kwargs, wanted))
    yield from found.items()


def _telling(probes: list[Probe], place: int) -> tuple[int, list[Probe]] | None:
    """A result, and the calls in which its numbers are news, the smallest first; None where it may be met by chance."""
    news = [probe for probe in probes if len(probe.wanted) > place and _is_news(probe.wanted[place], probe)]
    news.sort(key=lambda probe: _numbers(probe.args).size)
    wanted = [_numbers(probe.wanted[place]) for probe in news]
    return (place, news) if wanted and (wanted[0].size > 1 or len({one.tobytes() for one in wanted}) > 1) else None


def _answered(function: Function, telling: list[tuple[int, list[Probe]]], results: Sequence[str]) -> Iterator[int]:
    """The results that a function computes in all their calls, in one way of calling it."""
    left = dict(telling)
    firsts = {id(probes[0]): probes[0] for _place, probes in telling}
    for first in firsts.values():
        for way in itertools.islice(_ways(function, first), WAYS):
            returned = _called(function, *way(first))
            for place in [place for place, probes in left.items() if probes[0] is first]:
                picks = _right_items(returned, first.wanted[place])
                rest = left[place][1:]
                if picks and any(
                    all(pick in _right_items(_called(function, *way(probe)), probe.wanted[place]) for probe in rest)
                    for pick in picks
                ):
                    del left[place]
                    yield place
    yield from (place for place, probes in left.items() if _explains(function, probes, place, results[place]))


def _is_news(wanted: Any, probe: Probe) -> bool:
    """Whether a result holds numbers, not all the same, that are none of the arguments."""
    numbers = _numbers(wanted)
    if not numbers.size or not np.isfinite(numbers).all() or (numbers.size > 1 and np.ptp(numbers) == 0):
        return False
    if numbers.size < FEW and np.isin(numbers, (-1, 0, 1)).all():
        return False
    arguments = [*probe.args, *_items(probe.args)]
    return not any(_close(_numbers(value), numbers) for value in arguments)


def _ways(function: Function, probe: Probe) -> Iterator[Callable[[Probe], tuple[Any, Any]]]:
    """The ways to call a function with a probe's arguments; each gives positional arguments and named ones."""
    try:
        parameters = list(inspect.signature(function).parameters.values())
    except (TypeError, ValueError):
        return
    needed = [item.name for item in parameters if item.default is item.empty and item.kind is item.POSITIONAL_OR_KEYWORD]
    named = [item.name for item in parameters if item.name in probe.case]
    yield lambda probe: (probe.args, {})
    yield lambda probe: ((probe.case,), {})
    yield lambda probe: ((), probe.case)
    if named and set(needed) <= set(named):
        yield lambda probe: ((), {name: probe.case[name] for name in named})
    size = len(probe.args)
    for count in range(max(1, len(needed)), min(size, len(parameters)) + 1):
        choose = itertools.permutations if size <= 4 else itertools.combinations
        for order in choose(range(size), count):
            yield lambda probe, order=order: ([probe.args[i] for i in order], {})  # type: ignore[misc]
    for i in range(size):  # weights as one list
        yield lambda probe, i=i: (([*probe.args[:i], *probe.args[i + 1 :]], probe.args[i]), {})  # type: ignore[misc]
        yield lambda probe, i=i: ((probe.args[i], [*probe.args[:i], *probe.args[i + 1 :]]), {})  # type: ignore[misc]
    if any(isinstance(value, list | tuple) for value in probe.args):  # or each by itself
        flat = len(_flat(probe.args))
        for count in range(max(1, len(needed)), min(flat, len(parameters)) + 1):
            for order in itertools.combinations(range(flat), count):
                yield lambda probe, order=order: ([_flat(probe.args)[i] for i in order], {})  # type: ignore[misc]


def _flat(args: Iterable[Any]) -> list[Any]:
    return [item for value in args for item in (value if isinstance(value, list | tuple) else [value])]


def _called(function: Function, args: Any, kwargs: dict[str, Any]) -> Any:
    """What a function returns for copies of the arguments; None where it raises."""
    try:
        value = function(*copy.deepcopy(args), **copy.deepcopy(kwargs))
        return list(value) if inspect.isgenerator(value) else value
    except Exception:
        return None


def _right_items(value: Any, wanted: Any) -> list[int]:
    """The places in what was returned, itself first, that hold what is wanted."""
    numbers = _numbers(wanted)
    items = [value, *_items([value])][:RESULTS]
    return [place for place, item in enumerate(items) if _close(_numbers(item, numbers.size), numbers)]


def _items(values: Iterable[Any]) -> list[Any]:
    inside = [list(value.values()) if isinstance(value, dict) else value for value in values]
    return [item for value in inside if isinstance(value, list | tuple) for item in value]


def _numbers(value: Any, most: float = np.inf) -> Any:
    """All numbers of a value in one row; none where they are more than `most`."""
    arrays: list[Any] = []
    try:
        for array in arrays_in([value]):
            most -= array.size
            if most < 0:
                return np.zeros(0)
            arrays.append(array.astype(np.float64).ravel())
    except (TypeError, ValueError, RecursionError):
        return np.zeros(0)
    return np.concatenate(arrays) if arrays else np.zeros(0)


def _close(got: Any, wanted: Any) -> bool:
    return got.size == wanted.size > 0 and bool(np.abs(got - wanted).max() <= NEAR * np.abs(wanted).max())


# --- as texts ----------------------------------------------------------------------------------------------------------------------

_NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:e[+-]?\d+)?")


def _said(text: Any) -> list[float]:
    """The numbers in a text."""
    return [float(number) for number in _NUMBER.findall(text)] if isinstance(text, str) else []


def _explains(function: Function, probes: list[Probe], place: int, result: str) -> bool:
    """Whether the last number of `function(inputs, result, index)` is the element of the result, for all elements of all calls."""
    for probe in probes:
        if not isinstance(probe.wanted[place], np.ndarray | int | float):
            return False
        wanted = np.asarray(probe.wanted[place])
        if not wanted.size:
            return False
        largest = NEAR * np.abs(wanted).max()
        for index in np.ndindex(wanted.shape):
            said = _said(_called(function, (probe.case, result, index), {}))
            if not said or not abs(said[-1] - wanted[index]) <= largest:
                return False
    return True


def _tells(law: Function, item: PlannedCheck, plan: Plan, oracle: Oracle) -> bool:
    """Whether a law's message names the right number where one number of right results is changed, in most places of a result."""
    for case, seqs in item.data:
        right = [oracle.expected(seq) for seq in seqs if plan.steps[seq].reply]
        inputs = _numbers([decode(value) for seq in seqs for value in plan.steps[seq].args])
        for leaf in range(len(_leaves(_thawed(right)))):
            told = list(_told(law, case, right, leaf, inputs))
            if told and sum(told) * 2 >= len(told):
                return True
    return False


def _told(law: Function, case: Any, right: list[Any], leaf: int, inputs: Any) -> Iterator[bool]:
    """For some elements of one array of the results: whether the law tells the right number in place of a wrong one."""
    container, key = _leaves(_thawed(right))[leaf]
    array = container[key]
    if np.array_equal(array, np.round(array)):
        return  # labels and counts: a law that says how large they may be says such a number by chance
    others = [other[name] for place, (other, name) in enumerate(_leaves(_thawed(right))) if place != leaf]
    known = np.concatenate([inputs, _numbers(others), [0.0, 1.0, -1.0]])
    least = 1e-6 * np.abs(array).max(initial=0.0)
    news = [i for i, number in enumerate(array.flat) if np.isfinite(number) and abs(number) > least and not _among(number, known)]
    for i in news[:: max(1, len(news) // ELEMENTS)]:
        yield any(
            _among(array.flat[i], np.array(_said(_called(law, (case, _with(right, leaf, changes)), {}))))
            for changes in (
                {i: 1.31 * array.flat[i] + 0.37},
                {i: 0.8 * array.flat[i], i - 1: array.flat[i - 1] + 0.2 * array.flat[i]},
            )
        )


def _with(right: list[Any], leaf: int, changes: dict[int, float]) -> list[Any]:
    """The results with other numbers in one array."""
    results: list[Any] = _thawed(right)
    container, key = _leaves(results)[leaf]
    for place, number in changes.items():
        container[key].flat[place] = number
    return results


def _among(number: float, known: Any) -> bool:
    return bool((np.abs(known - number) <= NEAR * abs(number)).any())


def _thawed(value: Any) -> Any:
    """A copy in which everything can be changed: lists for tuples, arrays for numbers."""
    if isinstance(value, list | tuple):
        return [_thawed(item) for item in value]
    if isinstance(value, dict):
        return {key: _thawed(item) for key, item in value.items()}
    is_number = isinstance(value, np.ndarray | int | float) and not isinstance(value, bool)
    return np.array(value, dtype=np.float64) if is_number else value


def _leaves(value: Any) -> list[tuple[Any, Any]]:
    """The places of all arrays, each as its container and its key in it."""
    found = []
    for key, item in value.items() if isinstance(value, dict) else enumerate(value):
        if isinstance(item, np.ndarray):
            found.append((value, key))
        elif isinstance(item, list | dict):
            found += _leaves(item)
    return found
