"""Writing the gettext catalogs: what is said is collected and merged into the translators' .po files.

    python -m grader.release.catalogs [--check] [TOPIC…]

Without topics, all of the course and, in a checkout of the grader, the framework's own; `course` stands for the titles of the course and
of its assignments. Needs Babel. Nothing is compiled here: `grader.text.translations` reads the .po files.
"""

import ast
import importlib.util
import io
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from grader import atomic
from grader.course.folder import CATALOGS, Assignment, Course, find_course
from grader.course.rubric import read_misconceptions, read_rubric
from grader.errors import UsageError
from grader.text.language import OWN
from grader.text.translations import MESSAGES

if TYPE_CHECKING:  # a checkout has Babel, an installed grader need not: `main` says so
    from babel.messages import Catalog

LANGUAGES = ("es",)
KEYWORDS = {"_": None, "ngettext": (1, 2), "marked": None}
_DATES = ("POT-Creation-Date", "PO-Revision-Date", "Generated-By", "Language-Team", "Last-Translator", "Report-Msgid-Bugs-To")
PACKAGE = OWN.parent
COURSE = "course"  # the domain of what belongs to no assignment
Message = str | tuple[str, ...] | list[str]  # with its plural


def of_framework() -> Iterator[Message]:
    """Every message of the framework."""
    from babel.messages.extract import extract_from_dir

    for _, _, message, _, _ in extract_from_dir(PACKAGE, keywords=KEYWORDS):
        yield message


def of_course(course: Course) -> Iterator[Message]:
    """The titles of a course and of its assignments."""
    yield course.title
    yield from (assignment.title for assignment in course.assignments)


def of_assignment(assignment: Assignment) -> Iterator[Message]:
    """What the rubric and the misconceptions of an assignment say."""
    rubric = read_rubric(assignment)
    if rubric.policy and rubric.policy.instead:
        yield rubric.policy.instead
    for exercise in rubric.exercises:
        yield exercise.title
        yield from (check.name for check in rubric.checks(exercise) if check.kind != "example")
    yield from _marked(assignment.rubric)
    yield from (item.hint for item in read_misconceptions(assignment))


def _marked(path: Path) -> Iterator[str]:
    """The texts in `_("…")`."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "_" and node.args:
            text = node.args[0]
            if not isinstance(text, ast.Constant) or not isinstance(text.value, str):
                raise ValueError(f"{path}, line {node.lineno}: _(…) takes the text itself; put values in with .format(…)")
            yield text.value


def merged(messages: Iterator[Message], po: Path, language: str) -> "Catalog":
    """The catalog `po` with exactly `messages`: what is translated already stays so."""
    from babel.messages import Catalog

    template = Catalog()
    for message in messages:
        template.add(message)
    if not po.is_file():
        catalog = Catalog(locale=language, fuzzy=False)
        catalog.header_comment = ""
    else:
        catalog = read(po, language)
    catalog.update(template, no_fuzzy_matching=True, update_creation_date=False)
    catalog.obsolete.clear()
    catalog.fuzzy = False
    return catalog


def read(po: Path, language: str) -> "Catalog":
    """The catalog as it stands in the file."""
    from babel.messages.pofile import read_po

    with po.open("rb") as file:
        return read_po(file, locale=language)


def stale(po: Path, catalog: "Catalog") -> bool:
    """Whether the file says something else than `catalog`; how it is written (header, order, line breaks) changes with Babel's version."""
    return not po.is_file() or _said(read(po, str(catalog.locale))) != _said(catalog)


def _said(catalog: "Catalog") -> dict[Message, Message | None]:
    """Every message that is looked up, and its translation; what is marked as fuzzy or obsolete never is."""
    return {found.id: found.string for found in catalog if found.id and not found.fuzzy}


def missing(catalog: "Catalog") -> list[str]:
    """The messages without a translation that is said: it is empty, marked as fuzzy, or has the wrong placeholders."""
    return [str(found.id) for found in catalog if found.id and (found.fuzzy or not _translated(found.id, found.string))]


def _translated(message: Message, string: Message | None) -> bool:
    if not isinstance(message, str):
        return isinstance(string, tuple | list) and all(_translated(message[-1], item) for item in string)
    return isinstance(string, str) and bool(string) and _holes(string) == _holes(message)


def _holes(text: str) -> set[str]:
    """The names in braces."""
    return {part.partition("}")[0] for part in text.split("{")[1:]}


def po_text(catalog: "Catalog") -> str:
    """The .po file, without dates and names that change by themselves."""
    from babel.messages.pofile import write_po

    file = io.BytesIO()
    write_po(file, catalog, width=110, omit_header=False, include_lineno=False)
    lines = file.getvalue().decode().splitlines(keepends=True)
    return "".join(line for line in lines if not line.startswith(tuple(f'"{name}:' for name in _DATES)))


def catalogs(course: Course, topics: Sequence[str]) -> Iterator[tuple[Path, "Catalog"]]:
    """Each .po file with what should stand in it."""
    folder = course.root / CATALOGS
    named = [name for name in topics if name != COURSE]
    for language in LANGUAGES:
        place = Path(language) / MESSAGES
        if not topics:
            yield OWN / place / "grader.po", merged(of_framework(), OWN / place / "grader.po", language)
        if not topics or COURSE in topics:
            yield folder / place / f"{COURSE}.po", merged(of_course(course), folder / place / f"{COURSE}.po", language)
        for assignment in course.select(named) if named or not topics else ():
            po = folder / place / f"{assignment.name}.po"
            yield po, merged(of_assignment(assignment), po, language)


def main(arguments: Sequence[str]) -> int:
    """Write (or with --check only read) the catalogs and list what is not translated; returns the exit code."""
    only_check = "--check" in arguments
    topics = [name for name in arguments if name != "--check"]
    try:
        _able(topics)
        course = find_course(Path.cwd(), None)
        return _write_all(course, topics, only_check)
    except UsageError as error:
        print(error, file=sys.stderr)
        return 2


def _able(topics: Sequence[str]) -> None:
    """Refuse before anything is written what cannot be done with this installation."""
    if not topics and not (PACKAGE.parent / "pyproject.toml").is_file():
        raise UsageError(
            f"this grader is installed in {PACKAGE.parent}: its own messages are collected in a checkout of its source only.\n"
            f"  → Name what to collect of your course: its topics, and `{COURSE}` for its titles."
        )
    if importlib.util.find_spec("babel") is None:
        raise UsageError("collecting messages needs Babel.\n  → Install it: pip install babel")


def _write_all(course: Course, topics: Sequence[str], only_check: bool) -> int:
    lacking = 0
    for po, catalog in catalogs(course, topics):
        changed = stale(po, catalog)
        if changed and not only_check:
            atomic.write(po, po_text(catalog))
        untold = missing(catalog)
        lacking += len(untold) + (changed and only_check)
        state = "out of date" if changed and only_check else "written" if changed else "up to date"
        print(f"{po}: {len(catalog)} messages, {len(untold)} not translated, {state}")
        for text in untold:
            print(f"  {text}")
    return 1 if lacking else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
