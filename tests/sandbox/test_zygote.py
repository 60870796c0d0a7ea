"""The zygote ends with its socket, and its death is the grader's fault, once."""

import gc
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from classroom import eventually
from students import LIMITS, call, run, session, source, value

from grader.errors import SandboxError
from grader.sandbox.linux.backend import LinuxBackend
from grader.sandbox.linux.namespaces import candidates
from grader.sandbox.outcome import Raised

pytestmark = pytest.mark.slow


def children(pid: int) -> list[int]:
    """The processes below `pid`."""
    below = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[1]) == pid:
            below += [int(stat.parent.name), *children(int(stat.parent.name))]
    return below


def running(pid: int) -> bool:
    """Whether the process is there and has not ended."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False


def wait_for_end(*pids: int) -> None:
    """Wait until all of them have ended."""
    eventually(lambda: not any(map(running, pids)))


def test_ends_with_its_socket() -> None:
    """Closing the backend ends the zygote and every child."""
    backend = LinuxBackend()
    backend.start()
    pid = backend.zygote_pid
    opened = backend.open(source("def f(): pass"), LIMITS)
    family = [pid, *children(pid)]
    backend.close()
    wait_for_end(*family)
    opened.close()


def test_ends_with_the_supervisor() -> None:
    """When the supervisor is killed, nothing of the sandbox is left."""
    text = (
        "from grader.sandbox.linux.backend import LinuxBackend\nfrom students import *\n"
        "b = LinuxBackend(); s = b.open(source('def f(): pass'), LIMITS); print(b.zygote_pid, flush=True)\nimport time; time.sleep(600)"
    )
    root = str(Path(__file__).parents[2])
    path = {**os.environ, "PYTHONPATH": f"{root}:{Path(__file__).parent}"}
    with subprocess.Popen([sys.executable, "-c", text], stdout=subprocess.PIPE, env=path) as supervisor:
        assert supervisor.stdout is not None
        pid = int(supervisor.stdout.readline())
        family = [pid, *children(pid)]
        assert len(family) >= 2
        supervisor.kill()
    wait_for_end(*family)


@pytest.mark.parametrize("kind", [kind for kind, _ in candidates()])
def test_ends_though_it_was_stopped(kind: str) -> None:
    """What somebody stopped from outside does not outlive its supervisor, whatever started it."""
    backend = LinuxBackend(namespaces=(kind,))
    backend.start()
    opened = backend.open(source("def f(): pass"), LIMITS)
    family = [backend.zygote_pid, *children(backend.zygote_pid)]
    for pid in family[1:]:
        os.kill(pid, signal.SIGSTOP)
    backend.close()
    wait_for_end(*family)
    opened.close()


def test_killed_zygote() -> None:
    """A zygote that was killed is an error of the sandbox in the running step, and the next submission gets a new one."""
    with LinuxBackend(namespaces=("unshare", "none")) as backend:  # with bwrap, what was started is not the zygote's parent
        with session(backend, "import time\ndef f(): time.sleep(5)") as opened:
            os.kill(backend.zygote_pid, signal.SIGKILL)
            with pytest.raises(SandboxError, match="zygote has ended"):
                call(opened, "f", seconds=5.0)
        assert value(run(backend, "def f(): return 1")) == 1


def test_killed_between_submissions() -> None:
    """A zygote that was killed while nothing ran is noticed, at the latest by one failing `open`."""
    with LinuxBackend() as backend:
        assert value(run(backend, "def f(): return 1")) == 1
        zygote = backend.zygote_pid
        os.kill(zygote, signal.SIGKILL)
        wait_for_end(zygote)
        assert value(run(backend, "def f(): return 1")) == 1


def test_killed_child() -> None:
    """A child that someone else killed is not the student's fault."""
    with LinuxBackend() as backend, session(backend, "import time\ndef f(): time.sleep(5)") as opened:
        os.kill(max(children(backend.zygote_pid)), signal.SIGKILL)
        with pytest.raises(SandboxError, match="killed from outside"):
            call(opened, "f")
        assert not opened.alive


@pytest.mark.parametrize("kind", [kind for kind, _ in candidates()])
def test_every_kind_of_namespace(kind: str) -> None:
    """Each kind that is installed here works by itself."""
    with LinuxBackend(namespaces=(kind,)) as backend:
        assert value(run(backend, "def f(): return 1")) == 1
        assert backend.namespace == kind


def test_namespaces_that_do_not_work(monkeypatch: pytest.MonkeyPatch) -> None:
    """A program that cannot make namespaces is passed over; with nothing left the reason is told."""
    monkeypatch.setattr("shutil.which", lambda name: "/bin/false")
    with LinuxBackend() as backend:
        assert value(run(backend, "def f(): return 1")) == 1
        assert backend.namespace == "none"
    with LinuxBackend(namespaces=("bwrap",)) as backend, pytest.raises(SandboxError, match="could not be started"):
        backend.open(source("x = 1"), LIMITS)


def test_one_that_is_slow_and_prints(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """What a library prints while it takes long does not call for a weaker kind of namespace: it is started once more, then refused."""
    program = tmp_path / "slow"
    program.write_text(f"#!/bin/sh\necho 'this may take a moment' >&2\nexec {shutil.which('sleep')} 600\n")  # there is no PATH
    program.chmod(0o755)
    monkeypatch.setattr("shutil.which", lambda name: str(program))
    monkeypatch.setattr("grader.sandbox.launch.START_SECONDS", 2.0)
    with LinuxBackend() as backend:
        for _ in range(2):  # the next student is told the same, and at once
            with pytest.raises(SandboxError, match="twice"):
                backend.open(source("x = 1"), LIMITS)


def test_a_child_that_cannot_be_locked() -> None:
    """When the locks do not hold, the student's code is not run and the sandbox says so."""
    with LinuxBackend(namespaces=("none",)) as backend, pytest.raises(SandboxError, match="locked down"):
        backend.open(source("x = 1"), type(LIMITS)(memory=(1 << 63) - 1))


def test_no_descriptors_are_lost() -> None:
    """Sessions leave no descriptor open here."""
    with LinuxBackend() as backend:
        run(backend, "def f(): return 1")
        gc.collect()
        before = len(os.listdir("/proc/self/fd"))  # noqa: PTH208
        for text in ("def f(): return 1", "import os\ndef f(): os._exit(1)", "def f(): raise ValueError"):
            run(backend, text)
        assert len(os.listdir("/proc/self/fd")) == before  # noqa: PTH208


def test_wrong_submission(forked: LinuxBackend) -> None:
    """A submission too large for the wire is refused in words."""
    with pytest.raises(SandboxError, match="cannot be sent"):
        forked.open(source("#" * (65 << 20)), LIMITS)
    assert not isinstance(run(forked, "def f(): return 1"), Raised)
