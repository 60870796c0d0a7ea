"""What is missing on a machine is explained, with the command that provides it; seen on machines where the kernel itself refuses."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from grader.sandbox.advice import advice

pytestmark = pytest.mark.slow

REPO = Path(__file__).parents[2]
GRADER = (sys.executable, "-c", "from grader.cli.entry import main; main()")
ALL = {
    "sandbox": "landlock",
    "Landlock": "version 7",
    "namespaces": "bwrap",
    "user": "1000",
    "imports": "the standard library and numpy",
}


def said(**facts: str) -> str:
    """The advice about a machine that differs from one with all there is in these `facts`."""
    return "\n".join(f"{item.name}: {item.meaning} {item.remedy}" for item in advice(ALL | facts))


def test_nothing_is_missing() -> None:
    """Where all is there, there is nothing to say."""
    assert advice(ALL) == ()


@pytest.mark.parametrize(
    ("facts", "remedy"),
    [
        ({"namespaces": "unshare"}, "apt install bubblewrap"),
        ({"namespaces": "none"}, "apt install bubblewrap"),
        ({"namespaces": "none", "not unshare": "unshare failed: Operation not permitted"}, "--security-opt seccomp=unconfined"),
        ({"namespaces": "none", "not unshare": "No module named 'msgspec'"}, "No module named 'msgspec'): "),
        ({"namespaces": "none", "not unshare": "No module named 'msgspec'"}, "please report this"),
        (
            {"namespaces": "unshare", "not bwrap": "setting up uid map: Permission denied"},
            "apparmor_restrict_unprivileged_userns=0",
        ),
        ({"sandbox": "closed-fs"}, "/sys/kernel/security/lsm"),
        ({"sandbox": "rlimits-only", "reason": "No module named 'pyseccomp'"}, "pip install pyseccomp"),
        ({"sandbox": "rlimits-only", "reason": "Unable to find libseccomp"}, "apt install libseccomp2"),
        ({"sandbox": "rlimits-only", "reason": "the kernel loads no filter"}, "SECCOMP_FILTER"),
        ({"imports": "only what is loaded beforehand: user 65534 cannot read /root/x"}, "run the grader as an ordinary user"),
    ],
)
def test_what_is_missing(facts: dict[str, str], remedy: str) -> None:
    """Each thing that is missing comes with what to do."""
    assert remedy in said(**facts)


def test_names_of_files_are_hidden_already() -> None:
    """Where every file is closed, bubblewrap would add nothing."""
    assert "bubblewrap" not in said(sandbox="closed-fs", namespaces="unshare")


def on_machine(without: str, *command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """What a command of the grader's says on a machine whose kernel lacks something."""
    return subprocess.run(
        [sys.executable, str(REPO / "tests" / "attacks" / "launcher.py"), "--without", without, *GRADER, *command],
        env={**os.environ, "PYTHONPATH": str(REPO), "LANGUAGE": "en"},
        cwd=folder,
        capture_output=True,
        text=True,
    )


@pytest.mark.parametrize(
    ("without", "missing", "code"),
    [
        ("landlock", "not here: Landlock", 0),
        ("namespaces", "not here: namespaces", 0),
        ("seccomp", "not here: a filter of system calls (system calls cannot be filtered here (the kernel loads no filter", 1),
    ],
)
def test_doctor_on_a_weaker_machine(tmp_path: Path, without: str, missing: str, code: int) -> None:
    """`grader doctor` names what the kernel lacks, and ends with 1 where a class would be refused."""
    done = on_machine(without, "doctor", folder=tmp_path)
    assert (missing in done.stdout, done.returncode) == (True, code)


def test_a_class_is_refused(own_course: Path, tmp_path: Path) -> None:
    """Without a filter of system calls, `grader grade` is wrong use: it says what could be done, what is missing, and runs nothing."""
    work = tmp_path / "class" / "ana" / "vectors" / "vectors.py"
    work.parent.mkdir(parents=True)
    work.write_text(f"open({str(tmp_path / 'ran')!r}, 'w')\n")
    done = on_machine("seccomp", "grade", "class", "--course", str(own_course), folder=tmp_path)
    assert (done.returncode, done.stdout, (tmp_path / "ran").exists()) == (2, "", False)
    assert "so a class is not graded:" in done.stderr and "not here: a filter of system calls" in done.stderr
