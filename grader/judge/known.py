"""What a student's copy of a course knows of each misconception: its outcomes in the self-check, and no line of its code.

    instructor  grader.release.diagnosis   the misconceptions, run once on the plan of the self-check ──► diagnosis.msgpack
    student     this module                diagnosis.msgpack ──► a name and a hint for an outcome

Where a misconception does what right code does, its outcome is left out: the only right outcomes in the file are those of the worked
examples, which are public in `examples.toml`. The file is bound to the rubric that it was made for, and ignored with another one.
"""

import hashlib
from collections.abc import Mapping, Sequence

import msgspec

from grader.course.folder import Assignment
from grader.errors import RubricError
from grader.plan import Plan
from grader.sandbox.outcome import ChildOutcome, Returned
from grader.sandbox.values import WireError, check
from grader.text.language import SOURCE, spoken

SCHEMA = 1


class KnownMistake(msgspec.Struct, frozen=True):
    """One misconception.

    Attributes:
        of: the function that it is a wrong version of.
        hints: what a student reads, by language.
        outcomes: by the step's index in its exercise (only steps that use its function); None where right code has the same outcome.
        wrong: the indices of the steps where right code has another outcome.
    """

    name: str
    of: str
    hints: dict[str, str]
    outcomes: dict[int, ChildOutcome | None]
    wrong: frozenset[int]

    @property
    def hint(self) -> str:
        """The hint in the language in force."""
        return self.hints.get(spoken(), self.hints[SOURCE])


class DiagnosisFile(msgspec.Struct, frozen=True):
    """The content of `diagnosis.msgpack`; `rubric` is the digest of the rubric that it was made for.

    Attributes:
        uses: the exercises that each exercise uses.
    """

    rubric: str
    mistakes: tuple[KnownMistake, ...]
    schema: int = SCHEMA
    uses: dict[str, tuple[str, ...]] = {}


def rubric_digest(assignment: Assignment) -> str:
    """The digest of the files that the steps of a self-check are made from."""
    digest = hashlib.sha256()
    for path in (assignment.rubric, assignment.examples):
        digest.update(path.read_bytes() if path.is_file() else b"")
    return digest.hexdigest()


class Known:
    """The misconceptions of a plan made for students (see `diagnose.Mistakes`)."""

    def __init__(self, plan: Plan, mistakes: tuple[KnownMistake, ...], uses: Mapping[str, tuple[str, ...]] = {}) -> None:
        self.misconceptions = mistakes
        self.uses = {name: frozenset(used) for name, used in uses.items()}
        self._starts = {planned.exercise.name: planned.seqs.start for planned in plan.exercises}

    def wrong(self, misconception: KnownMistake, case: range) -> Mapping[int, ChildOutcome | None]:
        """Its outcomes in the steps of `case`; None where it does what right code does."""
        start = self._starts[misconception.of]
        return {seq: misconception.outcomes.get(seq - start) for seq in case}

    def is_wrong(self, misconception: KnownMistake, seqs: Sequence[int]) -> bool:
        """Whether right code has another outcome in one of these steps."""
        start = self._starts[misconception.of]
        return any(seq - start in misconception.wrong for seq in seqs)


def read_known(assignment: Assignment, plan: Plan) -> Known | None:
    """The misconceptions that come with a student's copy; None where there is no such file, or one of another rubric.

    Raises:
        RubricError: the file is damaged.
    """
    path = assignment.diagnosis
    if not path.is_file():
        return None
    try:
        found = msgspec.msgpack.decode(path.read_bytes(), type=DiagnosisFile)
        for mistake in found.mistakes:
            for outcome in mistake.outcomes.values():
                for value in (outcome.value, *outcome.after) if isinstance(outcome, Returned) else ():
                    check(value)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError, WireError) as error:
        raise RubricError(path, "", f"it cannot be read: {error}", "take the file from your course again, or remove it") from None
    return (
        Known(plan, found.mistakes, found.uses) if found.schema == SCHEMA and found.rubric == rubric_digest(assignment) else None
    )
