"""The frames that a child sends, out of the bytes that lie in its wire; nothing here waits."""

import socket

from grader.sandbox.wire import HEADER, body_length

_CHUNK = 1 << 16


class ClosedError(Exception):
    """The child has closed its end, or has ended."""


class Frames:
    """What has come so far."""

    def __init__(self, wire: socket.socket) -> None:
        self._wire, self._bytes = wire, bytearray()
        self._more = False  # whether the last bytes that were read may have had more behind them

    @property
    def begun(self) -> bool:
        """Whether there is more than was taken."""
        return bool(self._bytes)

    @property
    def unfinished(self) -> bool:
        """Whether more was announced, or may lie in the wire, than was read."""
        return self._more or self.begun

    @property
    def whole(self) -> bool:
        """Whether all of the next frame has come; an invalid one has not."""
        data = self._bytes
        return len(data) >= HEADER.size and len(data) >= HEADER.size + HEADER.unpack(data[: HEADER.size])[0]

    def read(self) -> bool:
        """Read what lies in the wire; whether that was anything.

        Raises:
            ClosedError: there was nothing, and nothing will come.
        """
        try:
            data = self._wire.recv(_CHUNK)
        except BlockingIOError:
            self._more = False
            return False
        except OSError:
            data = b""
        if not data:
            raise ClosedError
        self._bytes += data
        self._more = len(data) == _CHUNK
        return True

    def take(self) -> bytes | bytearray | None:
        """The body of the next frame; None if it has not come, or not all of it.

        Raises:
            WireError: it announces too much.
        """
        data = self._bytes
        if len(data) < HEADER.size:
            return None
        end = HEADER.size + body_length(data[: HEADER.size])
        if len(data) < end:
            return None
        if len(data) == end:  # a large one is not copied
            self._bytes = bytearray()
            del data[: HEADER.size]
            return data
        body = bytes(memoryview(data)[HEADER.size : end])
        del data[:end]
        return body
