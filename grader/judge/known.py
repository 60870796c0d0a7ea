"""What a student's copy of a course knows of the code that stays with the instructor: what that code says, and no line of it.

    instructor  grader.release.known   the misconceptions, run on the plan of the self-check; the explained examples ──► known.msgpack
    student     this module            known.msgpack ──► a name and a hint for an outcome; the arithmetic of an example's element

Where a misconception does what right code does, in one of several results or in all, that is left out: the only right results in the file
are those of the worked examples, which are public in `examples.toml`. The file is bound to the rubric that it was made for, and ignored
with another one.
"""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from grader.checks.evidence import arrays_in
from grader.course.folder import Assignment
from grader.errors import RubricError
from grader.plan import Plan
from grader.sandbox.outcome import ChildOutcome, Returned
from grader.sandbox.signature import Signature
from grader.sandbox.values import Mapping as Mark
from grader.sandbox.values import Value, WireError, check, decode
from grader.text.language import SOURCE, spoken

SCHEMA = 2
MARK = "="  # the key of a mark
SAME = 1e-5  # relative to the numbers of a result
Floats = NDArray[np.float64]


class KnownMistake(msgspec.Struct, frozen=True):
    """One misconception.

    Attributes:
        of: the function that it is a wrong version of.
        hints: what a student reads, by language.
        outcomes: by the step's index in its exercise (only steps that use its function); None where right code has the same outcome,
            and a `mark` in place of each of several results that right code has too.
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


class KnownFile(msgspec.Struct, frozen=True):
    """The content of `known.msgpack`.

    Attributes:
        rubric: the digest of the rubric that it was made for.
        uses: the exercises that each exercise uses.
        arithmetic: of each worked example (see `checks.draft.Example`).
        signatures: of the stub as it is released: a student may rename the parameters of their copy.
    """

    rubric: str
    mistakes: tuple[KnownMistake, ...]
    schema: int = SCHEMA
    uses: dict[str, tuple[str, ...]] = {}
    arithmetic: dict[str, dict[str, dict[str, str]]] = {}
    signatures: dict[str, Signature] = {}


def rubric_digest(examples: bytes, rubric: bytes) -> str:
    """The digest of what the steps of a self-check are made from: the worked examples and the rubric as students have them."""
    return hashlib.sha256(rubric + examples).hexdigest()


class Known:
    """The misconceptions of a plan made for students (see `diagnose.Mistakes`)."""

    def __init__(self, plan: Plan, file: KnownFile) -> None:
        self.misconceptions = file.mistakes
        self.uses = {name: frozenset(used) for name, used in file.uses.items()}
        self._starts = {planned.exercise.name: planned.seqs.start for planned in plan.exercises}

    def wrong(self, misconception: KnownMistake, case: range) -> Mapping[int, ChildOutcome | None]:
        """Its outcomes in the steps of `case`; None where it does what right code does."""
        start = self._starts[misconception.of]
        return {seq: misconception.outcomes.get(seq - start) for seq in case}

    def is_wrong(self, misconception: KnownMistake, seqs: Sequence[int]) -> bool:
        """Whether right code has another outcome in one of these steps."""
        start = self._starts[misconception.of]
        return any(seq - start in misconception.wrong for seq in seqs)


def mark(value: Value) -> Value:
    """What stands for a right result: a sum that another result has too only if it is the same; None for a single number."""
    numbers, weights = _weighed(decode(value))
    return Mark(((MARK, float(numbers @ weights)),)) if numbers.size > 1 else None


def is_mark(wrong: Any) -> bool:
    """Whether a decoded result stands for a right one that is not told."""
    return wrong is None or (isinstance(wrong, dict) and set(wrong) == {MARK} and isinstance(wrong[MARK], float))


def filled(wrong: Any, got: Any) -> Any:
    """A decoded result of a known mistake, with what a student returned in place of the right ones that it does not tell."""
    if wrong is None:
        return got
    if is_mark(wrong):
        numbers, weights = _weighed(got)
        near = SAME * np.linalg.norm(numbers) * np.linalg.norm(weights)
        return got if numbers.size and abs(numbers @ weights - wrong[MARK]) <= near else wrong
    if isinstance(wrong, list | tuple) and isinstance(got, list | tuple) and len(wrong) == len(got):
        return type(wrong)(map(filled, wrong, got))
    return wrong


def _weighed(value: Any) -> tuple[Floats, Floats]:
    """The numbers of a decoded result, and as many that are always the same."""
    arrays = [array.real.astype(np.float64).ravel() for array in arrays_in([value])]
    numbers = np.nan_to_num(np.concatenate([np.zeros(0), *arrays]))
    return numbers, np.random.default_rng(numbers.size).normal(size=numbers.size)


def read_known(assignment: Assignment) -> KnownFile | None:
    """What a student's copy knows; None where there is no such file, or one of another rubric.

    Raises:
        RubricError: the file is damaged.
    """
    path = assignment.known
    if not path.is_file():
        return None
    try:
        found = msgspec.msgpack.decode(path.read_bytes(), type=KnownFile)
        for mistake in found.mistakes:
            for outcome in mistake.outcomes.values():
                for value in (outcome.value, *outcome.after) if isinstance(outcome, Returned) else ():
                    check(value)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError, WireError) as error:
        raise RubricError(path, "", f"it cannot be read: {error}", "take the file from your course again, or remove it") from None
    examples = assignment.examples.read_bytes() if assignment.examples.is_file() else b""
    digest = rubric_digest(examples, assignment.rubric.read_bytes())
    return found if found.schema == SCHEMA and found.rubric == digest else None
