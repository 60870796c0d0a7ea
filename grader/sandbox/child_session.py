"""What the sessions of both backends share: they check replies, capture output, and remember the outcome that ended the child."""

import contextlib
from abc import ABC, abstractmethod
from collections.abc import Iterable
from typing import Final

import msgspec

from grader.errors import SandboxError
from grader.sandbox.backend import Limits, Source, Usage
from grader.sandbox.control import Reaped
from grader.sandbox.exit_status import outcome_of_exit
from grader.sandbox.outcome import STOP, BadReturn, Outcome, OutOfMemory, OutOfTimeError, Raised, TimedOut, without_addresses
from grader.sandbox.price import MAX_PRICE
from grader.sandbox.values import WireError
from grader.sandbox.wire import LOAD_SEQ, Load, decode_reply, frame
from grader.text.language import marked

GRACE: Final = 1.0  # seconds that a child has, once its time is up, to say where it was


def load_request(source: Source) -> bytes:
    """The frame that makes a child load `source`; `SandboxError` if it is too large to be sent."""
    try:
        return frame(Load(LOAD_SEQ, source.main, source.modules, source.rules, source.helpers, source.data, source.parts))
    except WireError as error:
        raise SandboxError(f"the submission cannot be sent: {error}") from None


class ChildSession(ABC):
    """One live child. See `backend.Session`."""

    def __init__(self, limits: Limits, *, locked_down: bool) -> None:
        self._limits, self._locked_down = limits, locked_down
        self._output = bytearray()
        self._printed = 0
        self._returned = self._received = 0
        self._passed = 0.0
        self.idle = 0.0
        self._ready = self._lowered = False
        self._reaped: Reaped | None = None
        self._end: Outcome | None = None
        self._late: TimedOut | None = None

    def _load(self, request: bytes) -> None:
        try:
            self._loaded = self._exchange(LOAD_SEQ, request, self._limits.load_seconds)
        except BaseException:
            self.close()
            raise

    @property
    def loaded(self) -> Outcome:
        """`Returned` if the module executed, otherwise what stopped it; steps can use what it defined before if the child is `alive`."""
        return self._loaded

    @property
    def alive(self) -> bool:
        """Whether another step can be sent."""
        return self._end is None

    def call(self, seq: int, frame: bytes, seconds: float, then: Iterable[bytes] = ()) -> Outcome:
        """See `backend.Session`. For a dead child, the result is the outcome that ended it."""
        if self._end is not None:
            return self._end
        return self._exchange(seq, frame, seconds, then) if self._received <= self._limits.received else self._too_much()

    def came(self, seq: int) -> Outcome | None:
        """See `backend.Session`; None, where every answer is waited for."""
        return None

    @abstractmethod
    def close(self) -> Usage:
        """End the child, reap it and return what it used."""

    @abstractmethod
    def _exchange(self, seq: int, request: bytes, seconds: float, then: Iterable[bytes] = ()) -> Outcome:
        """Send a request, unless it was sent along with an earlier one, and wait for its outcome."""

    @abstractmethod
    def _signal(self, number: int) -> None:
        """Send the child a signal."""

    def _ask_to_stop(self, late: TimedOut) -> None:
        """The time of the present request is up: ask the child where it is. The caller kills it if it does not answer within `GRACE`."""
        self._late = late
        if STOP is not None:
            with contextlib.suppress(OSError):
                self._signal(STOP)

    @abstractmethod
    def _stop(self) -> None:
        """Kill the child and reap it. Idempotent."""

    def _set_ready(self, body: bytes | bytearray) -> None:
        """Check the first frame, which is empty: the child has completed its setup."""
        if body:
            raise WireError(marked("it spoke before it was asked"))
        self._ready = True

    def _outcome(self, seq: int, body: bytes | bytearray) -> Outcome:
        """The outcome in the reply to request `seq`."""
        loading = seq == LOAD_SEQ  # the notes on the module are read at once, and dropped
        reply, cost = decode_reply(body, MAX_PRICE if loading else self._limits.returned - self._returned)
        self._received += cost
        if reply is None:
            outcome: Outcome = self._too_much()
        else:
            if reply.seq != seq:
                raise WireError(f"it answered request {reply.seq} when asked {seq}")
            outcome = OutOfMemory(self._limits.memory) if isinstance(reply.outcome, OutOfMemory) else reply.outcome
            self._returned += 0 if loading else cost
        return outcome if self._late is None else self._too_late(seq, outcome, self._late)

    def _too_much(self) -> BadReturn:
        return BadReturn("all_together")

    def _too_late(self, seq: int, outcome: Outcome, late: TimedOut) -> Outcome:
        """What becomes of an outcome that came after the child was asked to stop. Only a module that is being loaded is not ended."""
        if isinstance(outcome, Raised) and outcome.name == OutOfTimeError.__name__:
            late = msgspec.structs.replace(late, file=outcome.file, line=outcome.line, text=outcome.text)
        elif seq == LOAD_SEQ:
            return outcome
        return late if seq == LOAD_SEQ else self._finish(late)

    def _capture(self, data: bytes) -> None:
        self._printed += len(data)
        self._output += data[: max(0, self._limits.output - len(self._output))]

    def _text(self) -> str:
        return self._output.decode("utf-8", "replace")

    def _finish(self, outcome: Outcome) -> Outcome:
        self._end = outcome
        self._stop()
        return outcome

    def _exit_outcome(self) -> Outcome:
        assert self._reaped is not None
        self._end = self._late or outcome_of_exit(
            self._reaped,
            self._limits,
            ready=self._ready,
            locked_down=self._locked_down,
            lowered=self._lowered,
            output=self._text(),
        )
        return self._end

    def _usage_of(self, ended: Reaped, wall: float) -> Usage:
        return Usage(
            ended.cpu_seconds,
            ended.peak_kib,
            without_addresses(self._text()),
            self._printed,
            wall,
            self._returned,
            self._received,
        )
