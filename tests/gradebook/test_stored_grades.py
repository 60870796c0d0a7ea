"""Grades as they are stored: they come back as they were, and what a class has in common is in memory once."""

import msgspec
import pytest
from msgspec.structs import replace

from grader.gradebook.stored_grades import decode, encode
from grader.judge.verdicts import ExerciseGrade, Grade, ResultVerdict, Verdict

CHECKS = (
    Verdict("a", "agrees", "passed", "returned", points=1.0, results=(ResultVerdict("dx", "passed", 1.0, 1.0),)),
    Verdict("b", "example", "failed", "returned", "should be 1", "rounded", "a hint", "f(1)", 2.0, difference=None, steps=(1, 2)),
    Verdict("c", "manual", "waits", None, points=3.0, by_hand=None, waits_for=("f",)),
)


def grade(student: str, *checks: Verdict) -> Grade:
    """A grade of one exercise."""
    exercise = ExerciseGrade("f", "A title", 1.0, 6.0, checks, "bonus")
    return Grade(student=student, assignment="conv", status="graded", score=1.0, max_score=6.0, exercises=(exercise,), bonus=1.0)


def test_round_trip() -> None:
    """All of it comes back."""
    assert decode(encode(grade("ana", *CHECKS))) == grade("ana", *CHECKS)


def test_equal_exercises_are_one_object() -> None:
    """Two students with the same verdicts share them in memory; a third has others."""
    ana, bea, caro = (
        decode(encode(one)) for one in (grade("ana", *CHECKS), grade("bea", *CHECKS), grade("caro", *reversed(CHECKS)))
    )
    assert ana.student != bea.student
    assert ana.exercises[0] is bea.exercises[0]
    assert caro.exercises[0] != ana.exercises[0]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'"graded"', b'"grad'),
        (b'"verdict":"passed"', b'"verdict":"pass"'),
        (b'"max_score":6.0', b'"max_score":"6"'),
        (b"]", b""),
    ],
)
def test_damage(old: bytes, new: bytes) -> None:
    """What is damaged is refused, in an exercise as around it."""
    data = encode(grade("ana", *CHECKS))
    assert old in data
    with pytest.raises(msgspec.MsgspecError):
        decode(data.replace(old, new))


def test_every_field_is_kept() -> None:
    """A field that grades get one day is stored as well."""
    odd = replace(grade("ana"), message="m", printed="p", file="f", choice="c", open=2.0, undecided=1, score=None)
    assert decode(encode(odd)) == odd
