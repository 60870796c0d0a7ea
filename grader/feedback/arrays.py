"""Expected and actual result side by side, as matrices of text: the parts to show, and the elements that are wrong."""

import re
from collections.abc import Iterator, Sequence
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from grader.checks.agrees import Agreement
from grader.checks.difference import Difference
from grader.checks.example import WorkedExample
from grader.checks.forms import as_array
from grader.checks.tolerance import Tolerance
from grader.checks.words import number
from grader.judge.oracle import Oracle
from grader.judge.results import tolerance
from grader.judge.verdicts import Verdict
from grader.plan import Plan, PlannedCheck, PlannedExercise
from grader.run import Run
from grader.sandbox.outcome import Returned
from grader.sandbox.values import decode
from grader.text.language import gettext as _

SHOWN = 8  # rows and columns of an array
MATRICES = 3  # of an array of more dimensions
_PART = re.compile(r"(\w*)((?:\[\d+\])*)")
Wrong = NDArray[np.bool_]


class Cell(msgspec.Struct, frozen=True):
    """One number."""

    text: str
    wrong: bool


class Matrix(msgspec.Struct, frozen=True):
    """Some rows and columns of a matrix, and the sides on which there are more."""

    caption: str
    rows: tuple[tuple[Cell, ...], ...]
    above: bool
    below: bool
    left: bool
    right: bool


class Comparison(msgspec.Struct, frozen=True):
    """Some matrices of the expected result and of the student's."""

    expected: tuple[Matrix, ...]
    got: tuple[Matrix, ...]


def comparison(
    plan: Plan, run: Run, planned: PlannedExercise, item: PlannedCheck, verdict: Verdict, oracle: Oracle | None = None
) -> Comparison | None:
    """Both arrays of a worked example; with the `oracle`, of an agreement with it too. None if the difference is not in an array."""
    found = _place(item, verdict)
    if found is None or not run.outcomes:
        return None
    seq, difference = found
    outcome = run.outcomes[seq]
    if not isinstance(outcome, Returned):
        return None
    names, path = planned.exercise.returns, difference.path
    if isinstance(item.check, WorkedExample):
        example = item.data[1]
        expected = example.expected
        if (named := example.named) is not None:
            expected = tuple(named[name] for name in names) if len(names) > 1 else next(iter(named.values()))
    elif oracle is not None and isinstance(oracle.outcome(seq), Returned):
        expected = oracle.expected(seq)
    else:
        return None
    want, have = _part(expected, path, names), _part(decode(outcome.value), path, names)
    if want is None or have is None or want.ndim == 0 or not _is_told(want, difference):
        return None
    wrong = None  # they cannot be compared
    if want.shape == have.shape:
        wrong = _wrong(want, have, tolerance(planned, plan.steps[seq]), difference)
    name = path or _("the result")
    return Comparison(
        tuple(_matrices(name, _("should be"), want, wrong, marked=False)), tuple(_matrices(name, _("yours"), have, wrong))
    )


def _place(item: PlannedCheck, verdict: Verdict) -> tuple[int, Difference] | None:
    """The step that shows the first difference, and that."""
    if isinstance(item.check, WorkedExample):
        return (item.data[0], verdict.difference) if verdict.difference else None
    if not isinstance(item.check, Agreement):
        return None
    told = [(verdict.difference, verdict.steps), *((result.difference, result.steps) for result in verdict.results)]
    return next(((steps[-1], difference) for difference, steps in told if difference and steps), None)


def _is_told(want: NDArray[Any], difference: Difference) -> bool:
    """Whether it is what the message says: an exercise that uses another one may have been judged by other numbers than the reference's."""
    if not difference.first_expected:
        return True
    return len(difference.first) == want.ndim and number(want[difference.first]) == difference.first_expected


def _wrong(want: NDArray[Any], have: NDArray[Any], allowed: Tolerance, difference: Difference) -> Wrong:
    """Mask of the wrong elements: those that are not finite, or those that are too far away."""
    with np.errstate(all="ignore"):
        if difference.stage == "finite":
            return np.asarray(~np.isfinite(have) & np.isfinite(want))
        far = ~(np.abs(have - want) <= allowed.at(want))
        return np.asarray(far & ~(have == want))


def _part(value: Any, path: str, names: Sequence[str]) -> NDArray[Any] | None:
    """The result at a difference's path ("dw", "[1]", "dW[0]"), if it is an array of numbers."""
    found = _PART.fullmatch(path)
    if found is None:
        return None
    name, places = found.groups()
    steps = [int(place) for place in re.findall(r"\d+", places)]
    if name and len(names) > 1:
        steps = [names.index(name), *steps] if name in names else []
    for step in steps:
        if not isinstance(value, tuple | list) or step >= len(value):
            return None
        value = value[step]
    array = as_array(value, array_like=True)
    return array if array is not None and array.dtype.kind in "biuf" else None


def _matrices(name: str, word: str, array: NDArray[Any], wrong: Wrong | None, marked: bool = True) -> Iterator[Matrix]:
    """The first matrices of an array, those with errors before the others; each around its first wrong element."""
    if array.ndim < 2:
        array = array.reshape(1, -1)
    wrong = np.zeros(array.shape, bool) if wrong is None else wrong.reshape(array.shape)
    places = list(np.ndindex(array.shape[:-2]))
    for place in sorted(sorted(places, key=lambda place: not wrong[place].any())[:MATRICES]):
        label = f"{name}[{', '.join(map(str, place))}]" if len(places) > 1 else name
        yield _matrix(label, word, array[place], wrong[place], marked)


def _matrix(label: str, word: str, matrix: NDArray[Any], wrong: Wrong, marked: bool) -> Matrix:
    first = np.argwhere(wrong)[0].tolist() if wrong.any() else (0, 0)
    rows, columns = (_window(size, start) for size, start in zip(matrix.shape, first, strict=True))
    whole = (len(rows), len(columns)) == matrix.shape
    size = "" if whole else f" ({'×'.join(map(str, matrix.shape))})"
    return Matrix(
        f"{label}{size}: {word}",
        tuple(
            tuple(Cell(number(matrix[row, column]), marked and bool(wrong[row, column])) for column in columns) for row in rows
        ),
        above=rows.start > 0,
        below=rows.stop < matrix.shape[0],
        left=columns.start > 0,
        right=columns.stop < matrix.shape[1],
    )


def _window(size: int, first: int) -> range:
    """The rows (or columns) to show: all of a short axis, else some around the first wrong element."""
    start = 0 if size <= SHOWN else max(0, min(first - SHOWN // 2, size - SHOWN))
    return range(start, min(size, start + SHOWN))
