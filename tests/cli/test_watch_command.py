"""`grader validate --watch`: proving again what a save changed."""

import signal
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from classroom import command, copy_course, edit, environment, eventually, grader

pytestmark = pytest.mark.slow


def test_saves_are_proved(tmp_path: Path) -> None:
    """First all exercises, then those that a save changed; what is wrong is said until it is corrected; Ctrl-C ends it."""
    course, log = copy_course(tmp_path / "course"), tmp_path / "log"
    rubric = course / "assignments" / "vectors" / "checks.py"
    with log.open("w") as out:
        process = subprocess.Popen(
            command("validate", "--watch", "vectors", "--course", course), cwd=tmp_path, env=environment(), stdout=out, stderr=out
        )

    def said(text: str) -> Callable[[], bool]:
        return lambda: " ".join(text.split()) in " ".join(log.read_text().split())  # however its lines are broken

    try:
        eventually(said("✓ no problem\nproved: scale, running_total ("), process)
        edit(course / "reference" / "vectors.py", "return np.add.accumulate(x)", "return -np.add.accumulate(x)")
        eventually(said("every value of sums is wrong"), process)
        edit(course / "reference" / "vectors.py", "return -np.add.accumulate(x)", "return np.cumsum(x)")
        eventually(said("✓ no problem\nproved: running_total ("), process)
        edit(rubric, "cases=vectors, n=3", "cases=vektors, n=3")
        eventually(said("'vektors'"), process)
        edit(rubric, "cases=vektors, n=3", "cases=vectors, n=2")
        eventually(said("✓ no problem\nproved: scale ("), process)
        edit(rubric, "import numpy as np", "import numpy as np  # the same")
        eventually(said("nothing to prove in what was saved"), process)
    finally:
        process.send_signal(signal.SIGINT)
        assert process.wait() == 130


@pytest.mark.parametrize("more", [(), ("vectors", "signs"), ("vectors", "--json"), ("vectors", "--prices")])
def test_watching_takes_one_topic(small_course: Path, tmp_path: Path, more: tuple[str, ...]) -> None:
    """Several topics, or a result for a program, are not watched."""
    done = grader("validate", "--watch", *more, "--course", small_course, cwd=tmp_path)
    assert (done.returncode, "grader validate --watch TOPIC" in done.stderr) == (2, True)
