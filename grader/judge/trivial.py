"""What trivial programs return: a copy of an argument, a sum of it, a constant, uniform rows.

A right result proves nothing about an exercise if such a program returns it as well. So an exercise pays only where a right result is
*telling*: drawn for the class, and not that of such a program. A program that is right everywhere is not one of them but the
algorithm itself (the mean of an image is its global average pooling).
"""

import contextlib
from collections.abc import Callable, Iterator, Mapping, Sequence, Sized
from functools import partial
from itertools import combinations
from types import MappingProxyType
from typing import Any

import numpy as np

from grader.checks.effort import Within
from grader.checks.evidence import arrays_in, traits
from grader.checks.forms import Array, is_no_array
from grader.checks.methods import is_method
from grader.checks.moments import is_moment, moment_text
from grader.checks.slips import several
from grader.checks.tolerance import Tolerance
from grader.judge.oracle import Oracle
from grader.plan import Plan, PlannedExercise
from grader.sandbox.outcome import Returned
from grader.sandbox.values import decode, encode
from grader.sandbox.wire import Step

Program = tuple[Any, ...]  # what it does, and with which argument
NEAR_WHOLE = 1e-6
NEAR = 1e-3  # relative: a program that comes so close is not telling either
CONSTANTS = (0.0, 1.0, -1.0, 0.5)
LARGEST_PART = 64  # a number that is a multiple of 1/2, 1/3, … 1/64 may be guessed
LOOKED_AT = 64  # numbers of a result
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
                left = [size for axis, size in enumerate(array.shape) if axis not in axes and size != 1]
                if left == [size for size in shape if size != 1]:
                    yield (name, axes), reduction(array, axis=axes).reshape(shape)


def answers(step: Step, result: Any, words: Mapping[str, Any] = MappingProxyType({})) -> dict[Program, Any]:
    """What each program returns in the place of `result`: an array or a number, or a list of them.

    Args:
        words: texts and dates that a constant may be, in the place of such a result.
    """
    if word_of(result) is not None:
        given = [decode(value) for value in (*step.args, *(value for _name, value in step.kwargs))]
        constants: dict[Program, Any] = {
            ("constant", word): value for word, value in words.items() if type(value) is type(result)
        }
        return constants | {("copy", place): value for place, value in enumerate(given) if type(value) is type(result)}
    made = [dict(found) for _array, found in _by_array(step, result)]
    if not several(result):
        return made[0] if made else {}
    return {program: [found[program] for found in made] for program in set.intersection(*map(set, made))} if made else {}


def _by_array(step: Step, result: Any) -> Iterator[tuple[Array, Iterator[tuple[Program, Array]]]]:
    """Each array in a result with what each program returns in its place; nothing where there is anything else in it."""
    arrays = list(result) if several(result) else [result]
    if any(several(array) or is_no_array(array) or _is_text(array) for array in arrays):
        return
    arguments = [decode(value) for value in (*step.args, *(value for _name, value in step.kwargs))]
    for place, array in enumerate(map(np.asarray, arrays)):
        yield array, programs(arguments, array, place if several(result) else None)


def in_form_of(want: Any, made: Any) -> Any:
    """What a program returns, with the types of `want`."""
    if word_of(want) is not None:
        return made
    if isinstance(made, list):
        return [in_form_of(array, value) for array, value in zip(want, made, strict=True)]
    with np.errstate(all="ignore"):
        value = np.asarray(made).astype(np.asarray(want).dtype)
    return value if isinstance(want, np.ndarray) else value.tolist()


def matching(step: Step, result: Any) -> frozenset[Program]:
    """The programs that return `result` for the arguments of `step`; None, a word and something empty are constants."""
    if result is None:
        return frozenset([("constant", None)])
    if (word := word_of(result)) is not None:
        return frozenset([("constant", word), *copies(step, result)])
    if _is_text(result):
        words = set(result.astype(str).ravel().tolist())
        return frozenset([*([("constant", word) for word in words] if len(words) == 1 else []), *copies(step, result)])
    if is_no_array(result):
        empty = isinstance(result, Sized) and not result
        return frozenset([*copies(step, result), *([("constant", "empty")] if empty else [])])
    near, left = Tolerance(traits(step).itemsize, rtol=NEAR), None
    for array, made in _by_array(step, result):
        left = _agreeing({program: value for program, value in made if left is None or program in left}, array, near)
        if not left:
            break  # what the programs return in the place of further arrays makes no difference
    return left or frozenset()


def word_of(result: Any) -> str | None:
    """What a constant would be that is this result, where it is a text, a date or a duration."""
    return result if isinstance(result, str) else moment_text(result) if is_moment(result) else None


def copies(step: Step, result: Any) -> Iterator[Program]:
    """The arguments that are this result."""
    sent = encode(result)
    for place, value in enumerate((*step.args, *(value for _name, value in step.kwargs))):
        if value == sent:
            yield ("copy", place)


def _is_text(result: Any) -> bool:
    """Whether a result is an array of texts, dates or durations."""
    return isinstance(result, np.ndarray) and result.dtype.kind in "UMm"


def _agreeing(made: Mapping[Program, Array], array: Array, near: Tolerance) -> frozenset[Program]:
    """The programs whose result is an array, roughly."""
    if not array.size:
        return frozenset(made)
    want = array.astype(float) if array.dtype.kind in "biuf" else array
    with np.errstate(all="ignore"):
        limit = near.at(want)
        return frozenset(program for program, value in made.items() if np.all(np.abs(value - want) <= limit))


def results_of(expected: Any) -> list[Any]:
    """The results of a function that returns `expected`."""
    return list(expected) if several(expected) else [expected]


class Telling:
    """Which of the reference's results in one exercise are telling; computed when it is asked for first, for a whole class."""

    def __init__(self, plan: Plan, planned: PlannedExercise, oracle: Oracle) -> None:
        self._plan, self._oracle = plan, oracle
        own = partial(_is_own, plan, planned.exercise.name)
        checks = [item for item in planned.checks if not item.check.published and not isinstance(item.check, Within)]
        drawn = [seq for item in checks for seq in item.seqs]  # large arrays would tell no more, and take long
        self.steps = [seq for seq in drawn if own(seq) and isinstance(oracle.outcome(seq), Returned)]
        self.own = frozenset(self.steps)
        self._matching: dict[tuple[int, int], frozenset[Program]] = {}
        self._algorithms: dict[Program, bool] = {}
        self._simple: dict[tuple[int, int], bool] = {}

    def is_telling(self, seq: int, place: int) -> bool:
        """Whether result number `place` of step `seq` is not that of a trivial program."""
        return not any(not self.is_algorithm(program) for program in self._programs(seq, place))

    def is_telling_together(self, seqs: Sequence[int]) -> bool:
        """Whether no single program returns the results of all these steps; for numbers so simple that each may be guessed."""
        if any(self.is_telling(*key) for key in self._keys(self.steps)):
            return False
        keys = list(self._keys(seqs))
        common = frozenset.intersection(*(self._programs(*key) for key in keys)) if keys else frozenset([("nothing",)])
        return all(map(self.is_algorithm, common))

    def words(self, seq: int, place: int) -> str:
        """The result, if it is a text or a date that is neither a copy of an argument nor empty; "" otherwise.

        Any single one of them may be a constant's; two that are different are not.
        """
        word = word_of(results_of(self._oracle.expected(seq))[place])
        return word if word and not any(program[0] == "copy" for program in self._programs(seq, place)) else ""

    def is_simple(self, seq: int, place: int) -> bool:
        """Whether the result may be guessed: a count, a label, a share of a few, or no numbers at all."""
        key = (seq, place)
        if key not in self._simple:
            self._simple[key] = _is_simple(results_of(self._oracle.expected(seq))[place])
        return self._simple[key]

    def is_algorithm(self, program: Program) -> bool:
        """Whether the program is right everywhere."""
        if program not in self._algorithms:
            self._algorithms[program] = all(program in self._programs(*key) for key in self._keys(self.steps))
        return self._algorithms[program]

    def _keys(self, seqs: Sequence[int]) -> Iterator[tuple[int, int]]:
        return ((seq, place) for seq in seqs for place in range(len(results_of(self._oracle.expected(seq)))))

    def _called(self, seq: int) -> Step:
        """The step whose arguments a program could look at: of an attribute, the last call before in its case."""
        steps = self._plan.steps
        before = (one for one in reversed(steps[:seq]) if one.case == steps[seq].case and one.op == "call")
        return steps[seq] if steps[seq].op != "get" else next(before, steps[seq])

    def _programs(self, seq: int, place: int) -> frozenset[Program]:
        key = (seq, place)
        if key not in self._matching:
            self._matching[key] = matching(self._called(seq), results_of(self._oracle.expected(seq))[place])
        return self._matching[key]


def _is_simple(result: Any) -> bool:
    """Whether all numbers in a result are whole or small parts of such."""
    arrays = [array.ravel()[:LOOKED_AT] for array in arrays_in([result]) if array.dtype.kind in "fc"]
    numbers = np.concatenate([np.zeros(0), *(part for array in arrays for part in (array.real, array.imag))])[:LOOKED_AT]
    with np.errstate(all="ignore"):
        multiples = np.multiply.outer(numbers, np.arange(1, LARGEST_PART + 1))
        simple = ~(np.abs(multiples - np.round(multiples)) > NEAR_WHOLE)  # NaN and infinity are
    return bool(simple.any(axis=1).all())


def _is_own(plan: Plan, exercise: str, seq: int) -> bool:
    """Whether a step shows a result of the exercise's own. An attribute of an object does where a method leaves it there."""
    step = plan.steps[seq]
    return step.reply and (step.op != "get" or is_method(exercise)) and plan.is_own(exercise, seq)
