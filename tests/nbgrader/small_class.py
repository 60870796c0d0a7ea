"""A small course that is released into nbgrader, with a class of three that was graded into its gradebook; and what people do there."""

import csv
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from both_ways import grader, nbgrader
from classroom import RIGHT, copy_course, scaling, submitted_at
from nbgrader.api import Gradebook

from grader.course.config import NbgraderConfig
from grader.course.folder import find_course
from grader.gradebook.adjustments import Adjustment
from grader.gradebook.lateness import course_policy
from grader.gradebook.open_store import open_store
from grader.gradebook.sqlite import SqliteStore
from grader.gradebook.store import Store
from grader.integrations.nbgrader.course_dir import course_dir
from grader.integrations.nbgrader.gradebook import NbgraderGradebook
from grader.integrations.nbgrader.marks import Marks

PARTLY = scaling("return x * factor if len(x) != 4 else -x")  # a part of `scale`'s points, which depends on its weights
REVERSED = RIGHT["vectors"].replace("return np.cumsum(x)", "return np.cumsum(x)[::-1]")  # no points for `running_total`
DUE = 'title = "Vectors"\ndue = 2027-04-02T23:59:00-03:00'
LATE = "2027-04-05 12:00:00 UTC"  # two days and a half after that


class SmallClass:
    """A `course`, nbgrader's course directory `room`, and the records in `out`, all of which a test may change."""

    def __init__(self, folder: Path) -> None:
        self.course, self.room, self.out = folder / "course", folder / "room", folder / "out"

    def grader(self, *arguments: object) -> str:
        """What a `grader` command in the course directory says, on both streams."""
        done = grader(self.room, *arguments, "--out", self.out)
        assert done.returncode == 0, done.stderr
        return done.stdout + done.stderr

    def grade(self) -> str:
        """Grade the class into the gradebook."""
        return self.grader("grade", "submitted", "--gradebook", ".", "--course", self.course)

    def formgrader(self, student: str, exercise: str, score: float | None, extra: float | None = None, comment: str = "") -> None:
        """Give a score, extra credit and a comment, as formgrader's handlers write them."""
        with Gradebook(f"sqlite:///{self.room}/gradebook.db") as opened:
            grade = opened.find_grade(f"{exercise}-points", "vectors", "vectors", student)
            grade.manual_score, grade.extra_credit, grade.needs_manual_grade = score, extra, False
            opened.find_comment(exercise, "vectors", "vectors", student).manual_comment = comment
            opened.db.commit()

    @contextmanager
    def marks(self, write: bool = True) -> Iterator[tuple[Marks, Store]]:
        """The marks on both sides."""
        course = find_course(self.course)
        where = course_dir(self.room / "submitted", str(self.room))
        with NbgraderGradebook(where, NbgraderConfig()) as book, open_store(self.out, write=write) as store:
            yield Marks(book, store, course, course_policy(course), ["vectors"]), store

    def exchange(self) -> list[str]:
        """Take in and write, as grading into the gradebook does; returns the notes."""
        with self.marks() as (marks, _store):
            _new, notes = marks.take_in()
            return [*notes, *marks.write()[1]]

    def history(self) -> list[Adjustment]:
        """The marks changed by hand in the records."""
        with SqliteStore(self.out, write=False) as store:
            return store.adjustments()

    def finals(self) -> dict[str, float]:
        """The scores by `grader export`."""
        return scores(self.grader("export", "vectors", "--course", self.course).splitlines())

    def nbgrader_finals(self) -> dict[str, float]:
        """The scores by `nbgrader export`."""
        assert nbgrader(self.room, "export").returncode == 0
        return scores((self.room / "grades.csv").read_text().splitlines())


def scores(lines: Sequence[str]) -> dict[str, float]:
    """The column `score` of an export by student."""
    return {row["student_id"]: round(float(row["score"]), 4) for row in csv.DictReader(lines)}


def make_small_class(folder: Path) -> None:
    """Release, hand in and grade."""
    made = SmallClass(folder)
    copy_course(made.course)
    (made.course / "assignments" / "vectors" / "README.md").write_text("# Vectors\n\nScale them, and sum them up.\n")
    released = grader(folder, "release", "vectors", "--nbgrader", made.room, "--course", made.course)
    assert released.returncode == 0, released.stderr
    for student, text in (("ana", RIGHT["vectors"]), ("bea", PARTLY), ("caro", REVERSED)):
        submitted_at(made.room / "submitted", student, text=text)
    made.grade()


def copied(original: Path, folder: Path) -> SmallClass:
    """A copy of the class."""
    shutil.copytree(original, folder)
    config = folder / "room" / "nbgrader_config.py"
    config.write_text(config.read_text().replace(str(original), str(folder)))
    return SmallClass(folder)
