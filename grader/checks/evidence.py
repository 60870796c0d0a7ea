"""The judge side of a check: the evidence that it judges from, and its finding."""

import functools
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Literal, Protocol

import msgspec
import numpy as np

from grader.checks.compare import Difference, Tolerance, compare, normalised
from grader.sandbox.outcome import Outcome, Returned, Unimplemented
from grader.sandbox.values import decode
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
    """What a check judges from: the data that its plan returned, the steps, their outcomes, and the reference if there is one."""

    data: Any
    steps: Sequence[Step]
    outcomes: Sequence[Outcome]
    oracle: OracleView | None
    names: tuple[str, ...]
    array_like: bool

    def value(self, seq: int) -> Any:
        """The result of step `seq`, which must have returned; lists of numbers become arrays if the exercise is `array_like`."""
        outcome = self.outcomes[seq]
        assert isinstance(outcome, Returned)
        got = decode(outcome.value)
        return normalised(got, self._form(seq, got)) if self.array_like else got

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

    def difference(self, seq: int, got: Any, tolerance: Tolerance) -> Difference | None:
        """How `got`, the result of step `seq`, differs from the reference's."""
        step = self.steps[seq]
        names = self.names if step.op == "call" else ()
        return compare(self.expected(seq), got, names, tolerance, self.array_like, traits(step).integers)

    def trouble(self, seqs: Iterable[int]) -> "Finding | None":
        """The finding for the first of `seqs` that did not return."""
        for seq in seqs:
            outcome = self.outcomes[seq]
            if isinstance(outcome, Unimplemented):
                return Finding("skipped", seq)
            if not isinstance(outcome, Returned):
                return Finding("failed", seq)
        return None


def _plain(value: Any) -> bool:
    """Whether a value is a number, or consists of lists and tuples of numbers."""
    return isinstance(value, bool | int | float | complex) or (isinstance(value, list | tuple) and all(map(_plain, value)))


class Finding(msgspec.Struct, frozen=True):
    """The result of a check.

    Attributes:
        verdict: passed, failed, or skipped (not implemented).
        seq: the step that decided (None: none in particular).
        difference: how the value differs, if that is the reason.
        message: the check's own message; `judge.messages` writes the rest from the outcome and the difference.
        note: a remark after the message.
        calls: the steps that show it together, where a single one does not.
        public: the message without numbers, for students until the grades are published ("": written from outcome and difference).
    """

    verdict: Literal["passed", "failed", "skipped"]
    seq: int | None = None
    difference: Difference | None = None
    message: str = ""
    note: str = ""
    calls: tuple[int, ...] = ()
    public: str = ""


PASSED = Finding("passed")


class Traits(msgspec.Struct, frozen=True):
    """The arrays among a step's arguments: bytes of the coarsest float (8 when there is none), and whether all are integers."""

    itemsize: int
    integers: bool


@functools.lru_cache(maxsize=8192)  # a class asks the same of every submission
def traits(step: Step) -> Traits:
    """The traits of a step's arguments."""
    values = (*step.args, *(value for _, value in step.kwargs))
    dtypes = [array.dtype for array in arrays_in(decode(value) for value in values) if array.ndim]
    itemsize = min((dtype.itemsize for dtype in dtypes if dtype.kind == "f"), default=8)
    return Traits(itemsize, bool(dtypes) and all(dtype.kind in "iu" for dtype in dtypes))


def arrays_in(values: Iterable[Any]) -> Iterator[np.ndarray[Any, Any]]:
    """Every array and number in decoded values, however nested, as arrays."""
    for value in values:
        if isinstance(value, np.ndarray | bool | int | float | complex):
            yield np.asarray(value)
        elif isinstance(value, list | tuple):
            yield from arrays_in(value)
        elif isinstance(value, dict):
            yield from arrays_in(value.values())
