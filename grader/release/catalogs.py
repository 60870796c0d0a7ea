"""Writing the gettext catalogs: what is said is collected, merged into the translators' .po files, and compiled.

    python -m grader.release.catalogs [--check] [TOPIC…]

Without topics, all of the course and the framework's own. Needs Babel.
"""

import ast
import io
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from babel.messages import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from grader import atomic
from grader.course.folder import CATALOGS, Assignment, Course, find_course
from grader.course.rubric import read_misconceptions, read_rubric
from grader.text.language import OWN

LANGUAGES = ("es",)
KEYWORDS = {"_": None, "ngettext": (1, 2), "marked": None}
_DATES = ("POT-Creation-Date", "PO-Revision-Date", "Generated-By", "Language-Team", "Last-Translator", "Report-Msgid-Bugs-To")
Message = str | tuple[str, ...] | list[str]


def of_framework() -> Iterator[Message]:
    """Every message of the framework."""
    for _, _, message, _, _ in extract_from_dir(Path(__file__).parents[1], keywords=KEYWORDS):
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
        yield from (check.name for check in exercise.checks() if check.kind != "example")
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


def merged(messages: Iterator[Message], po: Path, language: str) -> Catalog:
    """The catalog `po` with exactly `messages`: what is translated already stays so."""
    template = Catalog()
    for message in messages:
        template.add(message)
    if not po.is_file():
        catalog = Catalog(locale=language, fuzzy=False)
        catalog.header_comment = ""
    else:
        with po.open("rb") as file:
            catalog = read_po(file, locale=language)
    catalog.update(template, no_fuzzy_matching=True, update_creation_date=False)
    catalog.obsolete.clear()
    catalog.fuzzy = False
    return catalog


def missing(catalog: Catalog) -> list[str]:
    """The messages without a translation, or with one of the wrong placeholders."""
    return [str(found.id) for found in catalog if found.id and not _translated(found.id, found.string)]


def _translated(message: Message, string: Message | None) -> bool:
    if not isinstance(message, str):
        return isinstance(string, tuple | list) and all(_translated(message[-1], item) for item in string)
    return isinstance(string, str) and bool(string) and _holes(string) == _holes(message)


def _holes(text: str) -> set[str]:
    """The names in braces."""
    return {part.partition("}")[0] for part in text.split("{")[1:]}


def po_text(catalog: Catalog) -> str:
    """The .po file, without dates and names that change by themselves."""
    file = io.BytesIO()
    write_po(file, catalog, width=110, omit_header=False, include_lineno=False)
    lines = file.getvalue().decode().splitlines(keepends=True)
    return "".join(line for line in lines if not line.startswith(tuple(f'"{name}:' for name in _DATES)))


def mo_bytes(po: str, language: str) -> bytes:
    """The .mo file of a .po file, the same whenever it is made."""
    file = io.BytesIO()
    catalog = read_po(io.StringIO(po), locale=language)
    catalog.creation_date = catalog.revision_date = datetime(2000, 1, 1, tzinfo=UTC)
    write_mo(file, catalog)
    return file.getvalue()


def catalogs(course: Course, topics: Sequence[str]) -> Iterator[tuple[Path, Catalog]]:
    """Each .po file with what should stand in it."""
    folder = course.root / CATALOGS
    for language in LANGUAGES:
        place = Path(language) / "LC_MESSAGES"
        if not topics:
            yield OWN / place / "grader.po", merged(of_framework(), OWN / place / "grader.po", language)
            yield folder / place / "course.po", merged(of_course(course), folder / place / "course.po", language)
        for assignment in course.select(topics):
            po = folder / place / f"{assignment.name}.po"
            yield po, merged(of_assignment(assignment), po, language)


def main(arguments: Sequence[str]) -> int:
    """Write (or with --check only read) the catalogs and list what is not translated; returns the exit code."""
    only_check = "--check" in arguments
    course = find_course(Path.cwd(), None)
    lacking = 0
    for po, catalog in catalogs(course, [name for name in arguments if name != "--check"]):
        text, mo = po_text(catalog), po.with_suffix(".mo")
        compiled = mo_bytes(text, str(catalog.locale))
        stale = not po.is_file() or po.read_text(encoding="utf-8") != text or not mo.is_file() or mo.read_bytes() != compiled
        if stale and not only_check:
            atomic.write(po, text)
            atomic.write(mo, compiled)
        untold = missing(catalog)
        lacking += len(untold) + (stale and only_check)
        state = "out of date" if stale and only_check else "written" if stale else "up to date"
        print(f"{po}: {len(catalog)} messages, {len(untold)} not translated, {state}")
        for text in untold:
            print(f"  {text}")
    return 1 if lacking else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
