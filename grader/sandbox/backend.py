"""The contract of a sandbox: open a session for a submission, send steps, read outcomes, close.

Two backends keep it: `linux` (a locked-down fork of a zygote) and `subprocess` (a plain child process, on any system).
Both pass the same contract tests. A student's error is an outcome; only the grader's own failure is an exception.
"""

import math
from collections.abc import Iterable
from types import TracebackType
from typing import TYPE_CHECKING, Protocol, Self

import msgspec

from grader.sandbox.import_policy.rules import Rules
from grader.sandbox.price import MAX_PRICE

if TYPE_CHECKING:  # it brings numpy, and a zygote can be started before that is imported
    from grader.sandbox.outcome import Outcome


class Source(msgspec.Struct, frozen=True):
    """A submission's text: `modules[main]` is executed and can import the others; `rules` say what they may not use.

    Where there are `parts`, these modules are executed instead, in order, and a step finds what any of them defines.

    The course gives along third-party modules that it `offered` (see `offer`), `helpers` (texts of modules by name) and `data` (files by
    name, see `given_files`).

    The forbidden things that its exercises use are the value of `Session.loaded`, as far as a child can be believed (see
    `import_policy.scan`).
    """

    main: str
    modules: dict[str, str]
    rules: Rules | None = None
    offered: tuple[str, ...] = ()
    helpers: dict[str, str] = {}
    data: dict[str, bytes] = {}
    parts: tuple[str, ...] = ()


class Limits(msgspec.Struct, frozen=True):
    """What one submission may use.

    Attributes:
        load_seconds: CPU time to execute the module.
        call_seconds: CPU time of one step, whatever its exercise allows.
        budget_seconds: CPU time of all its children together.
        idle_seconds: how long a step may wait for something other than a CPU, as one that sleeps. Where the system does not tell what
            a child waits for, only the next limit applies.
        wall_factor: the limit on that as a multiple of the CPU limit (at least `wall_floor` seconds).
        patience: the multiple of that limit after which the machine is too busy: the grader gives up, and the student is not blamed.
        trial: whether what exceeds these limits, and would not exceed its exercise's, is not yet an outcome but a `SlowError`.
        memory: bytes of address space beyond the zygote's.
        returned: the price of all replies together that are decoded, because outcomes are kept (see `price`).
        received: the same of all that are read, also of those that are too large: beyond it, nothing is asked any more.
        output: bytes of printed text that are kept; the rest is read and dropped.
    """

    load_seconds: float = 5.0
    call_seconds: float = math.inf
    budget_seconds: float = 60.0
    idle_seconds: float = 12.0
    wall_factor: float = 4.0
    wall_floor: float = 2.0
    patience: float = 10.0
    memory: int = 512 << 20
    returned: int = MAX_PRICE
    received: int = 4 * MAX_PRICE
    output: int = 64 << 10
    trial: bool = False


class Usage(msgspec.Struct, frozen=True):
    """What a session used.

    Attributes:
        output: what it printed, cut at the limit; `printed`: bytes printed in total.
        peak_kib: peak resident memory.
        wall_seconds: duration of its steps, without the time that it waited for a CPU.
        returned, received: see `Limits`.
    """

    cpu_seconds: float = 0.0
    peak_kib: int = 0
    output: str = ""
    printed: int = 0
    wall_seconds: float = 0.0
    returned: int = 0
    received: int = 0


class Session(Protocol):
    """One live child with one submission loaded.

    Attributes:
        idle: seconds that its steps were found waiting for something other than a CPU; 0 where the system does not tell.
    """

    idle: float

    @property
    def loaded(self) -> "Outcome":
        """`Returned` if the module executed, otherwise what stopped it; steps can use what it defined before if the child is `alive`."""

    @property
    def alive(self) -> bool:
        """Whether another step can be sent."""

    def call(self, seq: int, frame: bytes, seconds: float, then: Iterable[bytes] = ()) -> "Outcome":
        """Send the pre-encoded step `seq` and wait for its outcome, at most `seconds` of CPU time.

        The frames of the steps that are asked `then`, in this order, may be sent along: the child need not wait for them, and answers
        one after the other. As long as it is alive, nothing else may be asked before them.

        After `TimedOut`, `Died` or an `OutOfMemory` that killed the child, `alive` is False.
        """

    def came(self, seq: int) -> "Outcome | None":
        """The outcome of a step that was sent along with an earlier one, if it is there already; otherwise, it is to be called for."""
        return None

    def cpu(self) -> float | None:
        """CPU seconds of the living child so far, measured from outside; None where the system does not tell."""

    def wall(self) -> float:
        """Seconds that its steps took so far, without the time that it waited for a CPU where the system reports it."""

    def close(self) -> Usage:
        """End the child, reap it and return what it used. Idempotent."""


class Backend(Protocol):
    """Opens sessions, in any thread; each session belongs to one. Use as a context manager."""

    name: str

    def start(self) -> None:
        """Start warming up and return at once; the first `open` waits for it. Optional."""
        return

    def open(self, source: Source, limits: Limits) -> Session:
        """A new child that has executed `source` (see `Session.loaded`)."""

    def imported(self, offered: tuple[str, ...]) -> dict[str, float]:
        """The seconds that importing each of these modules took, where it happens once for all sessions."""
        return {}

    def close(self) -> None:
        """End the zygote, if there is one."""
        return

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()
