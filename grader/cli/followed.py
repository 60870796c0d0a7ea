"""The work that `grader check --watch` follows: which files it has now, for an import can come and go with every save."""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path

from grader.course.folder import Course
from grader.engine.self_check import Work, again


class Followed:
    """Several works, whose files are looked up anew when one of them or a folder of theirs has changed."""

    def __init__(self, works: Sequence[Work], course: Course) -> None:
        self._works, self._course = list(works), course
        self._seen = _stamps(self._works)

    def paths(self) -> list[Path]:
        """All files now. As before while one of them is away: an editor may be writing it anew."""
        paths = [path for work in self._works for path in work.paths]
        if (now := _stamps(self._works)) != self._seen and all(path.exists() for path in paths):
            self._seen = now
            self._look_up()
            return [path for work in self._works for path in work.paths]
        return paths

    def with_any(self, saved: frozenset[Path]) -> list[Work]:
        """The works that have, or had, one of the files `saved`; all of them, if that is known of none."""
        before = self._works
        if not all(path.exists() for path in saved):
            self._look_up()  # one is away for good
        pairs = zip(before, self._works, strict=True)
        return [new for old, new in pairs if not saved.isdisjoint({*old.paths, *new.paths})] or self._works

    def _look_up(self) -> None:
        self._works = [again(work, self._course) for work in self._works]


def _stamps(works: Iterable[Work]) -> dict[Path, int]:
    """When the files and their folders were changed."""
    found = dict[Path, int]()
    for place in {place for work in works for path in work.paths for place in (path, path.parent)}:
        with suppress(OSError):
            found[place] = place.stat().st_mtime_ns
    return found
