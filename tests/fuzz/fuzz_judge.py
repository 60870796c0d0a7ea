"""A search for a returned value that the judge cannot bear: in all topics, with the reference and as a student's copy judges.

    python tests/fuzz/fuzz_judge.py --n 100000          prints what it saw; exit code 1 where something was the grader's own fault

    what the reference returns ──► in each check one value is replaced ──► judge ──► a grade, never an exception or `grader_error`

A value is replaced by an odd one (`ODD`), or by one made from the right one (`twisted`): one item odd, another dtype, shape or order.
"""

import argparse
import contextlib
import datetime as dt
import math
import random
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests/courses"), str(Path(__file__).parent)]

from replies import SERIES, TABLE  # noqa: E402
from toys import exercise_of, one_case, prepared  # noqa: E402

from grader.checks.agrees import agrees  # noqa: E402
from grader.checks.draws import PROPERTIES, draws  # noqa: E402
from grader.checks.prints import prints  # noqa: E402
from grader.course.folder import PUBLIC_SEED, Assignment, find_course  # noqa: E402
from grader.course.rubric import read_reference, read_rubric  # noqa: E402
from grader.engine.prepare import Prepared, prepare  # noqa: E402
from grader.judge.judge import judge  # noqa: E402
from grader.judge.known import Known, KnownFile  # noqa: E402
from grader.judge.oracle import run_trusted  # noqa: E402
from grader.plan import make_plan  # noqa: E402
from grader.release.known import known as known_file  # noqa: E402
from grader.release.public import cut_rubric  # noqa: E402
from grader.run import Run  # noqa: E402
from grader.sandbox.limits import WireError  # noqa: E402
from grader.sandbox.outcome import Outcome, Returned  # noqa: E402
from grader.sandbox.tables import Column, loosened  # noqa: E402
from grader.sandbox.values import Array, Table, UnsendableError, Value, decode, encode  # noqa: E402
from grader.sandbox.values import check as check_value  # noqa: E402


def _nested(depth: int) -> Any:
    return [] if depth == 0 else [_nested(depth - 1)]


_NUMBERS = (
    *(0, -1, 3, 1 << 62, -(1 << 63), (1 << 64) - 1, True, False),
    *(0.5, -0.0, float("nan"), float("inf"), -float("inf"), 1e308, 5e-324, 1e200, 2j, complex("nan+infj")),
)
_ARRAYS = (
    *(np.zeros(shape) for shape in [(), (0,), (1,), (1, 1), (3,), (2, 0), (0, 3), (2, 2), (4, 5, 3), (1, 1, 1, 1, 1)]),
    *(np.ones(3, dtype) for dtype in "?bBhHiIlLqQefdFD"),
    *(np.array(number) for number in (np.nan, np.inf, -1, 2**64 - 1, True)),
    np.full((2, 2), np.nan),
    np.full(4, 1e308),
    np.arange(6.0).reshape(2, 3).T,
)
_OTHERS = (
    *(None, "", "text", "12", "ä\x1b[31m", (), [], {}, ((),), [[], []], _nested(12), (None,), [None, None], {"": None}),
    *([1, 2, 3], (1.0, 2.0), [1, [2, 3]], [[1], [2, 3]], [1, "a"], [True, 2], [1j, 2], [(1 << 64) - 1, -1], [1e308, -1e308]),
    *((np.eye(2), None), [np.ones(2), np.ones(3)], [np.ones((2, 2)), 1.0], {"a": np.ones(2)}, {"dx": 1.0, "dw": [1]}, ["a", "b"]),
    [0.0] * 1000,
)
_TIMES = (
    *(
        dt.date(2024, 2, 29),
        dt.date.min,
        dt.datetime.max,
        dt.datetime(2024, 1, 2, 3, tzinfo=dt.UTC),
        dt.time(1),
        dt.time(1, tzinfo=dt.UTC),
    ),
    *(dt.datetime.min.replace(tzinfo=dt.timezone(dt.timedelta(hours=23))), dt.timedelta.max, dt.timedelta.min, dt.timedelta(0)),
    *(np.datetime64("2024-01-01"), np.datetime64("NaT"), np.timedelta64(3, "Y"), np.array(["2024-01-01", "NaT"], "M8[D]")),
    *(
        np.array([2**62], "M8[Y]"),
        np.array([-(2**63) + 1], "m8[as]"),
        np.zeros((2, 2), "M8[ns]"),
        np.array([], "m8[s]"),
        ["2024-01-01"] * 2,
    ),
    *({dt.date(2024, 1, 1): 1, dt.datetime(2024, 1, 1): 2}, {dt.time(1), None, 3}, [dt.date(2024, 1, 1), 1, "a"]),
)
ODD: tuple[Any, ...] = (*_NUMBERS, *_ARRAYS, *_OTHERS, *_TIMES, TABLE, SERIES)


def _odd_column(column: Column, rng: random.Random) -> Column:
    """A column of as many rows, with something about it changed."""
    rows = column.values.shape[0]
    values = rng.choice(
        (
            np.full(rows, np.nan),
            np.arange(rows),
            np.array(["a"] * rows),
            np.zeros(rows, bool),
            np.full(rows, 2j),
            column.array[::-1],
        )
    )
    found = encode(rng.choice((values, values.astype("M8[D]") if values.dtype.kind == "i" else values)))
    assert isinstance(found, Array)
    missing = encode(np.array([rng.random() < 0.3 for _ in range(rows)], bool)) if rng.random() < 0.4 else None
    assert missing is None or isinstance(missing, Array)
    dtype = rng.choice((column.dtype, "str", "category", "Int64", "datetime64[ns, UTC]", "float64"))
    return Column(dtype, rng.choice((found, column.values)), missing)


def _twisted_table(right: Table, rng: random.Random) -> Table:
    """A table that is consistent, and not the right one."""
    columns = list(zip(right.labels, right.columns, strict=True))
    kind = rng.randrange(9)
    if kind == 0 and right.kind == "frame":
        rng.shuffle(columns)
    elif kind == 1 and columns:
        place = rng.randrange(len(columns))
        columns[place] = columns[place][0], _odd_column(columns[place][1], rng)
    elif kind == 2 and right.kind == "frame":
        columns = columns[: rng.randrange(len(columns) + 1)] + columns[: rng.randrange(2)]
    elif kind == 3:
        return loosened(right, rng.choice((("any index",), ("rows in any order",), ("rows in any order", "any index"))))
    elif kind == 4:
        return msgspec.structs.replace(right, index=tuple(_odd_column(level, rng) for level in right.index))
    elif kind == 5:
        return msgspec.structs.replace(
            right, index=right.index * 2, names=(*right.names, *right.names)[:8] if len(right.names) < 5 else right.names
        )
    elif kind == 6 and len(columns) == 1:
        return msgspec.structs.replace(right, kind="frame" if right.kind == "series" else "series")
    elif kind == 7:
        return msgspec.structs.replace(
            loosened(right, ("any index",)), labels=tuple((rng.choice(("a", None, math.nan, 1)),) for _ in columns)
        )
    else:
        columns = [(label, _odd_column(column, rng)) for label, column in columns]
    labels, values = tuple(label for label, _ in columns), tuple(column for _, column in columns)
    return msgspec.structs.replace(right, labels=labels, columns=values)


def twisted(right: Any, rng: random.Random) -> Any:
    """The right value with something about it changed."""
    if isinstance(right, Table):
        return _twisted_table(right, rng)
    if isinstance(right, dt.date | dt.time | dt.timedelta):
        return rng.choice((*_TIMES, str(right), right, [right], np.array(right.isoformat() if isinstance(right, dt.date) else 0)))
    if isinstance(right, tuple | list) and right and rng.random() < 0.7:
        items = list(right)
        place = rng.randrange(len(items))
        items[place] = rng.choice(ODD) if rng.random() < 0.4 else twisted(items[place], rng)
        return type(right)(items)
    if isinstance(right, dict) and right and rng.random() < 0.7:
        key = rng.choice(list(right))
        return {**right, key: rng.choice(ODD) if rng.random() < 0.5 else twisted(right[key], rng)}
    if isinstance(right, str) or right is None:
        return rng.choice(ODD)
    if isinstance(right, tuple | list | dict):
        return rng.choice(_SEVERAL)(right)
    return rng.choice(_FORMS)(right)


_SEVERAL: tuple[Callable[[Any], Any], ...] = (
    lambda value: [value],
    lambda value: (value, value),
    lambda value: list(value),
    lambda value: tuple(value),
    lambda value: list(value)[::-1],
    lambda value: list(value)[:-1],
    lambda value: dict(enumerate(value)),
    lambda value: {str(place): item for place, item in enumerate(value)},
)


def _one_item(value: Any) -> Any:
    array = np.array(value)
    if array.size and array.dtype.kind == "f":
        array.flat[array.size // 2] = np.nan
    return array


_FORMS: tuple[Callable[[Any], Any], ...] = (
    lambda value: [value],
    lambda value: (value,),
    lambda value: (value, value),
    lambda value: {"result": value},
    lambda value: (value, value, value),
    lambda value: list(value) if np.ndim(value) else [value],
    lambda value: list(value)[::-1] if np.ndim(value) else -value,
    lambda value: list(value)[:-1] if np.ndim(value) else None,
    lambda value: tuple(value) if np.ndim(value) else str(value),
    lambda value: np.asarray(value).tolist(),
    lambda value: np.asarray(value)[None],
    lambda value: np.asarray(value).T,
    lambda value: np.asarray(value).ravel(),
    lambda value: np.asarray(value)[..., :1] if np.ndim(value) else value,
    lambda value: np.asarray(value)[:-1] if np.ndim(value) else value,
    lambda value: np.asarray(value)[:0] if np.ndim(value) else np.zeros(0),
    lambda value: np.asarray(value)[::-1] if np.ndim(value) else value,
    *(lambda value, dtype=dtype: np.asarray(value).astype(dtype) for dtype in "?bBiQefdF"),
    lambda value: np.asarray(value) * 1e300,
    lambda value: np.asarray(value) * 0,
    lambda value: np.round(np.asarray(value) * 1.0, 2),
    lambda value: np.asfortranarray(value),
    lambda value: -np.asarray(value).astype(float),
    _one_item,
)


def odd_value(right: Value, rng: random.Random) -> Value:
    """An odd value, or a right one with something changed."""
    try:
        with np.errstate(all="ignore"):
            return encode(rng.choice(ODD) if rng.random() < 0.5 else twisted(decode(right), rng))
    except (UnsendableError, TypeError, ValueError, OverflowError):  # some changes are for numbers only
        return None


_ASIDES = (msgspec.UNSET,) * 3 + (
    "3",
    "[1. 2.]",
    "nan",
    "text",
    "\x1b[31m",
    "1e999",
    "2024-02-29",
    "1\nwords",
    "-" * 2000,
    "1_000",
    "٣",
)


def _arriving(value: Value, rng: random.Random) -> Value:
    """An odd value that the wire lets through: the next one, where it does not."""
    while True:
        odd = odd_value(value, rng)
        with contextlib.suppress(WireError):
            check_value(odd)
            return odd


class Bench(msgspec.Struct, frozen=True):
    """One topic ready to judge, and the right outcomes of its steps."""

    ready: Prepared
    right: tuple[Outcome, ...]

    def spoiled(self, rng: random.Random) -> tuple[tuple[Outcome, ...], dict[int, Value]]:
        """The right outcomes with one odd value in each check, or all odd in an exercise, and what was put where."""
        outcomes, put = list(self.right), {}
        whole = rng.random() < 0.15
        for planned in self.ready.plan.exercises:
            for check in planned.checks:
                for seq in check.seqs if whole else rng.sample(list(check.seqs), min(1, len(check.seqs))):
                    outcome = outcomes[seq]
                    if not isinstance(outcome, Returned):
                        outcome = Returned()
                    put[seq] = _arriving(outcome.value, rng)
                    after = tuple(_arriving(value, rng) if rng.random() < 0.3 else value for value in outcome.after)
                    outcomes[seq] = Returned(put[seq], after, aside=rng.choice(_ASIDES))
        return tuple(outcomes), put


def with_reference(ready: Prepared) -> Bench:
    """A topic that was prepared with its reference."""
    assert ready.oracle is not None
    return Bench(ready, tuple(ready.oracle.outcome(step.seq) for step in ready.plan.steps))


def a_copy(assignment: Assignment) -> Bench:
    """The topic as a student's copy judges it."""
    plan = make_plan(read_rubric(assignment), PUBLIC_SEED, with_reference=False, locate=True)
    reference = read_reference(assignment)
    assert reference is not None
    known = Known(plan, msgspec.msgpack.decode(known_file(assignment, cut_rubric(assignment)), type=KnownFile))
    return Bench(Prepared(plan, None, known=known), tuple(run_trusted(plan, reference, range(len(plan.steps))).values()))


def kinds() -> Iterator[Bench]:
    """Exercises whose results no topic has: dates, tables, texts that are printed, figures."""
    table = msgspec.structs.replace(TABLE, index=TABLE.index[:1], names=("k",))
    results: dict[str, Any] = {
        "day": dt.date(2024, 2, 29),
        "instant": dt.datetime(2024, 2, 29, 12, tzinfo=dt.timezone(dt.timedelta(hours=2))),
        "clock": dt.time(12, 30),
        "wait": dt.timedelta(hours=3),
        "days": np.array(["2024-02-28", "2024-02-29", "NaT"], "M8[D]"),
        "waits": np.array([[1, 2], [3, 4]], "m8[s]"),
        "moment": np.datetime64("2024-02-29T12:00", "ns"),
        "frame": table,
        "levels": TABLE,
        "series": SERIES,
        "several": (dt.date(2024, 1, 1), SERIES, "text", np.array(["2024"], "M8[Y]")),
        "by_day": {dt.date(2024, 1, 1): 1.5, dt.date(2024, 1, 2): 2.5},
        "words": "some words",
    }
    functions: dict[str, Any] = {name: lambda x, right=right: right for name, right in results.items()}
    exercises = [exercise_of(name, agrees("one", cases=one_case(x=1.0), rtol=1e-3)) for name in functions]
    functions |= {"says": lambda x: print(x, "words", sep="\n") or 3.5, "shows": _shows}
    exercises.append(
        exercise_of("says", prints("one", cases=one_case(x=1.0)), prints("two", cases=one_case(x=2.0), by="line", result=True))
    )
    exercises.append(
        exercise_of("shows", draws("all", PROPERTIES, cases=one_case(x=1.0)), draws("one", ("lines",), cases=one_case(x=2.0)))
    )
    ready = prepared(*exercises, functions=functions, modules=("pandas", "matplotlib"))
    assert ready.oracle is not None
    yield Bench(ready, tuple(ready.oracle.outcome(step.seq) for step in ready.plan.steps))


def _shows(x: float) -> None:
    from matplotlib import pyplot

    _, (left, right) = pyplot.subplots(2)
    left.plot([x, 2, 3], [4, 5, 6], label="a")
    left.scatter([1, 2], [3, 4])
    left.legend()
    right.bar([1, 2], [3, 4])
    right.imshow(np.eye(3))


def fuzz(bench: Bench, n: int, rng: random.Random) -> Iterator[str]:
    """Judge until `n` values have been replaced; what was the grader's own fault."""
    done, ready = 0, bench.ready
    where = f"{ready.plan.name}, {'a copy' if ready.oracle is None else 'with the reference'}"
    while done < n:
        outcomes, put = bench.spoiled(rng)
        done += len(put)
        try:
            grade = judge(ready.plan, Run(Returned(), outcomes), ready.oracle, "ana", ready.known)
        except Exception as error:
            yield f"{where}: {type(error).__name__}: {error} (raised by `judge` itself)"
            continue
        yield from (
            f"{where}: {check.message}"
            for exercise in grade.exercises
            for check in exercise.checks
            if check.verdict == "grader_error"
        )


def main() -> None:
    """Fuzz every topic."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--n", type=int, default=10_000, help="returned values, over all topics")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("topics", nargs="*")
    given = parser.parse_args()
    course, started, faults = find_course(ROOT), time.monotonic(), Counter[str]()
    assignments = course.select(given.topics)
    for assignment in assignments:
        for place, bench in enumerate((with_reference(prepare(assignment, PUBLIC_SEED)), a_copy(assignment))):
            rng = random.Random(f"{given.seed} {assignment.name} {place}")
            faults.update(fuzz(bench, given.n // (2 * len(assignments)) + 1, rng))
    for bench in kinds():
        faults.update(fuzz(bench, given.n // 2, random.Random(given.seed)))
    print(f"{given.n} values, {len(assignments)} topics, {time.monotonic() - started:.0f} s: {sum(faults.values())} faults")
    for text, count in faults.most_common(60):
        print(f"{count:6d}  {text}")
    sys.exit(bool(faults))


if __name__ == "__main__":
    main()
