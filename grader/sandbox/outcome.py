"""The outcomes of a step.

    Outcome
    ├── reported by the child (never trusted, only decoded)
    │   ├── Returned          a value came back
    │   ├── Raised            the student's code raised an exception
    │   ├── Unimplemented     a hole still raises NotImplementedError, or the function does not exist
    │   ├── BadReturn         it returned something that cannot be sent: an object array, a generator, 2 GiB
    │   └── OutOfMemory       MemoryError (also reported by the supervisor if the limit killed the child)
    └── reported by the supervisor
        ├── TimedOut          the step used up its time, or the submission its budget
        ├── Died              the child ended: a signal, an exit code, or a frame that broke the protocol
        └── NotRun            an earlier step of the same exercise ended the child
    In a record, Kept stands for one that was judged and is too large to be stored.

The tags are part of the JSON contract.
"""

import re
import signal
from typing import Annotated, Literal, Union

import msgspec

from grader.sandbox.values import Array, Unsendable, Value

MAX_TEXT = 2000
# A reply may be forged by the student's code: the lengths are checked when it is decoded, not only respected when it is made.
Text = Annotated[str, msgspec.Meta(max_length=MAX_TEXT)]
MAX_NAME = 300
Name = Annotated[str, msgspec.Meta(max_length=MAX_NAME)]

STOP = getattr(signal, "SIGALRM", None)  # asks a child to end what it runs, before it is killed; None: not on this system

_encode = msgspec.msgpack.Encoder().encode
_ADDRESS = re.compile("(?<= at )0x[0-9a-fA-F]+")


def without_addresses(text: str) -> str:
    """`text` with `0x...` for the address in `<function f at 0x7f52a1b2c3d0>`, which differs in every run and helps nobody."""
    return _ADDRESS.sub("0x...", text)


class Returned(msgspec.Struct, frozen=True, tag="returned"):
    """A value came back.

    Attributes:
        after: the arguments as they were after the call, if the step asked for them.
        aside: what was printed where nothing was returned, and the text that was returned where nothing was printed and it should be.
    """

    value: Value = None
    after: tuple[Value, ...] = ()
    warnings: Annotated[tuple[Name, ...], msgspec.Meta(max_length=10)] = ()
    aside: Text | msgspec.UnsetType = msgspec.UNSET

    @property
    def instead(self) -> str:
        """`aside`, if there is one."""
        return "" if isinstance(self.aside, msgspec.UnsetType) else self.aside


class OutOfTimeError(BaseException):
    """Raised in the student's code when the supervisor signals `STOP`, so that the line is known where its time ran out."""


class Raised(msgspec.Struct, frozen=True, tag="raised"):
    """The student's code raised an exception.

    Attributes:
        name: the exception's class; `bases`: the names of its base classes, including itself.
        line: the innermost line in the student's file (0: unknown), for executing the file the line that is in no function; `text`:
            that line.
    """

    name: Name
    bases: Annotated[tuple[Name, ...], msgspec.Meta(max_length=10)]
    message: Text
    file: Name = ""
    line: int = 0
    text: Name = ""


class Unimplemented(msgspec.Struct, frozen=True, tag="not_implemented"):
    """A hole that is not filled in: `message` is its own. Or a name is `missing`: `message` is that name, `near` a similar one.

    `file` is the student's, if it was handed in under a name that misled.
    """

    message: Text
    missing: bool = False
    near: Name = ""
    file: Name = ""


class BadReturn(msgspec.Struct, frozen=True, tag="bad_return"):
    """A value that cannot be sent came back or (`changed`) was put into an argument; `judge.messages` words it."""

    reason: Unsendable
    values: Annotated[tuple[Name, ...], msgspec.Meta(max_length=5)] = ()
    changed: bool = False


class OutOfMemory(msgspec.Struct, frozen=True, tag="out_of_memory"):
    """The step needed more memory than the limit, in bytes."""

    limit: int = 0


class TimedOut(msgspec.Struct, frozen=True, tag="timed_out"):
    """`seconds` of the named clock were used up: CPU time of the step, wall time, or the submission's whole budget.

    `file`, `line` and `text`: where the code was then, as far as the child said so.
    """

    seconds: float
    clock: Literal["cpu", "wall", "budget"] = "cpu"
    file: Name = ""
    line: int = 0
    text: Name = ""


class Died(msgspec.Struct, frozen=True, tag="died"):
    """The child ended before it answered; `reason` in words ("signal {detail}", "broke the protocol: {detail}")."""

    reason: str
    detail: str = ""


class NotRun(msgspec.Struct, frozen=True, tag="not_run"):
    """Skipped, because step `because` ended the child with the outcome `word`."""

    because: int
    word: str


class Kept(msgspec.Struct, frozen=True, tag="kept"):
    """An outcome of kind `word` that was judged in full, of which a record keeps its size in bytes and its hash (see `engine.record`)."""

    word: str
    size: int
    digest: str


ChildOutcome = Union[Returned, Raised, Unimplemented, BadReturn, OutOfMemory]  # noqa: UP007
Outcome = Union[Returned, Raised, Unimplemented, BadReturn, OutOfMemory, TimedOut, Died, NotRun, Kept]  # noqa: UP007


def word(outcome: Outcome) -> str:
    """The outcome's tag in the JSON contract; for a step that was not run, that of the step that ended the child."""
    return outcome.word if isinstance(outcome, NotRun | Kept) else str(outcome.__struct_config__.tag)


def same(one: object, other: object) -> bool:
    """Whether two outcomes, or two values, are one to the bit: 1 is equal to True and to 1.0, and may be judged otherwise."""
    if one != other:
        return False
    value = one.value if isinstance(one, Returned) and not one.after else one
    return isinstance(value, Array) or _encode(one) == _encode(other)  # an array is bytes, and may be large
