"""Waiting for files to be saved: what `--watch` of several commands does."""

import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

POLL_SECONDS = 0.1  # of a few `stat`s, which take millionths
AWAY = 10  # polls after which a file that an editor may have away is taken to be gone


def saves(files: Callable[[], Sequence[Path]]) -> Iterator[frozenset[Path]]:
    """Yields an empty set at once, and then, for ever, the files that have been saved, came or went, each time that some have.

    Args:
        files: that are watched; asked again each time, for files may come and go.
    """
    seen = _stamps(files()) or {}
    yield frozenset()
    while True:
        away = 0
        while (now := _stamps(files(), without=away > AWAY)) in (seen, None):
            away = away + 1 if now is None else 0
            time.sleep(POLL_SECONDS)
        assert now is not None
        changed = frozenset(path for path in {*seen, *now} if seen.get(path) != now.get(path))
        seen = now
        yield changed


def _stamps(files: Sequence[Path], without: bool = False) -> dict[Path, tuple[int, int]] | None:
    """When each file was written and its size; None while one of them is away, or all others `without` it."""
    found = dict[Path, tuple[int, int]]()
    for file in files:
        try:
            status = file.stat()
        except FileNotFoundError:
            if without:
                continue
            return None
        found[file] = status.st_mtime_ns, status.st_size
    return found
