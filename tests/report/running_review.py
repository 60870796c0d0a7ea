"""`grader review` as a process of its own."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from classroom import command, environment


@contextmanager
def reviewing(graded: Path, *arguments: object) -> Iterator["tuple[subprocess.Popen[str], str]"]:
    """A running app on a graded class, and the link that it printed."""
    asked = command("review", "--course", graded / "course", "--out", graded / "out", "--by", "marta", *arguments)
    process = subprocess.Popen(
        asked, cwd=graded, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8"
    )
    try:
        assert process.stdout is not None
        yield process, process.stdout.readline().strip()
    finally:
        process.kill()
        process.communicate()
