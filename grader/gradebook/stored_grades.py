"""Grades as they are stored, and back: a class's are read by one reader, in which equal exercises are one object.

Of 100,000 students, most have the same verdicts as others, with the same words: those who are right, and those who made the same mistake.
So a class whose records are all in memory takes as much as the different ones, and an exercise that was read before is not decoded again.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import Any

import msgspec

from grader.judge.verdicts import ExerciseGrade, Grade

KEPT = 4096  # different exercises that are known again

_exercises = msgspec.json.Decoder(ExerciseGrade)
_outside: msgspec.json.Decoder[Any] = msgspec.json.Decoder(
    msgspec.defstruct(
        "Outside",  # a Grade whose exercises are not decoded yet
        [
            (field.name, tuple[msgspec.Raw, ...] if field.name == "exercises" else field.type, field.default)
            if not field.required
            else (field.name, tuple[msgspec.Raw, ...] if field.name == "exercises" else field.type)
            for field in msgspec.structs.fields(Grade)
        ],
        kw_only=True,
    )
)
_names = Grade.__struct_fields__

encode: Callable[[Grade], bytes] = msgspec.json.encode


def decode(data: bytes) -> Grade:
    """A stored grade.

    Raises:
        msgspec.MsgspecError: it is damaged.
    """
    outside = _outside.decode(data)
    found = {name: getattr(outside, name) for name in _names}
    found["exercises"] = tuple(_exercise(bytes(exercise)) for exercise in outside.exercises)
    return Grade(**found)


@lru_cache(KEPT)
def _exercise(data: bytes) -> ExerciseGrade:
    return _exercises.decode(data)
