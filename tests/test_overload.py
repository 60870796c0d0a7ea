"""What a machine that is too busy cannot run waits until the others are done; what it never can run has no score, and is run again."""

from pathlib import Path
from types import TracebackType
from typing import Self

import pytest
from classroom import honest, scaling
from classroom import submitted_at as give

from grader.course.folder import find_course
from grader.engine.grade_all import grade_all
from grader.engine.prepare import Prepared, prepare
from grader.engine.record import Record
from grader.errors import OverloadedError
from grader.gradebook.open_store import open_store
from grader.sandbox.backend import Limits, Session, Source
from grader.sandbox.linux.backend import LinuxBackend
from grader.submissions.find_class import read_class
from grader.submissions.read import SubmittedFiles

MARK = "# patience"


class BusyMachine:
    """A sandbox on a machine that is too busy for submissions with `MARK` in their text, the first `times` times."""

    name = "busy"

    def __init__(self, times: int) -> None:
        self._backend, self.left, self.opened = LinuxBackend(), times, list[str]()

    def start(self) -> None:
        """Nothing yet."""

    def open(self, source: Source, limits: Limits) -> Session:
        """A child, or none."""
        text = source.modules[source.main]
        self.opened.append("marked" if MARK in text else "honest")
        if MARK in text and self.left > 0:
            self.left -= 1
            raise OverloadedError("the machine was too busy")
        return self._backend.open(source, limits)

    def close(self) -> None:
        """End the zygote."""
        self._backend.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()


@pytest.fixture(scope="module")
def ready(small_course: Path) -> dict[str, Prepared]:
    """The assignment `vectors`, prepared."""
    return {"vectors": prepare(find_course(small_course).assignment("vectors"), "seed")}


@pytest.fixture
def submitted(tmp_path: Path) -> list[SubmittedFiles]:
    """A class in which ana's submission, the first, is the one for which the machine has no time."""
    folder = honest(tmp_path / "class", "bea", "caro")
    give(folder, "ana", "vectors", scaling("return x * factor", before=f"{MARK}\n"))
    return read_class(folder, ["vectors"])[0]


def graded(submitted: list[SubmittedFiles], ready: dict[str, Prepared], machine: BusyMachine) -> list[Record]:
    """The records, in the order in which they were made."""
    return list(grade_all(submitted, ready, lambda: machine, jobs=1))


def test_waits_until_the_others_are_done(submitted: list[SubmittedFiles], ready: dict[str, Prepared]) -> None:
    """A submission that the machine was too busy for is graded last, with the score that it has on any machine."""
    machine = BusyMachine(1)
    records = graded(submitted, ready, machine)
    assert {record.student: record.grade.score for record in records} == {"ana": 5.0, "bea": 5.0, "caro": 5.0}
    assert records[-1].student == "ana"


def test_a_second_try_is_not_made_at_once(submitted: list[SubmittedFiles], ready: dict[str, Prepared]) -> None:
    """On a busy machine, trying again at once would make it busier."""
    machine = BusyMachine(1)
    graded(submitted, ready, machine)
    marked = [place for place, what in enumerate(machine.opened) if what == "marked"]
    assert len(marked) == 2
    assert marked[1] == len(machine.opened) - 1


def test_never_enough_time_is_the_graders_fault(submitted: list[SubmittedFiles], ready: dict[str, Prepared]) -> None:
    """A machine that stays too busy gives no score, neither zero nor points, and says why."""
    grade = next(record.grade for record in graded(submitted, ready, BusyMachine(99)) if record.student == "ana")
    assert (grade.status, grade.score) == ("grader_error", None)
    assert "too busy" in grade.message


def test_graded_by_the_next_run(submitted: list[SubmittedFiles], ready: dict[str, Prepared], tmp_path: Path) -> None:
    """What had no score is not current for the next run, everybody else's is."""
    with open_store(tmp_path / "out", write=True) as records:
        for record in graded(submitted, ready, BusyMachine(99)):
            records.save(record)
        plan = ready["vectors"].plan.hash
        last = records.last_attempts("vectors", [item.student for item in submitted])
        hashes = {one.student: one.source_hash for one in last if one.is_by(plan)}
        again = [item.student for item in submitted if hashes.get(item.student) != item.read().hash]
    assert again == ["ana"]
