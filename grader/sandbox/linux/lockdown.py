"""Taking privileges away from a child, in the order in which that is possible.

    rlimits ─► dies with the zygote ─► not dumpable ─► no new privileges ─► Landlock ─► seccomp

    mode            needs                     a student's import reads
    landlock        Landlock 3+, libseccomp   the standard library, numpy, and what the course offers (see `offer`)
    closed-fs       libseccomp                nothing: only what the zygote imported
    rlimits-only    nothing                   anything; suitable only for one's own code

`prepare` does the expensive part once in the zygote, `Locks.apply` the rest in each child. What a child does first is dear: every page of
memory that it touches is copied for it.
"""

import ctypes
import functools
import importlib.util
import math
import os
import signal
import sys
import sysconfig
import zoneinfo
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from grader.sandbox.linux import landlock, seccomp

NOBODY: Final = 65534

_TRIES: Final = 3
_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE, _PR_SET_NO_NEW_PRIVS = 1, 4, 38


class Locks:
    """A mode, with its Landlock ruleset (a descriptor) and seccomp filter if it has them."""

    def __init__(self, mode: str, ruleset: int | None, rules: Any) -> None:
        self.mode, self.ruleset, self._rules = mode, ruleset, rules

    def apply(self, parent: int, limits: Sequence[tuple[int, int]]) -> None:
        """Lock this process, a child of the process `parent`, which knew the `limits` before it forked."""
        set_limits(limits)
        die_with_parent()
        if os.getppid() != parent:
            raise ProcessLookupError("the zygote has ended")
        hide_memory()
        _prctl(_PR_SET_NO_NEW_PRIVS, 1)
        if self.ruleset is not None:
            landlock.restrict(self.ruleset)
        if self._rules is not None:
            self._rules.load()


def prepare(mode: str | None, weak: bool, also: Sequence[Path] = ()) -> Locks:
    """The locks of `mode`, or of the best mode that works here (`rlimits-only` only if `weak`).

    Args:
        also: what a child may read besides the standard library and numpy.

    Raises:
        OSError: the mode does not work here; the message says what is missing.
    """
    if mode == "rlimits-only":
        return Locks(mode, None, None)
    best = mode or ("landlock" if landlock.version() >= landlock.MINIMUM else "closed-fs")
    try:
        rules = seccomp.build_filter(read_files=best == "landlock")
        _try_in_a_child(rules)
    except (ImportError, RuntimeError, OSError) as error:
        if mode is None and weak:
            return Locks("rlimits-only", None, None)
        raise OSError(f"system calls cannot be filtered here ({error}): install libseccomp (apt install libseccomp2)") from None
    if best == "closed-fs":
        return Locks(best, None, rules)
    if landlock.version() < landlock.MINIMUM:
        raise OSError(f"mode landlock needs Landlock {landlock.MINIMUM} or later; this kernel has {landlock.version() or 'none'}")
    readable, listable = readable_paths()
    return Locks(best, landlock.create_ruleset([*readable, *also], listable), rules)


def _try_in_a_child(rules: Any) -> None:
    """Raise `OSError` if this kernel or container does not allow loading a filter, which only loading one can tell.

    A child that was killed from outside (as happens when memory runs out) is inconclusive, and another one is tried.
    """
    for _ in range(_TRIES):
        pid = os.fork()
        if pid == 0:
            code = 1
            try:
                _prctl(_PR_SET_NO_NEW_PRIVS, 1)
                rules.load()
                code = 0
            finally:
                os._exit(code)
        code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        if code != -signal.SIGKILL:
            break
    if code != 0:
        raise OSError("the kernel loads no filter: is CONFIG_SECCOMP_FILTER missing, or seccomp() forbidden by a container?")


def readable_paths() -> tuple[list[Path], list[Path]]:
    """What a child may read, and what it may list: the standard library without installed packages, numpy, shared libraries, time zones.

    Never `site-packages` as a whole, because the grader may be installed there.
    """
    numpy = folder_of("numpy")
    stdlib = {Path(sysconfig.get_path(name)).resolve() for name in ("stdlib", "platstdlib")}
    skip = {"site-packages", "dist-packages", "test"}
    entries = [entry for folder in stdlib for entry in folder.iterdir() if entry.name not in skip]
    triplet = sysconfig.get_config_var("MULTIARCH")
    libraries = [Path("/lib64"), Path("/usr/lib64"), *(Path(root, triplet) for root in ("/lib", "/usr/lib") if triplet)]
    system = [Path("/etc/ld.so.cache"), Path("/dev/null"), Path("/dev/urandom")]
    zones = [Path(folder) for folder in zoneinfo.TZPATH]  # which hours each time zone has, the same for everybody
    return [*entries, numpy, numpy.with_name("numpy.libs"), *libraries, *system, *zones], list(stdlib)


def folder_of(package: str) -> Path:
    """Where a package is, which need not be imported."""
    spec = importlib.util.find_spec(package)
    assert spec is not None and spec.origin is not None
    return Path(spec.origin).parent


def limits(cpu_seconds: int, memory: int) -> list[tuple[int, int]]:
    """The limits that the kernel is to enforce on this process, or on its next fork: kinds and values.

    Args:
        memory: bytes of address space beyond its current size.
    """
    import resource

    wanted = {"RLIMIT_CPU": cpu_seconds, "RLIMIT_FSIZE": 0, "RLIMIT_NOFILE": 32, "RLIMIT_CORE": 0}
    if sys.platform == "linux":
        pages = int(Path("/proc/self/statm").read_bytes().split()[0])
        wanted["RLIMIT_AS"] = pages * resource.getpagesize() + memory
        wanted |= dict.fromkeys(("RLIMIT_NPROC", "RLIMIT_MEMLOCK", "RLIMIT_MSGQUEUE", "RLIMIT_NICE"), 0)
    found = []
    for name, value in wanted.items():
        kind = getattr(resource, name, None)
        if kind is not None:
            ceiling = resource.getrlimit(kind)[1]
            found.append((kind, value if ceiling == resource.RLIM_INFINITY else min(value, ceiling)))
    return found


def set_limits(found: Sequence[tuple[int, int]]) -> None:
    """Set these limits on this process."""
    import resource

    for kind, value in found:
        resource.setrlimit(kind, (value, value))


def cpu_limit(budget_seconds: float) -> int:
    """The kernel's CPU limit, in whole seconds, for a submission with `budget_seconds`: a backstop, so slightly more."""
    return math.ceil(min(budget_seconds, 1e6)) + 1


def die_with_parent() -> None:
    """Be killed when the parent ends."""
    _prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def hide_memory() -> None:
    """Let no other process of the same user read this one's memory or environment."""
    _prctl(_PR_SET_DUMPABLE, 0)


def become_nobody() -> None:
    """Give up root permanently, and verify that it cannot be regained.

    Raises:
        OSError: that is not possible here, or root could be regained.
    """
    try:
        os.setgroups([])
        os.setresgid(NOBODY, NOBODY, NOBODY)
        os.setresuid(NOBODY, NOBODY, NOBODY)
    except OSError as error:
        problem = f"started as root, but cannot become user {NOBODY} here ({error})"
        raise OSError(f"{problem}: run the grader as an ordinary user") from None
    for attempt, rights in ((os.setresuid, (0, 0, 0)), (os.setresgid, (0, 0, 0)), (os.setgroups, ([0],))):
        try:
            attempt(*rights)
        except PermissionError:
            continue
        raise OSError("root could be regained after giving it up: run the grader as an ordinary user")
    if {*os.getresuid(), *os.getresgid()} != {NOBODY} or os.getgroups() or _capabilities():
        raise OSError("not all of root's rights could be given up: run the grader as an ordinary user")


def _capabilities() -> int:
    fields = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    return int(fields["CapEff"], 16) | int(fields["CapPrm"], 16)


@functools.cache
def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


def _prctl(option: int, value: int) -> None:
    prctl = _libc().prctl
    if prctl(option, ctypes.c_ulong(value), ctypes.c_ulong(0), ctypes.c_ulong(0), ctypes.c_ulong(0)) != 0:
        error = ctypes.get_errno()
        raise OSError(error, os.strerror(error))
