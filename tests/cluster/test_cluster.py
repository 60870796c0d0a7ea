"""A class is graded on a cluster as on one machine: the same records, whatever happens to a worker meanwhile."""

import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from classroom import copy_course, eventually, scaling, submitted_at
from machines import ANSWERS, Machines

sys.path.insert(0, str(Path(__file__).parents[1] / "faults"))
from processes import children
from record_contents import content

from grader.course.folder import find_course
from grader.engine.cluster import grade_on_cluster
from grader.engine.engine import Engine
from grader.engine.record import Record
from grader.errors import UsageError
from grader.submissions.find_class import read_class
from grader.submissions.read import SubmittedFiles

pytestmark = pytest.mark.slow
Alone = Callable[[list[SubmittedFiles]], dict[tuple[str, str], bytes]]
NOBODY = "tcp://127.0.0.1:9"  # an address at which nobody listens
ENDLESS = ("endless",)
OWN_ANSWERS = ANSWERS | {
    "pickles": scaling("class Evil:\n    def __reduce__(self):\n        return (exit, (3,))\nreturn Evil()"),
    "leaves": scaling("import os\nos._exit(3)"),
    "sleeps": scaling("import time\ntime.sleep(0.2)\nreturn x * factor"),
}
RUNS = 20  # in which a worker has said that it takes no part, on a very busy machine too
TIMES = 3  # each of those that do not compute for long


@pytest.fixture(scope="module")
def machines(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machines]:
    """A scheduler and two workers, which the tests leave as they are."""
    with Machines(tmp_path_factory.mktemp("cluster")) as found:
        found.worker()
        found.worker()
        yield found


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small course."""
    return copy_course(tmp_path_factory.mktemp("small") / "course")


@pytest.fixture(scope="module")
def one_machine(course: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], bytes]:
    """The records that one machine makes of the largest class."""
    submitted = class_of(tmp_path_factory.mktemp("one_machine"), TIMES, without=())
    with Engine(find_course(course)) as engine:
        return contents(list(engine.grade_all(submitted, jobs=2)))


@pytest.fixture
def alone(one_machine: dict[tuple[str, str], bytes]) -> Alone:
    """The records of one machine for a part of it."""
    return lambda submitted: {key: one_machine[key] for key in ((item.student, item.assignment) for item in submitted)}


def class_of(folder: Path, times: int = 1, without: tuple[str, ...] = ENDLESS) -> list[SubmittedFiles]:
    """A class with every kind of answer but some, and those that do not compute for long so many times."""
    for kind, text in OWN_ANSWERS.items():
        if kind not in without:
            for number in range(times if kind not in ENDLESS else 1):
                submitted_at(folder, f"{kind}{number}", text=text)
    return read_class(folder, ["vectors"])[0]


def contents(records: list[Record]) -> dict[tuple[str, str], bytes]:
    """What the records hold but timings; each student once."""
    found = {(one.student, one.assignment): content(one.source_hash, one.run, one.grade) for one in records}
    assert len(found) == len(records)
    return found


def test_the_records_are_those_of_one_machine(machines: Machines, course: Path, tmp_path: Path, alone: Alone) -> None:
    """Byte for byte but for timings: right, wrong, hostile and endless ones."""
    submitted = class_of(tmp_path, without=())
    told: list[str] = []
    with Engine(find_course(course)) as engine:
        found = contents(list(grade_on_cluster(engine, submitted, machines.address, told.append)))
    assert found == alone(submitted)
    assert sum(int(part.split()[-2]) for part in told[-1].split("; ")) == len(submitted)


def test_a_worker_that_dies_loses_nothing(course: Path, tmp_path: Path, alone: Alone) -> None:
    """What it had goes to the other one, and nobody is recorded twice."""
    submitted = class_of(tmp_path / "class", TIMES)
    with Machines(tmp_path) as own, Engine(find_course(course)) as engine:
        dies = own.worker()
        own.worker()
        found = []
        for record in grade_on_cluster(engine, submitted, own.address):
            found.append(record)
            if len(found) == 3:
                dies.kill()
    assert contents(found) == alone(submitted)


def test_a_worker_that_hangs_loses_nothing(course: Path, tmp_path: Path, alone: Alone) -> None:
    """The scheduler gives it up, and what it had goes to another one that joined late."""
    submitted = class_of(tmp_path / "class", TIMES)
    with Machines(tmp_path) as own, Engine(find_course(course)) as engine:
        hangs = own.worker()
        found = []
        for record in grade_on_cluster(engine, submitted, own.address):
            found.append(record)
            if len(found) == 1:
                hangs.send_signal(signal.SIGSTOP)
                own.worker()
    assert contents(found) == alone(submitted)


def test_a_worker_that_cannot_lock_down_takes_no_part(course: Path, tmp_path: Path, alone: Alone) -> None:
    """It says why, and the others grade."""
    submitted = class_of(tmp_path / "class", TIMES)
    told: list[str] = []
    found: list[Record] = []
    with Machines(tmp_path) as own, Engine(find_course(course)) as engine:
        own.weak_worker()
        with pytest.raises(UsageError, match=r"no worker of .* can grade:\n.*cannot be locked down"):
            list(grade_on_cluster(engine, submitted, own.address))
        own.worker()
        for _ in range(RUNS):  # the weak one may be all that there is yet, or the class be graded before it has answered
            with suppress(UsageError):
                found = list(grade_on_cluster(engine, submitted, own.address, told.append))
                if any("takes no part" in text for text in told):
                    break
    assert contents(found) == alone(submitted)
    assert any("takes no part: student code cannot be locked down here" in text for text in told)


def test_a_scheduler_that_dies_is_told(course: Path, tmp_path: Path, alone: Alone) -> None:
    """What came until then was handed over, and the same command goes on once it is there again."""
    submitted = class_of(tmp_path / "class", TIMES)
    found = []
    with Machines(tmp_path) as own, Engine(find_course(course)) as engine:
        own.worker()
        with pytest.raises(UsageError, match="is gone"):  # noqa: PT012 - the class is graded meanwhile
            for record in grade_on_cluster(engine, submitted, own.address):
                found.append(record)
                if len(found) == 2:
                    own.scheduler.kill()
    assert 2 <= len(found) < len(submitted)
    assert contents(found).items() <= alone(submitted).items()


def test_a_worker_that_was_killed_leaves_the_course_to_no_one(course: Path, tmp_path: Path) -> None:
    """The next worker there removes the copy."""
    submitted = class_of(tmp_path / "class")
    with Machines(tmp_path / "machines") as own, Engine(find_course(course)) as engine:
        dies = own.worker()
        for number, _ in enumerate(grade_on_cluster(engine, submitted, own.address)):
            if number == 0:
                (left,) = own.scratch.rglob("grader-worker-*")
                dies.kill()
                own.worker()
                assert not left.exists()


def test_who_stops_early_leaves_nothing_on_the_workers(course: Path, tmp_path: Path) -> None:
    """As Ctrl-C does: neither a sandbox, also where a submission was running, nor the course."""
    submitted = class_of(tmp_path / "class", 6, without=(*(OWN_ANSWERS.keys() - {"sleeps"}),))
    with Machines(tmp_path / "machines") as own, Engine(find_course(course)) as engine:
        workers = [own.worker(), own.worker()]
        records = grade_on_cluster(engine, submitted, own.address)
        next(records)
        records.close()  # type: ignore[attr-defined]
        eventually(lambda: not any(children(worker.pid) for worker in workers))
        assert not [*own.scratch.rglob("grader-worker-*")]


def test_a_worker_that_hangs_keeps_nobody(course: Path, tmp_path: Path, alone: Alone) -> None:
    """Not while it should get ready, and not at the end: the other one grades the class."""
    submitted = class_of(tmp_path / "class")
    with Machines(tmp_path / "machines", DASK_DISTRIBUTED__SCHEDULER__WORKER_TTL="10 minutes") as own:
        own.worker()
        records = []
        with Engine(find_course(course)) as engine:
            for record in grade_on_cluster(engine, submitted, own.address):
                if not records:
                    own.worker().send_signal(signal.SIGSTOP)
                records.append(record)
    assert contents(records) == alone(submitted)


def test_a_worker_that_cannot_be_reached_takes_no_part(course: Path, tmp_path: Path, alone: Alone) -> None:
    """It is heard, but does not hear: the other one grades the class, and it keeps nothing of the course."""
    submitted = class_of(tmp_path / "class")
    with Machines(tmp_path / "machines") as own, Engine(find_course(course)) as engine:
        own.worker(reached_at=NOBODY)
        own.worker()
        found = contents(list(grade_on_cluster(engine, submitted, own.address)))
        eventually(lambda: not [*own.scratch.rglob("grader-worker-*")])
    assert found == alone(submitted)


def test_where_no_worker_can_be_reached_the_reason_is_said(course: Path, tmp_path: Path) -> None:
    """And what to look at."""
    submitted = class_of(tmp_path / "class")
    with Machines(tmp_path / "machines") as own, Engine(find_course(course)) as engine:
        own.worker(reached_at=NOBODY)
        with pytest.raises(UsageError, match="the scheduler cannot connect to it; its --host or"):
            list(grade_on_cluster(engine, submitted, own.address))


def test_no_scheduler(course: Path, tmp_path: Path) -> None:
    """An address where nobody listens is wrong use."""
    submitted = class_of(tmp_path / "class")
    with Engine(find_course(course)) as engine, pytest.raises(UsageError, match="no Dask scheduler answers at tcp:"):
        list(grade_on_cluster(engine, submitted, NOBODY))
