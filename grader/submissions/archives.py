"""Archives: which names mean one, which first bytes mean which format, and what a member is.

.zip                                         `zip_members`
.tar .tar.gz .tgz .tar.bz2 .tar.xz …         `tar_members`
.7z                                          `seven_zip`, with the extra `archives`
.rar .zst …                                  not read: the student is told what to do
"""

from datetime import datetime
from pathlib import PurePosixPath
from typing import BinaryIO, Literal, assert_never

import msgspec

from grader.sandbox.limits import size_text
from grader.text.language import gettext as _

Format = Literal["zip", "tar", "7z", "unread"]
Flaw = Literal["", "outside", "link", "encrypted", "crowded"]

MAX_UNPACKED = 200 << 20  # bytes of all members of an archive that can only be read from its start to its end
_PACKED = (".gz", ".bz2", ".xz", ".zst", ".lz", ".lzma", ".z")
_SUFFIXES = (".zip", ".tar", ".tgz", ".tbz", ".tbz2", ".txz", ".7z", ".rar", *_PACKED)
_NOISE = ("__MACOSX", "__pycache__", ".", "Thumbs.db", "desktop.ini")
_MARKS: tuple[tuple[int, bytes, Format], ...] = (
    (0, b"PK", "zip"),
    (0, b"7z\xbc\xaf\x27\x1c", "7z"),
    (0, b"\x1f\x8b", "tar"),
    (0, b"BZh", "tar"),
    (0, b"\xfd7zXZ\0", "tar"),
    (257, b"ustar", "tar"),
    (0, b"Rar!", "unread"),
    (0, b"\x28\xb5\x2f\xfd", "unread"),
)


class ArchiveError(Exception):
    """The whole archive is not read; the message says why."""


class BrokenArchiveError(ArchiveError):
    """It is damaged or incomplete."""


class ZipPlace(msgspec.Struct, frozen=True, array_like=True, tag="zip"):
    """Where the bytes of a member are in its zip file, so that reading one does not list all again.

    Attributes:
        name: as it is stored.
        offset: of its own header; `packed` and `size`: its bytes there, and unpacked; `crc`: their checksum.
    """

    name: str
    offset: int
    packed: int
    size: int
    crc: int
    method: int
    flags: int


class StreamPlace(msgspec.Struct, frozen=True, array_like=True, tag="stream"):
    """The number of a member in an archive that is read from its start, folders counted too."""

    format: Literal["tar", "7z"]
    number: int


Place = ZipPlace | StreamPlace


class ArchiveMember(msgspec.Struct, frozen=True):
    """A member that is not a folder.

    Attributes:
        name: as it was packed; `parts`: its place.
        size: unpacked, as the archive claims.
        time: when it was written; without an offset if the archive holds clock time.
        flaw: why it should not be read: it would be outside of the archive, is a link or a device, or has a password; or it stands for
            a folder that has too many.
        place: where to read it.
    """

    name: str
    parts: tuple[str, ...]
    size: int
    time: datetime | None
    flaw: Flaw
    place: Place


def format_of(file: BinaryIO) -> Format:
    """What an archive is, whatever its name; "zip" where its first bytes do not say."""
    file.seek(0)
    start = file.read(300)
    file.seek(0)
    return next((format_ for place, mark, format_ in _MARKS if start[place : place + len(mark)] == mark), "zip")


def is_archive(name: str) -> bool:
    """Whether a file of this name is meant to be an archive."""
    return name.lower().endswith(_SUFFIXES)


def bare(name: str) -> str:
    """A file's name without its last suffix, as `pathlib` has it: a class has hundreds of thousands of names."""
    cut = name.rfind(".")
    return name[:cut] if 0 < cut < len(name) - 1 else name


def stem(name: str) -> str:
    """A file's name without its suffix, of which an archive may have two."""
    cut = bare(name[name.rfind("/") + 1 :]) if "." in name.strip(".") else name
    packed = name.lower().endswith(_PACKED) and cut.lower().endswith(".tar")
    return cut[: -len(".tar")] if packed else cut


def suffix(name: str) -> str:
    """The rest of `stem`, in small letters."""
    return name[len(stem(name)) :].lower()


def is_noise(parts: tuple[str, ...]) -> bool:
    """Whether a place is what systems and editors leave beside files: `__MACOSX`, `._conv.py`, `.git`, caches."""
    return any(part.startswith(_NOISE) for part in parts)


def split(name: str) -> tuple[tuple[str, ...], Flaw]:
    """The parts of a member's name, and its flaw if it would be outside of the archive; then the parts are without what leads out.

    A `\\` separates only in names without `/`: those that Windows packed.
    """
    windows = name.replace("\\", "/")
    parts = PurePosixPath(windows if "/" not in name else name).parts
    everywhere = PurePosixPath(windows).parts
    if not everywhere or everywhere[0].startswith("/") or ".." in everywhere or everywhere[0][1:2] == ":" or "\0" in name:
        kept = tuple(part.strip("/\0") for part in parts)
        return tuple(part for part in kept if part not in ("", "..") and part[1:2] != ":"), "outside"
    return everywhere, ""


def flaw_text(flaw: Flaw, name: str) -> str:
    """What is wrong with the member called `name`, in words for its student; "" for none, and for a crowd (see `files.too_many`)."""
    match flaw:
        case "outside":
            return _("the archive has a member outside of it: {name}").format(name=name)
        case "link":
            return _("{name} is a link or a device in the archive; hand in the file itself").format(name=name)
        case "encrypted":
            return _("{name} is encrypted; make an archive without a password").format(name=name)
        case "" | "crowded":
            return ""
        case _:
            assert_never(flaw)


def too_many_members(most: int) -> ArchiveError:
    """The error for an archive with more members than are read."""
    return ArchiveError(_("the archive has more than {most} members").format(most=most))


def unpacks_to_more(most: int) -> ArchiveError:
    """The error for an archive whose members are more than `most` bytes together."""
    return ArchiveError(_("the archive unpacks to more than {most}").format(most=size_text(most)))


def not_read() -> str:
    """What to say of an archive that is not read."""
    return _("such archives are not read here; unpack it and hand in a .zip")
