"""Progress on stderr: a bar with the remaining time on a terminal; elsewhere nothing, or an occasional line for what takes long."""

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from rich.console import Console

from grader.text.escape import one_line

T = TypeVar("T")
LINE_SECONDS = 5.0


@contextmanager
def progress(console: Console, total: int, doing: str = "grading", done: str = "graded") -> Iterator[Callable[[str], None]]:
    """A function to call after each of `total` things, with its name.

    Args:
        doing: what a bar says. done: what a line says where there is no terminal; "" for no lines.
    """
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


def counted(console: Console, things: Iterable[T], total: int, doing: str, name: Callable[[T], str] = str) -> Iterator[T]:
    """`things`, with a bar on a terminal."""
    with progress(console, total, doing, "") as step:
        for thing in things:
            yield thing
            step(name(thing))


def _lines(console: Console, total: int, said: str) -> Callable[[str], None]:
    started = last = time.monotonic()
    done = 0

    def step(_: str) -> None:
        nonlocal done, last
        done += 1
        now = time.monotonic()
        if said and now - last >= LINE_SECONDS:
            last = now
            left = (now - started) / done * (total - done)
            console.print(f"{said} {done} of {total}, about {left:.0f} s left", markup=False)

    return step
