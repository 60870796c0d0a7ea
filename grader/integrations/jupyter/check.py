"""`grader.check("conv2d")` in a notebook: its cells are run in the sandbox and judged like those of a submitted notebook."""

import ast
import contextlib
import os
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec

from grader.checks.methods import class_of
from grader.course.exercise_names import exercise_names
from grader.course.folder import CATALOGS, Assignment, Course, course_root, find_course
from grader.course.stub import is_hole
from grader.engine.engine import Engine
from grader.errors import RubricError, SandboxError, UsageError
from grader.feedback.since import since, since_text
from grader.integrations.jupyter.checked import Checked
from grader.integrations.jupyter.history import Ran, cells_run, cells_saved, cells_that_count, defined
from grader.judge.judge import judge
from grader.judge.verdicts import Grade
from grader.run import Run
from grader.sandbox.lines import lines_of
from grader.sandbox.outcome import Outcome, Raised, TimedOut
from grader.submissions.files import File, OnDisk, UnreadableError
from grader.submissions.notebook.ipynb import FORMAT, Notebook
from grader.submissions.notebook.magics import plain
from grader.submissions.notebook.scaffold import Scaffold, read_scaffold
from grader.submissions.notebook.source import SETUP, Note, label, notebook_source
from grader.submissions.read import SubmittedFiles, pieces_of_cells
from grader.submissions.submission import Submission
from grader.text.escape import one_line
from grader.text.language import gettext as _
from grader.text.language import speak, spoken
from grader.text.near import near
from grader.text.syntax import parse

KEPT = 64  # results of a session in the cache, so that the points of an exercise do not run it again
HOME = Path.cwd()  # the notebook's folder; its cells may change the working directory
COURSE_VARIABLE = "GRADER_COURSE"
_IMPORT = re.compile(r"^[ \t]*(?:from|import)\b.*", re.MULTILINE)


class Session(msgspec.Struct):
    """The settings of this notebook (where the course is, the language), a cache of results, and the last grade of each name."""

    course: Path | None = None
    language: str | None = None
    results: dict[tuple[object, ...], Checked] = msgspec.field(default_factory=dict)
    last: dict[tuple[str, str], Grade] = msgspec.field(default_factory=dict)

    def speak(self, language: str | None = None) -> str:
        """Choose the language of everything shown from now on (default: the environment's)."""
        self.language = speak(language, *_catalogs(self.course))
        return self.language


session = Session()


def _catalogs(given: Path | None) -> list[Path]:
    """The folder of the course's translations, where there is a course."""
    with contextlib.suppress(UsageError):
        return [course_root(HOME, given) / CATALOGS]
    return []


def check(name: str, topic: str | None = None, given: str | Path | None = None) -> Checked:
    """Check one exercise (or all of a topic) of the notebook as it would be submitted now (see `history`).

    Args:
        topic: the assignment, if several have an exercise of this name.
        given: the course's folder (default: `%grader_course`, $GRADER_COURSE, or found from the notebook's folder upwards).
    """
    if session.language is None:
        session.speak()
    try:
        cells = cells_now(name)
        course = course_of_notebook(given)
        assignment = topic_of(name, topic, course, cells)
        with Engine(course, self_check=True) as engine:
            return _since_last(check_cells(name, assignment, cells, engine), assignment)
    except UsageError as error:
        return Checked(str(name), problem=str(error))
    except SandboxError as error:
        return Checked(str(name), problem=sandbox_failed(error))


def sandbox_failed(error: SandboxError) -> str:
    """What a notebook shows of it."""
    return _("the sandbox failed: {error}. Run the cell again; if it stays so, tell your instructor.").format(error=error)


def _since_last(checked: Checked, assignment: Assignment) -> Checked:
    """The result with what changed since the last one of its name."""
    if checked.grade is None or not checked.grade.exercises:
        return checked
    key = (assignment.name, checked.name)
    before, session.last[key] = session.last.get(key), checked.grade
    if before is None or before == checked.grade:
        return checked
    text = _("since the last check: {changes}").format(changes=since_text(since(before, checked.grade)))
    return msgspec.structs.replace(checked, since=text)


def cells_now(name: str) -> list[Ran]:
    """The cells that would be submitted now, to check (or draw) what has this name (see `history`)."""
    return cells_that_count(cells_run(), cells_saved(), str(name))


def course_of_notebook(given: str | Path | None) -> Course:
    """The course that was given or chosen, or the one of the notebook's folder."""
    named = given or session.course or os.environ.get(COURSE_VARIABLE)
    if named:
        return find_course(HOME, Path(named).expanduser())
    for folder in (HOME, Path.cwd()):
        with contextlib.suppress(UsageError):
            return find_course(folder)
    raise UsageError(
        _(
            "the exercises were not found at or above {folder}: there should be a folder `assignments` beside this notebook, as it came "
            "to you. Copy it there again, or say where it is:  %grader_course FOLDER"
        ).format(folder=HOME)
    )


def topic_of(name: str, topic: str | None, course: Course, cells: Sequence[Ran]) -> Assignment:
    """The assignment called `name`, or with that exercise: of several, the one with most functions defined in the cells."""
    if not isinstance(name, str):
        given = one_line(str(getattr(name, "__name__", "conv2d")), 60)
        raise UsageError(_('grader.check takes the name of an exercise in quotes: grader.check("{name}")').format(name=given))
    among = [course.assignment(topic)] if topic else list(course.assignments)
    exercises = {found.name: exercise_names(found) for found in among}
    found = [assignment for assignment in among if name == assignment.name or name in exercises[assignment.name]]
    if not found:
        known = dict.fromkeys(exercise for names in exercises.values() for exercise in names)
        raise UsageError(_("no exercise is called '{name}'.").format(name=one_line(name)) + f" {near(name, known)}")
    bound = defined(cells)
    counts = {item.name: len(bound.intersection(map(class_of, exercises[item.name]))) for item in found}
    best = [item for item in found if counts[item.name] == max(counts.values())]
    if len(best) > 1:
        text = _('{names} have an exercise \'{name}\'. Say which: grader.check("{name}", topic="{first}")')
        raise UsageError(text.format(names=", ".join(item.name for item in best), name=name, first=best[0].name))
    return best[0]


def check_cells(name: str, assignment: Assignment, cells: Sequence[Ran], engine: Engine) -> Checked:
    """Check an exercise (or, by the assignment's name, all of them) in these cells.

    Raises:
        SandboxError: the sandbox failed, twice.
    """
    exercises = exercise_names(assignment)
    ready = engine.prepare(assignment.name, only=name if name in exercises else "")
    names = list(dict.fromkeys(class_of(planned.exercise.name) for planned in ready.plan.exercises))
    title = f"{assignment.name} · {_(assignment.title)}"
    missing = set(names) - defined(cells)
    if any("import *" in cell.text for cell in cells):
        missing = set()  # the names it imports are unknown
    if len(missing) == len(names):
        text = _("`{name}` is not defined yet: run the cell that defines it, then this one.").format(name=names[0])
        worth, topic = ready.plan.rubric.points, assignment.name
        grade = Grade(student="you", assignment=topic, status="graded", score=0.0, max_score=worth, exercises=(), message=text)
        return Checked(name, title, grade, filled=False)
    try:
        submission = submission_of_cells(assignment, cells)
    except UnreadableError as error:
        return Checked(name, title, problem=str(error))
    key = (name, submission.hash, ready.plan.hash, ready.rubric_hash, spoken(), *(cell.label for cell in cells))
    if key not in session.results:
        ran = engine.run(submission, ready)
        ran = _located(ran, {label(place): cell.label for place, cell in enumerate(cells, start=1)})
        grade = _worded(judge(ready.plan, ran, ready.oracle, "you", ready.known), f"{assignment.name}.py")
        notes = _labelled(grade.notes, cells)
        while len(session.results) >= KEPT:
            session.results.pop(next(iter(session.results)))
        session.results[key] = Checked(name, title, grade, ready.plan, ran, not missing and not _holes(cells, names), notes=notes)
    return session.results[key]


def submission_of_cells(assignment: Assignment, cells: Sequence[Ran]) -> Submission:
    """The cells and the files beside the notebook that they import, read like a submission."""
    topic, exercises = assignment.name, exercise_names(assignment)
    waiting, found = [cell.text for cell in cells], []
    beside = {path.stem: path for path in HOME.glob("*.py") if path.stem != topic}
    while waiting:
        imported = " ".join(_IMPORT.findall(waiting.pop()))
        for name in beside.keys() & set(re.findall(r"\w+", imported)):
            path = beside.pop(name)
            found.append(File((topic, path.name), OnDisk(str(path))))
            with contextlib.suppress(OSError):  # reported when it is read for the submission
                waiting.append(path.read_text(encoding="utf-8", errors="replace"))
    notebook = Notebook([cell.cell for cell in cells], FORMAT)
    scaffold = _scaffold(assignment, exercises, cells)
    source, notes = notebook_source(topic, notebook, scaffold, SubmittedFiles("you", topic, tuple(found)).beside())
    return Submission("you", topic, source, "", True, notes, pieces=pieces_of_cells(notebook, scaffold))


def _scaffold(assignment: Assignment, exercises: Sequence[str], cells: Sequence[Ran]) -> Scaffold:
    """What the course provides. If the stub was filled in, it does not tell that from answers: the notebook's own setup counts."""
    with contextlib.suppress(RubricError):
        scaffold = read_scaffold(assignment)
        if {*map(class_of, exercises)} <= set(scaffold.names):
            return scaffold
    names = tuple(dict.fromkeys(map(class_of, exercises)))
    return Scaffold(next((cell.text for cell in cells if cell.cell.grade_id == SETUP), ""), names)


def _labelled(notes: Sequence[Note], cells: Sequence[Ran]) -> tuple[str, ...]:
    """The notes with the cells' labels, without those on the grader's own lines."""
    kept = []
    for note in notes:
        lines = lines_of(cells[note.cell - 1].text) if 0 < note.cell <= len(cells) else []
        if lines and not (0 < note.line <= len(lines) and "grader." in lines[note.line - 1]):
            kept.append(note.told(cells[note.cell - 1].label))
    return tuple(kept)


def _located(ran: Run, labels: Mapping[str, str]) -> Run:
    """The run with exceptions located in the notebook: "In [3], line 12"."""

    def moved(outcome: Outcome) -> Outcome:
        if isinstance(outcome, Raised | TimedOut) and outcome.file in labels:
            return msgspec.structs.replace(outcome, file=labels[outcome.file])
        return outcome

    return msgspec.structs.replace(ran, loaded=moved(ran.loaded), outcomes=tuple(map(moved, ran.outcomes)))


def _worded(grade: Grade, main: str) -> Grade:
    """The grade with "your cells" where its messages name the file that the cells became."""
    cells, replaced = _("your cells"), msgspec.structs.replace
    exercises = tuple(
        replaced(found, checks=tuple(replaced(item, message=item.message.replace(main, cells)) for item in found.checks))
        for found in grade.exercises
    )
    return replaced(grade, exercises=exercises, message=grade.message.replace(main, cells))


def _holes(cells: Sequence[Ran], names: Sequence[str]) -> set[str]:
    """The functions whose last definition only raises NotImplementedError."""
    last: dict[str, ast.FunctionDef] = {}
    for cell in cells:
        with contextlib.suppress(SyntaxError, ValueError, RecursionError):
            last |= {node.name: node for node in parse(plain(cell.text).text).body if isinstance(node, ast.FunctionDef)}
    return {name for name in names if name in last and is_hole(last[name])}
