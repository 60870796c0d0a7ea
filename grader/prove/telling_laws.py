"""Laws as oracles: whether the message of a law that ships names the right number in place of a wrong one.

A law is `(case, results)` → message. It is tried on right results of which one number is changed, or two against each other; a number
counts wherever it stands in the text.
"""

import copy
import inspect
import itertools
import re
from collections.abc import Callable, Iterator
from types import NoneType
from typing import Any

import numpy as np

from grader.checks.evidence import arrays_in
from grader.judge.endless import cut_off
from grader.judge.oracle import Oracle
from grader.plan import Plan, PlannedCheck
from grader.sandbox.values import decode

NEAR = 2e-3  # relative to the largest number of a result: texts round
SECONDS = 0.1  # CPU time of a call
ITEMS = 2000  # of a generator: what tells a result number by number tells a small one
ELEMENTS = 6  # of a result that a law is tried on
Function = Callable[..., Any]
_UNCHANGEABLE = (float, int, str, bool, NoneType)
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:e[+-]?\d+)?")


def said(text: Any) -> list[float]:
    """The numbers in a text."""
    return [float(number) for number in _NUMBER.findall(text)] if isinstance(text, str) else []


def called(function: Function, args: Any, kwargs: dict[str, Any]) -> Any:
    """What a function returns for copies of the arguments; None where it raises, or where it does not end: they may be any."""
    for copied in (_lent, copy.deepcopy):  # who writes into what is only lent is called again
        try:
            with cut_off(SECONDS):
                value = function(*copied(args), **copied(kwargs))
                return list(itertools.islice(value, ITEMS)) if inspect.isgenerator(value) else value
        except Exception as error:
            if "read-only" not in str(error):
                return None
    return None


def _lent(value: Any) -> Any:
    """A copy for those who change no array: arrays that cannot be written are lent, because copying them takes longer than most calls."""
    kind = type(value)
    if kind in _UNCHANGEABLE or (isinstance(value, np.ndarray) and not value.flags.writeable and value.dtype.kind != "O"):
        return value
    if kind in (list, tuple):
        return kind(map(_lent, value))
    if kind is dict:
        return {key: _lent(item) for key, item in value.items()}
    return copy.deepcopy(value)


def numbers_in(value: Any, most: float = np.inf) -> Any:
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


def tells(law: Function, item: PlannedCheck, plan: Plan, oracle: Oracle) -> bool:
    """Whether a law's message names the right number where one number of right results is changed, in most places of a result."""
    for case, seqs in item.data:
        right = [oracle.expected(seq) for seq in seqs if plan.steps[seq].reply]
        inputs = numbers_in([decode(value) for seq in seqs for value in plan.steps[seq].args])
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
    known = np.concatenate([inputs, numbers_in(others), [0.0, 1.0, -1.0]])
    least = 1e-6 * np.abs(array).max(initial=0.0)
    news = [i for i, number in enumerate(array.flat) if np.isfinite(number) and abs(number) > least and not _among(number, known)]
    for i in news[:: max(1, len(news) // ELEMENTS)]:
        yield any(
            _among(array.flat[i], np.array(said(called(law, (case, _with(right, leaf, changes)), {}))))
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
    is_number = (
        isinstance(value, np.ndarray | int | float) and not isinstance(value, bool) and np.asarray(value).dtype.kind in "biuf"
    )
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
