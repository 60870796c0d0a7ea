"""What a child can import, wherever the interpreter lives."""

import pytest
from students import run

from grader.sandbox.linux.backend import LinuxBackend
from grader.sandbox.outcome import Returned

RARE = "def f():\n    import mailbox\n    return mailbox.__name__"
PRELOADED = "import unittest, csv, numpy.testing, numpy.ma\ndef f(): return 'imported'"
OUTSIDE = "import os\ndef f(): return sorted(os.listdir(os.path.expanduser('~root')))"


@pytest.mark.parametrize("kinds", [("unshare", "none"), ("none",)], ids=["own mounts", "no mounts"])
def test_what_was_not_preloaded(kinds: tuple[str, ...]) -> None:
    """A module of the standard library that was not preloaded can be imported just where the standard library can be read."""
    with LinuxBackend("landlock", namespaces=kinds) as backend:
        imported = isinstance(run(backend, RARE), Returned)
        assert imported == backend.facts().stdlib_readable


@pytest.mark.parametrize("mode", ["landlock", "closed-fs"])
@pytest.mark.parametrize("kinds", [("unshare", "none"), ("none",)], ids=["own mounts", "no mounts"])
def test_what_students_import(mode: str, kinds: tuple[str, ...]) -> None:
    """What students import can be imported in every mode, wherever the interpreter lives."""
    with LinuxBackend(mode, namespaces=kinds) as backend:
        assert isinstance(run(backend, PRELOADED), Returned)


def test_home_of_root() -> None:
    """Nothing of root's own directory can be listed, however the interpreter in it was made readable."""
    with LinuxBackend("landlock") as backend:
        assert not isinstance(run(backend, OUTSIDE), Returned)
