"""`grader feedback`: what students are given back, as files, as an archive that a learning system takes, or as drafts of mails."""

import io
import sys
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from grader.cli.of_records import prepared
from grader.cli.options import (
    CourseOption,
    JsonOption,
    LangOption,
    OutOption,
    PublishedOption,
    SectionOption,
    StudentOption,
    Topics,
    TopicsOption,
    topics_asked,
)
from grader.cli.write_file import write_file
from grader.course.folder import CATALOGS, Course, find_course
from grader.engine.engine import Engine
from grader.engine.prepare import Prepared
from grader.errors import UsageError
from grader.feedback.pages import SUFFIX, Format, Page, feedback_page
from grader.feedback.progress import counted
from grader.feedback.terminal import console, say
from grader.gradebook.chosen import choose
from grader.gradebook.entries import Entry
from grader.gradebook.lateness import course_policy
from grader.gradebook.open_store import open_store
from grader.gradebook.roster import Roster, read_roster
from grader.gradebook.said_again import said_again
from grader.gradebook.store import Store
from grader.gradebook.term import Term
from grader.integrations.class_list import rows_of
from grader.integrations.formats import ImportSystem
from grader.integrations.registry import IMPORTS
from grader.submissions.archive import opened
from grader.text.escape import json_line, one_line
from grader.text.language import add_catalog, known_as, languages, speaking, spoken
from grader.text.language import gettext as _

_LANGUAGE = ("language", "lang", "idioma", "locale")
_FORMATS: dict[str, Format] = {"html": "html", "md": "markdown", "markdown": "markdown", "eml": "eml"}


def command(
    topics: Topics = None,
    topic: TopicsOption = None,
    to: Annotated[Path | None, typer.Option("--to", metavar="PATH", help="A folder, or with --like a zip file.")] = None,
    format_: Annotated[
        str, typer.Option("--format", "-f", metavar="FORMAT", help="html, markdown, or eml: drafts of mails.")
    ] = "html",
    like: Annotated[
        Path | None, typer.Option("--like", metavar="ARCHIVE", help="The bulk download: a zip for the same system to take back.")
    ] = None,
    system: Annotated[
        str | None, typer.Option("--from", metavar="SYSTEM", help="The system of --like: canvas or moodle.")
    ] = None,
    student: StudentOption = None,
    section: SectionOption = "",
    roster: Annotated[
        Path | None,
        typer.Option("--roster", metavar="FILE", help="The class list (CSV): addresses for mails, languages, and sections."),
    ] = None,
    published: PublishedOption = False,
    out: OutOption = Path("results"),
    course: CourseOption = None,
    json: JsonOption = False,
    lang: LangOption = None,
) -> int:
    """Write feedback for each student. A page has every check with its points, what was wrong, and marks changed by hand.

    Hidden checks show their inputs once the grades are published: with --published, or from the date in course.toml.

    Example: grader feedback conv --like submissions.zip --from canvas --to for_canvas.zip
    """
    topics = topics_asked(topics, topic)
    form = _FORMATS.get(format_)
    if form is None:
        raise UsageError(f"--format {format_} is not known; choose one of {', '.join(SUFFIX)}.")
    vendor = _vendor(system, like, topics)
    found = find_course(Path.cwd(), course)
    people = read_roster(roster) if roster else None
    with open_store(out, write=False) as store:
        names = [one.name for one in found.select(topics)]
        entries = list(Term(store, course_policy(found)).entries(names))
        chosen = choose((entry.grade.student for entry in entries), student or (), section, people)
        entries = [entry for entry in entries if entry.grade.student in chosen.students]
        pages = list(_pages(found, store, entries, people, published))
        held = store.assignments()
    if not pages:
        raise UsageError(f"{out} has nothing to give back of what was asked; it has records of {', '.join(held) or 'nothing'}.")
    if vendor and like:
        return _archive(vendor, like, {entry.grade.student: page for entry, _address, page in pages}, people, to, form, json)
    folder = to or Path("feedback")
    for entry, address, page in pages:
        grade = entry.grade
        path = folder / grade.student / f"{grade.assignment}{SUFFIX[form]}"
        write_file(path, page.written(form, address))
        if json:
            line = {"student": grade.student, "assignment": grade.assignment, "file": str(path), "address": address}
            print(json_line(line))
    if form == "eml" and (lacking := sum(not address for _entry, address, _page in pages)):
        say(f"{lacking} of {len(pages)} have no address; --roster takes a class list with a column email")
    students = len({entry.grade.student for entry, *_rest in pages})
    if not json:
        print(f"{folder}: {_many(len(pages), 'file')} for {_many(students, 'student')}")
    return 0


def _vendor(name: str | None, like: Path | None, topics: Sequence[str]) -> ImportSystem | None:
    """The learning system whose archive is given."""
    if (name is None) != (like is None):
        raise UsageError("--like and --from belong together: the bulk download, and the system that it comes from.")
    if name is None:
        return None
    able = [known for known in IMPORTS if known.feedback_place]
    chosen = next((known for known in able if known.name == name), None)
    if chosen is None:
        raise UsageError(f"--from {name} takes no feedback back; {' and '.join(known.name for known in able)} do.")
    if len(topics) != 1:
        raise UsageError("--like is the download of one assignment: name that.")
    return chosen


def _pages(
    course: Course,
    store: Store,
    found: Sequence[Entry],
    people: Roster | None,
    published: bool,
) -> Iterator[tuple[Entry, str, Page]]:
    """Each entry with the student's address ("" if unknown) and page, in the student's language."""
    rows = rows_of(people, found)[0] if people else {}
    titles = {one.name: one.title for one in course.assignments}
    with Engine(course) as engine:
        names = dict.fromkeys(entry.grade.assignment for entry in found)
        ready = {name: prepared(engine, name, f"{name} is given back as it was graded") for name in names}
        for entry in counted(console(stderr=True), found, len(found), "writing", lambda entry: entry.grade.student):
            name, row = entry.grade.assignment, rows.get(entry.grade.student)
            language = people.cell(row, _LANGUAGE) if people and row is not None else ""
            told = published or course.config.is_published(name, datetime.now(UTC))
            address = people.identity(row)[2] if people and row is not None else ""
            with _in(language, course, name):
                page = _page(store, entry, course, _(titles[name]), told, ready[name])
            yield entry, address, page


@contextmanager
def _in(language: str, course: Course, topic: str) -> Iterator[None]:
    """Speak a student's language, where there is one that is known."""
    known = known_as(language, languages(course.root / CATALOGS))
    if known is None or known == spoken():
        yield
        return
    with speaking(known):
        for name in ("course", topic):
            add_catalog(name, course.assignment(topic).catalogs)
        yield


def _page(store: Store, entry: Entry, course: Course, title: str, published: bool, ready: Prepared | None) -> Page:
    """The page, in the language in force."""
    entry, record = said_again(store, entry, ready)
    if record is None or ready is None:
        return feedback_page(entry, _(course.title), title, published)
    ready = ready.own(record.student)
    return feedback_page(entry, _(course.title), title, published, ready.plan, record.run)


def _archive(
    vendor: ImportSystem, like: Path, pages: Mapping[str, Page], people: Roster | None, to: Path | None, form: Format, json: bool
) -> int:
    """Write the zip file that the system takes back: each page under the name by which the system knows the submission."""
    from grader.integrations.folder_names import folders

    assert vendor.feedback_place
    packed = io.BytesIO()
    missing: list[str] = []
    written: list[dict[str, str]] = []
    with opened(like) as members, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        downloads, _notes = vendor.read(members)
        for name, download in zip(folders(downloads, people)[0], downloads, strict=True):
            page = pages.get(name)
            if page is None:
                missing.append(name)
                continue
            place = vendor.feedback_place(download, f"feedback{SUFFIX[form]}")
            stamped = zipfile.ZipInfo("/".join(place), (1980, 1, 1, 0, 0, 0))  # the same records give the same file
            archive.writestr(stamped, page.written(form), zipfile.ZIP_DEFLATED)
            written.append({"student": name, "file": "/".join(place)})
    if not written:
        raise UsageError(
            f"nobody in {like} has records; give the --roster that it was imported with, and the --out of its records."
        )
    target = to or Path(f"feedback_for_{vendor.name}.zip")
    write_file(target, packed.getvalue())
    if json:
        sys.stdout.writelines(json_line({"archive": str(target), **line}) + "\n" for line in written)
    else:
        print(f"{target}: feedback for {_many(len(written), 'student')}")
    for name in missing:
        say(f"{one_line(name, 60)} has no record, and gets no feedback")
    return 1 if missing else 0


def _many(count: int, thing: str) -> str:
    return f"{count} {thing}" if count == 1 else f"{count} {thing}s"
