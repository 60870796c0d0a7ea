"""`nbgrader autograde` with the grader's engine. In nbgrader_config.py:

    from grader.integrations.nbgrader import AUTOGRADE_PREPROCESSORS
    c.Autograde.autograde_preprocessors = list(AUTOGRADE_PREPROCESSORS)
    c.GraderPreprocessor.course = "/path/to/the/course"

    GraderPreprocessor    replaces Execute: grades in the sandbox, writes the points as outputs; no kernel starts
    SaveAutoGrades        nbgrader's own: reads the points, keeps manual grades
    GraderComments        writes the hints as automatic comments
    GraderLatePenalties   nbgrader's own, unless course.toml has late penalties; its extensions count in both cases

A fault of the grader raises: nbgrader reports that submission, keeps its grades as they were, and continues with the others.
"""

import functools
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
from nbgrader.api import Gradebook
from nbgrader.preprocessors import AssignLatePenalties, NbGraderPreprocessor
from traitlets import Bool, Unicode

from grader.errors import SandboxError, UsageError
from grader.gradebook.lateness import course_policy, lateness
from grader.integrations.nbgrader.autograder import Autograder, autograder
from grader.integrations.nbgrader.due_dates import give_due_dates
from grader.integrations.nbgrader.fill import Filled, fill, grade_id, leave_for_manual_grading, other_graded
from grader.integrations.nbgrader.scores_and_comments import save_comments
from grader.integrations.nbgrader.settings import course_of
from grader.judge.verdicts import Grade
from grader.submissions.files import MAX_FILES, File, OnDisk
from grader.submissions.notebook.ipynb import Notebook
from grader.submissions.notebook.source import notebook_source
from grader.submissions.read import SubmittedFiles, pieces_of_cells
from grader.submissions.submission import Submission
from grader.submissions.submitted_at import SubmittedAt

_KEY = "grader"  # of what the first preprocessor leaves for the second in `resources["nbgrader"]`


class GraderPreprocessor(NbGraderPreprocessor):
    """Grades the notebook in the sandbox. Student code never runs in this process."""

    course = Unicode(
        "",
        help="The course's folder, which holds assignments/, relative to the course directory; by default found from there upwards.",
    ).tag(config=True)
    allow_weak_sandbox = Bool(False, help="Grade even where student code cannot be locked down.").tag(config=True)
    published = Bool(
        False, help="The grades are published: show everything of hidden checks. By default when course.toml's date has come."
    ).tag(config=True)
    language = Unicode("", help="Language of what students read: en, es (default: the environment's).").tag(config=True)

    def preprocess(self, nb: Any, resources: Any) -> tuple[Any, Any]:
        """Grade the notebook, and write the result into its cells."""
        about = resources["nbgrader"]
        found = autograder(course_of(Path.cwd(), self.course).root, self.allow_weak_sandbox, self.language)
        filled = Filled({}, frozenset())
        known = {assignment.name for assignment in found.course.assignments}
        if about["assignment"] in known and about["notebook"] == about["assignment"]:
            published = self.published or found.course.config.is_published(about["assignment"], datetime.now(UTC))
            filled = _graded(nb, about, Path(resources["metadata"]["path"]), found, published)
        else:
            self.log.warning("%s is not an assignment of the course in %s", about["notebook"], found.course.root)
        others = other_graded(nb, filled.ours)
        by_hand: list[str] = []
        if others and found.course.config.nbgrader.execute_other_cells:
            from grader.integrations.nbgrader.kernel import execute

            execute(nb, resources, filled.ours, self.config)
        elif others:
            by_hand = leave_for_manual_grading(others)
            self.log.warning("not executed, because the course does not say so: %s", ", ".join(map(grade_id, others)))
        about[_KEY] = {"comments": filled.comments, "by_hand": by_hand, "course": found.course}
        return nb, resources


class GraderRepair(NbGraderPreprocessor):
    """Makes ordinary cells of those that nbgrader does not know: copies of a cell, and cells with a changed grade_id.

    `DeduplicateIds` and `OverwriteCells` leave half of their metadata, for which `CheckCellMetadata` refuses the notebook, and for a
    copied cell ends the whole run.
    """

    def preprocess_cell(self, cell: Any, resources: Any, _place: int) -> tuple[Any, Any]:
        """Remove nbgrader's metadata from a cell without a grade_id."""
        if "nbgrader" in cell.metadata and not grade_id(cell):
            del cell.metadata["nbgrader"]
        return cell, resources


class GraderLatePenalties(AssignLatePenalties):
    """The late penalty of course.toml, or that of nbgrader's plugin where `[late]` has none.

    It sees one submission: late days of a term are counted by `grader grade --gradebook` alone.
    """

    def preprocess(self, nb: Any, resources: Any) -> tuple[Any, Any]:
        """Write the due date, the extension and the penalty of one notebook."""
        about = resources["nbgrader"]
        course = _left(about)["course"]
        policy = course_policy(course)
        names = {assignment.name for assignment in course.assignments}
        charges = policy.per_day > 0 and about["notebook"] == about["assignment"] in names
        with _gradebook(about["db_url"]) as gradebook:
            submission = gradebook.find_submission(about["assignment"], about["student"])
            note = give_due_dates(submission, policy)
            if note:
                self.log.warning(note)
            if charges:
                (notebook,) = (found for found in submission.notebooks if found.name == about["notebook"])
                score = sum(grade.auto_score or 0.0 for grade in notebook.grades)
                grade = Grade(
                    student=about["student"],
                    assignment=about["assignment"],
                    status="graded",
                    score=score,
                    max_score=notebook.max_score,
                    exercises=(),
                )
                time = submission.timestamp.replace(tzinfo=UTC) if submission.timestamp else None
                notebook.late_submission_penalty = lateness(policy, grade, SubmittedAt(time, "timestamp.txt")).penalty or None
            gradebook.db.commit()
        return (nb, resources) if charges else super().preprocess(nb, resources)


class GraderComments(NbGraderPreprocessor):
    """Writes hints as automatic comments. Manual comments are kept and take precedence."""

    def preprocess(self, nb: Any, resources: Any) -> tuple[Any, Any]:
        """Write the comments of `GraderPreprocessor`, and leave tests that did not run to manual grading."""
        about = resources["nbgrader"]
        left = _left(about)
        with _gradebook(about["db_url"]) as gradebook:
            submitted = gradebook.find_submission_notebook(about["notebook"], about["assignment"], about["student"])
            save_comments(submitted, left["comments"], left["by_hand"])
            gradebook.db.commit()
        return nb, resources


@contextmanager
def _gradebook(url: str) -> Iterator[Any]:
    """nbgrader's gradebook. It is connected anew each time, for another process may write to it or replace it, but opened once: that makes
    all its tables' descriptions, and SQLAlchemy's texts of queries, and takes as long as what is done with it."""
    found = _opened(url)
    try:
        yield found
    finally:
        found.close()


@functools.cache
def _opened(url: str) -> Any:
    return Gradebook(url)


def _left(about: dict[str, Any]) -> dict[str, Any]:
    """What `GraderPreprocessor` left for those after it."""
    found: dict[str, Any] | None = about.get(_KEY)
    if found is None:
        needs = "GraderComments and GraderLatePenalties need GraderPreprocessor before them"
        raise UsageError(f"{needs} in c.Autograde.autograde_preprocessors")
    return found


def _graded(nb: Any, about: dict[str, str], directory: Path, found: Autograder, published: bool) -> Filled:
    """Grade one notebook and put its record into its cells."""
    topic, student = about["assignment"], about["student"]
    scaffold = found.scaffold(topic)
    notebook = msgspec.convert(nb, Notebook)
    source, notes = notebook_source(topic, notebook, scaffold, _modules(directory, topic))
    read = pieces_of_cells(notebook, scaffold)
    record = found.grade(Submission(student, topic, source, "", True, notes, pieces=read))
    if record.grade.status == "grader_error":
        raise SandboxError(f"{student}, {topic}: not graded, no points were changed: {record.grade.message}")
    return fill(nb, record, scaffold, notes, _lost(nb, about, scaffold.names), published=published)


def _modules(directory: Path, topic: str) -> dict[str, str]:
    """The other modules of the submission, which `nbgrader autograde` puts beside the notebook."""
    paths = sorted(path for path in directory.glob("*.py") if path.stem != topic)[: MAX_FILES + 1]
    files = tuple(File((topic, path.name), OnDisk(str(path))) for path in paths)
    return SubmittedFiles("", topic, files).beside()


def _lost(nb: Any, about: dict[str, str], names: tuple[str, ...]) -> dict[str, str]:
    """The text of the released cells, from the gradebook, where a cell with points is missing in the notebook."""
    there = set(map(grade_id, nb.cells))
    if all(f"{name}-points" in there for name in names):
        return {}
    with Gradebook(about["db_url"]) as gradebook:
        cells = gradebook.find_notebook(about["notebook"], about["assignment"]).source_cells
        return {cell.name: cell.source for cell in cells}
