"""The members of a bulk download, checked before any of them is read: one dangerous member refuses the whole archive.

A folder is accepted in place of the zip file: some browsers unpack what they download.
"""

import os
import stat
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import NoReturn, assert_never

import msgspec

from grader.errors import UsageError
from grader.sandbox.values import size_text
from grader.submissions.files import MAX_NOTEBOOK
from grader.submissions.zip_members import ArchiveError, BrokenArchiveError, ZipMember, is_bomb, zip_members

MAX_MEMBERS = 100_000
MAX_TOTAL = 8 << 30  # of all members, unpacked
MAX_LISTING = 64 << 20  # bytes of the list of members
_NOISE = ("__MACOSX", "__pycache__", ".")
_NOTHING = "Nothing was imported."


class Member(msgspec.Struct, frozen=True):
    """A regular file of the download; `read` returns its bytes, checked."""

    parts: tuple[str, ...]
    size: int
    read: Callable[[], bytes]

    @property
    def name(self) -> str:
        """The last part."""
        return self.parts[-1]


@contextmanager
def opened(path: Path) -> Iterator[list[Member]]:
    """The members of the download at `path`, which can be read inside of the `with` block.

    Raises:
        UsageError: it is not an archive, or has a member that no such system writes: outside of the archive, a link, twice, a bomb.
    """
    if path.is_dir():
        yield _checked(path, list(_of_folder(path)))
        return
    with ExitStack() as stack:
        try:
            file = stack.enter_context(path.open("rb"))
            members = zip_members(file, MAX_MEMBERS, MAX_LISTING)
        except FileNotFoundError:
            raise UsageError(f"{path} is not there. Give the zip file with all submissions that your system made.") from None
        except OSError as error:
            raise UsageError(f"{path} cannot be read: {error.strerror}. {_NOTHING}") from None
        except BrokenArchiveError as error:
            raise UsageError(f"{path}: {error}. Download it again. {_NOTHING}") from None
        except ArchiveError as error:
            _refuse(path, str(error))
        found = [_of_zip(path, member) for member in members]
        total, packed = sum(member.size for member in members), path.stat().st_size
        if total > MAX_TOTAL or is_bomb(members, packed):
            _refuse(path, f"its {size_text(packed)} would unpack to {size_text(total)}, as a zip bomb does")
        yield _checked(path, found)


def _checked(path: Path, members: list[Member]) -> list[Member]:
    """The members without noise, no two of which have the same place."""
    kept = [member for member in members if not any(part.startswith(_NOISE) for part in member.parts)]
    places: set[tuple[str, ...]] = set()
    for member in kept:
        if member.parts in places:
            _refuse(path, f"{'/'.join(member.parts)!r:.200} is in it twice")
        places.add(member.parts)
    for place in places:
        for end in range(1, len(place)):
            if place[:end] in places:
                _refuse(path, f"{'/'.join(place[:end])!r:.200} is both a file and a folder in it")
    return kept


def _of_zip(path: Path, member: ZipMember) -> Member:
    shown = f"{member.name!r:.200}"
    match member.flaw:
        case "outside":
            _refuse(path, f"{shown} would be written outside of the class's folder")
        case "link":
            _refuse(path, f"{shown} is a link or a device, not a file")
        case "encrypted":
            _refuse(path, f"{shown} is encrypted; make an archive without a password")
        case "":
            pass
        case _:
            assert_never(member.flaw)

    def read() -> bytes:
        try:
            return member.read(MAX_NOTEBOOK + 1)
        except Exception as error:  # zlib.error has no common base with the others
            _refuse(path, f"{shown} is damaged: {error}")

    return Member(member.parts, member.size, read)


def _of_folder(path: Path) -> Iterator[Member]:
    count = 0
    for folder, folders, files in os.walk(path, onerror=lambda error: _refuse(path, f"{error.filename} cannot be read")):
        folders[:] = [name for name in folders if not name.startswith(_NOISE)]
        for name in (*folders, *files):
            place = Path(folder) / name
            status, inside = place.lstat(), place.relative_to(path)
            if stat.S_ISREG(status.st_mode):
                count += 1
                if count > MAX_MEMBERS:
                    _refuse(path, f"it has more than {MAX_MEMBERS} files")
                parts = tuple(unicodedata.normalize("NFC", part) for part in inside.parts)
                yield Member(parts, status.st_size, place.read_bytes)
            elif not stat.S_ISDIR(status.st_mode):
                _refuse(path, f"{inside} is a link or a device, not a file")


def _refuse(path: Path, problem: str) -> NoReturn:
    raise UsageError(f"{path} is refused: {problem}. {_NOTHING}")
