"""Waiting for files to be saved: what `--watch` of several commands does."""

import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

POLL_SECONDS = 0.1  # of a few `stat`s, which take millionths


def saves(files: Callable[[], Sequence[Path]]) -> Iterator[frozenset[Path]]:
    """Yields an empty set at once, and then, for ever, the files that have been saved, came or went, each time that some have.

    Args:
        files: that are watched; asked again each time, for files may come and go.
    """
    seen = _stamps(files()) or {}
    yield frozenset()
    while True:
        while (now := _stamps(files())) in (seen, None):
            time.sleep(POLL_SECONDS)
        assert now is not None
        changed = frozenset(path for path in {*seen, *now} if seen.get(path) != now.get(path))
        seen = now
        yield changed


def _stamps(files: Sequence[Path]) -> dict[Path, tuple[int, int]] | None:
    """When each file was written and its size; None while an editor has one of them away."""
    try:
        return {file: (status.st_mtime_ns, status.st_size) for file, status in ((file, file.stat()) for file in files)}
    except FileNotFoundError:
        return None
