"""Which protections are in force: a sacrificial child attempts each forbidden thing.

The attempts are source text run in an ordinary session, exactly like a submission. A protection is in force if the system refuses the
attempt; it is not if the attempt succeeds or ends in any other way.
"""

import os
import socket
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import msgspec

from grader.errors import SandboxError
from grader.sandbox.backend import Backend, Limits, Source
from grader.sandbox.launch import PACKAGE
from grader.sandbox.linux.lockdown import NOBODY
from grader.sandbox.outcome import Outcome, OutOfMemory, Raised, Returned, TimedOut
from grader.sandbox.values import decode
from grader.sandbox.wire import Step, frame

_SECCOMP = "on Linux: apt install libseccomp2 (dnf install libseccomp) and pip install pyseccomp"
_BWRAP = "on Linux: apt install bubblewrap"
_MEMORY = "on Linux: memory is limited by the kernel's RLIMIT_AS; it should always be there"


class Protection(msgspec.Struct, frozen=True):
    """Something that a submission must not be able to do.

    Attributes:
        in_force: whether the attempt was refused.
        detail: the system's error, or what the attempt achieved.
        required: whether a class may only be graded with this protection.
        remedy: what to install or do if it is not in force.
    """

    name: str
    in_force: bool
    detail: str
    required: bool
    remedy: str


class _Attempt(msgspec.Struct, frozen=True):
    name: str
    body: str
    remedy: str = _SECCOMP
    required: bool = True
    refusals: tuple[str, ...] = ("OSError",)


# Bodies of functions. Placeholders: {outside} is a file that the child's user owns, {folder} its directory, {parent} the supervisor's pid,
# {port} a port that it listens on, {grader} a file of the grader's own code.
_ATTEMPTS = (
    _Attempt("read a file", "return open('/etc/passwd').read()[:20]"),
    _Attempt("read the grader's own code", "return open({grader!r}).read()[:20]"),
    _Attempt("list a directory", "return str(os.listdir('/etc')[:3])"),
    _Attempt("write to a file", "return os.write(os.open({outside!r}, os.O_WRONLY), b'x')"),
    _Attempt("create a file", "return os.open({folder!r} + '/made', os.O_CREAT | os.O_RDWR)"),
    _Attempt("create a directory", "return os.mkdir({folder!r} + '/made-too')"),
    _Attempt("delete a file", "return os.unlink({folder!r} + '/extra')"),
    _Attempt("change a file's mode", "return os.chmod({outside!r}, 0o666)"),
    _Attempt("change a file's times", "return os.utime({outside!r}, (0, 0))"),
    _Attempt("learn whether a file exists", "return os.stat({outside!r}).st_size", _BWRAP, required=False),
    _Attempt("read a process's environment", "return str(open('/proc/1/environ', 'rb').read(20))"),
    _Attempt("read the supervisor's command line", "return str(open('/proc/{parent}/cmdline', 'rb').read(20))"),
    _Attempt("open a network socket", "return socket.socket().fileno()"),
    _Attempt("connect to this machine", "return socket.create_connection(('127.0.0.1', {port}), 1).fileno()"),
    _Attempt("open a local socket", "return socket.socket(socket.AF_UNIX).fileno()"),
    _Attempt("start a process", "return os.fork() or os._exit(0)"),
    _Attempt("start a thread", "return threading.Thread(target=int).start()", refusals=("RuntimeError",)),
    _Attempt("execute a program", "return libc('execve', b'/nonexistent', None, None)", refusals=("PermissionError",)),
    _Attempt("signal its parent", "return os.kill(os.getppid(), 0)"),
    _Attempt("signal the supervisor", "return os.kill({parent}, 0)"),
    _Attempt("read another process's memory", "return libc('process_vm_readv', os.getppid(), None, 0, None, 0, 0)"),
    _Attempt("change a process's priority", "return os.setpriority(0, os.getppid(), os.getpriority(0, os.getppid()))"),
    _Attempt("make a file without a name", "return os.memfd_create('x')"),
    _Attempt(
        "raise its own limits",
        "return resource.setrlimit(resource.RLIMIT_AS, (resource.RLIM_INFINITY,) * 2)",
        refusals=("OSError", "ValueError"),
    ),
    _Attempt("use 4 GiB of memory", "return len(bytearray(4 << 30))", _MEMORY, refusals=()),
    _Attempt("use 4 GiB of memory by mmap", "return len(mmap.mmap(-1, 4 << 30))", _MEMORY),
    _Attempt("trace a process", "return libc('ptrace', 0, 0, None, None)"),
    _Attempt("use more time than it may", "while True: pass", "please report this", refusals=()),
)

_PRELUDE = """\
import ctypes, mmap, os, socket, threading
try:
    import resource
except ImportError:  # not on Windows: the attempts that need it then fail in a way that does not count as a refusal
    resource = None

def libc(name, *arguments):
    result = getattr(ctypes.CDLL(None, use_errno=True), name)(*arguments)
    if result < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return result

"""

_LIMITS = Limits(wall_floor=1.0)
_SECONDS, _TIMED_SECONDS = 0.5, 0.02  # of CPU time, for an attempt and for the one at using more


def probe(backend: Backend, offered: tuple[str, ...] = ()) -> tuple[Protection, ...]:
    """Test every protection of `backend`. Like a submission, the probe is run once more if the sandbox fails.

    Args:
        offered: third-party modules that are there for the probe, as for submissions (see `offer`).

    Raises:
        SandboxError: the sandbox failed twice.
    """
    try:
        return _probe(backend, offered)
    except SandboxError:
        return _probe(backend, offered)


def _probe(backend: Backend, offered: tuple[str, ...]) -> tuple[Protection, ...]:
    with tempfile.TemporaryDirectory() as folder, socket.create_server(("127.0.0.1", 0)) as server:
        outside = Path(folder) / "outside"
        for path in (outside, Path(folder) / "extra"):
            path.write_text("x")
        if hasattr(os, "geteuid") and os.geteuid() == 0:  # so that the child is not refused merely for not owning it
            for path in (Path(folder), *Path(folder).iterdir()):
                os.chown(path, NOBODY, NOBODY)
        code = "".join(f"def attempt_{number}():\n    {attempt.body}\n\n" for number, attempt in enumerate(_ATTEMPTS))
        own, port = str(PACKAGE / "sandbox" / "values.py"), server.getsockname()[1]
        code = code.format(outside=str(outside), folder=folder, parent=os.getpid(), port=port, grader=own)
        return tuple(_try_all(backend, Source("probe", {"probe": _PRELUDE + code}, offered=offered)))


def _try_all(backend: Backend, source: Source) -> Iterator[Protection]:
    session = backend.open(source, _LIMITS)
    try:
        for number, attempt in enumerate(_ATTEMPTS):
            if not session.alive:
                session.close()
                session = backend.open(source, _LIMITS)
            if not isinstance(session.loaded, Returned):
                raise SandboxError(f"the probe could not be loaded: {session.loaded}")
            seconds = _TIMED_SECONDS if "time" in attempt.name.split() else _SECONDS
            outcome = session.call(number, frame(Step(number, number, "call", f"attempt_{number}")), seconds)
            in_force, detail = _judge(attempt, outcome)
            yield Protection(attempt.name, in_force, detail, attempt.required, "" if in_force else attempt.remedy)
    finally:
        session.close()


def _judge(attempt: _Attempt, outcome: Outcome) -> tuple[bool, str]:
    """Whether `outcome` is the system's refusal, and the outcome in words."""
    if isinstance(outcome, Raised):
        return any(name in outcome.bases for name in attempt.refusals), f"{outcome.name}: {outcome.message}"
    if isinstance(outcome, OutOfMemory):
        return "memory" in attempt.name, "MemoryError"
    if isinstance(outcome, TimedOut):
        return "time" in attempt.name, f"stopped after {outcome.seconds:g} s ({outcome.clock})"
    if isinstance(outcome, Returned):
        return False, f"it could: {decode(outcome.value)!r:.60}"
    return False, f"no answer: {outcome!r:.100}"


def refusals(protections: Iterable[Protection]) -> tuple[Protection, ...]:
    """The required protections that are not in force: any of them prevents grading a class."""
    return tuple(protection for protection in protections if protection.required and not protection.in_force)


def facts(backend: Backend) -> dict[str, str]:
    """Other properties of `backend`, by topic."""
    from grader.sandbox.linux.backend import LinuxBackend  # not on every system

    if not isinstance(backend, LinuxBackend):
        return {"sandbox": "a plain child process: time limits, and whatever limits this system has"}
    found = backend.facts()
    imports = "the standard library and numpy"
    if found.mode == "closed-fs":
        imports = "only the modules that are loaded beforehand (most of the standard library, and numpy)"
    elif found.unreadable:
        imports = f"only the modules that are loaded beforehand: user {found.uid} cannot read {found.unreadable}"
    return {
        "sandbox": found.mode,
        "Landlock": f"version {found.landlock}" if found.landlock else "not in this kernel",
        "namespaces": backend.namespace,
        "user": f"{found.uid}",
        "imports": imports,
    } | ({"reason": _reason()} if found.mode == "rlimits-only" else _without(backend.refused()))


def _without(refused: Mapping[str, str]) -> dict[str, str]:
    return {f"not {kind}": reason for kind, reason in refused.items()}


def _reason() -> str:
    """Why `rlimits-only` is the best mode here: the sandbox's own error."""
    from grader.sandbox.linux.backend import LinuxBackend

    try:
        with LinuxBackend() as backend:
            backend.facts()
    except SandboxError as error:
        return str(error).removeprefix("the sandbox could not be started: ")
    return "unknown"  # it failed a moment ago
