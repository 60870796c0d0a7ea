"""The course's own functions run in the trusted process, without the sandbox's limits: a call that never ends is ended here, and told."""

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from types import FrameType

from grader.errors import UsageError

SECONDS = 10.0  # CPU time of one call of the reference, the solution or a misconception, which take thousandths


@contextmanager
def time_limited() -> Iterator[Callable[[Callable[[], str]], None]]:
    """Gives a function that takes what writes a call, before it begins; a call that goes on for `SECONDS` raises here.

    Only the main thread can be interrupted; the others, which grade a class, run what has been proved.

    Raises:
        UsageError: the file, the line and the call.
    """
    if not _can_interrupt():
        yield lambda _call: None
        return
    where = ""
    running: Callable[[], str] = str  # nothing runs yet: an empty text

    def begin(call: Callable[[], str]) -> None:
        nonlocal running
        _raise_if(running, where)
        running = call
        signal.setitimer(signal.ITIMER_VIRTUAL, SECONDS)

    def stop(_signal: int, frame: FrameType | None) -> None:
        nonlocal where
        where = _place(frame)
        raise _StoppedError

    before = signal.signal(signal.SIGVTALRM, stop)
    try:
        yield begin
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)
    _raise_if(running, where)


def cut_off(seconds: float) -> AbstractContextManager[None]:
    """A `TimeoutError` in code that computes longer than this, where that can be interrupted: in the main thread."""
    if not _can_interrupt():
        return nullcontext()
    return _Timer(seconds) if _cuts_off else _cut_off_once(seconds)


@contextmanager
def _cut_off_once(seconds: float) -> Iterator[None]:
    with many_cut_off(), _Timer(seconds):
        yield


class _Timer(AbstractContextManager[None]):
    """Sends the signal after so many seconds of CPU time, and again, where the code goes on all the same."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds

    def __enter__(self) -> None:
        signal.setitimer(signal.ITIMER_VIRTUAL, self._seconds, self._seconds)

    def __exit__(self, *_error: object) -> None:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)


@contextmanager
def many_cut_off() -> Iterator[None]:
    """Around many calls that are cut off: the signal's handler is set once, which takes as long as most of them."""
    global _cuts_off
    if _cuts_off or not _can_interrupt():
        yield
        return
    before = signal.signal(signal.SIGVTALRM, _too_long)
    _cuts_off = True
    try:
        yield
    finally:
        signal.signal(signal.SIGVTALRM, before)
        _cuts_off = False


_cuts_off = False


def _too_long(_signal: int, _frame: FrameType | None) -> None:
    raise TimeoutError("it is still computing")


def _can_interrupt() -> bool:
    return threading.current_thread() is threading.main_thread() and hasattr(signal, "setitimer")


class _StoppedError(BaseException):
    """Raised in the code that goes on; the executor makes an outcome of it."""


def _raise_if(call: Callable[[], str], where: str) -> None:
    if where:
        raise UsageError(
            f"{where}: {call()} is still computing after {SECONDS:g} s of CPU time.\n  → does a loop there never end?"
        )


def _place(frame: FrameType | None) -> str:
    """The innermost line that is not in a library."""
    while frame is not None and "site-packages" in frame.f_code.co_filename and frame.f_back is not None:
        frame = frame.f_back
    return f"{frame.f_code.co_filename}, line {frame.f_lineno}" if frame is not None else "the course"
