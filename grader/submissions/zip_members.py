"""The members of a zip file, listed before any is read: the name, the flaw and the time of each.

Nothing is unpacked to disk. What a flaw leads to is the caller's policy: one unreadable file in a student's archive (`files.listed`), the
refusal of a bulk download (`archive.opened`).
"""

import io
import stat
import unicodedata
import zipfile
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import PurePosixPath
from typing import BinaryIO, Literal

import msgspec

from grader.sandbox.values import size_text
from grader.text.language import gettext as _

MAX_RATIO = 100  # unpacked to packed, if ...
FROM_SIZE = 100 << 20  # ... larger than this
_UTF8 = 0x800  # the flag of a member whose name is UTF-8
_ENCRYPTED = 0x1
_LONGEST = 1000  # characters of a member's name that is normalised; no system writes a longer one
_EMPTY = b"PK\5\6" + bytes(18)  # a zip file without members
_TAIL = (1 << 16) + 200  # bytes at the end that hold the offset of the list of members


class ArchiveError(Exception):
    """The whole zip file is not read; the message says why."""


class BrokenArchiveError(ArchiveError):
    """It is not a zip file, or an incomplete one."""


class ZipPlace(msgspec.Struct, frozen=True, array_like=True):
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


class ZipMember(msgspec.Struct, frozen=True):
    """A member that is not a folder.

    Attributes:
        name: as it was packed; `parts`: its place.
        size: unpacked, as the archive claims.
        time: when it was written; without an offset if the archive holds clock time.
        flaw: why it should not be read: it would be outside of the archive, is a link or a device, or has a password.
        read: its first bytes, at most so many. Raises whatever `zipfile` raises if it is damaged.
        place: for `read_zipped`, which does the same later or elsewhere.
    """

    name: str
    parts: tuple[str, ...]
    size: int
    time: datetime | None
    flaw: Literal["", "outside", "link", "encrypted"]
    read: Callable[[int], bytes]
    place: ZipPlace


def zip_members(file: BinaryIO, max_members: int, max_listing: int) -> list[ZipMember]:
    """The members of a zip file, which are read from `file` on demand.

    Args:
        max_listing: bytes of the list of members.

    Raises:
        ArchiveError: it is not a readable zip file, or exceeds one of the limits.
        OSError: the file cannot be read.
    """
    if (size := _listing_size(file)) > max_listing:
        text = _("the zip file's list of members is {size}; at most {most} are read")
        raise ArchiveError(text.format(size=size_text(size), most=size_text(max_listing)))
    try:
        archive = zipfile.ZipFile(file)
    except (OSError, MemoryError):
        raise
    except Exception as error:  # whatever `zipfile` stumbles over in a damaged list
        raise BrokenArchiveError(_("the zip file cannot be read: {error}").format(error=error)) from None
    infos = archive.infolist()
    if len(infos) > max_members:
        raise ArchiveError(_("the zip file has {n} members; at most {most} are read").format(n=len(infos), most=max_members))
    return [_member(archive, info) for info in infos if not info.filename.endswith("/")]


def is_bomb(members: Sequence[ZipMember], packed: int) -> bool:
    """Whether `packed` bytes would unpack to far more than ordinary files do."""
    total = sum(member.size for member in members)
    return total > FROM_SIZE and total > MAX_RATIO * packed


def _member(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> ZipMember:
    name = _name(info)
    parts = PurePosixPath(name.replace("\\", "/")).parts

    def read(most: int) -> bytes:
        with archive.open(info) as file:
            return file.read(most)

    sizes = (info.header_offset, info.compress_size, info.file_size, info.CRC)
    place = ZipPlace(info.orig_filename, *sizes, info.compress_type, info.flag_bits)
    return ZipMember(name, parts, info.file_size, _time(info), _flaw(info, parts), read, place)


def read_zipped(file: BinaryIO, place: ZipPlace, most: int) -> bytes:
    """The first bytes of a member of the zip file `file`, at most `most`. Raises whatever `zipfile` raises if it is damaged."""
    archive = zipfile.ZipFile(io.BytesIO(_EMPTY))  # whose list of members is not read again
    archive.fp = file
    info = zipfile.ZipInfo(place.name)
    info.orig_filename, info.header_offset, info.flag_bits = place.name, place.offset, place.flags
    info.compress_size, info.file_size, info.CRC, info.compress_type = place.packed, place.size, place.crc, place.method
    with archive.open(info) as member:
        return member.read(most)


def _flaw(info: zipfile.ZipInfo, parts: tuple[str, ...]) -> Literal["", "outside", "link", "encrypted"]:
    if not parts or parts[0].startswith("/") or ".." in parts or parts[0][1:2] == ":":
        return "outside"
    if stat.S_IFMT(info.external_attr >> 16) not in (0, stat.S_IFREG):
        return "link"
    return "encrypted" if info.flag_bits & _ENCRYPTED else ""


def _name(info: zipfile.ZipInfo) -> str:
    """The member's name; as UTF-8 even without the flag for it, as macOS packs."""
    name = info.filename
    if not info.flag_bits & _UTF8:
        with suppress(UnicodeError):
            name = name.encode("cp437").decode("utf-8")
    return unicodedata.normalize("NFC", name) if len(name) <= _LONGEST else name  # it takes the square of the marks on one letter


def _time(info: zipfile.ZipInfo) -> datetime | None:
    """When a member was written: in UTC if the archive has Info-ZIP's extra field, else clock time of an unknown zone."""
    extra, at = info.extra, 0
    while len(extra) - at >= 4:
        name, size = (int.from_bytes(extra[place : place + 2], "little") for place in (at, at + 2))
        if name == 0x5455 and size >= 5 and len(extra) - at >= 9 and extra[at + 4] & 1:
            return datetime.fromtimestamp(int.from_bytes(extra[at + 5 : at + 9], "little"), UTC)
        at += 4 + size
    try:
        return datetime(*info.date_time) if info.date_time[0] > 1980 else None  # the format's epoch means no time
    except ValueError:
        return None


def _listing_size(file: BinaryIO) -> int:
    """Bytes of the list of members: the largest that any of the records claims in which `zipfile` may look for it.

    The time to read it grows with the square of a member's extra fields, so it is limited before it is read.
    """
    file.seek(max(file.seek(0, 2) - _TAIL, 0))
    tail = file.read()
    sizes = [0]
    for mark, place, width in ((b"PK\x05\x06", 12, 4), (b"PK\x06\x06", 40, 8)):
        start = tail.find(mark)
        while start >= 0:
            size = int.from_bytes(tail[start + place : start + place + width], "little")
            sizes.append(0 if size == 0xFFFFFFFF else size)  # it is in the other record
            start = tail.find(mark, start + 1)
    return max(sizes)
