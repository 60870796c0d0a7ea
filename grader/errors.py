"""The errors that a person can mend.

GraderError
├── UsageError      wrong use: a folder that is not there, two runs on one results folder      exit code 2
│   └── RubricError a rubric, an example or a course file is wrong: file, exercise and mend    exit code 2
└── (sandbox.backend.SandboxError is the grader's own fault                                    exit code 3)
"""

from pathlib import Path


class UsageError(Exception):
    """Wrong use; the message says what was given, what was expected and what to do."""


class RubricError(UsageError):
    """Something in a course's own files is wrong.

    Attributes:
        file: where; `exercise`: which one ("" when it is the file as a whole).
    """

    def __init__(self, file: Path, exercise: str, problem: str, mend: str) -> None:
        where = f"{file}, exercise {exercise}" if exercise else str(file)
        super().__init__(f"{where}: {problem}\n  → {mend}")
        self.file, self.exercise = file, exercise
