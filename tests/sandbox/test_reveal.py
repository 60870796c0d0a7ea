"""What a child can import, wherever the interpreter lives."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import msgspec
import numpy
import pyseccomp
import pytest
from students import run

from grader.sandbox.launch import PACKAGE
from grader.sandbox.linux.backend import LinuxBackend
from grader.sandbox.outcome import Returned

pytestmark = pytest.mark.slow

CAUGHT: dict[str, Any] = {"cwd": "/", "capture_output": True, "text": True}
RARE = "def f():\n    import mailbox\n    return mailbox.__name__"
PRELOADED = "import unittest, csv, numpy.testing, numpy.ma\ndef f(): return 'imported'"
OUTSIDE = "import os\ndef f(): return sorted(os.listdir(os.path.expanduser('~root')))"


@pytest.mark.parametrize("kinds", [("unshare", "none"), ("none",)], ids=["own mounts", "no mounts"])
def test_what_was_not_preloaded(kinds: tuple[str, ...]) -> None:
    """A module of the standard library that was not preloaded can be imported just where the standard library can be read."""
    with LinuxBackend("landlock", namespaces=kinds) as backend:
        imported = isinstance(run(backend, RARE), Returned)
        assert imported == (backend.facts().unreadable == "")


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


def closed_copy(tmp_path: Path, mode: int) -> str:
    """The import path of a copy of numpy, msgspec and the sandbox below a folder that only its owner may enter, with files of `mode`."""
    closed = tmp_path / "closed"
    for package in (numpy, msgspec):
        home = Path(str(package.__file__)).parent
        shutil.copytree(home, closed / home.name, ignore=shutil.ignore_patterns("tests", "*.pyi"))
        if home.with_name("numpy.libs").is_dir() and package is numpy:
            shutil.copytree(home.with_name("numpy.libs"), closed / "numpy.libs")
    shutil.copytree(PACKAGE, closed / "grader", ignore=shutil.ignore_patterns("__pycache__"))
    for folder, _, files in os.walk(closed):
        for name in files:
            Path(folder, name).chmod(mode)
        Path(folder).chmod(0o755 if mode & 0o004 else 0o700)
    closed.chmod(0o700)
    return os.pathsep.join([str(closed), str(Path(str(pyseccomp.__file__)).parent)])


@pytest.mark.parametrize("mode", [0o644, 0o600], ids=["folder closed", "every file closed"])
def test_a_project_that_only_its_owner_may_enter(tmp_path: Path, mode: int) -> None:
    """The sandbox is the same when the environment and the checkout lie below a folder of mode 0700: namespaces, Landlock, all imports."""
    code = "from grader.sandbox.linux.backend import LinuxBackend\nwith LinuxBackend() as b: print(b.namespace, b.facts())"
    closed = subprocess.run([sys.executable, "-c", code], env={**os.environ, "PYTHONPATH": closed_copy(tmp_path, mode)}, **CAUGHT)
    with LinuxBackend() as backend:
        assert closed.stdout == f"{backend.namespace} {backend.facts()}\n", closed.stderr
