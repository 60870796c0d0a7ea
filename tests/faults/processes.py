"""The processes of a run, as the system sees them."""

import contextlib
import os
import time
from collections.abc import Iterable
from pathlib import Path

_WRAPPERS = ("unshare", "bwrap")  # programs that put a zygote into namespaces


def children(pid: int) -> list[int]:
    """The processes that `pid` started and that are there."""
    found: list[int] = []
    with contextlib.suppress(OSError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            with contextlib.suppress(OSError):
                found += map(int, (task / "children").read_bytes().split())
    return found


def below(pid: int) -> list[int]:
    """All processes under `pid`, without itself."""
    return [found for child in children(pid) for found in (child, *below(child))]


def zygotes(pid: int) -> list[int]:
    """The zygotes of the supervisor `pid`."""
    found, waiting = [], children(pid)
    while waiting:
        name = comm(waiting[-1])
        child = waiting.pop()
        if name in _WRAPPERS:
            waiting += children(child)
        elif name:
            found.append(child)
    return found


def students(pid: int) -> list[int]:
    """The children of those zygotes: the processes that run students' code."""
    return [child for zygote in zygotes(pid) for child in children(zygote)]


def comm(pid: int) -> str:
    """The name of a process, "" when there is none."""
    try:
        return Path(f"/proc/{pid}/comm").read_text().strip()
    except OSError:
        return ""


def state(pid: int) -> str:
    """R, S, T, Z, …; "" when there is no such process."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return ""


def started(pid: int) -> str:
    """When a process began, in ticks since the system did; "" when there is none. Numbers come again, a number with its time does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[19]
    except OSError:
        return ""


def known(pids: Iterable[int]) -> set[tuple[int, str]]:
    """The processes `pids` and when they began."""
    return {(pid, time) for pid in pids if (time := started(pid))}


def end(processes: Iterable[tuple[int, str]], seconds: float = 300.0) -> bool:
    """Whether all of them, as `known` gave them, have ended, waiting for it at most so long."""
    left, deadline = list(processes), time.monotonic() + seconds
    while left := [(pid, since) for pid, since in left if started(pid) == since and state(pid) not in ("", "Z", "X")]:
        if time.monotonic() > deadline:
            return False
        time.sleep(0.01)
    return True


def resident_kib(pid: int) -> int:
    """Resident memory of a process."""
    try:
        fields = Path(f"/proc/{pid}/statm").read_bytes().split()
    except OSError:
        return 0
    return int(fields[1]) * os.sysconf("SC_PAGE_SIZE") // 1024


def descriptors(pid: int) -> int:
    """How many descriptors a process has open."""
    try:
        return len(list(Path(f"/proc/{pid}/fd").iterdir()))
    except OSError:
        return 0
