"""What a class has in common is judged once: most exercises of most students return what the reference does, up to the rounding of sums.

    like the reference     every step returned its result, or raised its exception: one judgement for all of these
    like somebody else     the outcomes of all its steps are the same, to the bit: that one's judgement
    else                   judged, and remembered for the next one

An exercise is judged from the outcomes of its own steps, the signatures that the file defines, the file's name and the language, and from
nothing else.
"""

import hashlib
import itertools
import threading
from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar

import msgspec
import numpy as np

from grader.judge.exercise import Judged, other_name
from grader.judge.oracle import Oracle
from grader.judge.verdicts import Verdict
from grader.plan import Plan, PlannedExercise
from grader.run import Run
from grader.sandbox.outcome import Outcome, Raised, Returned, same
from grader.sandbox.values import Array, Items, Value, decode
from grader.text.language import spoken

ROUNDING = 1e-12  # of each number by itself: no check is as strict
REMEMBERED = 2000  # judgements of one class
LARGEST = 1 << 20  # bytes of outcomes that are worth a hash: to compare more takes longer than to judge
_T = TypeVar("_T")
_encode = msgspec.msgpack.Encoder().encode


class Judgements:
    """The latest judgements of a class, which its threads share."""

    def __init__(self) -> None:
        self._found: dict[object, Any] = {}
        self._lock = threading.Lock()

    def of(self, key: object, judged: Callable[[], _T], verdicts: Callable[[_T], Iterable[Verdict]]) -> _T:
        """What is remembered under the key, or the result of `judged`, which is remembered if it is not a fault of the grader's."""
        with self._lock:
            found: _T | None = self._found.pop(key, None)
        if found is None:
            found = judged()  # two threads may do it both: neither waits
        if not any(verdict.verdict == "grader_error" for verdict in verdicts(found)):
            with self._lock:
                self._found[key] = found
                if len(self._found) > REMEMBERED:
                    del self._found[next(iter(self._found))]
        return found


class Once:
    """The judgements on one submission, new or remembered."""

    def __init__(self, plan: Plan, run: Run, oracle: Oracle | None, hints: bool) -> None:
        self._kept: Judgements | None = oracle.once(("judgements",), Judgements) if oracle else None
        self._how = hints, spoken(), other_name(plan, run)
        known = oracle is not None and run.judged
        self._keys = {
            planned.exercise.name: _key(planned, run, oracle) if known and oracle else None for planned in plan.exercises
        }

    def exercise(self, name: str, judged: Callable[[], Judged]) -> Judged:
        """An exercise by itself."""
        key = self._keys[name]
        if key is None or self._kept is None:
            return judged()
        return self._kept.of((name, key, self._how), judged, lambda found: found.verdicts)

    def all(self, judged: Callable[[], Sequence[tuple[Verdict, ...]]]) -> Sequence[tuple[Verdict, ...]]:
        """All exercises together, each with what it owes to the others."""
        keys = tuple(self._keys.values())
        if None in keys or self._kept is None:
            return judged()
        return self._kept.of((keys, self._how), judged, itertools.chain.from_iterable)


def _key(planned: PlannedExercise, run: Run, oracle: Oracle) -> bytes | None:
    """What the judgement on an exercise depends on, in short; None where that is too long."""
    own = run.outcomes[planned.seqs.start : planned.seqs.stop]
    # the last one of each step that was like the reference's: most of a class share the very object, as its bytes are decoded once
    alike: dict[int, Outcome] = oracle.once(("alike",), dict)
    for seq, got in zip(planned.seqs, own, strict=False):
        if alike.get(seq) is not got:
            if not _like(oracle.outcome(seq), got):
                break
            alike[seq] = got
    else:
        return b""
    right = [oracle.outcome(seq) for seq in planned.seqs]
    data = _encode((run.defined, [None if same(want, got) else got for want, got in zip(right, own, strict=True)]))
    return hashlib.blake2b(data, digest_size=32).digest() if len(data) <= LARGEST else None


def _like(right: Outcome, got: Outcome) -> bool:
    """Whether an outcome is the reference's, up to rounding; the texts of an exception are nobody's business where it is the right one."""
    if same(right, got):
        return True
    if isinstance(right, Returned) and isinstance(got, Returned):
        return same(right.after, got.after) and right.aside == got.aside and _near(right.value, got.value)
    return isinstance(right, Raised) and isinstance(got, Raised) and (right.name, right.bases) == (got.name, got.bases)


def _near(right: Value, got: Value) -> bool:
    if isinstance(right, Array) and isinstance(got, Array):
        if (right.dtype, right.shape) != (got.dtype, got.shape):
            return False
        if right.data == got.data:
            return True
        if np.dtype(right.dtype).kind != "f":
            return False
        want = decode(right)
        return bool(np.all(np.abs(decode(got) - want) <= ROUNDING * np.abs(want)))
    if isinstance(right, float) and isinstance(got, float):
        return right == got or abs(got - right) <= ROUNDING * abs(right)
    if isinstance(right, Items) and isinstance(got, Items):
        fits = right.kind == got.kind and len(right.items) == len(got.items)
        return fits and all(map(_near, right.items, got.items))
    return same(right, got)
