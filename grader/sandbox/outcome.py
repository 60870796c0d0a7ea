"""What can come of one step.

    Outcome
    ├── said by the child (never trusted, only decoded)
    │   ├── Returned          a value came back
    │   ├── Raised            the student's code raised an exception
    │   ├── Unimplemented     a hole still raises NotImplementedError, or the function is not there
    │   ├── BadReturn         it returned something that cannot be sent: an object array, a generator, 2 GiB
    │   └── OutOfMemory       MemoryError (also said by the supervisor when the limit killed the child)
    └── said by the supervisor
        ├── TimedOut          the step used up its time, or the submission its budget
        ├── Died              the child ended: a signal, an exit code, or a frame that broke the protocol
        └── NotRun            an earlier step of the same exercise ended the child

The tags are the words of the JSON contract.
"""

import re
from typing import Annotated, Literal, Union

import msgspec

from grader.sandbox.values import Unsendable, Value

MAX_TEXT = 2000
# Whoever speaks for the child may be the student's code: the lengths hold when a reply is decoded, not only when it is made.
Text = Annotated[str, msgspec.Meta(max_length=MAX_TEXT)]
MAX_NAME = 300
Name = Annotated[str, msgspec.Meta(max_length=MAX_NAME)]

_ADDRESS = re.compile("(?<= at )0x[0-9a-fA-F]+")


def without_addresses(text: str) -> str:
    """`text` with `0x...` for the address in `<function f at 0x7f52a1b2c3d0>`: it is another in every run, and tells nobody anything."""
    return _ADDRESS.sub("0x...", text)


class Returned(msgspec.Struct, frozen=True, tag="returned"):
    """A value came back; `after` holds the arguments as they were after the call when the step asked."""

    value: Value = None
    after: tuple[Value, ...] = ()
    warnings: Annotated[tuple[Name, ...], msgspec.Meta(max_length=10)] = ()


class Raised(msgspec.Struct, frozen=True, tag="raised"):
    """An exception of the student's code.

    Attributes:
        name: the exception's class; `bases` the names of its base classes, itself included.
        message: its text, at most `MAX_TEXT` characters.
        line: line of the student's file nearest to the fault (0: none known), `text` that line.
    """

    name: Name
    bases: Annotated[tuple[Name, ...], msgspec.Meta(max_length=10)]
    message: Text
    file: Name = ""
    line: int = 0
    text: Name = ""


class Unimplemented(msgspec.Struct, frozen=True, tag="not_implemented"):
    """A hole that is still there: `message` is its own. Or the name itself is `missing`: then it is that, and `near` one much like it."""

    message: Text
    missing: bool = False
    near: Name = ""


class BadReturn(msgspec.Struct, frozen=True, tag="bad_return"):
    """Something came back that cannot be graded, or (`changed`) an argument was changed into it; `judge.messages` has the words."""

    reason: Unsendable
    values: Annotated[tuple[Name, ...], msgspec.Meta(max_length=5)] = ()
    changed: bool = False


class OutOfMemory(msgspec.Struct, frozen=True, tag="out_of_memory"):
    """More memory than the limit."""

    limit: int = 0


class TimedOut(msgspec.Struct, frozen=True, tag="timed_out"):
    """`seconds` of the named clock were used up: CPU time of the step, wall time, or the submission's whole budget."""

    seconds: float
    clock: Literal["cpu", "wall", "budget"] = "cpu"


class Died(msgspec.Struct, frozen=True, tag="died"):
    """The child ended before it answered; `reason` in words («signal {detail}», «broke the protocol: {detail}»)."""

    reason: str
    detail: str = ""


class NotRun(msgspec.Struct, frozen=True, tag="not_run"):
    """Skipped, because the step numbered `because` ended the child with the outcome `word`."""

    because: int
    word: str


ChildOutcome = Union[Returned, Raised, Unimplemented, BadReturn, OutOfMemory]  # noqa: UP007
Outcome = Union[Returned, Raised, Unimplemented, BadReturn, OutOfMemory, TimedOut, Died, NotRun]  # noqa: UP007


def word(outcome: Outcome) -> str:
    """The outcome's word in the JSON contract; that of a step which was not run is its cause's."""
    return outcome.word if isinstance(outcome, NotRun) else str(outcome.__struct_config__.tag)
