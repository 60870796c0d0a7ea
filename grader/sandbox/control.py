"""The messages of the supervisor and the zygote on their control socket, one record per packet.

supervisor                        zygote
    │ ◄──────────────── Ready ───── │   once, when it is prepared (or Failed)
    │ ── Fork + [ipc, output] ────► │
    │ ◄────── Forked + [pidfd] ──── │   (or Failed)
    │ ── Reap ────────────────────► │   the child has been killed, or has ended
    │ ◄─────────────── Reaped ───── │
"""

import msgspec


class Ready(msgspec.Struct, frozen=True, tag="ready"):
    """The zygote serves: its mode, Landlock's version (0: none), its user, and what imports in children cannot read ("": nothing).

    Attributes:
        imported: the modules that the course offers, with the seconds that their import took.
    """

    mode: str
    landlock: int
    uid: int
    unreadable: str
    imported: tuple[tuple[str, float], ...] = ()


class Fork(msgspec.Struct, frozen=True, tag="fork"):
    """Fork a child. Its end of the wire and of the output pipe come with this packet, and up to `MOST_GIVEN` others."""

    cpu_seconds: int
    memory: int


class Forked(msgspec.Struct, frozen=True, tag="forked"):
    """A child was forked: its pid in the zygote's pid namespace. A pidfd comes with this packet."""

    pid: int


class Reap(msgspec.Struct, frozen=True, tag="reap"):
    """Wait for a child that is ending."""

    pid: int


class Reaped(msgspec.Struct, frozen=True, tag="reaped"):
    """A child's exit code, or minus the number of the signal that killed it; CPU seconds and peak resident KiB."""

    status: int
    cpu_seconds: float
    peak_kib: int


class Failed(msgspec.Struct, frozen=True, tag="failed"):
    """The zygote could not do what was requested; `final`: nor could one in other namespaces."""

    reason: str
    final: bool = False


Answer = Ready | Forked | Reaped | Failed

PACKET = 4096
CONTROL_FD = 3
FIRST_GIVEN, MOST_GIVEN = 200, 64  # descriptors that a child was given: its bell, or files to read

ENDING_MS = 500  # between the closing of a child's descriptors and its end
EXIT_SETUP = 70  # a child could not be locked down
EXIT_MEMORY = 71  # there was not enough memory left even to report it

encode = msgspec.msgpack.Encoder().encode
decode_request = msgspec.msgpack.Decoder(Fork | Reap).decode
decode_answer = msgspec.msgpack.Decoder(Answer).decode
