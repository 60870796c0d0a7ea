"""Progress on stderr: a bar with the remaining time on a terminal, else an occasional line."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console

from grader.text.escape import one_line

LINE_SECONDS = 5.0


@contextmanager
def progress(console: Console, total: int, doing: str = "grading", done: str = "graded") -> Iterator[Callable[[str], None]]:
    """A function to call after each of `total` submissions (or what is being done to), with its name."""
    if not console.is_terminal:
        yield _lines(console, total, done)
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn(doing), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(), TextColumn("{task.fields[last]}"))
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("", total=total, last="")

        def step(last: str) -> None:
            bar.update(task, advance=1, last=one_line(last, 40).replace("[", "("))

        yield step


def _lines(console: Console, total: int, word: str) -> Callable[[str], None]:
    started = said = time.monotonic()
    done = 0

    def step(_: str) -> None:
        nonlocal done, said
        done += 1
        now = time.monotonic()
        if now - said >= LINE_SECONDS:
            said = now
            left = (now - started) / done * (total - done)
            console.print(f"{word} {done} of {total}, about {left:.0f} s left", markup=False)

    return step
