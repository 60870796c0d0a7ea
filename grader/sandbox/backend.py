"""The contract of a sandbox: open a session for a submission, send steps, read outcomes, close.

Two backends keep it: `linux` (a locked-down fork of a zygote) and `subprocess` (a plain child process, on any system).
Both pass the same contract tests. A student's fault is an outcome; only the grader's own fault is an exception.
"""

from types import TracebackType
from typing import TYPE_CHECKING, Protocol, Self

import msgspec

from grader.sandbox.import_policy.rules import Rules

if TYPE_CHECKING:  # it brings numpy, and a zygote can be started before that is imported
    from grader.sandbox.outcome import Outcome


class Source(msgspec.Struct, frozen=True):
    """A submission's text: `modules[main]` is executed, the others can be imported by it. `rules`: what is not there for them.

    What its exercises use of that is the value that `Session.loaded` returned, as far as a child can be believed (see `sandbox.uses`).
    """

    main: str
    modules: dict[str, str]
    rules: Rules | None = None


class Limits(msgspec.Struct, frozen=True):
    """What one submission may use.

    Attributes:
        load_seconds: CPU time to execute the module.
        budget_seconds: CPU time of all its children together.
        wall_factor: the wall clock may run this many times a CPU limit (and at least `wall_floor` seconds) before it counts; where
            the system says so, without the time that the child waited for a CPU.
        patience: how many times that long it may run when the machine is too busy; then the grader gives up, not the student.
        memory: bytes of address space beyond what the zygote has.
        returned: bytes of all that its calls return together: outcomes are kept.
        output: bytes of what it prints that are kept; the rest is read and dropped.
    """

    load_seconds: float = 5.0
    budget_seconds: float = 60.0
    wall_factor: float = 4.0
    wall_floor: float = 2.0
    patience: float = 10.0
    memory: int = 512 << 20
    returned: int = 32 << 20
    output: int = 64 << 10


class Usage(msgspec.Struct, frozen=True):
    """What a session used: CPU seconds, peak resident KiB, printed text (cut at the limit), bytes printed in all, and the seconds that
    its steps took, without what it waited for a CPU.
    """

    cpu_seconds: float = 0.0
    peak_kib: int = 0
    output: str = ""
    printed: int = 0
    wall_seconds: float = 0.0


class Session(Protocol):
    """One live child with one submission loaded."""

    @property
    def loaded(self) -> "Outcome":
        """`Returned` when the module executed, else what happened."""

    @property
    def alive(self) -> bool:
        """Whether another step can be sent."""

    def call(self, seq: int, frame: bytes, seconds: float) -> "Outcome":
        """Send the pre-encoded step `seq` and wait for its outcome, at most `seconds` of CPU time.

        After `TimedOut`, `Died` or an `OutOfMemory` that killed the child, `alive` is False.
        """

    def wall(self) -> float:
        """Seconds that its steps took so far, without what it waited for a CPU where the system says that."""

    def close(self) -> Usage:
        """End the child, reap it, and say what it used. Calling it again gives the same answer."""


class Backend(Protocol):
    """Opens sessions. Use as a context manager; one thread at a time."""

    name: str

    def start(self) -> None:
        """Begin to warm up and return at once; the first `open` waits for it. Optional."""

    def open(self, source: Source, limits: Limits) -> Session:
        """A new child that has executed `source` (see `Session.loaded`)."""

    def close(self) -> None:
        """End the zygote, if there is one."""

    def __enter__(self) -> Self: ...

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None: ...
