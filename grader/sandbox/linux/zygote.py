"""The process that children are forked from: it imports numpy once, and its memory never contains anything secret.

    exec with a clean environment, maybe inside namespaces (see `namespaces`)
      └─ import what students may import        trusted code only, as the user who started the grader
         build the Landlock ruleset and the seccomp filter
         if root: become nobody, permanently
         send `Ready`
         └─ for each `Fork`: a child ─► descriptors 0 to 3 ─► locks ─► `worker.serve`

Its only open descriptors are 0, 1, 2 (/dev/null), 3 (the control socket) and the ruleset's; it ends when the control socket closes.
"""

import contextlib
import gc
import os
import signal
import socket
import sys
import sysconfig
import traceback
from pathlib import Path

from grader.sandbox.child import worker
from grader.sandbox.child.preload import preload, restrict_import_path
from grader.sandbox.control import CONTROL_FD, EXIT_SETUP, PACKET, Failed, Fork, Forked, Ready, Reaped, decode_request, encode
from grader.sandbox.linux import bind_interpreter, lockdown, seccomp
from grader.sandbox.linux.landlock import version


def main() -> None:
    """Serve. Arguments: mode ("" for the best), "weak" if that is acceptable, "wrapped" to end with the parent, control descriptor."""
    mode, weak, wrapped, descriptor = sys.argv[1:5]
    if int(descriptor) != CONTROL_FD:
        os.dup2(int(descriptor), CONTROL_FD)
    control = socket.socket(fileno=CONTROL_FD)
    try:
        locks, ready = _prepare(mode or None, weak == "weak", wrapped == "wrapped")
    except BaseException as error:
        control.send(encode(Failed(f"{error}"[:1000] or type(error).__name__)))
        os._exit(1)
    control.send(encode(ready))
    while True:
        packet, fds, _, _ = socket.recv_fds(control, PACKET, 2)
        if not packet:
            os._exit(0)
        request = decode_request(packet)
        if isinstance(request, Fork):
            _fork(control, request, fds, locks)
            for fd in fds:
                os.close(fd)
        else:
            _, status, used = os.wait4(request.pid, 0)
            while os.WIFSTOPPED(status):  # in a weak mode it may have requested to be traced
                _, status, used = os.wait4(request.pid, 0)
            cpu = used.ru_utime + used.ru_stime
            control.send(encode(Reaped(os.waitstatus_to_exitcode(status), cpu, used.ru_maxrss)))


def _prepare(mode: str | None, weak: bool, wrapped: bool) -> tuple[lockdown.Locks, Ready]:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the supervisor's to handle
    with contextlib.suppress(
        ImportError, OSError, RuntimeError
    ):  # `lockdown` says so; now, for it may be out of reach afterwards
        seccomp.import_binding()
    files = _files_can_be_read(wrapped)
    locks = lockdown.prepare(mode, weak)
    preload(everything=not files or locks.mode == "closed-fs")
    restrict_import_path()
    if os.geteuid() == 0:
        lockdown.become_nobody()
    lockdown.hide_memory()
    if wrapped:
        lockdown.die_with_parent()
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    os.chdir("/")
    os.dup2(1, 2)
    _close_others(locks.ruleset)
    gc.freeze()
    readable = os.access(Path(sysconfig.get_path("stdlib")) / "os.py", os.R_OK)
    return locks, Ready(locks.mode, version(), os.geteuid(), readable)


def _files_can_be_read(own_mounts: bool) -> bool:
    """Whether children can read the standard library and numpy, which are made readable by a mount if necessary."""
    if os.geteuid() != 0:
        return True
    paths = bind_interpreter.required_folders()
    if own_mounts and not bind_interpreter.readable_by_nobody(paths):
        with contextlib.suppress(OSError):
            bind_interpreter.bind_interpreter(paths)
    return bind_interpreter.readable_by_nobody(paths)


def _fork(control: socket.socket, request: Fork, fds: list[int], locks: lockdown.Locks) -> None:
    """Fork a child and send its pidfd; in the child, do not return."""
    zygote = os.getpid()
    try:
        pid = os.fork()
    except OSError as error:
        control.send(encode(Failed(f"no child could be forked: {error}")))
        return
    if pid == 0:
        _child(control, request, *fds, locks=locks, zygote=zygote)
    pidfd = os.pidfd_open(pid)
    socket.send_fds(control, [encode(Forked(pid))], [pidfd])
    os.close(pidfd)


def _child(control: socket.socket, request: Fork, ipc: int, output: int, *, locks: lockdown.Locks, zygote: int) -> None:
    code = EXIT_SETUP
    try:
        control.detach()
        os.setsid()
        for fd, place in ((output, 1), (output, 2), (ipc, CONTROL_FD)):
            os.dup2(fd, place, inheritable=False)
        _close_others(locks.ruleset)
        worker.renew_streams()
        locks.apply(zygote, request.cpu_seconds, request.memory)
        worker.serve(CONTROL_FD, CONTROL_FD)
        code = 0
    except BaseException:
        os.write(2, traceback.format_exc().encode("utf-8", "backslashreplace")[-2000:])
    finally:
        os._exit(code)


def _close_others(keep: int | None) -> None:
    """Close every descriptor except 0 to 3 and `keep`."""
    if keep is not None:
        os.closerange(CONTROL_FD + 1, keep)
    os.closerange(CONTROL_FD + 1 if keep is None else keep + 1, 65536)
