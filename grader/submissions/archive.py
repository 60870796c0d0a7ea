"""The members of a bulk download, looked through before any of them is read: one that is dangerous refuses the whole.

A folder is as good as the zip file that it was: some browsers unpack what they download.
"""

import os
import stat
import unicodedata
import zipfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath
from typing import NoReturn

import msgspec

from grader.errors import UsageError
from grader.sandbox.values import size_text
from grader.submissions.files import MAX_NOTEBOOK

MAX_MEMBERS = 100_000
MAX_TOTAL = 8 << 30  # of all members, unpacked
MAX_RATIO = 100  # unpacked to packed, from ...
FROM_SIZE = 100 << 20  # ... this size on
_UTF8 = 0x800  # the flag of a member whose name is UTF-8
_ENCRYPTED = 0x1
_NOISE = ("__MACOSX", "__pycache__", ".")
_NOTHING = "Nothing was imported."


class Member(msgspec.Struct, frozen=True):
    """A regular file of the download; `read` gives its bytes, checked."""

    parts: tuple[str, ...]
    size: int
    read: Callable[[], bytes]

    @property
    def name(self) -> str:
        """The last part."""
        return self.parts[-1]


@contextmanager
def opened(path: Path) -> Iterator[list[Member]]:
    """The members of the download at `path`, as long as they are wanted.

    Raises:
        UsageError: it is no archive, or has a member that no such system writes: outside of the archive, a link, twice, a bomb.
    """
    if path.is_dir():
        yield _checked(path, list(_of_folder(path)))
        return
    try:
        archive = zipfile.ZipFile(path)
    except FileNotFoundError:
        raise UsageError(f"{path} is not there. Give the zip file with all submissions that your system made.") from None
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise UsageError(f"{path} is no zip file that can be read: {error}. Download it again. {_NOTHING}") from None
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}. {_NOTHING}") from None
    with archive:
        infos = [info for info in archive.infolist() if not info.is_dir()]
        if len(infos) > MAX_MEMBERS:
            _refuse(path, f"it has {len(infos)} members; at most {MAX_MEMBERS} are read")
        found = [_of_zip(path, archive, info) for info in infos]
        total, packed = sum(member.size for member in found), path.stat().st_size
        if total > MAX_TOTAL or (total > FROM_SIZE and total > MAX_RATIO * packed):
            _refuse(path, f"its {size_text(packed)} would unpack to {size_text(total)}, as a zip bomb does")
        yield _checked(path, found)


def _checked(path: Path, members: list[Member]) -> list[Member]:
    """The members that are no noise, no two of which want the same place."""
    kept = [member for member in members if not any(part.startswith(_NOISE) for part in member.parts)]
    places = {member.parts for member in kept}
    if len(places) < len(kept):
        seen: set[tuple[str, ...]] = set()
        twice = next(member for member in kept if member.parts in seen or seen.add(member.parts))  # type: ignore[func-returns-value]
        _refuse(path, f"{'/'.join(twice.parts)!r:.200} is in it twice")
    for place in places:
        for end in range(1, len(place)):
            if place[:end] in places:
                _refuse(path, f"{'/'.join(place[:end])!r:.200} is both a file and a folder in it")
    return kept


def _of_zip(path: Path, archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Member:
    name = _name(info)
    parts = PurePosixPath(name.replace("\\", "/")).parts
    if not parts or parts[0].startswith("/") or ".." in parts or (len(parts[0]) > 1 and parts[0][1] == ":"):
        _refuse(path, f"{name!r:.200} would be written outside of the class's folder")
    if stat.S_IFMT(info.external_attr >> 16) not in (0, stat.S_IFREG):
        _refuse(path, f"{name!r:.200} is a link or a device, no file")
    if info.flag_bits & _ENCRYPTED:
        _refuse(path, f"{name!r:.200} is encrypted; make an archive without a password")

    def read() -> bytes:
        try:
            with archive.open(info) as file:
                return file.read(MAX_NOTEBOOK + 1)
        except Exception as error:  # zlib.error has no common base with the others
            _refuse(path, f"{name!r:.200} is damaged: {error}")

    return Member(parts, info.file_size, read)


def _name(info: zipfile.ZipInfo) -> str:
    """The member's name; one that is UTF-8 without saying so (as macOS packs) is read as that."""
    name = info.filename
    if not info.flag_bits & _UTF8:
        with suppress(UnicodeError):
            name = name.encode("cp437").decode("utf-8")
    return unicodedata.normalize("NFC", name)


def _of_folder(path: Path) -> Iterable[Member]:
    count = 0
    for folder, folders, files in os.walk(path, onerror=lambda error: _refuse(path, f"{error.filename} cannot be read")):
        folders[:] = [name for name in folders if not name.startswith(_NOISE)]
        for name in (*folders, *files):
            place = Path(folder) / name
            mode = place.lstat().st_mode
            if not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):
                _refuse(path, f"{place.relative_to(path)} is a link or a device, no file")
            if stat.S_ISREG(mode):
                count += 1
                if count > MAX_MEMBERS:
                    _refuse(path, f"it has more than {MAX_MEMBERS} files")
                parts = tuple(unicodedata.normalize("NFC", part) for part in place.relative_to(path).parts)
                yield Member(parts, place.lstat().st_size, place.read_bytes)


def _refuse(path: Path, problem: str) -> NoReturn:
    raise UsageError(f"{path} is refused: {problem}. {_NOTHING}")
