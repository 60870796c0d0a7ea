"""Short ways to run a submission's text in a backend."""

import contextlib
import textwrap
from collections.abc import Iterator
from typing import Any

import msgspec

from grader.sandbox.backend import Backend, Limits, Session, Source
from grader.sandbox.outcome import Outcome, Returned
from grader.sandbox.values import decode, encode
from grader.sandbox.wire import Step, frame

LIMITS = Limits(load_seconds=5.0, wall_floor=60.0, wall_factor=2.0, memory=256 << 20)  # a busy machine must not fail them
SHORT = msgspec.structs.replace(LIMITS, wall_floor=1.0)  # for what the wall clock must end


def source(text: str, **helpers: str) -> Source:
    """A submission called `work` of this text, with helper modules."""
    modules = {"work": textwrap.dedent(text)} | {name: textwrap.dedent(helper) for name, helper in helpers.items()}
    return Source("work", modules)


@contextlib.contextmanager
def session(backend: Backend, text: str, limits: Limits = LIMITS, **helpers: str) -> Iterator[Session]:
    """A session with that submission loaded."""
    opened = backend.open(source(text, **helpers), limits)
    try:
        yield opened
    finally:
        opened.close()


def call(opened: Session, target: str, *args: Any, seq: int = 0, seconds: float = 1.0, **fields: Any) -> Outcome:
    """One step: call `target` with `args`."""
    step = Step(seq, fields.pop("case", seq), fields.pop("op", "call"), target, tuple(encode(arg) for arg in args), **fields)
    return opened.call(seq, frame(step), seconds)


def run(backend: Backend, text: str, *args: Any, limits: Limits = LIMITS, seconds: float = 1.0, **fields: Any) -> Outcome:
    """What comes of calling `f(*args)` in a submission of this text."""
    with session(backend, text, limits) as opened:
        assert isinstance(opened.loaded, Returned), opened.loaded
        return call(opened, "f", *args, seconds=seconds, **fields)


def value(outcome: Outcome) -> Any:
    """What was returned."""
    assert isinstance(outcome, Returned), outcome
    return decode(outcome.value)
