"""Misconceptions that raise in every call: most are slips of their author, who wrote a name that is not there or too few parameters.

They would be proved like any other: such a program is rejected, and has its name. But no student's program does that by chance. A mistake
that does end every call (arrays whose shapes do not fit) says so: `raises = true`.
"""

from collections.abc import Iterable, Iterator

from grader.course.misconceptions import Misconception
from grader.engine.prepare import Prepared
from grader.judge.oracle import Oracle
from grader.sandbox.outcome import Raised, Returned


def broken_mistakes(ready: Prepared, oracle: Oracle, items: Iterable[Misconception] | None = None) -> Iterator[str]:
    """The misconceptions (of `items`, or all) that raise wherever right code returns, and are not meant to."""
    for item in oracle.misconceptions if items is None else items:
        outcome = None if item.raises else _always(ready, oracle, item)
        if outcome is not None:
            text = f"misconception {item.name} of {item.of} raises in every call: {outcome.name}: {outcome.message}"
            meant = "raises=True" if item.file.suffix == ".py" else "raises = true"
            yield f"{text}; correct it in {item.file}, or say {meant} there if that is the mistake"


def _always(ready: Prepared, oracle: Oracle, item: Misconception) -> Raised | None:
    """The first exception of a misconception that raises in each call of its exercise from which right code returns."""
    seqs = next((planned.seqs for planned in ready.plan.exercises if planned.exercise.name == item.of), range(0))
    made = oracle.wrong(item, seqs)
    found = [made[seq] for seq in ready.plan.own(item.of, seqs) if isinstance(oracle.outcome(seq), Returned)]
    raised = [outcome for outcome in found if isinstance(outcome, Raised)]
    return raised[0] if raised and len(raised) == len(found) else None
