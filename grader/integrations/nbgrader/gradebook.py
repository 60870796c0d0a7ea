"""The fast way into nbgrader's gradebook: the same grades and comments as `nbgrader autograde` writes with the grader's preprocessors.

    scaffold   a topic with its notebook as it was released, from the gradebook
    check      refuses what would make writing fail, before anything is graded
    write      autograded notebooks, grades and comments of the whole class, then late penalties, the course's or else by nbgrader's plugin

Scores are read from the graded notebook by nbgrader's own functions. Manual scores, extra credit and manual comments are never touched.
"""

import json
import warnings
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, tzinfo
from pathlib import Path
from typing import Any

import msgspec

from grader.course.config import NbgraderConfig
from grader.course.rubric import Rubric
from grader.engine.grade_one import UNREAD
from grader.engine.record import Record
from grader.errors import SandboxError, UsageError
from grader.gradebook.lateness import LatePolicy
from grader.integrations.nbgrader.autograded import Beside, graded_notebook, write
from grader.integrations.nbgrader.by_hand import Held
from grader.integrations.nbgrader.cell_points import cell_points, read_points
from grader.integrations.nbgrader.cells import Submitted, submitted, update
from grader.integrations.nbgrader.course_dir import CourseDir
from grader.integrations.nbgrader.database import explained, refuse_old, shown
from grader.integrations.nbgrader.due_dates import give_due_dates
from grader.integrations.nbgrader.fast_import import nbgrader
from grader.integrations.nbgrader.fill import Filled, leave_for_manual_grading, other_graded
from grader.integrations.nbgrader.scores_and_comments import save_comments, save_scores
from grader.integrations.nbgrader.whole_class import TOGETHER, open_gradebook
from grader.sandbox.outcome import Raised
from grader.submissions.files import NOTEBOOK, UnreadableError
from grader.submissions.notebook.sanitize import Known, KnownCell
from grader.submissions.notebook.scaffold import Scaffold
from grader.submissions.notebook.source import POINTS, cell_of
from grader.submissions.read import SubmittedFiles
from grader.text.escape import listed


class NbgraderGradebook:
    """An nbgrader gradebook with its course directory. Use as a context manager.

    Attributes:
        notes: on what was written and differs from the records, or from what stood there before.
    """

    def __init__(self, where: CourseDir, settings: NbgraderConfig, zone: tzinfo = UTC) -> None:
        self.where = where
        self.notes: list[str] = []
        self._settings, self._zone = settings, zone
        self._api: Any = None
        self._files: dict[str, Beside] = {}

    def __enter__(self) -> "NbgraderGradebook":
        with explained(self.where.url):
            refuse_old(self.where.url)
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                self._api = open_gradebook(self.where.url, self.where.directory.course_id)
        return self

    def __exit__(self, *_: object) -> None:
        self._api.close()

    def scaffold(self, topic: str, scaffold: Scaffold) -> Scaffold:
        """What the course provides for a topic, with the notebook as it was released and the modules beside it."""
        with explained(self.where.url):
            known = self._known(topic)
        paths = [path for place, path in self._beside(topic).paths.items() if place.endswith(".py") and "/" not in place]
        modules = {path.stem: path.read_text(encoding="utf-8") for path in paths}
        return msgspec.structs.replace(scaffold, known=known, modules=modules)

    def check(self, rubrics: Iterable[Rubric]) -> None:
        """Refuse topics whose grades could not be written, with a UsageError that says what to do."""
        for rubric in rubrics:
            topic = rubric.assignment.name
            known = self._known(topic)
            if known is None:
                raise UsageError(
                    f"the gradebook {shown(self.where.url)} has no assignment {topic!r} with a notebook of that name. Release it first: "
                    f"grader release {topic} --nbgrader {self.where.root}; or leave it out with --topic."
                )
            others = [notebook.name for notebook in self._api.find_assignment(topic).notebooks if notebook.name != topic]
            if others:
                raise UsageError(
                    f"{topic} also has other notebooks ({', '.join(others)}), which only nbgrader can grade (nbgrader autograde {topic}). "
                    "Or leave it out with --topic."
                )
            checks, people = cell_points(rubric)
            wanted = [(name, cell_of(name) + POINTS, worth) for name, worth in checks.items()]
            for exercise, cell_name, worth in [*wanted, *((name, name, worth) for name, worth in people.items())]:
                released = cell.points if (cell := known.cells.get(cell_name)) else None
                if released is None or abs(released - worth) > 1e-9:
                    had = "without it" if released is None else f"with {released:g} points"
                    raise UsageError(
                        f"{topic}: {exercise} has {worth:g} points, and was released {had}. "
                        f"Release it again (grades are kept): grader release {topic} --nbgrader {self.where.root}"
                    )

    def write(
        self,
        pairs: Iterable[tuple[SubmittedFiles, Scaffold, Record]],
        published: Collection[str],
        policy: LatePolicy = LatePolicy(),  # noqa: B008 (frozen)
        penalty: Callable[[str, str], float | None] | None = None,
    ) -> Iterator[str]:
        """Write grades, comments and autograded notebooks; yields a line on each submission without a written grade.

        Args:
            published: the assignments whose grades are published.
            policy: the course's, with the due dates and extensions that are written.
            penalty: the course's late penalty by student and assignment (None: nothing was graded), which is written for every
                assignment of the students in `pairs`: late days may have moved. Without it, nbgrader's plugin decides.

        Raises:
            UsageError: the gradebook cannot be written to; it is unchanged.
        """
        late: list[tuple[str, str]] = []
        students: set[str] = set()
        with explained(self.where.url), warnings.catch_warnings():
            warnings.simplefilter("ignore")  # nbgrader's own use of SQLAlchemy
            with self._api.one_transaction():
                for item, scaffold, record in pairs:
                    students.add(item.student)
                    where = "not in the gradebook"
                    try:
                        submission = self._enter(item, record)
                        where = "entered in the gradebook without a new grade"
                        self.notes += filter(None, [give_due_dates(submission, policy)])
                        self._write_one(submission, item, scaffold, record, item.assignment in published)
                        late += [(item.student, item.assignment)] * (submission.total_seconds_late > 0)
                        self._api.entered()
                    except _NotWrittenError as error:
                        yield f"{item.student}, {item.assignment}: {where}: {error}"
                if penalty:
                    self._charge(students, penalty)
            if not penalty:
                self._assign_penalties(late)

    def submitted(self, exercises: Mapping[str, Collection[str]]) -> list[Submitted]:
        """The submissions of some assignments, with what stands there for each of their `exercises`."""
        with explained(self.where.url, "Nothing was changed; run the same command again."):
            return submitted(self._api.db, exercises)

    def update(self, changed: Mapping[str, Sequence[tuple[Held, Held]]]) -> None:
        """Write what changed in submissions, by the notebook's id: before and after.

        Raises:
            UsageError: the gradebook cannot be written to; it is unchanged.
        """
        with explained(self.where.url), self._api.one_transaction():
            for notebook, held in changed.items():
                update(self._api.db, notebook, held)

    def name_students(self, people: Mapping[str, tuple[str, str, str]]) -> None:
        """Give students of the gradebook their last name, first name and e-mail, where these are known."""
        with explained(self.where.url), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with self._api.one_transaction():
                for student, identity in people.items():
                    known = dict(zip(("last_name", "first_name", "email"), identity, strict=True))
                    if self._has_student(student):
                        self._api.update_or_create_student(student, **{key: value for key, value in known.items() if value})

    def _enter(self, item: SubmittedFiles, record: Record) -> Any:
        """Enter one submission with its time; returns nbgrader's SubmittedAssignment."""
        student, topic = item.student, item.assignment
        if not student.isprintable() or set(student) & set('<>"\\'):
            raise _NotWrittenError("nbgrader cannot show such a name; rename the student's folder, and grade again")
        loaded = record.run.loaded
        unread = isinstance(loaded, Raised) and loaded.name == UNREAD
        if unread and not any(file.parts[-1].endswith(NOTEBOOK) for file in item.files if file.parts):
            raise _NotWrittenError(record.grade.message)  # nbgrader skips a folder without a notebook
        if not self.where.config.Autograde.get("create_student", True) and not self._has_student(student):
            reason = "no such student, and c.Autograde.create_student is False; add them with nbgrader db student add"
            raise _NotWrittenError(reason)
        handed_in = item.submitted_at
        timestamp = {}
        if handed_in.time and handed_in.source in ("timestamp.txt", "times"):  # nbgrader reads no other; it keeps UTC
            time = handed_in.time if handed_in.time.tzinfo else handed_in.time.replace(tzinfo=self._zone)
            timestamp = {"timestamp": time.astimezone(UTC).replace(tzinfo=None)}
        self._api.update_or_create_student(student)
        return self._api.update_or_create_submission(topic, student, **timestamp)

    def _write_one(self, submission: Any, item: SubmittedFiles, scaffold: Scaffold, record: Record, published: bool) -> None:
        """Write one submission's grades, comments and notebook."""
        student, topic = item.student, item.assignment
        if record.grade.status == "grader_error":
            raise _NotWrittenError(record.grade.message)
        try:
            node, filled, by_hand = self._autograded(item, scaffold, record, published)
        except (UnreadableError, SandboxError) as error:
            raise _NotWrittenError(str(error)) from None
        except OSError as error:  # of this one's folder; who comes after it may have more luck
            raise _NotWrittenError(f"{error.filename or student} cannot be written: {error.strerror}") from None
        (submitted,) = (notebook for notebook in submission.notebooks if notebook.name == topic)
        save_scores(submitted, node, {one.name: read_points(one) for one in record.grade.exercises})
        save_comments(submitted, filled.comments, by_hand)
        submitted.late_submission_penalty = None

    def _autograded(
        self, item: SubmittedFiles, scaffold: Scaffold, record: Record, published: bool
    ) -> tuple[Any, Filled, list[str]]:
        """Write the folder of a graded submission; returns its notebook, what was put into it, and the cells that are left to a person."""
        topic = item.assignment
        released = b"" if item.notebook is not None else self._released(item)
        node, filled = graded_notebook(item, scaffold, record, released, published=published)
        folder, beside = self.where.folder("autograded", item.student, topic), self._beside(topic)
        others = other_graded(node, filled.ours)
        by_hand: list[str] = []
        executed = bool(others) and self._settings.execute_other_cells
        if executed:
            from grader.integrations.nbgrader.kernel import execute_one_of_many

            write(folder, f"{topic}{NOTEBOOK}", node, item, beside, shared=False)
            execute_one_of_many(node, {"metadata": {"path": str(folder)}}, filled.ours, self.where.config)
        else:
            by_hand = leave_for_manual_grading(others)
        write(folder, f"{topic}{NOTEBOOK}", node, item, beside, shared=not executed)
        return node, filled, by_hand

    def _charge(self, students: Iterable[str], penalty: Callable[[str, str], float | None]) -> None:
        """Write the course's late penalties of all that these students handed in."""
        from sqlalchemy.orm import selectinload

        kind, db = nbgrader("api").SubmittedAssignment, self._api.db
        everybody = sorted(students)
        for first in range(0, len(everybody), TOGETHER):
            some = kind.student_id.in_(everybody[first : first + TOGETHER])
            for submission in db.query(kind).options(selectinload(kind.notebooks)).filter(some):
                cost = penalty(submission.student_id, submission.name)
                for notebook in submission.notebooks:
                    if cost is not None and notebook.name == submission.name:
                        notebook.late_submission_penalty = cost or None
            self._api.write_out()

    def _has_student(self, student: str) -> bool:
        try:
            self._api.find_student(student)
        except nbgrader("api").MissingEntry:
            return False
        return True

    def _assign_penalties(self, late: Sequence[tuple[str, str]]) -> None:
        """Late penalties by nbgrader's own preprocessor, with the configured plugin."""
        from nbformat.v4 import new_notebook

        charged = []
        for student, topic in late:
            about = {"notebook": topic, "assignment": topic, "student": student, "db_url": self.where.url}
            assign = nbgrader("preprocessors").AssignLatePenalties(config=self.where.config)
            assign.log.setLevel("ERROR")  # it logs everything that it does
            assign.preprocess(new_notebook(), {"nbgrader": about})
            if self._api.find_submission(topic, student).late_submission_penalty:
                charged.append(f"{student} {topic}")
        if charged:
            self.notes.append(
                f"late penalties by nbgrader's plugin, which `grader export` has not: {listed(charged)}; "
                "with penalty_per_day in course.toml, both have the same"
            )

    def _known(self, topic: str) -> Known | None:
        """The notebook of a topic as it was released, if there is one."""
        try:
            notebook = self._api.find_notebook(topic, topic)
        except nbgrader("api").MissingEntry:
            return None
        points = {cell.name: cell.max_score for cell in (*notebook.grade_cells, *notebook.task_cells)}
        cells = {
            cell.name: KnownCell(cell.cell_type, cell.locked, cell.source, cell.checksum, points.get(cell.name))
            for cell in notebook.source_cells
        }
        return Known(cells, json.loads(notebook.kernelspec) if notebook.kernelspec else None)

    def _released(self, item: SubmittedFiles) -> bytes:
        """The released notebook, in which a .py file is shown."""
        path = self.where.folder("release", ".", item.assignment) / f"{item.assignment}{NOTEBOOK}"
        if not path.is_file():
            raise _NotWrittenError(f"a .py file is shown in the released notebook, and {path} does not exist; release it again")
        return path.read_bytes()

    def _beside(self, topic: str) -> Beside:
        """The instructor's files beside the notebook; like nbgrader, without those that students may change."""
        if topic not in self._files:
            folder = self.where.folder("source", ".", topic)
            excluded = set(self.where.config.Autograde.get("exclude_overwriting", {}).get(topic, []))
            paths = nbgrader("utils").find_all_files(str(folder), [*self.where.directory.ignore, "*.ipynb"])
            places = {Path(path).relative_to(folder).as_posix(): Path(path) for path in paths}
            self._files[topic] = Beside({place: path for place, path in places.items() if place not in excluded})
        return self._files[topic]


class _NotWrittenError(Exception):
    """Why no grade of a submission is written."""
