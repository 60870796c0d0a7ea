"""The last self-check of each assignment, kept beside the user's other settings: `grader list` shows from it how far one is.

Nothing is written into the course's folder, which is handed out and handed in. Not being able to write it is not an error: then nothing is
remembered.

    ~/.local/state/grader/<course>/last_checks.json      $XDG_STATE_HOME elsewhere; on Windows %LOCALAPPDATA%, on macOS ~/Library
"""

import hashlib
import os
import sys
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

import msgspec

from grader.judge.verdicts import ROUNDING, ExerciseGrade, Grade, total
from grader.text import atomic, private

FILE = "last_checks.json"


class Marks(msgspec.Struct, frozen=True):
    """Points that were earned, of those that could be checked (`most`); `later` are decided on submission, or by a person."""

    score: float = 0.0
    most: float = 0.0
    later: float = 0.0

    @property
    def done(self) -> bool:
        """Whether all that could be checked is right."""
        return self.score >= self.most - ROUNDING


class LastCheck(msgspec.Struct, frozen=True):
    """What the last check of an assignment found.

    Attributes:
        file: that was checked; `digest`: of its content then.
        begun: whether anything of it was written.
    """

    file: str
    digest: str
    begun: bool
    marks: Marks
    exercises: dict[str, Marks]

    @property
    def current(self) -> bool:
        """Whether the file is still as it was checked."""
        return _digest(Path(self.file)) == self.digest


def folder_of(root: Path) -> Path:
    """Where something is kept for the course in `root`."""
    if sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    elif sys.platform == "darwin":
        base = Path.home() / "Library" / "Application Support"
    else:
        base = Path(os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state")
    return base / "grader" / hashlib.sha256(str(root.resolve()).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def last_checks(root: Path) -> dict[str, LastCheck]:
    """The last check of each assignment of the course in `root`."""
    try:
        return msgspec.json.decode((folder_of(root) / FILE).read_bytes(), type=dict[str, LastCheck])
    except (OSError, RuntimeError, msgspec.MsgspecError):  # RuntimeError: nobody's home
        return {}


def remember(root: Path, found: Iterable[tuple[Path, Grade]]) -> None:
    """Keep these grades of files as the last checks of their assignments; of what could not be graded, nothing."""
    new = {grade.assignment: _last(path, grade) for path, grade in found if grade.status == "graded" and grade.exercises}
    if new:
        with suppress(OSError, RuntimeError):
            private.make_folder(folder_of(root))
            atomic.write(folder_of(root) / FILE, msgspec.json.encode(last_checks(root) | new), mode=private.MODE)


def _last(path: Path, grade: Grade) -> LastCheck:
    marks = {exercise.name: _marks(exercise) for exercise in grade.exercises}
    required = [marks[exercise.name] for exercise in grade.exercises if exercise.counts == "required"]
    score = total(grade.exercises)
    summed = Marks(score, sum(one.most for one in required), sum(one.later for one in required))
    begun = any(check.outcome != "not_implemented" for one in grade.exercises for check in one.checks if not check.at_hand_in)
    return LastCheck(str(path.resolve()), _digest(path), begun, summed, marks)


def _marks(exercise: ExerciseGrade) -> Marks:
    later = sum(check.points for check in exercise.checks if check.at_hand_in)
    return Marks(exercise.score, exercise.max_score - later - exercise.open, later + exercise.open)


def _digest(path: Path) -> str:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return ""
