"""The process that children are forked from: it imports numpy once, and its memory never contains anything secret.

    exec with a clean environment, maybe inside namespaces (see `namespaces`)
      └─ import what students may import        trusted code only, as the user who started the grader
         build the Landlock ruleset and the seccomp filter
         if root: become nobody, permanently
         send `Ready`
         └─ for each `Fork`: a child ─► descriptors 0 to 3 ─► locks ─► `serve` of the task, usually `child.worker`

Its only open descriptors are 0, 1, 2 (/dev/null), 3 (the control socket) and the ruleset's; it ends when the control socket closes.
"""

import contextlib
import fcntl
import gc
import importlib
import os
import resource  # noqa: F401 - for `lockdown`: importing it takes each child a millisecond
import signal
import socket
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from grader.sandbox.child.offered import OfferError, import_offered
from grader.sandbox.child.process import renew_streams, restrict_import_path
from grader.sandbox.control import (
    CONTROL_FD,
    EXIT_SETUP,
    FIRST_GIVEN,
    MOST_GIVEN,
    PACKET,
    Failed,
    Fork,
    Forked,
    Ready,
    Reaped,
    decode_request,
    encode,
)
from grader.sandbox.linux import bind_interpreter, lockdown, seccomp
from grader.sandbox.linux.landlock import version


def main() -> None:
    """Serve.

    Arguments: mode ("" for the best), "weak" if that is acceptable, kind of namespace (see `namespaces`), control descriptor, what the
    course offers (see `launch.given`), the module whose `prepare` this process calls and whose `serve` its children run, and arguments
    of `prepare`.
    """
    mode, weak, namespace, descriptor, offer, task, *arguments = sys.argv[1:]
    if int(descriptor) != CONTROL_FD:
        os.dup2(int(descriptor), CONTROL_FD)
    control = socket.socket(fileno=CONTROL_FD)
    try:
        serving = importlib.import_module(task)
        locks, ready = _prepare(mode or None, weak == "weak", namespace, serving, arguments, offer)
    except BaseException as error:
        control.send(encode(Failed(f"{error}"[:1000] or type(error).__name__, isinstance(error, OfferError))))
        os._exit(1)
    control.send(encode(ready))
    while True:
        packet, fds, _, _ = socket.recv_fds(control, PACKET, 2 + MOST_GIVEN)
        if not packet:
            os._exit(0)
        request = decode_request(packet)
        if isinstance(request, Fork):
            _fork(control, request, fds, locks, serving)
            for fd in fds:
                os.close(fd)
        else:
            _, status, used = os.wait4(request.pid, 0)
            while os.WIFSTOPPED(status):  # in a weak mode it may have requested to be traced
                _, status, used = os.wait4(request.pid, 0)
            cpu = used.ru_utime + used.ru_stime
            control.send(encode(Reaped(os.waitstatus_to_exitcode(status), cpu, used.ru_maxrss)))


def _prepare(
    mode: str | None, weak: bool, namespace: str, task: Any, arguments: list[str], offer: str
) -> tuple[lockdown.Locks, Ready]:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the supervisor's to handle
    with contextlib.suppress(
        ImportError, OSError, RuntimeError
    ):  # `lockdown` says so; now, for it may be out of reach afterwards
        seccomp.import_binding()
    imported, also = import_offered(offer)  # before any folder is covered: what these need may be single files
    unreadable = _unreadable(own_mounts=namespace != "none", also=also)
    locks = lockdown.prepare(mode, weak, also)
    task.prepare(bool(unreadable) or locks.mode == "closed-fs", arguments)
    restrict_import_path()
    if os.geteuid() == 0:
        lockdown.become_nobody()
    lockdown.hide_memory()
    if namespace == "unshare":
        lockdown.die_with_parent()
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    os.chdir("/")
    _make_streams()
    _close_others(locks.ruleset)
    gc.freeze()
    gc.enable()
    return locks, Ready(locks.mode, version(), os.geteuid(), unreadable, imported)


def _make_streams() -> None:
    """Make the children's streams, which know that they go into a pipe: what they go into is one only for this moment."""
    null, (_reading, writing) = os.dup(1), os.pipe()
    for place in (1, 2):
        os.dup2(writing, place)
    renew_streams()
    for place in (1, 2):
        os.dup2(null, place)


def _unreadable(own_mounts: bool, also: Sequence[Path]) -> str:
    """Which part of the standard library, numpy or `also` children cannot read ("": none), and why mounts have not made it readable."""
    if os.geteuid() != 0:
        return ""
    paths = sorted({*bind_interpreter.required_folders(), *(path.resolve() for path in also if path.is_dir())})
    left = bind_interpreter.unreadable_by_nobody(paths)
    why = "no mount namespace of its own"
    if left and own_mounts:
        try:
            bind_interpreter.bind_interpreter(sorted({*paths, *bind_interpreter.own_folders()}))
            if bind_interpreter.unreadable_by_nobody(paths):
                bind_interpreter.copy_readable(paths)
        except OSError as error:
            why = str(error)
        left = bind_interpreter.unreadable_by_nobody(paths)
    return f"{left[0]} (it could not be mounted for that user: {why})"[:1000] if left else ""


def _fork(control: socket.socket, request: Fork, fds: list[int], locks: lockdown.Locks, task: Any) -> None:
    """Fork a child and send its pidfd; in the child, do not return."""
    zygote = os.getpid()
    try:
        limits = lockdown.limits(request.cpu_seconds, request.memory)
        pid = os.fork()
    except OSError as error:
        control.send(encode(Failed(f"no child could be forked: {error}")))
        return
    if pid == 0:
        _child(control, *fds, locks=locks, limits=limits, zygote=zygote, task=task)
    pidfd = os.pidfd_open(pid)
    socket.send_fds(control, [encode(Forked(pid))], [pidfd])
    os.close(pidfd)


def _child(
    control: socket.socket,
    ipc: int,
    output: int,
    *given: int,
    locks: lockdown.Locks,
    limits: Sequence[tuple[int, int]],
    zygote: int,
    task: Any,
) -> None:
    code = EXIT_SETUP
    try:
        control.detach()
        os.setsid()
        for fd, place in ((output, 1), (output, 2), (ipc, CONTROL_FD)):
            os.dup2(fd, place, inheritable=False)
        files = [fcntl.fcntl(fd, fcntl.F_DUPFD_CLOEXEC, FIRST_GIVEN) for fd in given]
        _close_others(locks.ruleset, files)
        locks.apply(zygote, limits)
        task.serve(CONTROL_FD, CONTROL_FD, files)
        code = 0
    except BaseException:
        os.write(2, traceback.format_exc().encode("utf-8", "backslashreplace")[-2000:])
    finally:
        os._exit(code)


def _close_others(keep: int | None, given: Sequence[int] = ()) -> None:
    """Close every descriptor except 0 to 3, `keep`, and those `given`."""
    place = CONTROL_FD + 1
    for fd in sorted({*given, *(() if keep is None else (keep,))}):
        os.closerange(place, fd)
        place = fd + 1
    os.closerange(place, 65536)
