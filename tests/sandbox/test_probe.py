"""The probe tells what is in force by trying, and batch grading is refused on what is missing."""

import signal

import pytest

from grader.errors import SandboxError
from grader.sandbox.backend import Limits, Session, Source
from grader.sandbox.choose import best_backend
from grader.sandbox.linux.backend import LinuxBackend
from grader.sandbox.probe import Protection, facts, probe, refusals
from grader.sandbox.subprocess.backend import SubprocessBackend

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("mode", ["landlock", "closed-fs"])
def test_locked_modes_are_fit_for_a_class(mode: str) -> None:
    """Everything required is in force."""
    with LinuxBackend(mode) as backend:
        protections = probe(backend)
        assert refusals(protections) == ()
        assert len(protections) > 20
        assert facts(backend)["sandbox"] == mode


def test_weak_modes_are_refused() -> None:
    """What a weak sandbox lets through is found and named, with a remedy; bubblewrap, where it is installed, hides files even there."""
    for backend in (LinuxBackend("rlimits-only"), SubprocessBackend()):
        with backend:
            missing = refusals(probe(backend))
            assert {"read the grader's own code", "open a network socket", "make a file without a name"} <= {
                protection.name for protection in missing
            }
            assert all(protection.remedy for protection in missing)
            assert facts(backend)["sandbox"]


def test_only_the_required_are_refused() -> None:
    """What is good to have does not stop a class from being graded."""
    useful = Protection("a", in_force=False, detail="", required=False, remedy="r")
    needed = Protection("b", in_force=False, detail="", required=True, remedy="r")
    assert refusals((useful, needed)) == (needed,)


def test_a_child_that_dies_is_no_proof() -> None:
    """An attempt that got no answer does not count as refused."""

    class Broken(LinuxBackend):
        def open(self, source: Source, limits: Limits) -> Session:
            session = super().open(source, limits)
            session.close()
            return session

    with Broken() as backend:
        assert all(not protection.in_force for protection in probe(backend))


def test_a_child_that_was_killed_is_tried_again() -> None:
    """A class is graded although something killed the first child that tried."""

    class Unlucky(LinuxBackend):
        opened = 0

        def open(self, source: Source, limits: Limits) -> Session:
            session = super().open(source, limits)
            self.opened += 1
            if self.opened == 1:
                signal.pidfd_send_signal(session._pidfd, signal.SIGKILL)  # type: ignore[attr-defined]
            return session

    with Unlucky() as backend:
        assert refusals(probe(backend)) == ()


def test_choice() -> None:
    """On Linux the Linux backend is chosen; the plain one only by its name."""
    assert isinstance(best_backend(), LinuxBackend)
    assert isinstance(best_backend(mode="subprocess"), SubprocessBackend)


def test_choice_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """On other systems the plain backend is chosen only where a weak one will do."""
    monkeypatch.setattr("sys.platform", "darwin")
    assert isinstance(best_backend(weak=True), SubprocessBackend)
    with pytest.raises(SandboxError):
        best_backend()
    with pytest.raises(SandboxError):
        best_backend(mode="landlock")
