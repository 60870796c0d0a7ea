"""The record of a graded submission, and how much of what its code returned is kept in it."""

import hashlib
from collections.abc import Mapping, Sequence

import msgspec

from grader.checks.effort import Within
from grader.judge.oracle import Oracle
from grader.judge.verdicts import Grade
from grader.plan import Plan
from grader.run import Run
from grader.sandbox.outcome import Kept, Outcome, same, word
from grader.submissions.submitted_at import SubmittedAt

ROOM = 1 << 20  # bytes of outcomes that are kept beyond those of the reference
SMALL = 4096  # bytes of an outcome that is kept wherever there is room for it
_encode = msgspec.msgpack.Encoder().encode


class Record(msgspec.Struct, frozen=True):
    """One graded submission.

    Attributes:
        source_hash, plan_hash, rubric_hash: of its text, of what was run, and of what it was judged by.
        attempt: the number of an earlier attempt; 0 for the student's last one.
    """

    student: str
    assignment: str
    source_hash: str
    plan_hash: str
    rubric_hash: str
    run: Run
    grade: Grade
    submitted_at: SubmittedAt = SubmittedAt()
    attempt: int = 0


def abridged(run: Run, grade: Grade, plan: Plan, oracle: Oracle | None) -> Run:
    """`run`, after it was judged, as it is kept: the largest outcomes are hashes where all of them would be more than there is room for.

    So are the right results of calls on large arrays, which are judged roughly: `restored` has the reference's instead.
    """
    own = _of_reference(plan, oracle)
    measured = _measured(run, oracle, own)
    same = {seq for seq, (_, _, is_same) in enumerate(measured) if is_same}
    sizes = {seq: size for seq, (_, size, _) in enumerate(measured)}
    candidates = {seq for seq in _on_large_arrays(plan) if sizes.get(seq, 0) > SMALL}
    large = candidates & _right(plan, grade) if candidates else set()
    rest = ROOM + sum(outcome.size for outcome in own) - sum(size for seq, size in sizes.items() if seq not in large)
    for seq in sorted(sizes.keys() - large, key=lambda seq: sizes[seq], reverse=True):
        if rest >= 0:
            break
        large.add(seq)
        rest += sizes[seq]
    if not large:
        return run
    return msgspec.structs.replace(
        run,
        outcomes=tuple(
            outcome if seq not in large else own[seq] if seq in same else _kept(outcome)
            for seq, outcome in enumerate(run.outcomes)
        ),
    )


def restored(record: Record, plan: Plan, oracle: Oracle | None) -> Run | None:
    """The run of a record, to be judged again; None where a wrong result that was too large to keep stands in the way.

    The reference's outcome stands for one that was right, or was the very same.
    """
    if not any(isinstance(outcome, Kept) for outcome in record.run.outcomes):
        return record.run
    right = _right(plan, record.grade)
    outcomes: list[Outcome] = []
    for seq, outcome in enumerate(record.run.outcomes):
        if isinstance(outcome, Kept):
            own = oracle.outcome(seq) if oracle else None
            if own is None or not (seq in right or outcome.digest == _kept(own).digest):
                return None
            outcome = own
        outcomes.append(outcome)
    return msgspec.structs.replace(record.run, outcomes=tuple(outcomes))


def _measured(run: Run, oracle: Oracle | None, own: Sequence[Kept]) -> list[tuple[Outcome, int, bool]]:
    """Each outcome with its size in bytes, and whether it is the reference's; what a class shares is measured once."""
    last: dict[int, tuple[Outcome, int, bool]] = oracle.once(("measured",), dict) if oracle else {}
    found = []
    for seq, outcome in enumerate(run.outcomes):
        fact = last.get(seq)
        if fact is None or fact[0] is not outcome:
            is_same = oracle is not None and same(outcome, oracle.outcome(seq))
            fact = last[seq] = outcome, own[seq].size if is_same else len(_encode(outcome)), is_same
        found.append(fact)
    return found


def _kept(outcome: Outcome) -> Kept:
    data = _encode(outcome)
    return Kept(word(outcome), len(data), hashlib.sha256(data).hexdigest())


def _right(plan: Plan, grade: Grade) -> set[int]:
    """The steps of checks whose results are right."""
    right: Mapping[str, set[str]] = {
        exercise.name: {check.name for check in exercise.checks if check.is_right} for exercise in grade.exercises
    }
    return {
        seq
        for planned in plan.exercises
        for item in planned.checks
        if item.check.name in right.get(planned.exercise.name, ())
        for seq in item.seqs
    }


def _on_large_arrays(plan: Plan) -> set[int]:
    return {seq for planned in plan.exercises for item in planned.checks if isinstance(item.check, Within) for seq in item.seqs}


def _of_reference(plan: Plan, oracle: Oracle | None) -> tuple[Kept, ...]:
    """The outcomes of the reference in short; most of a class are the same, and are not measured again."""
    if oracle is None:
        return ()
    found: tuple[Kept, ...] = oracle.once(("kept",), lambda: tuple(_kept(oracle.outcome(step.seq)) for step in plan.steps))
    return found
