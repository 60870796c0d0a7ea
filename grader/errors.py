"""The errors of the grader, and their exit codes.

    UsageError          wrong use: a folder that is not there, two runs on one results folder       2
    └── RubricError     a rubric, an example or a course file is wrong: file, exercise and advice   2
    SandboxError        the sandbox itself failed: the grader's own fault                           3
    └── PostponedError  the submission is run again when the others of its class are done           -
        ├── OverloadedError the machine was too busy to run a step                                  3
        └── SlowError   it needs more time than most                                                -

What student code does is an outcome (`sandbox.outcome`), not one of these.
"""

from pathlib import Path
from typing import Literal

WRONG_USE, OWN_FAULT, STOPPED = 2, 3, 130  # exit codes


class UsageError(Exception):
    """Wrong use; the message says what was given, what was expected and what to do."""


class RubricError(UsageError):
    """Something in a course's own files is wrong.

    Attributes:
        file: where; `exercise`: which one ("" for the file as a whole).
    """

    def __init__(self, file: Path, exercise: str, problem: str, advice: str) -> None:
        where = f"{file}, exercise {exercise}" if exercise else str(file)
        super().__init__(f"{where}: {problem}\n  → {advice}")
        self.file, self.exercise = file, exercise
        self._given = (file, exercise, problem, advice)

    def __reduce__(self) -> tuple[type["RubricError"], tuple[Path, str, str, str]]:
        return RubricError, self._given  # it may come from another process


class SandboxError(Exception):
    """The sandbox itself failed (a dead zygote, no descriptors left): the grader's fault, never the student's."""


Why = Literal["starved", "waits", "computes"]


class PostponedError(SandboxError):
    """A submission should be run again when the others of its class are done; `why`."""

    why: Why


class OverloadedError(PostponedError):
    """The machine was too busy to give the child its CPU time before the wall clock ran out."""

    why = "starved"


class SlowError(PostponedError):
    """A submission exceeded limits that were only a trial (see `sandbox.backend.Limits.trial`): it computes, or only waits."""

    def __init__(self, why: Why) -> None:
        super().__init__(f"it {why} for long")
        self.why = why
