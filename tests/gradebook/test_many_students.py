"""Records of many students: the store is asked about many at once, and each has what it would have alone."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from classroom import copy_course, honest
from kept import record
from msgspec.structs import replace

from grader.cli import grade
from grader.cli.unchanged import current
from grader.gradebook.adjustments import Adjustment
from grader.gradebook.groups import parse_groups
from grader.gradebook.lateness import LatePolicy
from grader.gradebook.same_class import Dropped
from grader.gradebook.sqlite import FILE, SqliteStore
from grader.gradebook.store import WasRead
from grader.gradebook.term import Term
from grader.submissions.files import File, Held
from grader.submissions.read import SubmittedFiles
from grader.submissions.submitted_at import SubmittedAt

DUE = {name: datetime(2027, month, 1, tzinfo=UTC) for name, month in (("conv", 4), ("mlp", 5))}
TEAMS = parse_groups("team,student\nred,student000\nred,student001\nred,nobody\n", Path("groups.csv"), tuple(DUE))
POLICY = LatePolicy(per_day=0.1, due=DUE, days=3, groups=TEAMS)
FEW, MANY = 3, 90
FOUND = SubmittedAt(datetime(2027, 4, 2, tzinfo=UTC), "file")
GIVEN = SubmittedAt(datetime(2027, 4, 1, tzinfo=UTC), "times")


def name(number: int) -> str:
    """A student's folder."""
    return f"student{number:03}"


def submission(number: int, found: SubmittedAt = FOUND) -> SubmittedFiles:
    """A submission in memory."""
    file = File(("conv", "conv.py"), Held(f"x = {number}".encode()), found.time)
    return SubmittedFiles(name(number), "conv", (file,), time=found.time if found.source == "times" else None)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    """Records of a class: two assignments, two attempts of some, changes by hand."""
    with SqliteStore(tmp_path, write=True) as found:
        for number in range(MANY):
            for late, topic in enumerate(DUE):
                time = SubmittedAt(DUE[topic] + timedelta(days=(number + late) % 5 - 1), "timestamp.txt")
                found.save(record(name(number), topic, number % 6, submitted_at=time))
                if number % 7 == 0:
                    found.save(record(name(number), topic, number % 5, text="x = 2", submitted_at=time))
        for number in range(0, MANY, 9):
            about = {"student": name(number), "assignment": "conv", "because": "why", "by": "me", "at": DUE["conv"]}
            found.adjust(Adjustment(**about, points=1.0, excused=number % 2 == 1))
        found.drop(Dropped(name(1), "me", DUE["conv"]))
        yield found


def questions(store: SqliteStore, ask: Callable[[], object]) -> int:
    """How many statements are executed."""
    asked: list[str] = []
    store._db.set_trace_callback(asked.append)
    ask()
    store._db.set_trace_callback(None)
    return len(asked)


def test_entries_of_many_are_those_of_each(store: SqliteStore) -> None:
    """A class has the entries that its students have one by one: in teams, late, adjusted, excused or dropped."""
    together = list(Term(store, POLICY).entries(list(DUE)))
    alone = [Term(store, POLICY).entry(one.grade.student, one.grade.assignment) for one in together]
    assert together == alone
    assert len(together) == 2 * MANY  # without the one who was dropped, with the one of a team who handed in nothing


def test_entries_of_more_than_are_read_together(store: SqliteStore, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where one reading ends and the next begins makes no difference."""
    whole = list(Term(store, POLICY).entries(list(DUE)))
    monkeypatch.setattr("grader.gradebook.term.AT_ONCE", 7)
    assert list(Term(store, POLICY).entries(list(DUE))) == whole


def test_entries_of_a_damaged_class(store: SqliteStore, tmp_path: Path) -> None:
    """What is damaged is left out and named, and costs nobody else."""
    with closing(sqlite3.connect(tmp_path / FILE, isolation_level=None)) as db:
        db.execute("update attempt set grade=x'00' where student=? and assignment='conv'", (name(8),))
    found = [one.grade.student for one in Term(store, LatePolicy()).entries(["conv"])]
    assert found == [name(number) for number in range(MANY) if number not in (1, 8)]
    assert [one.student for one in store.damage()] == [name(8)]


def test_questions_for_entries(store: SqliteStore) -> None:
    """The entries of many students take no more statements than those of a few."""
    few, many = ([(name(number), "conv") for number in range(count)] for count in (FEW, MANY))
    counts = [questions(store, lambda keys=keys: list(Term(store, POLICY).each(keys))) for keys in (few, many)]
    assert counts[0] == counts[1]


def graded_as(store: SqliteStore, items: list[SubmittedFiles], known: SubmittedAt = FOUND) -> dict[tuple[str, str], str]:
    """Keep records of what was handed in, and what its files were read as; returns the hashes of the files."""
    hashes = {}
    for item in items:
        key = item.student, item.assignment
        hashes[key] = f"files of {item.student}"
        store.save(replace(record(*key, submitted_at=known), source_hash="text"))
        store.note_read(hashes[key], WasRead("text", problem=item.student == name(1)))
    return hashes


def test_questions_for_what_is_current(tmp_path: Path) -> None:
    """Whether a class is graded already takes no more statements for many than for a few."""
    items = [submission(number) for number in range(MANY)]
    with SqliteStore(tmp_path, write=True) as store:
        hashes = graded_as(store, items)
        counts = [
            questions(store, lambda some=some: current(store, some, hashes, lambda _: "plan", set()))
            for some in (items[:FEW], items)
        ]
    assert counts[0] == counts[1]


def test_what_is_current(tmp_path: Path) -> None:
    """A submission is current by its text and its plan; who cannot be read is, too, and is counted."""
    items = [submission(number) for number in range(4)]
    with SqliteStore(tmp_path, write=True) as store:
        hashes = graded_as(store, items)
        store.save(record(name(2), text="another text"))
        unread: set[tuple[str, str]] = set()
        found = current(store, items, hashes, lambda item: "other" if item.student == name(3) else "plan", unread)
        assert list(found) == [(name(0), "conv"), (name(1), "conv")]
        assert unread == {(name(1), "conv")}


def test_what_was_never_read_is_read(tmp_path: Path) -> None:
    """What files hold that are new is found out by reading them, once."""
    item = submission(0)
    with SqliteStore(tmp_path, write=True) as store:
        store.save(replace(record(name(0)), source_hash=item.read().hash))
        assert list(current(store, [item], {(name(0), "conv"): "new"}, lambda _: "plan", set())) == [(name(0), "conv")]
        assert store.were_read(["new"]) == {"new": WasRead(item.read().hash, problem=False)}


@pytest.mark.parametrize(
    ("known", "found", "holds"),
    [
        pytest.param(FOUND, FOUND, FOUND, id="the same"),
        pytest.param(SubmittedAt(), FOUND, None, id="another, to be noted"),
        pytest.param(GIVEN, FOUND, GIVEN, id="the instructor's stays"),
        pytest.param(FOUND, GIVEN, None, id="the instructor's is to be noted"),
    ],
)
def test_known_time(tmp_path: Path, known: SubmittedAt, found: SubmittedAt, holds: SubmittedAt | None) -> None:
    """The submission time that holds is known without asking, unless it is to be noted."""
    item = submission(0, found)
    with SqliteStore(tmp_path, write=True) as store:
        hashes = graded_as(store, [item], known)
        assert current(store, [item], hashes, lambda _: "plan", set()) == {(name(0), "conv"): holds}


@pytest.mark.slow
def test_questions_of_a_run_with_nothing_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """`grade` again takes as many statements for five students as for one."""
    course = copy_course(tmp_path / "course")
    asked: list[str] = []
    opened = SqliteStore.__init__

    def opening(store: SqliteStore, folder: Path, *, write: bool) -> None:
        opened(store, folder, write=write)
        store._db.set_trace_callback(asked.append)

    monkeypatch.setattr(SqliteStore, "__init__", opening)
    counts = []
    for class_ in (honest(tmp_path / "one", name(0)), honest(tmp_path / "five", *map(name, range(5)))):
        for _again in range(2):
            asked.clear()
            assert grade.command(class_, course=course, out=class_.with_suffix(".out")) == 0
        counts.append(len(asked))
    capsys.readouterr()
    assert counts[0] == counts[1]
