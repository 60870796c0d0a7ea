"""What a step prints, heard where its text leaves the process.

child     sys.stdout ─► TextIOWrapper ─► buffer ─► Output ─► descriptor 1      `from sys import stdout` and bound methods are heard too
trusted   sys.stdout ─► _OfThread while a step runs: only what its own thread prints
"""

import contextlib
import io
import os
import sys
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager
from typing import Any

MAX_PRINTED = 50_000  # bytes of one step that are compared


def tidy(text: str) -> str:
    """A printed text without the blanks at the ends of its lines, and without empty lines at the end."""
    return "\n".join(line.rstrip() for line in text.split("\n")).rstrip("\n")


class Heard:
    """What one step printed: the first `MAX_PRINTED` bytes, and how many there were."""

    def __init__(self) -> None:
        self.size = 0
        self._kept = bytearray()

    def add(self, data: bytes) -> None:
        """More of it."""
        self._kept += data[: max(0, MAX_PRINTED - self.size)]
        self.size += len(data)

    @property
    def text(self) -> str:
        """All of it, as it is compared."""
        return tidy(self._kept.decode("utf-8", "replace"))


class Output(io.RawIOBase):
    """A descriptor to write to, and to listen at."""

    listener: Heard | None = None

    def __init__(self, fd: int) -> None:
        self._fd = fd

    def writable(self) -> bool:
        """Always."""
        return True

    def fileno(self) -> int:
        """The descriptor."""
        return self._fd

    def write(self, data: Any) -> int:
        """Write, and let the listener hear what was written."""
        count = os.write(self._fd, data)
        if self.listener is not None:
            self.listener.add(bytes(data[:count]))
        return count


class _OfThread:
    """A stream that keeps what one thread writes, and passes on what others do."""

    def __init__(self, other: Any, heard: Heard) -> None:
        self._other, self._heard, self._thread = other, heard, threading.get_ident()

    def write(self, text: str) -> int:
        """Keep it, or pass it on."""
        if threading.get_ident() != self._thread:
            return int(self._other.write(text))
        self._heard.add(text.encode("utf-8", "backslashreplace"))
        return len(text)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._other, name)


class _Child:
    """The streams of this process, where it is a child."""

    output: Output | None = None
    stream: Any = None


_one_at_a_time = threading.RLock()


def open_output(fd: int) -> io.TextIOWrapper:
    """A stream of text to write to `fd`, which `listening` hears from now on."""
    _Child.output = Output(fd)
    buffer = io.BufferedWriter(_Child.output)
    stream = io.TextIOWrapper(buffer, encoding="utf-8", errors="backslashreplace", newline="\n")
    _Child.stream = stream
    return stream


def listening() -> AbstractContextManager[Heard]:
    """Hear what is printed in the meantime."""
    return _listening_here() if _Child.output is None else _Listening(_Child.output)


class _Listening:
    """Of a child, which holds nothing back before a call; a class, because it is entered for every one."""

    def __init__(self, output: Output) -> None:
        self._output, self._heard = output, Heard()

    def __enter__(self) -> Heard:
        self._output.listener = self._heard
        return self._heard

    def __exit__(self, *_: object) -> None:
        _flush()
        self._output.listener = None


@contextlib.contextmanager
def _listening_here() -> Iterator[Heard]:
    heard = Heard()
    with _one_at_a_time:  # `sys.stdout` is everybody's
        before = sys.stdout
        sys.stdout = _OfThread(before, heard)
        try:
            yield heard
        finally:
            sys.stdout = before


def _flush() -> None:
    flush(_Child.stream)
    if sys.stdout is not _Child.stream:
        flush(sys.stdout)


def flush(stream: Any) -> None:
    """Write what a stream holds back; the student may have put anything there, what ends a program too, or closed it."""
    try:  # noqa: SIM105 - a context manager takes as long as all the rest
        stream.flush()
    except BaseException:
        pass
