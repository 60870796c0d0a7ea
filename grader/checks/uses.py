"""One use of a function, a class or an object in a scripted case, as authors write it."""

from collections.abc import Mapping
from typing import Any, Literal

import msgspec

from grader.sandbox.values import Ref, Seeded, encode
from grader.sandbox.wire import Step


class Use(msgspec.Struct, frozen=True):
    """One step of a scripted case: create an object, call a function or method, or get an attribute."""

    op: Literal["new", "call", "get"]
    target: str
    args: tuple[Any, ...] = ()
    kwargs: Mapping[str, Any] = msgspec.field(default_factory=dict)
    save: str = ""
    reply: bool = True
    first: int | None = None
    item: int | None = None


def new(cls: str, *args: Any, save: str, **kwargs: Any) -> Use:
    """Create an object of the student's class and keep it under the handle `save`."""
    return Use("new", cls, args, kwargs, save)


def call(
    target: str, *args: Any, save: str = "", reply: bool = True, first: int | None = None, item: int | None = None, **kwargs: Any
) -> Use:
    """Call `function` or `handle.method`; the result is sent back, and also kept when `save` names a handle.

    Args:
        reply: `False` for a result that says nothing, and need not be anything that can be sent: a `fit` that returns its object.
        first: of a generator, how many items are sent back, as a list.
        item: of several results, the one that is sent back, counted from 0; the others may be anything.
    """
    return Use("call", target, args, kwargs, save, reply, first, item)


def get(target: str) -> Use:
    """Send back `handle.attribute`."""
    return Use("get", target)


def ref(handle: str, item: int | None = None) -> Ref:
    """An earlier result of the case as an argument, or one item of it."""
    return Ref(handle, item)


def seeded(seed: int) -> Seeded:
    """An argument that is a new `np.random.Generator` with this seed, in each call."""
    return Seeded(seed)


def step_of(use: Use, seq: int, case: int) -> Step:
    """A use as the step that is sent to the child, outside of a plan.

    Raises:
        UnsendableError: an argument cannot be sent.
    """
    kwargs = tuple((name, encode(value)) for name, value in use.kwargs.items())
    args = tuple(map(encode, use.args))
    return Step(seq, case, use.op, use.target, args, kwargs, use.save, use.reply and use.op != "new", first=use.first)
