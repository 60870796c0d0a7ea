"""The public part of a course, as files in memory by their places in it.

    assignments/course.toml            title, order, titles, dates
    assignments/<topic>/               stub, statement, pictures and data, unchanged, or all in one language; worked examples but
                                       the hidden ones
    assignments/<topic>/checks.py      the rubric, cut (see `cut`)
    assignments/<topic>/known.msgpack
    assignments/locale/                translations, compiled

The reference, the solutions and the secret are never read into these files, and the files are searched for them before they are published.
"""

import ast
import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path, PurePath, PurePosixPath
from typing import Any, NamedTuple

from grader.course.config import COURSE_FILE
from grader.course.edits import ARROW
from grader.course.folder import CATALOGS, SECRET_FILE, Assignment, Course
from grader.course.misconceptions import TITLED, read_entries
from grader.course.several import solution_text, stubs
from grader.course.stub import BEGIN, END
from grader.errors import RubricError, UsageError
from grader.release.cut import hidden_laws, public_rubric
from grader.release.hidden import hidden_leaks, hidden_texts, public_examples
from grader.release.known import known
from grader.release.source_texts import in_language
from grader.release.statement import STATEMENT, statement_names, statements
from grader.text.syntax import parse
from grader.text.translations import mo_files

Files = dict[PurePosixPath, bytes]
_LONG = 40  # characters of a line that two files do not share by chance


def is_left_out(place: PurePath) -> bool:
    """Whether a file of the course is what systems and Python leave beside the others."""
    return any(part.startswith(".") or part.endswith(("__pycache__", ".pyc")) for part in place.parts)


def public_files(course: Course, assignments: Sequence[Assignment], language: str | None = None) -> Files:
    """A course of these assignments as students get it.

    Args:
        language: of stubs and statements; by default stubs are as they were written, and each statement there is comes along.

    Raises:
        RubricError: something of the instructor's would be published, or a file that students need is missing.
    """
    files: Files = {PurePosixPath(COURSE_FILE): course_toml(course, assignments, language).encode()}
    written = {assignment.name: _written(assignment) for assignment in assignments}
    for assignment in assignments:
        place = PurePosixPath("assignments") / assignment.name
        content_of = _topic_files(assignment, written[assignment.name], language)
        files |= {place / name: content for name, content in content_of.items()}
    unsaid = {assignment.name: _unsaid(assignment, written[assignment.name].rubric) for assignment in assignments}
    unsaid = {"course": frozenset[str](), **unsaid}
    for name, without in unsaid.items():
        for mo, content in mo_files(course.root / CATALOGS, name, without):
            files[PurePosixPath(mo.relative_to(course.root).as_posix())] = content
    shown = [text.encode() for found in written.values() for text in found.texts()]
    for assignment in assignments:
        for path, secret in leaks(files, assignment, shown):
            raise RubricError(course.root / path, "", f"students would get {secret}", "take it out of the assignment's folder")
    return files


def topic_files(assignment: Assignment, language: str | None = None) -> Files:
    """The folder of one assignment as students get it, by default in every language that there is."""
    return _topic_files(assignment, _written(assignment), language)


class _Written(NamedTuple):
    """What is written for students in an assignment, in every language: made once, and published, searched and compared."""

    stubs: dict[Path, str]
    statements: dict[Path, str]
    rubric: str

    def texts(self) -> Iterator[str]:
        yield from (*self.stubs.values(), *self.statements.values(), self.rubric)


def _written(assignment: Assignment) -> _Written:
    return _Written(stubs(assignment), dict(statements(assignment)), cut_rubric(assignment))


def _topic_files(assignment: Assignment, written: _Written, language: str | None) -> Files:
    cut = written.stubs
    if language is not None:
        cut = stubs(assignment, lambda text: in_language(text, assignment, language))
    files: Files = {}
    for path in sorted(assignment.folder.rglob("*")):
        place = path.relative_to(assignment.folder)
        if path.is_file() and not is_left_out(place):
            files[PurePosixPath(place.as_posix())] = path.read_bytes()
    files |= {PurePosixPath(path.name): stub.encode() for path, stub in cut.items()}
    files |= {PurePosixPath(path.name): text.encode() for path, text in written.statements.items()}
    if language is not None:
        files = _in_one_language(assignment, files, language)
    files[PurePosixPath(assignment.rubric.name)] = written.rubric.encode()
    if assignment.examples.is_file():
        files[PurePosixPath(assignment.examples.name)] = public_examples(assignment).encode()
    files[PurePosixPath(assignment.known.name)] = known(assignment, written.rubric)
    return files


def solution_in(assignment: Assignment, language: str | None) -> str:
    """The solution, whose docstrings and comments are in `language` as far as they are translated; the code is the same."""
    source = solution_text(assignment)
    return source if language is None else in_language(source, assignment, language)


def _in_one_language(assignment: Assignment, files: Files, language: str) -> Files:
    """The statement in `language` (or else the course's own) as the only one, and scripts with their docstrings in it."""
    found = next((PurePosixPath(name) for name in statement_names(language) if PurePosixPath(name) in files), None)
    left = {path: content for path, content in files.items() if not (len(path.parts) == 1 and path.match("README*.md"))}
    if found is not None:
        left[PurePosixPath(STATEMENT)] = files[found]
    own = (*assignment.stubs, assignment.rubric.name, *assignment.config.given)  # a given module is compared with what comes back
    for path in [path for path in left if path.suffix == ".py" and path.as_posix() not in own]:
        left[path] = in_language(left[path].decode("utf-8"), assignment, language).encode()
    return left


def cut_rubric(assignment: Assignment) -> str:
    """The rubric as students get it."""
    return public_rubric(assignment.rubric.read_text(encoding="utf-8"), assignment.rubric)


def _unsaid(assignment: Assignment, cut: str) -> frozenset[str]:
    """The texts of the rubric that students, who get it `cut`, do not get."""
    return hidden_texts(assignment.rubric.read_text(encoding="utf-8"), cut)


def extras(assignment: Assignment, files: Mapping[PurePosixPath, bytes]) -> Files:
    """The public files that the statement shows or a student uses (pictures, data, scripts), by their places in the topic."""
    place = PurePosixPath("assignments") / assignment.name
    own = {*assignment.stubs, assignment.rubric.name, assignment.examples.name, assignment.known.name}
    inside = {path.relative_to(place): content for path, content in files.items() if path.is_relative_to(place)}
    return {path: content for path, content in inside.items() if path.name not in own and not path.match("README*.md")}


def course_toml(course: Course, assignments: Sequence[Assignment], language: str | None = None) -> str:
    """`course.toml` with these assignments, without the instructor's settings; `language` by default the course's own."""
    lines = [f"title = {_toml(course.title)}", f"order = {_toml([assignment.name for assignment in assignments])}"]
    lines += [f"language = {_toml(language or course.config.language)}"] if language or course.config.language else []
    for assignment in assignments:
        name = assignment.name
        is_bare = name.replace("_", "").replace("-", "").isalnum() and name.isascii()
        lines += ["", f"[assignments.{name if is_bare else _toml(name)}]"]
        config = assignment.config
        settings = {
            "title": assignment.title,
            "weight": config.weight,
            "due": config.due,
            "published": config.published,
            "modules": list(assignment.modules) or None,
            "given": config.given or None,
            "files": config.files or None,
        }
        lines += [f"{name} = {_toml(value)}" for name, value in settings.items() if value is not None]
    return "\n".join([*lines, ""])


def _toml(value: Any) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")  # a JSON string is a TOML string
        case datetime() | date():
            return value.isoformat()
        case list():
            return f"[{', '.join(map(_toml, value))}]"
        case int() | float():
            return repr(value)
    raise UsageError(f"course.toml: {value!r} is not a text, number or date.")


def leaks(
    files: Mapping[PurePosixPath, bytes], assignment: Assignment, shown: Sequence[bytes]
) -> Iterator[tuple[PurePosixPath, str]]:
    """Files that hold something of the instructor's, and what: the secret, or a line of the solution or the reference.

    Args:
        shown: what is written for students, in all assignments that are released: a formula there may also be a line of the solution.
    """
    secret = assignment.root / SECRET_FILE
    if secret.is_file() and (text := secret.read_bytes().strip()):
        yield from ((path, f"the secret of the course ({secret.name})") for path, content in files.items() if text in content)
    laws = frozenset(hidden_laws(assignment.rubric.read_text(encoding="utf-8"), assignment.rubric))
    yield from hidden_leaks(files, assignment, laws)
    for name, line in _secret_lines(assignment, shown):
        yield from ((path, f"a line of {name}: {line.decode()[:60]!r}") for path, content in files.items() if line in content)


def _secret_lines(assignment: Assignment, shown: Sequence[bytes]) -> Iterator[tuple[str, bytes]]:
    """The long lines of the solution and the reference that students are not shown, each with the name of its file."""
    solution = "\n".join(path.read_text(encoding="utf-8") for path in assignment.solution_files)
    sources = {assignment.solution: set(_solved_lines(solution)), assignment.misconceptions: _edit_lines(assignment)}
    if assignment.reference.is_file():
        sources[assignment.reference] = _coded_lines(assignment.reference.read_text(encoding="utf-8"))
    for path, lines in sources.items():
        for line in sorted(lines):
            if len(line) >= _LONG and not any(line.encode() in text for text in shown):
                yield path.relative_to(assignment.root).as_posix(), line.encode()


def _solved_lines(solution: str) -> Iterator[str]:
    """The lines between the markers of a solution."""
    inside = False
    for line in map(str.strip, solution.split("\n")):
        if line in (BEGIN, END):
            inside = line == BEGIN
        elif inside:
            yield line


def _edit_lines(assignment: Assignment) -> set[str]:
    """The lines of code in the edits that make misconceptions."""
    entries = read_entries(assignment.misconceptions, TITLED)
    edits = [edit for entry in entries for made in entry.exercises.values() for several in made.values() for edit in several]
    return {line.strip() for edit in edits for side in edit.split(ARROW) for line in side.split("\n")}


def _coded_lines(text: str) -> set[str]:
    """The lines of code in the functions of a file: no docstrings, no comments, no signatures."""
    lines, found = text.split("\n"), set()
    for node in ast.walk(parse(text)):
        if isinstance(node, ast.FunctionDef):
            for item in node.body:
                if not (isinstance(item, ast.Expr) and isinstance(item.value, ast.Constant)):
                    found |= {line.strip() for line in lines[item.lineno - 1 : item.end_lineno]}
    return {line for line in found if not line.startswith("#")}
