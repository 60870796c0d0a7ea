"""The gettext catalogs of a course and of the framework: messages are extracted and merged into the translators' .po files.

A language is there when its folder is (`grader.text.language`). Needs Babel. Nothing is compiled here: `grader.text.translations` reads
the .po files. `grader messages` is the command.
"""

import difflib
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import msgspec

from grader.checks.effort import NAME as OWN_NAME  # in the grader's own catalog
from grader.course.folder import CATALOGS, Assignment, Course
from grader.course.rubric import read_misconceptions, read_rubric
from grader.course.several import stubs
from grader.course.source import marked_texts
from grader.release.source_texts import domain, scripts, texts
from grader.text.language import OWN
from grader.text.translations import is_usable, text_of
from grader.text.variants import MESSAGES

if TYPE_CHECKING:  # an installed grader may lack Babel
    from babel.messages import Catalog

KEYWORDS = {"_": None, "ngettext": (1, 2), "marked": None, "_said": None}
_SOURCES = [("**.py", f"{__name__}:of_python"), ("**.j2", "jinja2")]  # what messages stand in, and how Babel reads it
_DATES = ("POT-Creation-Date", "PO-Revision-Date", "Generated-By", "Language-Team", "Last-Translator", "Report-Msgid-Bugs-To")
PACKAGE = OWN.parent
COURSE = "course"  # the domain of messages that belong to no assignment
FRAMEWORK = "grader"
ALIKE = 0.75  # of a new message and one that is gone: its translation is kept, marked as fuzzy
Message = str | tuple[str, ...] | list[str]  # with its plural


class Left(msgspec.Struct, frozen=True):
    """What a catalog leaves to its translators: messages without a translation, with other names in braces in it, or with a guess."""

    missing: tuple[str, ...]
    unlike: tuple[str, ...]
    fuzzy: tuple[str, ...]

    @property
    def all(self) -> tuple[str, ...]:
        """All of them."""
        return (*self.unlike, *self.missing, *self.fuzzy)


def of_framework() -> Iterator[Message]:
    """Every message in the framework's code and in the templates of its pages."""
    from babel.messages.extract import extract_from_dir

    return (message for _, _, message, _, _ in extract_from_dir(PACKAGE, _SOURCES, keywords=KEYWORDS))


def of_python(file: BinaryIO, keywords: Mapping[str, Any], tags: Sequence[str], options: Mapping[str, Any]) -> Iterable[Any]:
    """What Babel finds in a file of Python code: most have no message, and are not even cut into tokens."""
    from babel.messages.extract import extract_python

    marked = any(f"{word}(".encode() in line for line in file for word in keywords)
    file.seek(0)
    return extract_python(file, keywords, tags, options) if marked else ()  # type: ignore[arg-type]


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
        for part in rubric.manual_parts(exercise):
            yield from (part.name, *(item.text for item in part.items))
    yield from marked_texts(assignment.rubric)
    if assignment.plots.is_file():
        yield from marked_texts(assignment.plots)
    yield from (item.hint for item in read_misconceptions(assignment))


def of_files(assignment: Assignment) -> Iterator[Message]:
    """The paragraphs of the docstrings, and the comments, of the stub and of scripts beside it."""
    if assignment.has_solution:
        for text in stubs(assignment).values():
            yield from texts(text)
    else:
        for path in filter(Path.is_file, assignment.stub_files):
            yield from texts(path.read_text(encoding="utf-8"))
    for script in scripts(assignment):
        yield from texts(script.read_text(encoding="utf-8"))


def merged(messages: Iterable[Message], po: Path, language: str) -> "Catalog":
    """The catalog `po` with exactly `messages`; translations are kept, of messages that changed a little as fuzzy ones."""
    from babel.messages import Catalog

    template = Catalog()
    for message in messages:
        template.add(message)
    catalog = read(po, language) if po.is_file() else Catalog(locale=language, fuzzy=False, header_comment="")
    catalog.update(template, no_fuzzy_matching=True, update_creation_date=False)
    _guess(catalog)
    catalog.obsolete.clear()
    catalog.fuzzy = False
    return catalog


def _guess(catalog: "Catalog") -> None:
    """Give new messages the translations of those that are gone and read alike, marked as fuzzy: never said, but a start."""
    gone = {text: found.string for text, found in catalog.obsolete.items() if isinstance(text, str) and found.string}
    for found in catalog:
        if gone and isinstance(found.id, str) and found.id and not found.string:
            for close in difflib.get_close_matches(found.id, gone, 1, ALIKE):
                found.string, found.previous_id = gone[close], [close]
                found.flags.add("fuzzy")


def read(po: Path, language: str) -> "Catalog":
    """The catalog in the file.

    Raises:
        RubricError: a line of it cannot be read.
    """
    from babel.messages.pofile import read_po

    return read_po(io.BytesIO(text_of(po)), locale=language)


def stale(po: Path, catalog: "Catalog") -> bool:
    """Whether the file's translations differ from `catalog`; its layout (header, order, line breaks) depends on Babel's version."""
    return not po.is_file() or _translations(read(po, str(catalog.locale))) != _translations(catalog)


def _translations(catalog: "Catalog") -> dict[Message, Message | None]:
    """Every message and its translation, except those marked as fuzzy or obsolete, which are never looked up."""
    return {found.id: found.string for found in catalog if found.id and not found.fuzzy}


def left(catalog: "Catalog") -> Left:
    """The messages without a usable translation: it is empty, has other names in braces, or is marked as fuzzy."""
    lacking = [found for found in catalog if found.id and (found.fuzzy or not is_usable(_forms(found.id), _forms(found.string)))]
    parts: tuple[list[str], list[str], list[str]] = [], [], []
    for found in lacking:
        is_there = all(_forms(found.string))
        parts[2 if found.fuzzy else 1 if is_there else 0].append(_forms(found.id)[0])
    return Left(*map(tuple, parts))


def _forms(message: Message | None) -> Sequence[str]:
    """A message, or its forms."""
    return [message or ""] if isinstance(message, str | None) else [form or "" for form in message]


def po_text(catalog: "Catalog") -> str:
    """The text of the .po file, without the header's dates and names."""
    from babel.messages.pofile import write_po

    file = io.BytesIO()
    write_po(file, catalog, width=110, omit_header=False, include_lineno=False, include_previous=True)
    lines = file.getvalue().decode().splitlines(keepends=True)
    return "".join(line for line in lines if not line.startswith(tuple(f'"{name}:' for name in _DATES)))


def of_topics(course: Course, topics: Sequence[str], names: Sequence[str]) -> Iterator[tuple[Path, "Catalog"]]:
    """Each .po file of a course in the languages `names`, with its up-to-date content; without topics, of all of the course."""
    named = [name for name in topics if name != COURSE]
    messages: dict[str, list[Message]] = {}  # by the name of the file: the same in each language
    if not topics or COURSE in topics:
        messages[COURSE] = list(of_course(course))
    for assignment in course.select(named) if names and (named or not topics) else ():
        messages[assignment.name] = list(of_assignment(assignment))
        messages[domain(assignment)] = list(of_files(assignment))
    for language in names:
        for name, found in messages.items():
            po = course.root / CATALOGS / language / MESSAGES / f"{name}.po"
            yield po, merged(found, po, language)


def own(more: Sequence[str], names: Sequence[str]) -> Iterator[tuple[Path, "Catalog"]]:
    """The framework's .po files; `more` messages are those that do not stand in its code as such, like the texts of --help."""
    messages = [*of_framework(), *more] if names else []
    for language in names:
        po = OWN / language / MESSAGES / f"{FRAMEWORK}.po"
        yield po, merged(messages, po, language)
