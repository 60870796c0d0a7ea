"""`grader grade`: a class."""

import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, TextIO

import typer
from msgspec.structs import replace

from grader.cli.one_class import admit, tell_who_left
from grader.cli.options import (
    CourseOption,
    JsonOption,
    LangOption,
    OutOption,
    PublishedOption,
    RosterOption,
    SectionOption,
    StudentOption,
    Topics,
    TopicsOption,
    topics_asked,
)
from grader.cli.unchanged import Hashes, Pairs, current, hash_of_files
from grader.course.folder import find_course
from grader.engine.engine import Engine
from grader.engine.grade_one import UNREAD
from grader.engine.lockdown import tried
from grader.errors import SandboxError, UsageError
from grader.feedback.programs import programs
from grader.feedback.progress import progress
from grader.feedback.terminal import class_table, console, few, say
from grader.gradebook.chosen import Chosen, choose
from grader.gradebook.entries import Entry, line
from grader.gradebook.lateness import course_policy, doubts
from grader.gradebook.open_store import open_store
from grader.gradebook.roster import read_roster
from grader.gradebook.same_class import Folder
from grader.gradebook.store import GRADEBOOK, Store, WasRead
from grader.gradebook.term import Term
from grader.gradebook.times import read_times
from grader.sandbox.outcome import Raised
from grader.submissions.find_class import find_class
from grader.submissions.notebook.scaffold import read_scaffold
from grader.submissions.read import Reader, SubmittedFiles
from grader.submissions.walk import text_name
from grader.text.escape import json_line, listed, one_line


def command(
    submissions: Annotated[
        Path, typer.Argument(metavar="SUBMISSIONS", help="A folder with <student>/<topic>/<topic>.py or .ipynb; zip files too.")
    ],
    topics: Topics = None,
    topic: TopicsOption = None,
    jobs: Annotated[
        int | None, typer.Option("--jobs", "-j", metavar="N", min=1, help="Submissions at a time (default: one per processor).")
    ] = None,
    cluster: Annotated[
        str,
        typer.Option("--cluster", metavar="ADDRESS", help="Grade on a Dask cluster: tcp://HOST:8786, tls://…, local:N or dask."),
    ] = "",
    out: OutOption = Path("results"),
    roster: RosterOption = None,
    student: StudentOption = None,
    section: SectionOption = "",
    times: Annotated[
        Path | None,
        typer.Option("--times", metavar="FILE", help="Submission times (CSV: student, topic, time); they outrank all others."),
    ] = None,
    same_class: Annotated[
        bool, typer.Option("--same-class", help="This folder belongs to the class in --out, although its students are others.")
    ] = False,
    force: Annotated[bool, typer.Option("--force", help="Grade again what has a record already.")] = False,
    show_call: Annotated[
        bool, typer.Option("--show-call", help="Print each call that shows a mistake as a program; of a single submission.")
    ] = False,
    allow_weak_sandbox: Annotated[
        bool, typer.Option("--allow-weak-sandbox", help="Grade even where student code cannot be locked down.")
    ] = False,
    gradebook: Annotated[
        str | None,
        typer.Option(
            "--gradebook",
            metavar="URL",
            help="Write the grades into this gradebook of nbgrader too: sqlite:///DIR/gradebook.db, or DIR, nbgrader's course directory.",
        ),
    ] = None,
    published: PublishedOption = False,
    course: CourseOption = None,
    json: JsonOption = False,
    lang: LangOption = None,
) -> int:
    """Grade a class.

    A second run goes on where the first stopped, and grades only what changed.

    Example: grader grade examples/class --out results/sample
    """
    if published and not gradebook:
        raise UsageError("--published is about the feedback in a gradebook. Name that with --gradebook, or leave it out.")
    if cluster and jobs:
        raise UsageError("--jobs is about this machine, and --cluster grades elsewhere. Leave one of them out.")
    weak = allow_weak_sandbox
    with ExitStack() as stack:  # the sandbox is tried while the course is read
        sandbox = stack.enter_context(tried("--allow-weak-sandbox grades all the same.", weak))
        if gradebook:
            from grader.integrations.nbgrader.settings import course_and_gradebook

            found, book = course_and_gradebook(submissions, gradebook, course, lang)
            stack.enter_context(book)
        else:
            found, book = find_course(Path.cwd(), course), None
        policy = course_policy(found)
        engine = stack.enter_context(Engine(found, weak=weak))
        asked = topics_asked(topics, topic)
        topics = [assignment.name for assignment in found.select(asked)]
        scaffolds = {name: read_scaffold(found.assignment(name)) for name in topics}
        if book:
            scaffolds = {name: book.scaffold(name, own) for name, own in scaffolds.items()}
        others = [assignment.name for assignment in found.assignments]
        reader: Reader = engine.reader
        if book and not cluster:
            from grader.integrations.nbgrader.read_once import ReadOnce

            reader = ReadOnce(reader)
        try:
            class_ = find_class(submissions, topics, scaffolds, reader, others)
        except SandboxError:
            sandbox()  # says more, where nothing can be locked down
            raise
        present = [name for name in topics if any(item.assignment == name for item in class_.submitted)]
        people = read_roster(roster) if roster else None
        chosen = choose(class_.students, student or (), section, people)
        submitted, notes = [item for item in class_.submitted if item.student in chosen.students], class_.notes
        if times:
            read = read_times(times, present, others, class_.students, people)
            submitted = [replace(item, time=read.given.get((item.student, item.assignment))) for item in submitted]
            notes = [*notes, *read.notes]
        ready = {name: engine.prepare(name) for name in topics if any(item.assignment == name for item in submitted)}
        engine.use(sandbox())
        given = {name: replace(scaffolds[name], is_read=bool(prepared.plan.read)) for name, prepared in ready.items()}
        submitted = [replace(item, scaffold=given[item.assignment]) for item in submitted]  # one for all: a class may be large
        if show_call and len(submitted) != 1:
            raise UsageError(f"--show-call takes a single submission, not {len(submitted)}; choose an assignment with --topic.")
        if book:
            book.check(prepared.plan.rubric for prepared in ready.values())
        store = stack.enter_context(open_store(out, write=True))
        admit(store, Folder(text_name(str(submissions.resolve())), class_.students, tuple(sorted(present))), out, same_class)
        submitted = _without_dropped(submitted, store)
        unread: Pairs = set()
        archives: dict[str, str] = {}
        hashes = {(item.student, item.assignment): hash_of_files(item, archives) for item in submitted}  # before anything is read
        known = (
            {} if force else current(store, submitted, hashes, lambda item: ready[item.assignment].hash_for(item.student), unread)
        )
        todo = [item for item in submitted if (item.student, item.assignment) not in known]
        if not _grade_all(engine, store, todo, hashes, jobs, cluster, out, unread):
            return 130
        handed_in = [
            (*key, known.get(key) or store.note_submitted_at(*key, item.submitted_at))
            for item in submitted
            for key in [(item.student, item.assignment)]
        ]
        term = Term(store, policy)
        try:
            if book:
                from grader.integrations.nbgrader.after_grading import command_again, exchange_marks, into_gradebook

                told = {name for name in topics if published or found.config.is_published(name, datetime.now(UTC))}
                notes = [*notes, *into_gradebook(book, submitted, scaffolds, store, policy, told)]
                book.name_students(chosen.identities)
                notes += exchange_marks(book, store, found, policy, [*ready])
                more = [*(part for name in asked for part in ("--topic", name)), *["--published"] * published]
                more += [*["--allow-weak-sandbox"] * weak, *(["--lang", lang] if lang else [])]
                store.note({GRADEBOOK: command_again(book, submissions, out, found, more)})
        finally:  # what was graded is kept, and shown
            errors, choices = _print(term, submitted, topics, json, chosen.names)
        if people:
            _tell_of_roster(term, chosen, present, sys.stderr if json else sys.stdout)
        if show_call and not json and submitted and (shown := term.entry(submitted[0].student, submitted[0].assignment)):
            print(
                "\n".join(
                    programs(ready[shown.grade.assignment].own(submitted[0].student).plan, shown.grade, shown.grade.assignment)
                )
            )
        notes = [*notes, *doubts(policy, handed_in, class_.students)]
        notes += [damage.text for damage in store.damage()]
        notes += choices
        for note in few((*notes, *term.doubts((item.student, item.assignment) for item in class_.submitted))):
            say(one_line(note))
        stale = sum(store.judged_otherwise(name, prepared.rubric_hash) for name, prepared in ready.items())
        if stale:
            say(f"the rubric changed since these were judged ({stale}): `grader rejudge` shows what that changes")
        kept = f", {len(submitted) - len(todo)} unchanged since the last run" if len(submitted) > len(todo) else ""
        if unread:
            say(f"could not be read: {len(unread)}; their rows say why")
        tell_who_left(store, out)
        say(f"{len(todo)} graded{kept}; records in {out}")
    return 3 if errors else 0


MISSING = 20  # names of those who handed in nothing


def _grade_all(
    engine: Engine,
    store: Store,
    todo: Sequence[SubmittedFiles],
    hashes: Hashes,
    jobs: int | None,
    cluster: str,
    out: Path,
    unread: Pairs,
) -> bool:
    """Grade and save each submission, and add to `unread`; False when Ctrl-C stopped it."""
    done, notes = 0, list[str]()
    if not todo:  # no sandbox is started for it, and no cluster
        return True
    try:
        with progress(console(stderr=True), len(todo)) as step:
            if cluster:
                from grader.engine.cluster import grade_on_cluster

                made = grade_on_cluster(engine, todo, cluster, notes.append)
            else:
                made = engine.grade_all(todo, jobs, notes.append)
            for record in made:
                is_unread = isinstance(record.run.loaded, Raised) and record.run.loaded.name == UNREAD
                files = hashes[record.student, record.assignment]
                with store.together():
                    store.save(record)
                    if files and record.grade.status == "graded":
                        store.note_read(files, WasRead(record.source_hash, is_unread))
                if is_unread:
                    unread.add((record.student, record.assignment))
                done += 1
                step(f"{record.student} {record.assignment}")
    except KeyboardInterrupt:
        say(f"stopped: {done} of {len(todo)} graded and kept in {out}; the same command continues from there")
        return False
    for note in notes:
        say(note)
    return True


def _without_dropped(submitted: Sequence[SubmittedFiles], store: Store) -> list[SubmittedFiles]:
    """The submissions without those of students who were dropped, who are named."""
    dropped = {one.student for one in store.dropped()}.intersection(item.student for item in submitted)
    if dropped:
        say(f"left out, because they were dropped: {listed(sorted(dropped))}; take back: grader drop --undo STUDENT")
    return [item for item in submitted if item.student not in dropped]


def _tell_of_roster(term: Term, chosen: Chosen, topics: Sequence[str], to: TextIO) -> None:
    """Who of the class list handed in nothing, and who is not in it."""
    for name in topics:
        missing = chosen.without(entry.grade.student for entry in term.entries([name]))
        if missing:
            print(f"{name}: nothing handed in by {len(missing)}: {listed(missing, MISSING)}", file=to)
    if chosen.unknown and chosen.roster:
        say(f"not in {chosen.roster.path}: {listed([*chosen.unknown])}; do they have the same names there?")


def _print(
    term: Term, submitted: Sequence[SubmittedFiles], order: Sequence[str], json: bool, names: Mapping[str, str]
) -> tuple[int, list[str]]:
    """Print the class from its records, each of which is read once.

    Returns how many the grader itself failed to grade, and which file was graded of those who handed in several that could be meant.
    """
    errors, choices = 0, list[str]()
    own = {(item.student, item.assignment) for item in submitted}
    keys = term.with_teams(own)

    def entries() -> Iterator[Entry]:
        nonlocal errors
        for found in term.each(sorted(keys, key=lambda key: (order.index(key[1]), key[0]))):
            errors += found.grade.status == "grader_error"
            if found.grade.choice and (found.grade.student, found.grade.assignment) in own:
                choices.append(f"{found.grade.student}: {found.grade.choice}")
            yield found

    if json:
        for found in entries():
            print(json_line(line(found)))
    else:
        console().print(class_table(entries(), names))
    return errors, choices
