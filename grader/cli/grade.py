"""`grader grade`: a class."""

import sys
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from grader.course.folder import Assignment, Course, find_course
from grader.engine.engine import Engine
from grader.engine.lockdown import require_lockdown
from grader.feedback.progress import progress
from grader.feedback.terminal import class_table, console
from grader.gradebook.entries import Entry, entry, line
from grader.gradebook.lateness import LatePolicy, doubts, late_policy
from grader.gradebook.store import Store, open_store
from grader.submissions.notebook.scaffold import Scaffold, read_scaffold
from grader.submissions.read import Handed, read_class
from grader.text.escape import json_line, one_line
from grader.text.language import speak

if TYPE_CHECKING:
    from grader.integrations.nbgrader.gradebook import NbgraderGradebook


def grade_class(
    path: Path,
    topics: Sequence[str],
    jobs: int | None,
    out: Path,
    force: bool,
    weak: bool,
    course_folder: Path | None,
    json: bool,
    gradebook: str | None = None,
    language: str | None = None,
) -> int:
    """Grade every submission under `path` that has no current record; returns the exit code.

    Args:
        gradebook: of nbgrader, into which all grades are written in the end.
        language: that was asked for.
    """
    with ThreadPoolExecutor(1) as beside, ExitStack() as stack:  # the sandbox is tried while nbgrader is imported
        locked_down = beside.submit(lambda: None if weak else require_lockdown("--allow-weak-sandbox grades all the same."))
        if gradebook:
            course, opened = _with_gradebook(path, gradebook, course_folder, language)
            stack.enter_context(opened)
        else:
            course, opened = find_course(Path.cwd(), course_folder), None
        engine = stack.enter_context(Engine(course, weak=weak))
        return _grade_class(path, engine, course.select(topics), jobs, out, force, locked_down, json, opened)


def _grade_class(
    path: Path,
    engine: Engine,
    assignments: Sequence[Assignment],
    jobs: int | None,
    out: Path,
    force: bool,
    locked_down: "Future[None]",
    json: bool,
    gradebook: "NbgraderGradebook | None",
) -> int:
    policy = late_policy(engine.course.config)
    scaffolds = {assignment.name: read_scaffold(assignment) for assignment in assignments}
    if gradebook:
        scaffolds = {topic: gradebook.scaffold(topic, own) for topic, own in scaffolds.items()}
    handed, notes = read_class(path, [assignment.name for assignment in assignments], scaffolds)
    locked_down.result()
    handed_in = {item.assignment for item in handed}
    ready = {assignment.name: engine.prepare(assignment.name) for assignment in assignments if assignment.name in handed_in}
    if gradebook:
        gradebook.check(prepared.plan.rubric for prepared in ready.values())
    err = console(stderr=True)
    with open_store(out, write=True) as store:
        todo = [item for item in handed if force or not _is_current(store, item, ready[item.assignment].plan.hash)]
        done = 0
        try:
            with progress(err, len(todo)) as step:
                for record in engine.grade_all(todo, jobs):
                    store.save(record)
                    done += 1
                    step(f"{record.student} {record.assignment}")
        except KeyboardInterrupt:
            err.print(
                f"stopped: {done} of {len(todo)} graded and kept in {out}; the same command goes on from there",
                markup=False,
                soft_wrap=True,
            )
            return 130
        for item in handed:
            store.note_submitted_at(item.student, item.assignment, item.submitted_at)
        errors = _print(store, policy, handed, [assignment.name for assignment in assignments], json)
        if gradebook:
            notes = [*notes, *_into_gradebook(gradebook, handed, scaffolds, store)]
        notes = [*notes, *doubts(policy, [(item.student, item.assignment, item.submitted_at) for item in handed])]
        for note in notes:
            err.print(one_line(note), markup=False, soft_wrap=True)
        stale = sum(store.judged_otherwise(name, prepared.rubric_hash) for name, prepared in ready.items())
        if stale:
            err.print(
                f"the rubric changed since these were judged ({stale}): `grader rejudge` shows what that changes", markup=False
            )
        kept = len(handed) - len(todo)
        err.print(
            f"{len(todo)} graded{f', {kept} unchanged since the last run' if kept else ''}; records in {out}",
            markup=False,
            soft_wrap=True,
        )
    return 3 if errors else 0


def _with_gradebook(path: Path, gradebook: str, folder: Path | None, language: str | None) -> "tuple[Course, NbgraderGradebook]":
    """The course, and the gradebook of nbgrader to which the submissions belong.

    What was not asked for (the course's `folder`, the language) is what nbgrader_config.py says to `nbgrader autograde`.
    """
    from grader.integrations.nbgrader.course_dir import course_dir
    from grader.integrations.nbgrader.gradebook import NbgraderGradebook
    from grader.integrations.nbgrader.settings import course_of

    where = course_dir(path, gradebook)
    ours = where.config.GraderPreprocessor
    if language is None and ours.get("language"):
        speak(ours.get("language"))
    named = ours.get("course") if folder is None else None
    course = course_of(where.root, named) if named else find_course(Path.cwd(), folder)
    return course, NbgraderGradebook(where, course.config.nbgrader)


def _into_gradebook(
    gradebook: "NbgraderGradebook", handed: Sequence[Handed], scaffolds: Mapping[str, Scaffold], store: Store
) -> Iterator[str]:
    """Write what was graded into the gradebook: each student's last hand-in, as `nbgrader autograde` does; yields what could not be."""
    from grader.integrations.nbgrader.database import shown

    waiting = {(item.student, item.assignment): item for item in handed}
    written = 0
    for note in gradebook.write(
        (item, scaffolds[item.assignment], record)
        for record in store.records()
        if (item := waiting.get((record.student, record.assignment)))
    ):
        written += 1
        yield note
    yield f"{len(handed) - written} written into the gradebook {shown(gradebook.where.url)}"


def _is_current(store: Store, item: Handed, plan_hash: str) -> bool:
    try:
        return store.is_current(item.read(), plan_hash)
    except OSError:  # grading it says what is wrong
        return False


def _print(store: Store, policy: LatePolicy, handed: Sequence[Handed], order: Sequence[str], json: bool) -> int:
    """Print the class from its records; how many the grader itself failed to grade."""
    errors = 0

    def entries() -> Iterator[Entry]:
        nonlocal errors
        for item in sorted(handed, key=lambda item: (order.index(item.assignment), item.student)):
            found = entry(store, policy, item.student, item.assignment)
            if found is not None:
                errors += found.grade.status == "grader_error"
                yield found

    if json:
        for found in entries():
            sys.stdout.write(json_line(line(found)) + "\n")
    else:
        console().print(class_table(entries()))
    return errors
