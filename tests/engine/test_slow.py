"""Who sleeps or computes without end holds up nobody, and gets what they would get alone."""

import threading
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
from classroom import PATIENCE, copy_course, edit, honest, scaling, submitted_at

from grader.course.folder import find_course
from grader.engine import pace
from grader.engine.grade_all import grade_all
from grader.engine.grade_one import grade_one
from grader.engine.prepare import Prepared, prepare
from grader.engine.record import Record
from grader.errors import SlowError
from grader.run import run
from grader.sandbox.backend import Limits, Session, Source
from grader.sandbox.linux.backend import LinuxBackend
from grader.sandbox.outcome import TimedOut
from grader.submissions.find_class import read_class
from grader.submissions.read import SubmittedFiles

pytestmark = pytest.mark.slow

LIMITS = Limits(idle_seconds=0.3, patience=1000.0)
SLEEPS = scaling("import time\ntime.sleep(600)")
LOOPS = scaling("while True: pass")
SLEEPS_AT_IMPORT = "import time\ntime.sleep(600)\n"
SLOW = {"sleeps": SLEEPS, "loops": LOOPS, "imports": SLEEPS_AT_IMPORT}


class Watched(LinuxBackend):
    """A sandbox that says which submissions it opens, before it does."""

    def __init__(self, said: Callable[[str, Limits], object]) -> None:
        super().__init__()
        self._said = said

    def open(self, source: Source, limits: Limits) -> Session:
        """A new child."""
        text = source.modules[source.main]
        self._said(next((name for name, slow in SLOW.items() if slow == text), "honest"), limits)
        return super().open(source, limits)


@pytest.fixture(scope="module")
def ready(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Prepared]:
    """The assignment `vectors`, prepared; a call of it may take half a second."""
    course = copy_course(tmp_path_factory.mktemp("slow") / "course")
    for points in ("points=3", "points=2"):
        edit(course / "assignments" / "vectors" / "checks.py", points, f"{points}, seconds=0.6")
    return {"vectors": prepare(find_course(course).assignment("vectors"), "seed")}


def class_of(folder: Path, *slow: str, students: tuple[str, ...] = ("zoe", "yan", "xia")) -> list[SubmittedFiles]:
    """A class in which the slow ones come first."""
    for number, name in enumerate(slow):
        submitted_at(folder, f"{number:03}", "vectors", SLOW[name])
    return read_class(honest(folder, *students), ["vectors"])[0]


def content(record: Record) -> bytes:
    """A record without what was measured."""
    plain = msgspec.structs.replace(record.run, seconds=0.0, usage=type(record.run.usage)())
    return msgspec.json.encode(msgspec.structs.replace(record, run=plain))


def test_everybody_is_tried_before_anybody_is_waited_for(ready: dict[str, Prepared], tmp_path: Path) -> None:
    """With one place, whoever sleeps or loops gets a first try, and their whole time after everybody else's, although they came first."""
    opened: list[tuple[str, bool]] = []
    class_ = class_of(tmp_path, "sleeps", "loops")
    list(grade_all(class_, ready, lambda: Watched(lambda name, limits: opened.append((name, limits.trial))), LIMITS, jobs=1))
    tried = [name for name, trial in opened if trial]
    assert (tried.count("sleeps"), tried.count("loops"), tried.count("honest")) == (1, 1, 3)
    assert all(trial for _, trial in opened[opened.index(("sleeps", True)) : opened.index(("sleeps", False))])


def test_who_sleeps_does_so_beside_the_others(ready: dict[str, Prepared], tmp_path: Path) -> None:
    """With one place, four that sleep are run side by side: each starts once all have."""
    together = threading.Barrier(4)
    first = set[int]()

    def said(name: str, limits: Limits) -> None:
        if name == "sleeps" and not limits.trial and threading.get_ident() not in first:
            first.add(threading.get_ident())
            together.wait(PATIENCE)

    records = list(grade_all(class_of(tmp_path, *["sleeps"] * 4), ready, lambda: Watched(said), LIMITS, jobs=1))
    assert len(first) == 4
    assert {record.grade.status for record in records} == {"graded"}


def test_who_computes_is_run_one_to_a_job(ready: dict[str, Prepared], tmp_path: Path) -> None:
    """With two jobs, five that loop have two threads."""
    threads = set[int]()
    grade = list(
        grade_all(
            class_of(tmp_path, *["loops"] * 5),
            ready,
            lambda: Watched(
                lambda name, limits: threads.add(threading.get_ident()) if not limits.trial and name == "loops" else None
            ),
            LIMITS,
            jobs=2,
        )
    )
    assert (len(threads), len(grade)) == (2, 8)


@pytest.mark.parametrize("jobs", [1, 3])
@pytest.mark.parametrize("turned", [False, True], ids=["in-order", "backwards"])
def test_records_are_those_of_each_alone(
    ready: dict[str, Prepared], tmp_path: Path, jobs: int, turned: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many at a time and in whatever order: the record is the one that a submission has by itself."""
    monkeypatch.setattr("grader.engine.grade_all.HEADSTART", 0.0)
    class_ = class_of(tmp_path, "sleeps", "loops", "imports")
    with LinuxBackend() as backend:
        alone = {item.student: content(grade_one(item.read(), ready["vectors"], backend, LIMITS)) for item in class_}
    records = grade_all(class_[::-1] if turned else class_, ready, LinuxBackend, LIMITS, jobs)
    made = {record.student: msgspec.structs.replace(record, submitted_at=type(record.submitted_at)()) for record in records}
    assert {student: content(record) for student, record in made.items()} == alone


def test_of_a_small_class_the_first_job_begins(
    ready: dict[str, Prepared], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No other sandbox is started while it may soon be done; once it is, nobody waits."""
    monkeypatch.setattr("grader.engine.grade_all.HEADSTART", PATIENCE)
    threads = list[int]()
    class_ = class_of(tmp_path, students=("ana", "bea", "caro"))
    list(grade_all(class_, ready, lambda: Watched(lambda _, limits: threads.append(threading.get_ident())), LIMITS, jobs=3))
    assert len(threads) >= 3 and len(set(threads)) == 1


def test_few_submissions_are_run_once(ready: dict[str, Prepared], tmp_path: Path) -> None:
    """Where every submission has a place of its own nobody waits, and nothing is tried before."""
    said: list[bool] = []
    class_ = class_of(tmp_path, "loops", students=())
    list(grade_all(class_, ready, lambda: Watched(lambda _, limits: said.append(limits.trial)), LIMITS, jobs=1))
    assert not any(said)


@pytest.mark.parametrize(("name", "why"), [("sleeps", "waits"), ("loops", "computes"), ("imports", "waits")])
def test_a_trial_tells_waiting_from_computing(ready: dict[str, Prepared], name: str, why: str) -> None:
    """A first try that is exceeded has no outcome, and knows how."""
    limits = pace.trial(LIMITS, 0.0)
    with LinuxBackend() as backend, pytest.raises(SlowError) as caught:
        run(ready["vectors"].plan, Source("vectors", {"vectors": SLOW[name]}), backend, limits)
    assert caught.value.why == why


def test_a_trial_that_its_last_child_used_up_has_no_outcome(ready: dict[str, Prepared]) -> None:
    """Where the first function took its own time, and by that all of a first try, the others are not told that they came too late."""
    limits = msgspec.structs.replace(pace.trial(LIMITS, 0.0), call_seconds=5.0, budget_seconds=0.3)
    with LinuxBackend() as backend, pytest.raises(SlowError) as caught:
        run(ready["vectors"].plan, Source("vectors", {"vectors": LOOPS}), backend, limits)
    assert caught.value.why == "computes"


def test_each_function_that_sleeps_is_given_less(ready: dict[str, Prepared]) -> None:
    """Whoever sleeps in one function after the other waits no longer than twice in all, and the next function is still run."""
    given: list[float] = []
    limits = msgspec.structs.replace(LIMITS, idle_seconds=0.8)
    with Watched(lambda _, limits: given.append(limits.idle_seconds)) as backend:
        found = run(ready["vectors"].plan, Source("vectors", {"vectors": SLEEPS}), backend, limits)
    assert given[:2] == [0.8, 0.4]
    late = [outcome.seconds for outcome in found.outcomes if isinstance(outcome, TimedOut)]
    assert late[:1] == [0.8]
