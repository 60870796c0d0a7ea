"""A command as a process of its own: how long it takes, its CPU time with that of its children, and the memory of all of them by role."""

import contextlib
import ctypes
import os
import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import msgspec

LOOK_SECONDS = 0.5  # between two looks at the processes
_PR_SET_CHILD_SUBREAPER = 36


def grading(submissions: Path, course: Path, out: Path, topic: str = "conv") -> list[str]:
    """The arguments with which a class is graded."""
    return ["grade", str(submissions), "--course", str(course), "--out", str(out), "--topic", topic]


class Measured(msgspec.Struct, frozen=True):
    """What a command took.

    Attributes:
        seconds, cpu: of the wall clock, and of the processors for it and all of its children; `own`: of the command itself alone.
        peaks: the largest resident memory of one process, in MiB, by role.
        output, errors: what it printed.
    """

    code: int
    seconds: float
    cpu: float
    own: float
    peaks: Mapping[str, float]
    output: str = ""
    errors: str = ""


Role = Callable[[str], str]  # from a command line to a role, "" for one that does not matter


def measured(
    command: Sequence[str], folder: Path, environment: Mapping[str, str], log: Path, role: Role = lambda _: ""
) -> Measured:
    """Run a command.

    Args:
        log: gets what it prints on stderr, as it comes.
        role: of the processes that it starts; the command itself is "main".
    """
    ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, ctypes.c_ulong(1))  # else the time of those that outlive it would be lost
    before, started = os.times(), time.perf_counter()
    with (
        log.open("w") as errors,
        subprocess.Popen(command, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=errors, text=True) as process,
    ):
        peaks: dict[str, float] = {}
        own = [0.0]
        ended = threading.Event()
        watcher = threading.Thread(target=_watch, args=(process.pid, role, peaks, own, ended))
        watcher.start()
        output, _ = process.communicate()
        ended.set()
        watcher.join()
    seconds = time.perf_counter() - started
    with contextlib.suppress(ChildProcessError):
        while True:  # those that end after the command
            os.wait()
    after = os.times()
    cpu = after.children_user + after.children_system - before.children_user - before.children_system
    return Measured(process.returncode, seconds, cpu, own[0], peaks, output, log.read_text(errors="replace"))


def _watch(main: int, role: Role, peaks: dict[str, float], own: list[float], ended: threading.Event) -> None:
    roles: dict[int, str] = {main: "main"}
    while True:
        own[0] = _cpu(main) or own[0]
        for pid in _tree(main):
            if pid not in roles:
                roles[pid] = role(_command_line(pid))
            if name := roles[pid]:
                peaks[name] = max(peaks.get(name, 0.0), _peak(pid))
        if ended.wait(LOOK_SECONDS):
            return


def _tree(main: int) -> list[int]:
    """A process and all that descend from it."""
    found = [main]
    for pid in found:
        try:
            for task in Path(f"/proc/{pid}/task").iterdir():
                found += map(int, (task / "children").read_text().split())
        except OSError:
            continue
    return found


def _command_line(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        return ""


def _cpu(pid: int) -> float:
    """The CPU seconds of a process so far, without its children's."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _peak(pid: int) -> float:
    """The largest resident memory that a process had, in MiB."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM")), 0.0)
