"""The folder of a report: only its owner can read it, and a later report replaces what an earlier one wrote, and nothing else."""

from collections.abc import Iterator
from pathlib import Path

from grader.errors import UsageError
from grader.text import private

INDEX = "index.html"
PARTS = ("students", "exercises", "similar")
_OURS = b'<meta name="generator" content="grader report">'  # in `frame.html.j2`
_START = 400  # bytes of a page in which it stands


class ReportFolder:
    """Where pages are written; the pages of an earlier report that are not written again are removed by `finish`."""

    def __init__(self, path: Path) -> None:
        """Nothing is changed yet.

        Raises:
            UsageError: there is something else.
        """
        self.path = path
        self._old = {*_pages(path)}
        self._written: set[Path] = set()
        if path.exists() and (not path.is_dir() or (any(path.iterdir()) and not self._old)):
            what = "holds other files" if path.is_dir() else "is a file"
            raise UsageError(f"{path} {what}, and is not a report of the grader. Give --to a new folder, or an empty one.")

    def write(self, name: str, page: bytes) -> None:
        """Write one page.

        Raises:
            UsageError: it cannot be written, or another file is in its place.
        """
        file = self.path / name
        if file not in self._old and file not in self._written and file.exists():
            raise UsageError(f"{file} was not written by a report. Move it away, or give --to another folder.")
        try:
            private.make_folder(self.path)
            private.make_folder(file.parent)
            private.make_file(file)
            file.write_bytes(page)
        except OSError as error:
            raise UsageError(f"{file} cannot be written: {error.strerror}. Choose another place with --to.") from error
        self._written.add(file)

    @property
    def written(self) -> list[str]:
        """The pages, by their place in the folder."""
        return sorted(file.relative_to(self.path).as_posix() for file in self._written)

    def count(self, part: str) -> int:
        """How many pages of one of `PARTS` were written."""
        return sum(file.parent.name == part for file in self._written)

    def finish(self) -> None:
        """Remove the pages of an earlier report that are not part of this one."""
        for file in self._old - self._written:
            file.unlink(missing_ok=True)


def _pages(path: Path) -> Iterator[Path]:
    """The pages in a folder that a report wrote."""
    for file in (path / INDEX, path / "similar.html", *(file for part in PARTS for file in (path / part).glob("*.html"))):
        if file.is_file() and _is_ours(file):
            yield file


def _is_ours(file: Path) -> bool:
    with file.open("rb") as opened:
        return _OURS in opened.read(_START)
