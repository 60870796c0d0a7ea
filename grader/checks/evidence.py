"""The judge side of a check: the evidence that it judges from, and its finding."""

import functools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Protocol

import msgspec
import numpy as np

from grader.checks.compare import agree
from grader.checks.findings import PASSED, Finding, FindingWord, ResultFinding
from grader.checks.forms import is_large, nearest_float, normalised
from grader.checks.printing import says
from grader.checks.slips import SLIP, Compared, all_right, compared, in_array, labels, repaired, several
from grader.checks.tolerance import Rules, Tolerance
from grader.sandbox.outcome import Outcome, Returned, Unimplemented, same
from grader.sandbox.tables import Table, numbers
from grader.sandbox.values import Value, decode
from grader.sandbox.wire import Step


class OracleView(Protocol):
    """The part of the reference that a check can see."""

    def outcome(self, seq: int) -> Outcome:
        """What the reference does with step `seq`."""

    def expected(self, seq: int) -> Any:
        """What the reference returns for step `seq`."""

    def once(self, key: tuple[Any, ...], compute: Callable[[], Any]) -> Any:
        """The result of `compute`, cached under `key` for the whole class; it may depend on the plan and the reference only."""

    def function(self, name: str) -> Callable[..., Any]:
        """A reference function."""


class Evidence(msgspec.Struct, frozen=True):
    """What a check judges from: the data that its plan returned, the steps, their outcomes, and the reference if there is one.

    Attributes:
        names: of the exercise's results; `weights`: of those that do not weigh 1.
        slip: the part of a result that a slip costs.
        seen: what has been found out about these outcomes; all evidence from them shares it, so that nothing is compared twice.
    """

    data: Any
    steps: Sequence[Step]
    outcomes: Sequence[Outcome]
    oracle: OracleView | None
    names: tuple[str, ...] = ()
    array_like: bool = False
    weights: Mapping[str, float] = {}
    slip: float = SLIP
    seen: dict[tuple[Any, ...], Any] = {}

    def value(self, seq: int) -> Any:
        """The result of step `seq`, which must have returned; lists of numbers become arrays if the exercise is `array_like`.

        A new one at every call: a law may change it.
        """
        outcome = self.outcomes[seq]
        assert isinstance(outcome, Returned)
        got = decode(outcome.value)
        return normalised(got, self._form(seq, got)) if self.array_like else got

    def _got(self, seq: int) -> Any:
        """`value`, for what only looks at it."""
        key = ("value", seq)
        if key not in self.seen:
            self.seen[key] = self.value(seq)
        return self.seen[key]

    def _form(self, seq: int, got: Any) -> Any:
        """The form of the result of step `seq`: the reference's, else an array, or one for each name (None for lists of arrays)."""
        expected = self.oracle.outcome(seq) if self.oracle is not None else None
        if isinstance(expected, Returned):
            return self.expected(seq)
        if len(self.names) > 1 and isinstance(got, tuple | list):
            return tuple(0.0 if _plain(item) else None for item in got)
        return 0.0 if _plain(got) else None

    def expected(self, seq: int) -> Any:
        """What the reference returns for step `seq`."""
        assert self.oracle is not None
        return self.oracle.expected(seq)

    def tolerance(self, seq: int, rtol: float | None = None, atol: float | None = None) -> Tolerance:
        """The tolerance for step `seq`, by the coarsest of its arguments."""
        return Tolerance(traits(self.steps[seq]).itemsize, rtol, atol)

    def compared(self, seq: int, tolerance: Tolerance, *, worded: bool = True) -> tuple[Compared, ...]:
        """The results of step `seq`, which must have returned, against the reference's.

        Args:
            worded: whether it is said how a wrong result differs, and not only that it does.
        """
        key = ("compared", seq, tolerance)
        if key not in self.seen and not worded:
            key = ("roughly compared", seq, tolerance)
        if key not in self.seen:
            expected, got = self.expected(seq), self._got(seq)
            other_way = self.other_way(seq, expected)
            rules = Rules(tolerance, self.array_like, traits(self.steps[seq]).integers, worded)
            if other_way:
                self.seen[key] = other_way
            elif right := self.seen.get(("right", seq, tolerance)):
                self.seen[key] = all_right(expected, got, self._names(seq))
            else:
                self.seen[key] = compared(expected, got, self._names(seq), rules, is_wrong=right is False)
        found: tuple[Compared, ...] = self.seen[key]
        return found

    def labels(self, seq: int) -> tuple[str, ...] | None:
        """The names of the results of step `seq`; None where it did not return, or where they cannot be told apart."""
        outcome = self.outcomes[seq]
        return labels(self.expected(seq), self._got(seq), self._names(seq)) if isinstance(outcome, Returned) else None

    def _names(self, seq: int) -> tuple[str, ...]:
        step = self.steps[seq]
        return step.sent or (self.names if step.op == "call" and not step.part else ())

    def other_way(self, seq: int, expected: Any, atol: float = 0.0) -> tuple[Compared, ...]:
        """The results, if they are right and were printed in place of being returned, or the reverse; nothing otherwise.

        Args:
            atol: as for `says`.
        """
        step, outcome, got, names = self.steps[seq], self.outcomes[seq], self._got(seq), self._names(seq)
        text = outcome.instead if isinstance(outcome, Returned) else ""
        if not text:
            return ()
        if step.sent == ("printed",):
            return (Compared("printed", expected, "returned"),) if isinstance(got, str) and not got and text == expected else ()
        if step.sent or got is not None or not says(text, expected, atol):
            return ()
        if not several(expected):
            return (Compared(names[0] if len(names) == 1 else "", expected, "printed"),)
        return tuple(
            Compared(label, item, "printed")
            for label, item in zip(labels(expected, expected, names) or (), expected, strict=True)
        )

    def only_printed(self, seq: int) -> bool:
        """Whether step `seq`, which must have returned, printed something and returned nothing."""
        outcome = self.outcomes[seq]
        return isinstance(outcome, Returned) and bool(outcome.instead) and self._got(seq) is None

    def in_arrays(self, seq: int, got: Any) -> tuple[Any, tuple[Compared, ...]]:
        """`got`, which step `seq` returned, with arrays for lists, and its results if there was a list: what needs no reference."""
        names = self._names(seq)
        apart = len(names) > 1 and isinstance(got, tuple | list) and len(got) == len(names)
        found = [in_array(item, name) for item, name in zip(got, names, strict=True)] if apart else []
        found = found or [in_array(got, names[0] if len(names) == 1 else "")]
        if not any(item.slip for item in found):
            return got, ()
        return (tuple(item.value for item in found) if apart else found[0].value), tuple(found)

    def is_right(self, seq: int, tolerance: Tolerance) -> bool:
        """Whether step `seq`, which must have returned, has the reference's result: most steps of a class end here."""
        key = ("right", seq, tolerance)
        if key not in self.seen:
            rules = Rules(tolerance, self.array_like, traits(self.steps[seq]).integers)

            def found() -> bool:
                return agree(self.expected(seq), self._got(seq), rules)

            shared = self.oracle is not None and same(_value(self.outcomes[seq]), _value(self.oracle.outcome(seq)))
            self.seen[key] = self.oracle.once(("same", seq, rules), found) if shared and self.oracle is not None else found()
        return self.seen[key] is True

    def repaired(self, seq: int, tolerance: Tolerance) -> tuple[Any, tuple[Compared, ...]]:
        """The value of step `seq` with its slips put right, and its results where they are not all as expected."""
        got = self.value(seq)
        if self.oracle is None or not isinstance(self.oracle.outcome(seq), Returned) or self.is_right(seq, tolerance):
            return got, ()
        found = self.compared(seq, tolerance)
        return repaired(found, self.expected(seq), got), found

    def finding(self, results: "Iterable[ResultFinding]") -> "Finding":
        """The finding on a check from those on its results, in all its cases: the first one of a result that is not all right counts."""
        first: dict[str, ResultFinding] = {}
        for item in results:
            if not item.name and item.verdict != "passed" and len(self.names) > 1:  # the results cannot be told apart
                return Finding(item.verdict, item.seq, item.difference, item.message, item.note, item.calls, public=item.public)
            known = first.get(item.name)
            if known is None or (known.verdict != "failed" and (item.verdict == "failed" or (item.slip and not known.slip))):
                first[item.name] = item
        found = [first[name] for name in self.names if name in first] + [
            item for name, item in first.items() if name not in self.names
        ]
        weights = [self.weights.get(item.name, 1.0) for item in found]
        earned = [0.0 if item.verdict != "passed" else 1 - self.slip if item.slip else 1.0 for item in found]
        credit = sum(weight * part for weight, part in zip(weights, earned, strict=True)) / sum(weights) if found else 1.0
        if credit == 1.0:
            return PASSED
        worst = next((item for item in found if item.verdict != "passed"), next((item for item in found if item.slip), found[0]))
        verdict: FindingWord = "partly" if credit else "skipped" if worst.verdict == "skipped" else "failed"
        parts = tuple(
            msgspec.structs.replace(item, weight=weight / sum(weights), credit=part)
            for item, weight, part in zip(found, weights, earned, strict=True)
        )
        return Finding(
            verdict,
            worst.seq,
            worst.difference,
            worst.message,
            worst.note,
            worst.calls,
            parts if len(parts) > 1 or worst.slip else (),
            credit,
            public=worst.public,
        )

    def before(self, seq: int) -> list[int]:
        """The steps that made the object whose method is the exercise, and called others of its methods, before step `seq`."""
        step = self.steps[seq]
        if not step.is_of_method:
            return []
        first, handle = seq, step.target.partition(".")[0]
        while first and self.steps[first - 1].case == step.case:
            first -= 1
        return [one.seq for one in self.steps[first:seq] if handle in (one.save, one.target.partition(".")[0])]

    def trouble(self, seqs: Iterable[int]) -> "Finding | None":
        """The finding for the first of `seqs` that did not return, or that was called on an object on which nothing went well."""
        for seq in (one for asked in seqs for one in (*self.before(asked), asked)):
            outcome = self.outcomes[seq]
            if isinstance(outcome, Unimplemented):
                return Finding("skipped", seq)
            if not isinstance(outcome, Returned):
                return Finding("failed", seq)
        return None


def _value(outcome: Outcome) -> Value:
    """The result of a step, as it came."""
    assert isinstance(outcome, Returned)
    return outcome.value


def _plain(value: Any) -> bool:
    """Whether a value is a number, or consists of lists and tuples of numbers."""
    return isinstance(value, bool | int | float | complex) or (isinstance(value, list | tuple) and all(map(_plain, value)))


class Traits(msgspec.Struct, frozen=True):
    """The arrays among a step's arguments: bytes of the coarsest float, 4 or 8 (8 when there is none), and whether all are integers."""

    itemsize: int
    integers: bool


@functools.lru_cache(maxsize=8192)  # a class asks the same of every submission
def traits(step: Step) -> Traits:
    """The traits of a step's arguments."""
    values = (*step.args, *(value for _, value in step.kwargs))
    dtypes = [array.dtype for array in arrays_in(decode(value) for value in values) if array.ndim]
    itemsize = min((dtype.itemsize for dtype in dtypes if dtype.kind == "f"), default=8)
    return Traits(8 if itemsize >= 8 else 4, bool(dtypes) and all(dtype.kind in "iu" for dtype in dtypes))


def arrays_in(values: Iterable[Any]) -> Iterator[np.ndarray[Any, Any]]:
    """Every array of numbers and every number in decoded values, however nested, as arrays."""
    for value in values:
        if isinstance(value, np.ndarray) and value.dtype.kind in "UMm":
            continue
        if isinstance(value, Table):
            yield from numbers(value)
            continue
        if is_large(value):
            yield np.asarray(nearest_float(value))
        elif isinstance(value, np.ndarray | bool | int | float | complex):
            yield np.asarray(value)
        elif isinstance(value, list | tuple):
            yield from arrays_in(value)
        elif isinstance(value, dict):
            yield from arrays_in(value.values())
