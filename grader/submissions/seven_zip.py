"""The members of a .7z file, through libarchive: a library of the system, and the package `libarchive-c` (the extra `archives`)."""

import os
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, BinaryIO

from grader.submissions.archives import (
    MAX_UNPACKED,
    ArchiveError,
    ArchiveMember,
    BrokenArchiveError,
    StreamPlace,
    not_read,
    split,
    too_many_members,
    unpacks_to_more,
)
from grader.submissions.crowds import fitting
from grader.text.language import gettext as _

_LIBRARY = "libarchive.so.13"  # looking for it would start a compiler


def load() -> Any:
    """The package; None where it or the library is not installed."""
    os.environ.setdefault("LIBARCHIVE", _LIBRARY)
    try:
        import libarchive
    except (ImportError, OSError, AttributeError):
        return None
    return libarchive


def seven_zip_members(file: BinaryIO, max_members: int, each: int | None = None) -> list[ArchiveMember]:
    """The members of a .7z file.

    Args:
        each: see `crowds.fitting`.

    Raises:
        ArchiveError: it is not readable, exceeds a limit, or nothing here reads such files.
    """
    found: list[ArchiveMember] = []
    total = 0
    with _reading(file) as archive:
        for number, entry in enumerate(archive):
            if each is None and number >= max_members:
                raise too_many_members(max_members)
            total += entry.size or 0
            if total > MAX_UNPACKED:
                raise unpacks_to_more(MAX_UNPACKED)
            if not entry.isdir:
                found.append(_member(entry, number))
    return fitting(found, max_members, each)


def read_seven_zipped(file: BinaryIO, place: StreamPlace, most: int) -> bytes:
    """The first bytes of a member, at most `most`.

    Raises:
        ArchiveError: the archive is damaged up to it.
    """
    with _reading(file) as archive:
        for number, entry in enumerate(archive):
            if number == place.number:
                data = b""
                for block in entry.get_blocks(1 << 16):
                    data += block
                    if len(data) >= most:
                        break
                return data[:most]
    raise BrokenArchiveError(_("the archive has fewer members than before"))


def _member(entry: Any, number: int) -> ArchiveMember:
    name = unicodedata.normalize("NFC", str(entry.pathname))
    parts, flaw = split(name)
    if not flaw and not entry.isreg:
        flaw = "link"
    time = datetime.fromtimestamp(entry.mtime, UTC) if entry.mtime else None
    return ArchiveMember(name, parts, entry.size or 0, time, flaw, StreamPlace("7z", number))


@contextmanager
def _reading(file: BinaryIO) -> Iterator[Any]:
    library = load()
    if library is None:
        raise ArchiveError(not_read())
    file.seek(0)
    try:
        with library.stream_reader(file, "7zip") as archive:
            yield archive
    except (ArchiveError, MemoryError):
        raise
    except Exception as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise
        why = getattr(error, "msg", None) or _("it is damaged")
        raise BrokenArchiveError(_("the archive cannot be read: {error}").format(error=why)) from None
