"""Misconceptions that raise in every call: most are slips of their author, who wrote a name that is not there or too few parameters.

They would be proved like any other: such a program is rejected, and has its name. No student ever gets it.
"""

from collections.abc import Iterable, Iterator

from grader.course.misconceptions import Misconception
from grader.engine.prepare import Prepared
from grader.judge.oracle import Oracle
from grader.judge.predictions import own
from grader.sandbox.outcome import ChildOutcome, Raised, Returned

SLIPS = frozenset({"NameError", "AttributeError", "TypeError", "ImportError", "SyntaxError", "RecursionError"})


def broken_mistakes(ready: Prepared, oracle: Oracle, items: Iterable[Misconception] | None = None) -> Iterator[str]:
    """Misconceptions (of `items`, or all) that cannot run: the exception is one that wrong code, and not wrong mathematics, raises."""
    for item, outcome in _raising(ready, oracle, oracle.misconceptions if items is None else items):
        if not SLIPS.isdisjoint(outcome.bases):
            yield f"{_text(item, outcome)}; correct it in {item.file}"


def raising_advice(ready: Prepared) -> Iterator[str]:
    """Those that another exception ends in every call, which some mistakes do (arrays whose shapes do not fit)."""
    assert ready.oracle is not None
    for item, outcome in _raising(ready, ready.oracle, ready.oracle.misconceptions):
        if SLIPS.isdisjoint(outcome.bases):
            yield f"{_text(item, outcome)}; is that the mistake that is meant?"


def _raising(ready: Prepared, oracle: Oracle, items: Iterable[Misconception]) -> Iterator[tuple[Misconception, Raised]]:
    """Those of the misconceptions that raise wherever right code returns, each with the first exception."""
    for item in items:
        seqs = next((planned.seqs for planned in ready.plan.exercises if planned.exercise.name == item.of), range(0))
        made = oracle.wrong(item, seqs)
        returning = [seq for seq in own(ready.plan, item.of, seqs) if isinstance(oracle.outcome(seq), Returned)]
        found: list[ChildOutcome] = [made[seq] for seq in returning]
        raised = [outcome for outcome in found if isinstance(outcome, Raised)]
        if raised and len(raised) == len(found):
            yield item, raised[0]


def _text(item: Misconception, outcome: Raised) -> str:
    return f"misconception {item.name} of {item.of} raises in every call: {outcome.name}: {outcome.message}"
