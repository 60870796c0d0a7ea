"""What tests say of a solution's functions: worked examples, refusals, and calls for the reference to decide."""

from typing import Any

import msgspec

from grader.integrations.from_notebooks.parts import Left


class Call(msgspec.Struct, frozen=True):
    """A call with arguments that are written out, or one of the results of such a call.

    Attributes:
        names: what the test calls the results, where it takes them apart.
        first: how many items of a generator are looked at.
    """

    function: str
    arguments: dict[str, Any]
    item: int | None = None
    names: tuple[str, ...] = ()
    first: int = 0


class Step(msgspec.Struct, frozen=True):
    """One use of an object: `new`, a method's `call`, or `get` of an attribute; `reply` where its result is tested."""

    op: str
    target: str
    arguments: tuple[Any, ...] = ()
    keywords: tuple[tuple[str, Any], ...] = ()
    reply: bool = False


class Example(msgspec.Struct, frozen=True):
    """A call and what it returns; by names where it returns several results. `atol` is the test's tolerance."""

    call: Call
    expected: Any
    atol: float | None = None


class Refusal(msgspec.Struct, frozen=True):
    """A call that raises."""

    call: Call
    exception: str


class Asked(msgspec.Struct, frozen=True):
    """A call, or the steps of a script, whose result the reference decides; `hidden` from students.

    Attributes:
        said: what the test says of it, for the author.
    """

    exercise: str
    call: Call | tuple[Step, ...]
    hidden: bool
    said: str
    cell: int


Found = Example | Refusal | Asked | Left
