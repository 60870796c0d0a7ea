"""Waiting for files to be saved: what `--watch` of several commands does."""

import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

POLL_SECONDS = 0.3


def saves(files: Callable[[], Sequence[Path]]) -> Iterator[bool]:
    """Yields False at once, and then True each time that one of the files has been saved, for ever.

    Args:
        files: that are watched; asked again each time, for files may come and go.
    """
    seen = _stamps(files())
    yield False
    while True:
        while (now := _stamps(files())) in (seen, None):
            time.sleep(POLL_SECONDS)
        seen = now
        yield True


def _stamps(files: Sequence[Path]) -> list[tuple[str, int, int]] | None:
    """When each file was written and its size; None while an editor has one of them away."""
    try:
        return [(str(file), status.st_mtime_ns, status.st_size) for file, status in ((file, file.stat()) for file in files)]
    except FileNotFoundError:
        return None
