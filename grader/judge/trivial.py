"""What programs without any idea return: a copy of an argument, a sum of it, a constant, uniform rows.

A right result proves nothing about an exercise if such a program returns it as well. So an exercise pays only where a right result is
*telling*: drawn for the class, and not that of such a program. A program that is right everywhere is not one of them but the
algorithm itself (the mean of an image is its global average pooling).
"""

import contextlib
from collections.abc import Callable, Iterator, Sequence
from itertools import combinations
from typing import Any

import numpy as np

from grader.checks.compare import Array, Tolerance
from grader.checks.evidence import arrays_in
from grader.checks.slips import several
from grader.judge.oracle import Oracle
from grader.plan import Plan, PlannedExercise
from grader.sandbox.outcome import Returned
from grader.sandbox.values import decode
from grader.sandbox.wire import Step

Program = tuple[Any, ...]  # what it does, and with which argument
CONSTANTS = (0.0, 1.0, -1.0, 0.5)
REDUCTIONS: dict[str, Callable[..., Any]] = {"sum": np.sum, "mean": np.mean, "max": np.max, "min": np.min}


def programs(arguments: Sequence[Any], want: Array, item: int | None = None) -> Iterator[tuple[Program, Array]]:
    """Each program with its result, in the shape of `want`; `item` is the index of `want` in a list of arrays."""
    for constant in CONSTANTS:
        yield ("constant", constant), np.full(want.shape, constant)
    if want.ndim:
        yield ("uniform",), np.full(want.shape, 1 / max(want.shape[-1], 1))
        yield ("uniform", "all"), np.full(want.shape, 1 / max(want.size, 1))
        yield ("first class",), np.broadcast_to(np.arange(want.shape[-1]) == 0, want.shape).astype(float)
        yield ("counting",), np.arange(want.size, dtype=float).reshape(want.shape)
    for place, argument in enumerate(arguments):
        several_arrays = isinstance(argument, list | tuple)
        for number, array in enumerate(arrays_in([argument])):
            which: Program = (place, "same item" if number == item else number) if several_arrays else (place,)
            if array.dtype.kind in "biuf" and array.size:
                yield from (((*kind, *which), value) for kind, value in _of_array(array.astype(float), want.shape))


def _of_array(array: Array, shape: tuple[int, ...]) -> Iterator[tuple[Program, Array]]:
    """The results of programs that look at one array only."""
    yield ("size",), np.full(shape, float(array.size))
    yield ("length",), np.full(shape, float(len(array)) if array.ndim else 1.0)
    if array.size == int(np.prod(shape)):
        yield ("copy",), array.reshape(shape)
        yield ("negative copy",), -array.reshape(shape)
        if array.ndim > 1:
            yield ("transposed copy",), array.T.reshape(shape)
    elif len(shape) >= array.ndim:
        with contextlib.suppress(ValueError):
            yield ("repeated copy",), np.broadcast_to(array, shape)
    if array.ndim == 2:
        yield ("trace",), np.full(shape, np.trace(array))
    for name, reduction in REDUCTIONS.items():
        yield (name,), np.full(shape, reduction(array))
        for count in range(1, array.ndim):
            for axes in combinations(range(array.ndim), count):
                if tuple(size for axis, size in enumerate(array.shape) if axis not in axes) == tuple(n for n in shape if n != 1):
                    yield (name, axes), reduction(array, axis=axes).reshape(shape)


class Telling:
    """Which of the reference's results in one exercise are telling; computed when it is asked for first, for a whole class."""

    def __init__(self, plan: Plan, planned: PlannedExercise, oracle: Oracle) -> None:
        self._plan, self._oracle = plan, oracle
        others = plan.other_functions(planned.exercise.name)
        drawn = [seq for item in planned.checks if not item.check.published for seq in item.seqs]
        self._steps = [seq for seq in drawn if _is_own(plan.steps[seq], others) and isinstance(oracle.outcome(seq), Returned)]
        self._matching: dict[tuple[int, int], frozenset[Program] | None] = {}
        self._algorithms: dict[Program, bool] = {}

    @property
    def steps(self) -> list[int]:
        """The steps whose results may be telling."""
        return self._steps

    def is_telling(self, seq: int, place: int) -> bool:
        """Whether result number `place` of step `seq` is none of a program without any idea."""
        found = self._programs(seq, place)
        return found is None or all(map(self._is_algorithm, found))

    def _programs(self, seq: int, place: int) -> frozenset[Program] | None:
        """The programs that return this result; None if no program does."""
        key = (seq, place)
        if key not in self._matching:
            found = matching(self._plan.steps[seq], results_of(self._oracle.expected(seq))[place])
            self._matching[key] = found or None
        return self._matching[key]

    def _is_algorithm(self, program: Program) -> bool:
        """Whether the program is right everywhere."""
        if program not in self._algorithms:
            everything = ((seq, place) for seq in self._steps for place in range(len(results_of(self._oracle.expected(seq)))))
            self._algorithms[program] = all(program in (self._programs(*key) or ()) for key in everything)
        return self._algorithms[program]


def results_of(expected: Any) -> list[Any]:
    """The results of a function that returns `expected`."""
    return list(expected) if several(expected) else [expected]


def matching(step: Step, result: Any) -> frozenset[Program]:
    """The programs that return `result` for the arguments of `step`."""
    arguments = [decode(value) for value in (*step.args, *(value for _name, value in step.kwargs))]
    if isinstance(result, str) or result is None or isinstance(result, dict):
        return frozenset()
    in_list = several(result)
    found: frozenset[Program] | None = None
    for place, array in enumerate(arrays_in([result])):
        same = frozenset(
            program for program, value in programs(arguments, array, place if in_list else None) if _agree(array, value)
        )
        if found is not None and same and not found & same:
            same = frozenset([("mixed",)])
        found = same if found is None or not found & same else found & same
        if not found:
            return frozenset()
    return found if found is not None else frozenset([("nothing",)])


def _agree(want: Array, value: Array) -> bool:
    with np.errstate(all="ignore"):
        return bool(np.all(np.abs(value - want) <= Tolerance().at(np.asarray(want, dtype=float), value)) or not want.size)


def _is_own(step: Step, others: set[str]) -> bool:
    return step.reply and step.op != "get" and step.target.partition(".")[0] not in others
