"""The members of a zip file, listed before any is read: the name, the flaw and the time of each.

Nothing is unpacked to disk. What a flaw leads to is the caller's policy: one unreadable file in a student's archive (`listing.listed`), the
refusal of a bulk download (`archive.opened`).
"""

import io
import stat
import unicodedata
import zipfile
from contextlib import suppress
from datetime import UTC, datetime
from typing import BinaryIO

from msgspec.structs import replace

from grader.sandbox.limits import size_text
from grader.submissions.archives import ArchiveError, ArchiveMember, BrokenArchiveError, Flaw, ZipPlace, split
from grader.submissions.crowds import crowded_folders
from grader.text.language import gettext as _

MAX_RATIO = 100  # unpacked to packed, if ...
FROM_SIZE = 100 << 20  # ... larger than this
_UTF8 = 0x800  # the flag of a member whose name is UTF-8
_ENCRYPTED = 0x1
_LONGEST = 1000  # characters of a member's name that is normalised; no system writes a longer one
_EMPTY = b"PK\5\6" + bytes(18)  # a zip file without members
_TAIL = (1 << 16) + 200  # bytes at the end that hold the offset of the list of members


def zip_members(file: BinaryIO, max_members: int, max_listing: int, each: int | None = None) -> list[ArchiveMember]:
    """The members of a zip file, which `read_zipped` reads.

    Args:
        max_listing: bytes of the list of members.
        each: where there are more than `max_members`, a folder (of a student) that has more than so many becomes one that is `crowded`.

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
    infos, crowded = archive.infolist(), list[ArchiveMember]()
    if each is not None and len(infos) > max_members:
        infos, crowded = _without_crowds(infos, each)
    if len(infos) > max_members:
        raise ArchiveError(_("the zip file has {n} members; at most {most} are read").format(n=len(infos), most=max_members))
    return [*crowded, *(_member(info) for info in infos if not info.filename.endswith("/"))]


def _without_crowds(infos: list[zipfile.ZipInfo], most: int) -> tuple[list[zipfile.ZipInfo], list[ArchiveMember]]:
    """The members in folders of at most `most`, and what stands for each other folder. One around all does not count."""
    folders, crowds = crowded_folders([tuple(info.filename.replace("\\", "/").split("/", 2)) for info in infos], most)
    first = {folder: info for folder, info in zip(reversed(folders), reversed(infos), strict=True) if folder in crowds}
    crowded = []
    for folder, info in first.items():
        member = _member(info)
        crowded.append(replace(member, parts=member.parts[: len(folder)], flaw="crowded"))
    return [info for folder, info in zip(folders, infos, strict=True) if folder not in crowds], crowded


def is_bomb(total: int, packed: int) -> bool:
    """Whether `packed` bytes would unpack to far more than ordinary files do."""
    return total > FROM_SIZE and total > MAX_RATIO * packed


def _member(info: zipfile.ZipInfo) -> ArchiveMember:
    name = _name(info)
    parts, flaw = split(name)
    sizes = (info.header_offset, info.compress_size, info.file_size, info.CRC)
    place = ZipPlace(info.orig_filename, *sizes, info.compress_type, info.flag_bits)
    return ArchiveMember(name, parts, info.file_size, _time(info), flaw or _flaw(info), place)


def read_zipped(file: BinaryIO, place: ZipPlace, most: int) -> bytes:
    """The first bytes of a member of the zip file `file`, at most `most`.

    If it is damaged, a `BrokenArchiveError` is raised, or what the compression raises.
    """
    archive = zipfile.ZipFile(io.BytesIO(_EMPTY))  # whose list of members is not read again
    archive.fp = file
    info = zipfile.ZipInfo(place.name)
    info.orig_filename, info.header_offset, info.flag_bits = place.name, place.offset, place.flags
    info.compress_size, info.file_size, info.CRC, info.compress_type = place.packed, place.size, place.crc, place.method
    try:
        with archive.open(info) as member:
            return member.read(most)
    except zipfile.BadZipFile as error:
        raise BrokenArchiveError(str(error)) from None


def _flaw(info: zipfile.ZipInfo) -> Flaw:
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
