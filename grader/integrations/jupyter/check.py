"""`grader.check("conv2d")` in a notebook: its cells are run and judged as those of a notebook that was handed in, in the sandbox."""

import ast
import contextlib
import os
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec

from grader.course.folder import Assignment, Course, find_course
from grader.course.rubric import read_rubric
from grader.engine.engine import Engine
from grader.errors import RubricError, SandboxError, UsageError
from grader.feedback.view import View, problem_view, view_of
from grader.integrations.jupyter.history import Ran, cells_run, cells_saved, cells_that_count, defined
from grader.judge.judge import judge
from grader.judge.verdicts import ExerciseGrade, Grade
from grader.plan import Plan
from grader.run import Run
from grader.sandbox.outcome import Outcome, Raised
from grader.submissions.files import File, UnreadableError, read_plain
from grader.submissions.notebook.ipynb import FORMAT, Notebook
from grader.submissions.notebook.magics import plain
from grader.submissions.notebook.scaffold import Scaffold, read_scaffold
from grader.submissions.notebook.source import SETUP, Note, label, notebook_source, notes_of
from grader.submissions.read import Handed, Submission
from grader.text.escape import one_line
from grader.text.language import gettext as _
from grader.text.language import speak, spoken

KEPT = 64  # results of a session that are remembered: the points of an exercise need not run it again
HOME = Path.cwd()  # where the notebook is; its cells may go elsewhere
COURSE_VARIABLE = "GRADER_COURSE"
_IMPORT = re.compile(r"^[ \t]*(?:from|import)\b.*", re.MULTILINE)


class Checked(msgspec.Struct, frozen=True, eq=False, repr_omit_defaults=True):
    """What a check came to: a table in a notebook, text elsewhere.

    Attributes:
        grade: None where nothing could be checked; `problem` says why.
        filled: whether none of the functions is a hole any more.
        notes: on cells that did not run to their end, and on what was taken out of them.
    """

    name: str
    title: str = ""
    grade: Grade | None = None
    plan: Plan | None = None
    run: Run | None = None
    filled: bool = True
    problem: str = ""
    notes: tuple[str, ...] = ()

    @property
    def points(self) -> float:
        """The exercise's points by the share of the checks that passed here: those that wait for the hand-in do not count.

        Raises:
            UsageError: nothing could be checked.
            SandboxError: the grader failed, which is never a student's zero: under `nbgrader autograde`, where an exception is one, the
                kernel ends instead, so that the submission stays ungraded.
        """
        if self.grade is None or self.grade.status == "grader_error":
            problem = self.problem or (self.grade.message if self.grade else "")
            error = UsageError(problem) if self.grade is None else SandboxError(problem)
            _leave_ungraded(str(error))
            raise error
        return sum(_earned(found, self.filled) for found in self.grade.exercises)

    @property
    def passed(self) -> bool:
        """Whether every check that can be made here passed."""
        return self.grade is not None and self.grade.status == "graded" and self.points == self.grade.max_score

    @property
    def _view(self) -> View:
        return (
            view_of(self.grade, self.title, self.plan, self.run, self.notes)
            if self.grade
            else problem_view(self.problem, self.title)
        )

    def _repr_html_(self) -> str:
        from grader.feedback.html import page

        return page(self._view)

    def __repr__(self) -> str:
        if self.grade is None:
            return self.problem
        from rich.console import Console

        from grader.feedback.terminal import PIPED_WIDTH, student_report

        with open(os.devnull, "w") as nowhere:  # noqa: PTH123 - only its text is wanted
            # rich would else print into the notebook, whatever `file` is
            console = Console(
                file=nowhere, record=True, width=PIPED_WIDTH, highlight=False, force_jupyter=False, force_terminal=False
            )
            console.print(student_report(self._view))
            console.print(
                "".join(
                    f"\
{note}"
                    for note in self.notes
                ),
                markup=False,
                soft_wrap=True,
            )
            return "\n".join(line.rstrip() for line in console.export_text().rstrip().split("\n"))


class Session(msgspec.Struct):
    """What was said in this notebook: where the course is, and in which language."""

    course: Path | None = None
    language: str | None = None
    results: dict[tuple[object, ...], Checked] = msgspec.field(default_factory=dict)

    def speak(self, language: str | None = None) -> str:
        """Choose the language of all that is shown from now on (by default the environment's)."""
        self.language = speak(language)
        return self.language


session = Session()


def check(name: str, topic: str | None = None, given: str | Path | None = None) -> Checked:
    """Check one exercise of the notebook (or all of a topic), as the notebook would be handed in now (see `history`).

    Args:
        topic: the assignment, where several have an exercise of this name.
        given: the course's folder (default: `%grader_course`, the variable GRADER_COURSE, or found from the notebook's folder upwards).
    """
    if session.language is None:
        session.speak()
    try:
        cells = cells_that_count(cells_run(), cells_saved(), str(name))
        course = _course(given)
        assignment = _assignment(name, topic, course, cells)
        with Engine(course, self_check=True) as engine:
            return check_cells(name, assignment, cells, engine)
    except UsageError as error:
        return Checked(str(name), problem=str(error))
    except SandboxError as error:
        text = _("the sandbox failed: {error}. Run the cell again; if it stays so, tell your instructor.")
        return Checked(str(name), problem=text.format(error=error))


def _course(given: str | Path | None) -> Course:
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


def _assignment(name: str, topic: str | None, course: Course, cells: Sequence[Ran]) -> Assignment:
    """The assignment that is called `name`, or has the exercise: of several, the one whose functions most cells define."""
    if not isinstance(name, str):
        raise UsageError(
            _('grader.check takes the name of an exercise in quotes: grader.check("{name}")').format(name=_named(name))
        )
    among = [course.assignment(topic)] if topic else list(course.assignments)
    exercises = {found.name: _exercises(found) for found in among}
    found = [assignment for assignment in among if name == assignment.name or name in exercises[assignment.name]]
    if not found:
        known = ", ".join(dict.fromkeys(exercise for names in exercises.values() for exercise in names))
        raise UsageError(_("no exercise is called '{name}'. There are: {names}.").format(name=one_line(name), names=known))
    bound = defined(cells)
    scores = [len(bound.intersection(exercises[assignment.name])) for assignment in found]
    best = [assignment for assignment, score in zip(found, scores, strict=True) if score == max(scores)]
    if len(best) > 1:
        text = _('{names} have an exercise \'{name}\'. Say which: grader.check("{name}", topic="{first}")')
        raise UsageError(text.format(names=", ".join(item.name for item in best), name=name, first=best[0].name))
    return best[0]


def _named(given: object) -> str:
    return one_line(str(getattr(given, "__name__", "conv2d")), 60)


def _exercises(assignment: Assignment) -> list[str]:
    """The names of the exercises, without executing every rubric of a course."""
    try:
        tree = ast.parse(assignment.rubric.read_bytes())
    except (SyntaxError, ValueError):
        return [found.name for found in read_rubric(assignment).exercises]  # says what is wrong
    defined = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
    return [node.name for node in defined if any("exercise(" in ast.unparse(item) for item in node.decorator_list)]


def check_cells(name: str, assignment: Assignment, cells: Sequence[Ran], engine: Engine) -> Checked:
    """Check an exercise (or, by the assignment's name, all of them) as the cells leave it.

    Raises:
        SandboxError: the sandbox failed, twice.
    """
    exercises = _exercises(assignment)
    ready = engine.prepare(assignment.name, only=name if name in exercises else "")
    names = [planned.exercise.name for planned in ready.plan.exercises]
    title = f"{assignment.name} · {_(assignment.title)}"
    missing = set(names) - defined(cells)
    if any("import *" in cell.text for cell in cells):
        missing = set()  # what it brings is not known
    if len(missing) == len(names):
        text = _("`{name}` is not defined yet: run the cell that defines it, then this one.").format(name=names[0])
        grade = Grade(
            student="you",
            assignment=assignment.name,
            status="graded",
            score=0.0,
            max_score=ready.plan.rubric.points,
            exercises=(),
            message=text,
        )
        return Checked(name, title, grade, filled=False)
    try:
        submission = _submission(assignment, exercises, cells)
    except UnreadableError as error:
        return Checked(name, title, problem=str(error))
    key = (name, submission.hash, ready.plan.hash, ready.rubric_hash, spoken(), *(cell.label for cell in cells))
    if key not in session.results:
        ran = engine.run(submission, ready)
        notes = _told((*submission.notes, *notes_of(ran.loaded)), cells)
        ran = _located(ran, {label(place): cell.label for place, cell in enumerate(cells, start=1)})
        grade = _worded(judge(ready.plan, ran, ready.oracle, "you", ready.known), f"{assignment.name}.py")
        while len(session.results) >= KEPT:
            session.results.pop(next(iter(session.results)))
        session.results[key] = Checked(name, title, grade, ready.plan, ran, not missing and not _holes(cells, names), notes=notes)
    return session.results[key]


def _submission(assignment: Assignment, exercises: Sequence[str], cells: Sequence[Ran]) -> Submission:
    """The cells and the files beside the notebook that they import, read as those of a hand-in are.

    Raises:
        UnreadableError: one of the files cannot be read.
    """
    topic = assignment.name
    waiting, found = [cell.text for cell in cells], []
    beside = {path.stem: path for path in HOME.glob("*.py") if path.stem != topic}
    while waiting:
        imported = " ".join(_IMPORT.findall(waiting.pop()))
        for name in beside.keys() & set(re.findall(r"\w+", imported)):
            path = beside.pop(name)
            found.append(File((topic, path.name), lambda path=path: read_plain(path)))  # type: ignore[misc]
            with contextlib.suppress(OSError):  # told when it is read
                waiting.append(path.read_text(encoding="utf-8", errors="replace"))
    notebook = Notebook([cell.cell for cell in cells], FORMAT)
    scaffold = _scaffold(assignment, exercises, cells)
    source, notes = notebook_source(topic, notebook, scaffold, Handed("you", topic, tuple(found)).beside())
    return Submission("you", topic, source, "", True, notes)


def _scaffold(assignment: Assignment, exercises: Sequence[str], cells: Sequence[Ran]) -> Scaffold:
    """What the course gives. Where the stub was filled in, that cannot be told from the answers: the notebook's own setup counts."""
    with contextlib.suppress(RubricError):
        scaffold = read_scaffold(assignment)
        if set(exercises) <= set(scaffold.names):
            return scaffold
    return Scaffold(next((cell.text for cell in cells if cell.cell.grade_id == SETUP), ""), tuple(exercises))


def _told(notes: Sequence[Note], cells: Sequence[Ran]) -> tuple[str, ...]:
    """The notes with the cells as they are called here, but for those on the grader's own lines."""
    told = []
    for note in notes:
        lines = cells[note.cell - 1].text.splitlines() if 0 < note.cell <= len(cells) else []
        if lines and not (0 < note.line <= len(lines) and "grader." in lines[note.line - 1]):
            told.append(note.told(cells[note.cell - 1].label))
    return tuple(told)


def _located(ran: Run, labels: Mapping[str, str]) -> Run:
    """The same with the places of exceptions in the notebook: «In [3], line 12»."""

    def moved(outcome: Outcome) -> Outcome:
        if isinstance(outcome, Raised) and outcome.file in labels:
            return msgspec.structs.replace(outcome, file=labels[outcome.file])
        return outcome

    return msgspec.structs.replace(ran, loaded=moved(ran.loaded), outcomes=tuple(map(moved, ran.outcomes)))


def _worded(grade: Grade, main: str) -> Grade:
    """The same with the cells where the messages speak of the file that they became."""
    cells = _("your cells")
    exercises = tuple(
        msgspec.structs.replace(
            found, checks=tuple(msgspec.structs.replace(item, message=item.message.replace(main, cells)) for item in found.checks)
        )
        for found in grade.exercises
    )
    return msgspec.structs.replace(grade, exercises=exercises, message=grade.message.replace(main, cells))


def _earned(exercise: ExerciseGrade, filled: bool) -> float:
    """The points by what can be told here; where nothing can, all of them for a function that was written."""
    decided = [item for item in exercise.checks if not item.at_hand_in]
    worth = sum(item.points for item in decided)
    if all(item.verdict == "passed" for item in decided):
        return exercise.max_score if decided or filled else 0.0
    return round(exercise.max_score * sum(item.points for item in decided if item.verdict == "passed") / worth, 4)


def _holes(cells: Sequence[Ran], names: Sequence[str]) -> set[str]:
    """Those of the functions that do nothing but raise NotImplementedError, as they are defined last."""
    last: dict[str, ast.FunctionDef] = {}
    for cell in cells:
        with contextlib.suppress(SyntaxError, ValueError, RecursionError):
            last |= {node.name: node for node in ast.parse(plain(cell.text).text).body if isinstance(node, ast.FunctionDef)}
    return {name for name in names if name in last and _is_hole(last[name])}


def _is_hole(node: ast.FunctionDef) -> bool:
    body = [item for item in node.body if not (isinstance(item, ast.Expr) and isinstance(item.value, ast.Constant))]
    return len(body) == 1 and isinstance(body[0], ast.Raise) and "NotImplementedError" in ast.unparse(body[0])


def _leave_ungraded(problem: str) -> None:
    """Under `nbgrader autograde`, end the kernel: nbgrader then reports the submission and keeps no grade of it."""
    if os.environ.get("NBGRADER_EXECUTION") == "autograde":
        os.write(2, f"grader: {problem}\n".encode())
        os._exit(3)
