"""`grader release`: the stubs and the examples in the statements, and what students get of them."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Annotated, Literal

import typer

from grader.cli.options import CourseOption, JsonOption, LangOption, Topics, TopicsOption, topics_asked
from grader.course.folder import Assignment, Course, find_course
from grader.course.several import stubs
from grader.errors import UsageError
from grader.feedback.terminal import say
from grader.release.bundle import write_bundle
from grader.release.pictures import draw_pictures
from grader.release.statement import statements
from grader.text import atomic
from grader.text.escape import json_line
from grader.text.language import decided

State = Literal["current", "written", "stale"]
_STATES: dict[State, str] = {"current": "is up to date", "written": "written", "stale": "is not what the course gives"}


def command(
    topics: Topics = None,
    topic: TopicsOption = None,
    check: Annotated[bool, typer.Option("--check", help="Only say whether the stubs are up to date.")] = False,
    nbgrader: Annotated[
        Path | None, typer.Option("--nbgrader", metavar="DIR", help="Release as notebooks in this course of nbgrader.")
    ] = None,
    bundle: Annotated[
        Path | None, typer.Option("--bundle", metavar="DIR", help="Write what students without JupyterHub get, and a zip of it.")
    ] = None,
    wheels: Annotated[
        Path | None,
        typer.Option("--wheels", metavar="DIR", help="With --bundle: wheels of numpy etc. to put beside the grader's."),
    ] = None,
    course: CourseOption = None,
    json: JsonOption = False,
    lang: LangOption = None,
) -> int:
    """Cut the stubs from the solutions, or release them to students.

    Without options, each stub is written anew, and the examples and pictures in each statement, in the course itself.

    --nbgrader DIR writes source/<topic>/<topic>.ipynb and nbgrader_config.py (merged with yours) and runs nbgrader's generate_assignment,
    so that release/<topic> is ready. Run it again after a change: grades stay.

    --bundle DIR writes stubs, statements, public checks, a guide and the grader's own wheel, and a zip of it all. With --lang, all that
    students read there is in that language, the docstrings of the stubs too.

    Nothing that students get holds the reference or the solutions.

    Example: grader release conv --nbgrader ~/nbgrader_course

    Example: grader release conv pooling --bundle ~/for_students
    """
    if sum((check, nbgrader is not None, bundle is not None)) > 1 or (wheels and not bundle):
        raise UsageError("give one of --check, --nbgrader and --bundle; --wheels goes with --bundle.")
    found = find_course(Path.cwd(), course)
    assignments = found.select(topics_asked(topics, topic))
    if nbgrader:
        lines = _release_to_nbgrader(found, assignments, nbgrader)
    elif bundle:
        lines = write_bundle(found, assignments, bundle, wheels, decided())
    else:
        return _stubs_as_json(assignments, check) if json else release_stubs(assignments, check)
    for line in lines:
        if json:
            say(line)
        else:
            print(line)
    for place in (released_files(nbgrader, assignments) if nbgrader else bundled_files(bundle) if bundle else ()) if json else ():
        print(json_line({"file": str(place)}))
    return 0


def released_files(folder: Path, assignments: Sequence[Assignment]) -> Iterator[Path]:
    """What stands in nbgrader's folders of these topics."""
    for assignment in assignments:
        for step in ("source", "release"):
            yield from (path for path in sorted((folder / step / assignment.name).rglob("*")) if path.is_file())


def bundled_files(folder: Path) -> Iterator[Path]:
    """What a bundle holds, and its zip."""
    archive = folder.parent / f"{folder.resolve().name}.zip"
    yield from (path for path in sorted(folder.rglob("*")) if path.is_file())
    yield archive


def _stubs_as_json(assignments: Sequence[Assignment], check: bool) -> int:
    """See `release_stubs`: a line for each file."""
    stale = 0
    for assignment, path, state in _stub_states(assignments, check):
        stale += state != "current"
        print(json_line({"assignment": assignment.name, "file": str(path), "state": state}))
    return 1 if check and stale else 0


def release_stubs(assignments: Sequence[Assignment], check: bool, tell: Callable[[str], object] = print) -> int:
    """Write each stub and each statement anew (or, with `check`, only compare), and `tell` of each; returns the exit code."""
    stale = 0
    for assignment, path, state in _stub_states(assignments, check):
        stale += state != "current"
        tell(f"{assignment.name}: {path.name} {_STATES[state]}")
    return 1 if check and stale else 0


def _stub_states(assignments: Sequence[Assignment], check: bool) -> Iterator[tuple[Assignment, Path, State]]:
    """Write what is not up to date, unless it is only to `check`, and say of each file what it was."""
    for assignment in assignments:
        drawn = True
        for path, current in draw_pictures(assignment, check=check):
            drawn &= path.is_file()
            yield assignment, path, "current" if current else "stale" if check else "written"
        for path, text in _generated(assignment, drawn):
            current = path.is_file() and path.read_text(encoding="utf-8") == text
            if not current and not check:
                atomic.write(path, text)
            yield assignment, path, "current" if current else "stale" if check else "written"


def _generated(assignment: Assignment, drawn: bool) -> Iterator[tuple[Path, str]]:
    """The files that are made from the course's sources, and their texts; of the statements, only where their pictures are `drawn`."""
    yield from stubs(assignment).items()
    if drawn:
        yield from statements(assignment)


def _release_to_nbgrader(course: Course, assignments: Sequence[Assignment], folder: Path) -> Iterator[str]:
    try:
        from grader.integrations.nbgrader.release import release_topics
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] == "grader":
            raise
        raise UsageError(
            f"nbgrader is not installed here ({error.name} is missing). Install it: pip install 'dl-grader[nbgrader]'"
        ) from None
    return release_topics(course, assignments, folder)
