"""What a submission cannot do, each tried from its own source, in both modes that a class is graded with."""

import ctypes
import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from students import LIMITS, call, run, session, value

from grader.sandbox.backend import Backend
from grader.sandbox.linux import landlock, lockdown
from grader.sandbox.linux.backend import LinuxBackend
from grader.sandbox.outcome import Died, OutOfMemory, Raised, Returned

PRELUDE = """
import ctypes, errno, fcntl, mmap, os, resource, signal, socket, subprocess, sys, tempfile, threading, time
import numpy as np
libc = ctypes.CDLL(None, use_errno=True)
def sys_(number, *args):
    if libc.syscall(ctypes.c_long(number), *args) < 0: raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
"""
X86 = os.uname().machine == "x86_64"


@pytest.fixture(scope="module", params=["landlock", "closed-fs"])
def backend(request: pytest.FixtureRequest) -> Iterator[Backend]:
    """The Linux backend in one mode."""
    with LinuxBackend(request.param) as backend:
        yield backend


FORBIDDEN = {
    "read a file": "open('/etc/hostname').read()",
    "read a file through numpy": "np.fromfile('/etc/passwd', 'u1')",
    "read the password hashes": "open('/etc/shadow').read()",
    "map a file": "np.memmap('/etc/passwd', 'u1', 'r')",
    "read installed packages": "open(np.__file__.replace('numpy/__init__', 'msgspec/__init__')).read()",
    "read the grader": f"open({str(Path(lockdown.__file__))!r}).read()",
    "list the root": "os.listdir('/')",
    "list open descriptors": "os.listdir('/proc/self/fd')",
    "read its own environment in /proc": "open('/proc/self/environ').read()",
    "read other processes": "open('/proc/1/cmdline').read()",
    "write a file": "open('/tmp/x', 'w')",
    "make a temporary file": "tempfile.TemporaryFile()",
    "save an array": "np.save('/tmp/x.npy', np.ones(3))",
    "make a directory": "os.mkdir('/tmp/x')",
    "delete": "os.unlink('/tmp/nothing')",
    "rename": "os.rename('/tmp/nothing', '/tmp/else')",
    "link": "os.symlink('/etc/passwd', '/tmp/x')",
    "truncate": "os.truncate('/dev/null', 0)",
    "chmod": "os.chmod('/tmp', 0o777)",
    "chown": "os.chown('/tmp', os.getuid(), os.getgid())",
    "utime": "os.utime('/dev/null')",
    "set an extended attribute": "os.setxattr('/dev/null', 'user.x', b'1')",
    "change directory": "os.chdir('/tmp')",
    "make a named pipe": "os.mkfifo('/tmp/x')",
    "open a TCP socket": "socket.socket()",
    "open a UDP socket": "socket.socket(type=socket.SOCK_DGRAM)",
    "open a unix socket": "socket.socket(socket.AF_UNIX)",
    "open a netlink socket": "socket.socket(socket.AF_NETLINK, socket.SOCK_RAW)",
    "make a socket pair": "socket.socketpair()",
    "resolve a name": "socket.create_connection(('example.org', 80), 1)",
    "fork": "os.fork()",
    "vfork and exec": "subprocess.run(['/bin/true'])",
    "spawn": "os.posix_spawn('/bin/true', ['true'], {})",
    "run a shell": "libc.system(b'true') == 0 or sys_(-1)",
    "exec": "os.execv('/bin/true', ['true'])",
    "signal itself": "os.kill(os.getpid(), 0)",
    "signal its parent": "os.kill(os.getppid(), 0)",
    "signal everyone": "os.kill(-1, 0)",
    "signal through a pidfd": "signal.pidfd_send_signal(os.pidfd_open(os.getppid()), 0)",
    "have signals sent by fcntl": "fcntl.fcntl(1, fcntl.F_SETOWN, os.getppid())",
    "enlarge its pipe": "fcntl.fcntl(1, fcntl.F_SETPIPE_SZ, 1 << 20)",
    "have a timer": "signal.setitimer(signal.ITIMER_REAL, 1)",
    "trace": "sys_(101 if X86 else 117, 0, 0, 0, 0)",
    "read another's memory": "sys_(310 if X86 else 270, os.getppid(), None, 0, None, 0, 0)",
    "change its parent's limits": "resource.prlimit(os.getppid(), resource.RLIMIT_CPU)",
    "change priorities": "os.setpriority(os.PRIO_PROCESS, os.getppid(), 1)",
    "choose a CPU": "os.sched_setaffinity(0, {0})",
    "become another user": "os.setuid(0)",
    "make itself dumpable": "libc.prctl(4, 1, 0, 0, 0) and sys_(-1)",
    "make a nameless file": "os.memfd_create('x')",
    "make a new namespace": "sys_(272 if X86 else 97, 0x10000000)",
    "use io_uring": "sys_(425, 8, None)",
    "load a program into the kernel": "sys_(321 if X86 else 280, 0, None, 0)",
    "make a key": "sys_(248 if X86 else 217, b'user', b'x', b'y', 1, -1)",
    "make shared memory": "sys_(29 if X86 else 194, 0, 4096, 0o1000)",
    "mount": "libc.mount(b'none', b'/tmp', b'tmpfs', 0, None) and sys_(-1)",
    "open by handle": "sys_(304 if X86 else 265, -100, None, 0)",
    "duplicate onto the wire": "os.dup2(1, 3)",
}


@pytest.mark.parametrize("name", FORBIDDEN)
def test_forbidden(backend: Backend, name: str) -> None:
    """It is refused by the system with an error, and the child lives on."""
    with session(backend, f"{PRELUDE}\nX86 = {X86}\ndef f(): {FORBIDDEN[name]}\ndef g(): return 1") as opened:
        outcome = call(opened, "f")
        assert isinstance(outcome, Raised) and "OSError" in outcome.bases, outcome
        assert value(call(opened, "g", seq=1)) == 1


def test_no_threads(backend: Backend) -> None:
    """There is one thread."""
    outcome = run(backend, f"{PRELUDE}\ndef f(): threading.Thread(target=int).start()")
    assert isinstance(outcome, Raised) and outcome.name == "RuntimeError"


@pytest.mark.parametrize("limit", ["AS", "CPU", "FSIZE", "NOFILE", "CORE", "NPROC", "MEMLOCK", "NICE"])
def test_limits_cannot_be_raised(backend: Backend, limit: str) -> None:
    """Soft and hard limits are equal and stay so."""
    text = f"""{PRELUDE}
def f():
    soft, hard = resource.getrlimit(resource.RLIMIT_{limit})
    try: resource.setrlimit(resource.RLIMIT_{limit}, (soft + 1, soft + 1))
    except (ValueError, OSError): return soft == hard
    return False
"""
    assert value(run(backend, text)) is True


@pytest.mark.parametrize("body", ["bytearray(1 << 32)", "np.ones(1 << 29)", "[bytearray(1 << 24) for _ in range(256)]"])
def test_memory_is_limited(backend: Backend, body: str) -> None:
    """However it is asked for, more memory than the limit is refused."""
    assert run(backend, f"{PRELUDE}\ndef f(): {body}") == OutOfMemory(LIMITS.memory)


def test_shared_memory_is_limited(backend: Backend) -> None:
    """Shared mappings count."""
    outcome = run(backend, f"{PRELUDE}\ndef f(): return [mmap.mmap(-1, 1 << 26) for _ in range(64)]")
    assert isinstance(outcome, Raised | OutOfMemory)


def test_nothing_is_open_but_its_streams(backend: Backend) -> None:
    """It holds stdin, the two ends of its output, and the wire; nothing else."""
    text = """
import os
import signal
def f():
    found = []
    for fd in range(100):
        try: os.read(fd, 0); found.append(fd)
        except OSError as error:
            if error.errno != 9: found.append(fd)
    return found
"""
    assert value(run(backend, text)) in ([0, 3], [0, 1, 2, 3])


def test_foreign_entries_are_closed(backend: Backend) -> None:
    """System calls by the x32 numbers are not a way around the filter."""
    outcome = run(backend, f"{PRELUDE}\ndef f(): sys_(0x40000000 | 41, 2, 1, 0)")
    assert isinstance(outcome, Died | Raised)


def test_arguments_are_compared_by_their_low_half(backend: Backend) -> None:
    """Rubbish in the upper half of an argument neither opens nor closes anything."""
    text = f"{PRELUDE}\ndef f(): sys_({72 if X86 else 25}, 1, ctypes.c_ulong((1 << 32) | 8), ctypes.c_ulong(1))"
    outcome = run(backend, text)
    assert isinstance(outcome, Raised) and "OSError" in outcome.bases


def test_user(backend: LinuxBackend) -> None:
    """Student code does not run as root."""
    assert 0 not in value(run(backend, "import os\ndef f(): return [os.getuid(), os.geteuid(), os.getgid(), os.getegid()]"))
    assert backend.facts().uid != 0


def test_own_streams_still_work(backend: Backend) -> None:
    """Time, randomness, descriptors' flags and numpy's linear algebra are not affected."""
    text = f"""{PRELUDE}
def f():
    time.sleep(0.001); os.urandom(8); os.isatty(1); fcntl.fcntl(1, fcntl.F_GETFL); np.random.default_rng()
    return float(np.linalg.norm(np.linalg.svd(np.random.rand(200, 200))[0])) > 1
"""
    assert run(backend, text) == Returned(True)


def test_landlock_errors_are_told() -> None:
    """A system call that fails raises with its errno; one that succeeds does not, whatever errno was before."""
    with pytest.raises(OSError, match=r"."):
        landlock.restrict(-1)
    ctypes.set_errno(5)
    assert landlock.version() >= landlock.MINIMUM


def test_unknown_mode() -> None:
    """A mode that does not exist is wrong use."""
    with pytest.raises(ValueError, match="no sandbox mode"):
        LinuxBackend("nothing")


def test_no_landlock_means_closed_fs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without Landlock every open is denied instead; asking for Landlock is refused with the reason."""
    monkeypatch.setattr(landlock, "version", lambda: 0)
    assert lockdown.prepare(None, weak=False).mode == "closed-fs"
    with pytest.raises(OSError, match="needs Landlock"):
        lockdown.prepare("landlock", weak=False)


def test_no_seccomp_means_weak(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without libseccomp there is only the weak mode, and only for who says that it will do."""
    monkeypatch.setitem(sys.modules, "pyseccomp", None)
    assert lockdown.prepare(None, weak=True).mode == "rlimits-only"
    with pytest.raises(OSError, match="apt install libseccomp2"):
        lockdown.prepare(None, weak=False)


class Filter:
    """A filter; whoever loads it is killed at that moment, the first `times`."""

    def __init__(self, folder: Path, times: int) -> None:
        self.folder, self.times = folder, times

    def load(self) -> None:
        """Count, and die or not."""
        count = len(list(self.folder.iterdir()))
        (self.folder / str(count)).touch()
        if count < self.times:
            os.kill(os.getpid(), signal.SIGKILL)


def test_filter_whose_trial_was_killed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A trial that something killed is repeated: the sandbox does not get weaker by it."""
    monkeypatch.setattr(lockdown.seccomp, "build_filter", lambda read_files: Filter(tmp_path, times=1))
    assert lockdown.prepare(None, weak=True).mode != "rlimits-only"


def test_filter_whose_trial_is_always_killed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Trials that are always killed end, and there is no filter then."""
    monkeypatch.setattr(lockdown.seccomp, "build_filter", lambda read_files: Filter(tmp_path, times=99))
    with pytest.raises(OSError, match="cannot be filtered here"):
        lockdown.prepare(None, weak=False)
