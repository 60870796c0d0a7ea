"""The trust line, tried in a second: a child has no secret, and of the grader only the part that runs there."""

import sys

import pytest
from students import call, run, session, value

from grader.sandbox.linux.backend import LinuxBackend

EVERYTHING = """
import gc, os, sys
def environment(): return dict(os.environ)
def arguments(): return [str(sys.argv), str(sys.orig_argv)]
def strings():
    found, mark = [], "-".join(["seed", "of", "the", "course"])
    for thing in gc.get_objects():
        try: found.append(repr(thing)[:10000])
        except BaseException: pass
    return any(mark in text for text in found)
"""


def test_no_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither the supervisor's environment nor its arguments nor its memory are the child's."""
    monkeypatch.setenv("GRADER_SECRET", "seed-of-the-course")
    monkeypatch.setattr(sys, "argv", [*sys.argv, "seed-of-the-course"])
    with LinuxBackend() as backend, session(backend, EVERYTHING) as opened:
        environment = value(call(opened, "environment"))
        assert "seed-of-the-course" not in str(environment)
        assert not {"GRADER_SECRET", "USER", "LOGNAME"} & set(environment)
        assert environment["HOME"] == "/nonexistent"
        assert "pytest" not in str(value(call(opened, "arguments", seq=1)))
        assert value(call(opened, "strings", seq=2, seconds=20.0)) is False


def test_no_supervisor_modules(forked: LinuxBackend) -> None:
    """The child has only the part of the grader that runs there."""
    names = value(run(forked, "import sys\ndef f(): return sorted(m for m in sys.modules if m.startswith('grader'))"))
    contract = {
        "",
        "given_files",
        "wire",
        "price",
        "limits",
        "values",
        "arrays",
        "moments",
        "tables",
        "outcome",
        "signature",
        "lines",
        "control",
    }
    own = {
        "child": {
            "execute",
            "worker",
            "preload",
            "process",
            "offered",
            "statements",
            "whole_file",
            "interactive",
            "submitted_modules",
            "printed",
            "drawn",
            "sent",
        },
        "linux": {"zygote", "lockdown", "landlock", "seccomp", "bind_interpreter"},
        "import_policy": {"rules", "scan", "enforce", "stand_in", "libraries"},
    }
    allowed = contract | set(own) | {f"{folder}.{name}" for folder, names in own.items() for name in names}
    assert {name.removeprefix("grader").removeprefix(".sandbox").strip(".") for name in names} <= allowed
