"""Dask carries bytes: what a student wrote or returned is decoded into typed structures, and never unpickled."""

import pickle
from pathlib import Path

import pytest
from classroom import copy_course, scaling, submitted_at
from msgspec import msgpack

from grader.course.folder import find_course
from grader.engine import cluster_worker
from grader.engine.cluster_worker import Reply, Request
from grader.engine.engine import Engine
from grader.sandbox.backend import Limits
from grader.submissions.find_class import read_class

pytestmark = pytest.mark.slow
EVIL = """class Evil:
    def __reduce__(self):
        return (print, ("unpickled",))
return Evil()"""


@pytest.fixture
def sent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[str, bytes]:
    """A course that a worker has, and a request with a hostile submission."""
    course = find_course(copy_course(tmp_path / "course"))
    submitted_at(tmp_path / "class", "eve", text=scaling(EVIL))
    item = read_class(tmp_path / "class", ["vectors"])[0][0]
    packed = cluster_worker.pack(course.root)
    assert cluster_worker.begin("digest", packed, False) == ""
    monkeypatch.setattr(cluster_worker, "_address", lambda: "here")  # a worker's, which this process is not
    with Engine(course) as engine:
        ready = engine.prepare("vectors")
    return "digest", msgpack.encode(Request(item.read(), Limits(), "last", ready.plan.hash, ready.rubric_hash))


def test_what_comes_and_goes_is_bytes(sent: tuple[str, bytes], monkeypatch: pytest.MonkeyPatch) -> None:
    """A value that would run code when unpickled is a bad return, and no unpickling happens on the way."""
    monkeypatch.setattr(pickle, "loads", None)
    monkeypatch.setattr(pickle, "load", None)
    answer = cluster_worker.grade(*sent)
    assert type(answer) is bytes
    reply = msgpack.decode(answer, type=Reply)
    assert reply.record is not None and reply.record.grade.status == "graded"
    assert next(one for one in reply.record.grade.exercises if one.name == "scale").score == 0
    cluster_worker.end("digest")


def test_a_worker_that_was_never_told_the_course_says_so(sent: tuple[str, bytes]) -> None:
    """It was started anew; the submission is graded by another one, or by it once it was told."""
    cluster_worker.end("digest")
    reply = msgpack.decode(cluster_worker.grade(*sent), type=Reply)
    assert reply.stranger and reply.why == "starved"


def test_another_plan_is_refused(sent: tuple[str, bytes]) -> None:
    """A worker whose inputs would be others grades nobody."""
    request = msgpack.decode(sent[1], type=dict)
    reply = msgpack.decode(cluster_worker.grade(sent[0], msgpack.encode(request | {"plan_hash": "other"})), type=Reply)
    assert reply.record is None and reply.unfit and "plans other calls" in reply.fault
    cluster_worker.end("digest")


def test_the_same_course_is_the_same_bytes(tmp_path: Path) -> None:
    """So that a worker that has it is not sent it again."""
    root = copy_course(tmp_path / "course")
    assert cluster_worker.pack(root) == cluster_worker.pack(root)
