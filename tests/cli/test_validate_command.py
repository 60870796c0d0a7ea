"""`grader validate` as a process: its workers, and how they end."""

import os
import select
import subprocess
from contextlib import suppress
from pathlib import Path

from classroom import PATIENCE, TOPICS, command, copy_course, environment, eventually


def waiting_for(course: Path, topic: str) -> Path:
    """A pipe on which the reference of a topic waits for ever, once it is read."""
    pipe = course / f"{topic}.pipe"
    os.mkfifo(pipe)
    with (course / "reference" / f"{topic}.py").open("a") as file:
        file.write(f"\nopen({str(pipe)!r}).read()\n")
    return pipe


def test_workers_end_with_a_validate_that_is_killed(tmp_path: Path) -> None:
    """A worker that waits for ever is gone as soon as its parent is: nobody reads from its pipe any more."""
    course = copy_course(tmp_path / "course")
    pipes = [waiting_for(course, topic) for topic in TOPICS]
    held: list[int] = []

    def is_read(pipe: Path) -> bool:
        with suppress(OSError):  # nobody reads from it yet
            held.append(os.open(pipe, os.O_WRONLY | os.O_NONBLOCK))
            return True
        return False

    process = subprocess.Popen(
        command("validate", "--jobs", len(TOPICS)),
        cwd=course,
        env=environment(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    with process:
        for pipe in pipes:
            eventually(lambda pipe=pipe: is_read(pipe))  # type: ignore[misc]
        process.kill()
    ended = select.poll()
    for pipe in held:
        ended.register(pipe, 0)  # that nobody reads is told without being asked for
    found: set[int] = set()
    while len(found) < len(held):
        told = ended.poll(PATIENCE * 1000)
        assert told, "a worker outlives its parent"
        for pipe, event in told:
            assert event & select.POLLERR
            ended.unregister(pipe)
            found.add(pipe)
            os.close(pipe)
