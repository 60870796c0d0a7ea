"""What a student's copy, which has no reference, knows of the mistakes: data for the steps of its own self-check."""

from collections.abc import Iterable
from pathlib import Path

import msgspec
import pytest
from toys import write_course

from grader.course.folder import PUBLIC_SEED, Assignment
from grader.engine.prepare import Prepared, prepare
from grader.errors import RubricError
from grader.judge.judge import judge
from grader.judge.known import SCHEMA, KnownFile, KnownMistake, read_known, rubric_digest
from grader.judge.verdicts import Verdict
from grader.run import Run
from grader.sandbox.outcome import Raised, Returned
from grader.sandbox.signature import Signature
from grader.sandbox.values import Array, encode
from grader.text.language import speak

CHECKS = """
from grader.course.authoring import example, exercise

@exercise(points=1)
def f():
    \"\"\"Doubles a number.\"\"\"
    yield example("three")
    yield example("five")
"""
EXAMPLES = """
[three]
lecture = "L0"
slide = "Twice"
exercise = "f"
inputs.x = 3
expected = 6

[five]
lecture = "L0"
slide = "Twice"
exercise = "f"
inputs.x = 5
expected = 10
"""
TRIPLED = KnownMistake(
    "tripled", "f", {"en": "How often?", "es": "¿Cuántas veces?"}, {0: Returned(9), 1: Returned(15)}, frozenset({0, 1})
)
FIVE_ONLY = KnownMistake("five_only", "f", {"en": "Try five."}, {1: Returned(5)}, frozenset({1}))


@pytest.fixture
def copy(tmp_path: Path) -> Assignment:
    """A student's copy of an assignment: no reference, and what it is to know of two mistakes."""
    assignment = write_course(tmp_path, CHECKS, examples=EXAMPLES, reference=None)
    told(assignment, [TRIPLED, FIVE_ONLY])
    return assignment


def told(assignment: Assignment, mistakes: Iterable[KnownMistake], schema: int = SCHEMA) -> None:
    """Write what the copy knows."""
    file = KnownFile(rubric_digest(assignment.examples.read_bytes(), assignment.rubric.read_bytes()), tuple(mistakes), schema)
    assignment.known.write_bytes(msgspec.msgpack.encode(file))


def checks(ready: Prepared, *returned: int) -> tuple[Verdict, ...]:
    """The verdicts on a function that returns these numbers."""
    ran = Run(Returned(), tuple(Returned(encode(value)) for value in returned))
    return judge(ready.plan, ran, None, "ana", ready.known).exercises[0].checks


def test_mistake_is_named_without_the_reference(copy: Assignment) -> None:
    """A function that returns what a known mistake returns hears its hint."""
    found = checks(prepare(copy, PUBLIC_SEED), 9, 15)
    assert [(check.verdict, check.misconception) for check in found] == [("failed", "tripled")] * 2
    assert found[0].hint == "How often?"


def test_mistake_that_is_right_elsewhere(copy: Assignment) -> None:
    """A mistake that shows in one call only is named there, by what it returns there."""
    found = checks(prepare(copy, PUBLIC_SEED), 6, 5)
    assert [(check.verdict, check.misconception) for check in found] == [("passed", None), ("failed", "five_only")]


def test_other_numbers_have_no_name(copy: Assignment) -> None:
    """What no known mistake returns has no name."""
    assert [check.misconception for check in checks(prepare(copy, PUBLIC_SEED), 7, 11)] == [None, None]


def test_hint_in_the_language_in_force(copy: Assignment) -> None:
    """A hint is read in the language in force, and in English where there is no other."""
    speak("es")
    try:
        assert (TRIPLED.hint, FIVE_ONLY.hint) == ("¿Cuántas veces?", "Try five.")
    finally:
        speak("en")


def test_copy_of_another_rubric(copy: Assignment) -> None:
    """What was told of another rubric, or in another form, is not used."""
    told(copy, [TRIPLED], SCHEMA + 1)
    assert prepare(copy, PUBLIC_SEED).known is None
    told(copy, [TRIPLED])
    copy.examples.write_text(EXAMPLES.replace("10", "11"))
    assert prepare(copy, PUBLIC_SEED).known is None


@pytest.mark.parametrize(
    "outcome", [Returned(Array("<f8", (9,), b"12345678")), Returned(1, (Array("<f8", (-1,), b""),))], ids=["result", "argument"]
)
def test_array_that_lies(copy: Assignment, outcome: Returned) -> None:
    """A file with an array that is not what it says is damaged, and the message says what to do."""
    told(copy, [msgspec.structs.replace(TRIPLED, outcomes={0: Raised("ValueError", (), ""), 1: outcome})])
    with pytest.raises(RubricError, match=r"cannot be read.*\n.*take the file from your course again, or remove it"):
        prepare(copy, PUBLIC_SEED)


def test_parameters_are_those_of_the_released_stub(copy: Assignment) -> None:
    """Where a student has renamed the parameters of their copy, calls have the names that the stub had."""
    copy.stub.write_text("def f(whatever):\n    return 6\n")
    file = KnownFile(rubric_digest(copy.examples.read_bytes(), copy.rubric.read_bytes()), (), signatures={"f": Signature(("x",))})
    copy.known.write_bytes(msgspec.msgpack.encode(file))
    assert prepare(copy, PUBLIC_SEED, filled=True).plan.rubric.parameters == {"f": ("x",)}


def test_nothing_is_known_without_the_file(copy: Assignment) -> None:
    """Without the file, nothing is known and nothing fails."""
    copy.known.unlink()
    assert read_known(copy) is None
