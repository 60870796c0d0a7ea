"""Writing the gettext catalogs: messages are extracted and merged into the translators' .po files.

    python -m grader.release.catalogs [--check] [TOPIC…]

Without topics, all of the course and, in a checkout of the grader, the framework's own; `course` means the titles of the course and of its
assignments. Needs Babel. Nothing is compiled here: `grader.text.translations` reads the .po files.
"""

import importlib.util
import io
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from grader.checks.effort import NAME as OWN_NAME  # in the grader's own catalog
from grader.course.folder import CATALOGS, Assignment, Course, find_course
from grader.course.rubric import read_misconceptions, read_rubric
from grader.course.source import marked_texts
from grader.errors import UsageError
from grader.text import atomic
from grader.text.language import OWN
from grader.text.translations import MESSAGES

if TYPE_CHECKING:  # an installed grader may lack Babel: `main` reports that
    from babel.messages import Catalog

LANGUAGES = ("es",)
KEYWORDS = {"_": None, "ngettext": (1, 2), "marked": None}
_DATES = ("POT-Creation-Date", "PO-Revision-Date", "Generated-By", "Language-Team", "Last-Translator", "Report-Msgid-Bugs-To")
PACKAGE = OWN.parent
COURSE = "course"  # the domain of messages that belong to no assignment
Message = str | tuple[str, ...] | list[str]  # with its plural


def of_framework() -> Iterator[Message]:
    """Every message of the framework."""
    from babel.messages.extract import extract_from_dir

    return (message for _, _, message, _, _ in extract_from_dir(PACKAGE, keywords=KEYWORDS))


def of_course(course: Course) -> Iterator[Message]:
    """The titles of a course and of its assignments."""
    yield course.title
    yield from (assignment.title for assignment in course.assignments)


def of_assignment(assignment: Assignment) -> Iterator[Message]:
    """The messages of an assignment's rubric, pictures and misconceptions."""
    rubric = read_rubric(assignment)
    if rubric.policy and rubric.policy.instead:
        yield rubric.policy.instead
    for exercise in rubric.exercises:
        yield exercise.title
        yield from (check.name for check in rubric.checks(exercise) if check.kind != "example" and check.name != OWN_NAME)
    yield from marked_texts(assignment.rubric)
    if assignment.plots.is_file():
        yield from marked_texts(assignment.plots)
    yield from (item.hint for item in read_misconceptions(assignment))


def merged(messages: Iterator[Message], po: Path, language: str) -> "Catalog":
    """The catalog `po` with exactly `messages`; existing translations are kept."""
    from babel.messages import Catalog

    template = Catalog()
    for message in messages:
        template.add(message)
    catalog = read(po, language) if po.is_file() else Catalog(locale=language, fuzzy=False, header_comment="")
    catalog.update(template, no_fuzzy_matching=True, update_creation_date=False)
    catalog.obsolete.clear()
    catalog.fuzzy = False
    return catalog


def read(po: Path, language: str) -> "Catalog":
    """The catalog in the file."""
    from babel.messages.pofile import read_po

    with po.open("rb") as file:
        return read_po(file, locale=language)


def stale(po: Path, catalog: "Catalog") -> bool:
    """Whether the file's translations differ from `catalog`; its layout (header, order, line breaks) depends on Babel's version."""
    return not po.is_file() or _translations(read(po, str(catalog.locale))) != _translations(catalog)


def _translations(catalog: "Catalog") -> dict[Message, Message | None]:
    """Every message and its translation, except those marked as fuzzy or obsolete, which are never looked up."""
    return {found.id: found.string for found in catalog if found.id and not found.fuzzy}


def missing(catalog: "Catalog") -> list[str]:
    """The messages without a usable translation: it is empty, marked as fuzzy, or has the wrong placeholders."""
    return [str(found.id) for found in catalog if found.id and (found.fuzzy or not _translated(found.id, found.string))]


def _translated(message: Message, string: Message | None) -> bool:
    if not isinstance(message, str):
        return isinstance(string, tuple | list) and all(any(_translated(form, item) for form in message) for item in string)
    return isinstance(string, str) and bool(string) and _placeholders(string) == _placeholders(message)


def _placeholders(text: str) -> set[str]:
    """The names in braces."""
    return {part.partition("}")[0] for part in text.split("{")[1:]}


def po_text(catalog: "Catalog") -> str:
    """The text of the .po file, without the header's dates and names."""
    from babel.messages.pofile import write_po

    file = io.BytesIO()
    write_po(file, catalog, width=110, omit_header=False, include_lineno=False)
    lines = file.getvalue().decode().splitlines(keepends=True)
    return "".join(line for line in lines if not line.startswith(tuple(f'"{name}:' for name in _DATES)))


def catalogs(course: Course, topics: Sequence[str]) -> Iterator[tuple[Path, "Catalog"]]:
    """Each .po file with its up-to-date content."""
    named = [name for name in topics if name != COURSE]
    for language in LANGUAGES:
        framework, folder = (root / language / MESSAGES for root in (OWN, course.root / CATALOGS))
        files: dict[Path, Iterator[Message]] = {}
        if not topics:
            files[framework / "grader.po"] = of_framework()
        if not topics or COURSE in topics:
            files[folder / f"{COURSE}.po"] = of_course(course)
        for assignment in course.select(named) if named or not topics else ():
            files[folder / f"{assignment.name}.po"] = of_assignment(assignment)
        for po, messages in files.items():
            yield po, merged(messages, po, language)


def main(arguments: Sequence[str]) -> int:
    """Write (or with --check only compare) the catalogs and list the missing translations; returns the exit code."""
    only_check = "--check" in arguments
    topics = [name for name in arguments if name != "--check"]
    try:
        _check_installation(topics)
        return _write_all(find_course(Path.cwd(), None), topics, only_check)
    except UsageError as error:
        print(error, file=sys.stderr)
        return 2


def _check_installation(topics: Sequence[str]) -> None:
    if not topics and not (PACKAGE.parent / "pyproject.toml").is_file():
        raise UsageError(
            f"this grader is installed in {PACKAGE.parent}: its own messages are collected in a checkout of its source only.\n"
            f"  → Name what to collect of your course: its topics, and `{COURSE}` for its titles."
        )
    if importlib.util.find_spec("babel") is None:
        raise UsageError("collecting messages needs Babel.\n  → Install it: pip install babel")


def _write_all(course: Course, topics: Sequence[str], only_check: bool) -> int:
    problems = 0
    for po, catalog in catalogs(course, topics):
        changed = stale(po, catalog)
        if changed and not only_check:
            atomic.write(po, po_text(catalog))
        untranslated = missing(catalog)
        problems += len(untranslated) + (changed and only_check)
        state = "out of date" if changed and only_check else "written" if changed else "up to date"
        print(f"{po}: {len(catalog)} messages, {len(untranslated)} not translated, {state}")
        for text in untranslated:
            print(f"  {text}")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
