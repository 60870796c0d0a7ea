"""The members of a bulk download, looked through before any of them is read. What is wrong with one is its student's; what is wrong with
the archive refuses it.

A folder is accepted in place of the zip file: some browsers unpack what they download.
"""

import os
import stat
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import BinaryIO, NoReturn

import msgspec
from msgspec.structs import replace

from grader.errors import UsageError
from grader.sandbox.limits import size_text
from grader.submissions.archives import ArchiveError, ArchiveMember, BrokenArchiveError, ZipPlace, flaw_text, is_noise
from grader.submissions.files import MAX_MEMBERS as MAX_EACH
from grader.submissions.files import MAX_NOTEBOOK, too_many
from grader.submissions.zip_members import is_bomb, read_zipped, zip_members
from grader.text.language import gettext as _

MAX_MEMBERS = 100_000
MAX_LISTING = 64 << 20  # bytes of the list of members
_NOTHING = "Nothing was imported."


class DamagedError(Exception):
    """A member cannot be read; why, in words."""


class Member(msgspec.Struct, frozen=True):
    """A file of the download.

    Attributes:
        read: its bytes. Raises `DamagedError`.
        problem: why it is not taken, in words for its student; "" for a file that can be read.
        packed: its size in the archive.
    """

    parts: tuple[str, ...]
    size: int
    read: Callable[[], bytes]
    problem: str = ""
    packed: int = 0

    @property
    def name(self) -> str:
        """The last part."""
        return self.parts[-1]

    @property
    def shown(self) -> str:
        """Its place, for a message."""
        return f"{'/'.join(self.parts)!r:.200}"


@contextmanager
def opened(path: Path) -> Iterator[list[Member]]:
    """The members of the download at `path`, which can be read inside of the `with` block.

    Raises:
        UsageError: it is not an archive, or the whole of it has to be refused.
    """
    if path.is_dir():
        yield _checked(_of_folder(path))
        return
    with ExitStack() as stack:
        try:
            file = stack.enter_context(path.open("rb"))
            members = zip_members(file, MAX_MEMBERS, MAX_LISTING, each=MAX_EACH)
        except FileNotFoundError:
            raise UsageError(f"{path} is not there. Give the zip file with all submissions that your system made.") from None
        except OSError as error:
            raise UsageError(f"{path} cannot be read: {error.strerror}. {_NOTHING}") from None
        except BrokenArchiveError as error:
            raise UsageError(f"{path}: {error}. Download it again. {_NOTHING}") from None
        except ArchiveError as error:
            _refuse(path, str(error))
        yield _checked(_of_zip(file, member) for member in members)


def refuse_bomb(path: Path, members: Sequence[Member]) -> None:
    """Refuse a download whose members, each of ordinary size, would unpack to far more than ordinary files do.

    Raises:
        UsageError: it is one.
    """
    total, packed = sum(member.size for member in members), sum(member.packed for member in members)
    if is_bomb(total, packed):
        largest = max(members, key=lambda member: member.size)
        _refuse(
            path, f"{size_text(packed)} would unpack to {size_text(total)}, as a zip bomb does; the largest is {largest.shown}"
        )


def _checked(members: Iterable[Member]) -> list[Member]:
    """The members without noise. Those that have one place, or lie in another, have that problem."""
    kept = [member for member in members if member.problem or not is_noise(member.parts)]
    places = Counter(member.parts for member in kept)
    folders = {place[:end] for place in places for end in range(1, len(place))}

    def problem(member: Member) -> str:
        if member.problem:
            return member.problem
        if places[member.parts] > 1:
            return _("{name} is in the archive twice").format(name=member.shown)
        if member.parts in folders:
            return _("{name} is both a file and a folder in the archive").format(name=member.shown)
        if member.size > MAX_NOTEBOOK:
            text = _("{name} is {size}; at most {most} are read")
            return text.format(name=member.shown, size=size_text(member.size), most=size_text(MAX_NOTEBOOK))
        return ""

    return [replace(member, problem=problem(member)) for member in kept]


def _of_zip(file: BinaryIO, member: ArchiveMember) -> Member:
    shown = f"{member.name!r:.200}"
    if member.flaw == "crowded":
        return Member((*member.parts, "?"), 0, bytes, too_many(member.parts[-1] if member.parts else "?", MAX_EACH).problem)
    place = member.place
    assert isinstance(place, ZipPlace)

    def read() -> bytes:
        try:
            return read_zipped(file, place, MAX_NOTEBOOK)
        except Exception as error:  # zlib.error has no common base with the others
            raise DamagedError(_("{name} in the archive is damaged: {error}").format(name=shown, error=error)) from None

    return Member(member.parts or ("?",), member.size, read, flaw_text(member.flaw, shown), place.packed)


def _of_folder(path: Path) -> Iterator[Member]:
    closed: list[OSError] = []
    count = 0
    for folder, folders, files in os.walk(path, onerror=closed.append):
        folders[:] = sorted(name for name in folders if not is_noise((name,)))
        for name in (*folders, *sorted(files)):
            place = Path(folder) / name
            status = place.lstat()
            if stat.S_ISDIR(status.st_mode):
                continue
            count += 1
            if count > MAX_MEMBERS:
                _refuse(path, f"it has more than {MAX_MEMBERS} files")
            problem = _("{name} is a link or a device; hand in the file itself").format(name=name)
            problem = "" if stat.S_ISREG(status.st_mode) else problem
            yield Member(_parts(path, place), status.st_size, _reading(place), problem, status.st_size)
    for error in closed:
        place = Path(os.fsdecode(error.filename))
        problem = _("{name} cannot be opened: {reason}").format(name=place.name, reason=error.strerror)
        if place == path:
            _refuse(path, problem)
        yield Member((*_parts(path, place), "?"), 0, bytes, problem)


def _parts(path: Path, place: Path) -> tuple[str, ...]:
    return tuple(unicodedata.normalize("NFC", part) for part in place.relative_to(path).parts)


def _reading(place: Path) -> Callable[[], bytes]:
    def read() -> bytes:
        try:
            return place.read_bytes()
        except OSError as error:
            text = _("{name} cannot be opened: {reason}")
            raise DamagedError(text.format(name=place.name, reason=error.strerror)) from None

    return read


def _refuse(path: Path, problem: str) -> NoReturn:
    raise UsageError(f"{path} is refused: {problem}. {_NOTHING}")
