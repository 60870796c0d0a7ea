"""What the supervisor and the zygote say to each other over their control socket, one record per packet.

supervisor                        zygote
    │ ◄──────────────── Ready ───── │   once: locked and loaded (or Failed)
    │ ── Fork + [ipc, output] ────► │
    │ ◄────── Forked + [pidfd] ──── │   (or Failed)
    │ ── Reap ────────────────────► │   the child has been killed, or has ended
    │ ◄─────────────── Reaped ───── │
"""

import msgspec


class Ready(msgspec.Struct, frozen=True, tag="ready"):
    """The zygote serves. What it found: the mode, Landlock's version (0: none), its user, whether children can read the stdlib."""

    mode: str
    landlock: int
    uid: int
    stdlib_readable: bool


class Fork(msgspec.Struct, frozen=True, tag="fork"):
    """Make a child with the two descriptors that come with this packet: its end of the wire and of the output pipe."""

    cpu_seconds: int
    memory: int


class Forked(msgspec.Struct, frozen=True, tag="forked"):
    """A child was made: its number in the zygote's pid namespace. A pidfd comes with this packet."""

    pid: int


class Reap(msgspec.Struct, frozen=True, tag="reap"):
    """Wait for a child that is ending."""

    pid: int


class Reaped(msgspec.Struct, frozen=True, tag="reaped"):
    """How it ended: an exit code, or minus a signal's number; CPU seconds and peak resident KiB."""

    status: int
    cpu_seconds: float
    peak_kib: int


class Failed(msgspec.Struct, frozen=True, tag="failed"):
    """The zygote could not do it."""

    reason: str


Answer = Ready | Forked | Reaped | Failed

PACKET = 4096
CONTROL_FD = 3

EXIT_SETUP = 70  # a child could not be locked down
EXIT_MEMORY = 71  # not even enough memory was left to say so

encode = msgspec.msgpack.Encoder().encode
decode_request = msgspec.msgpack.Decoder(Fork | Reap).decode
decode_answer = msgspec.msgpack.Decoder(Answer).decode
