"""The members of a tar file, packed by gzip, bzip2, xz or not at all. It is read once from its start to its end, within limits.

`tarfile` reads a stream here that goes forward only and counts: what is unpacked in all, and how long a header is.
"""

import bz2
import gzip
import io
import lzma
import tarfile
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import BinaryIO, cast

from grader.sandbox.limits import size_text
from grader.submissions.archives import (
    MAX_UNPACKED,
    ArchiveError,
    ArchiveMember,
    BrokenArchiveError,
    StreamPlace,
    split,
    too_many_members,
    unpacks_to_more,
)
from grader.submissions.crowds import fitting
from grader.text.language import gettext as _

_CHUNK = 1 << 16
_MAX_HEADER = 1 << 20  # bytes that a member's name and attributes may take
_LZMA_MEMORY = 256 << 20


def tar_members(file: BinaryIO, max_members: int, each: int | None = None) -> list[ArchiveMember]:
    """The members of a tar file.

    Args:
        each: see `crowds.fitting`.

    Raises:
        ArchiveError: it is not a readable tar file, or exceeds a limit.
    """
    found: list[ArchiveMember] = []
    with _reading(file) as (archive, stream):
        for number, info in enumerate(archive):
            if each is None and number >= max_members:
                raise too_many_members(max_members)
            stream.skip_to(info.offset_data)  # not further: what is behind it is counted when it is passed
            if not info.isdir():
                found.append(_member(info, number))
    return fitting(found, max_members, each)


def read_tarred(file: BinaryIO, place: StreamPlace, most: int) -> bytes:
    """The first bytes of a member, at most `most`.

    Raises:
        ArchiveError: the archive is damaged up to it.
    """
    with _reading(file) as (archive, stream):
        for number, info in enumerate(archive):
            if number == place.number:
                stream.skip_to(info.offset_data)
                return stream.content(min(info.size, most))
    raise BrokenArchiveError(_("the archive has fewer members than before"))


def _member(info: tarfile.TarInfo, number: int) -> ArchiveMember:
    name = unicodedata.normalize("NFC", info.name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace"))
    parts, flaw = split(name)
    if not flaw and (not info.isreg() or info.issparse()):
        flaw = "link"
    return ArchiveMember(name, parts, info.size, _time(info.mtime), flaw, StreamPlace("tar", number))


def _time(seconds: float) -> datetime | None:
    try:
        return datetime.fromtimestamp(int(seconds), UTC) if seconds > 0 else None
    except (OverflowError, ValueError, OSError):
        return None


@contextmanager
def _reading(file: BinaryIO) -> Iterator[tuple[tarfile.TarFile, "_Forward"]]:
    """A tar file and the stream below it.

    Raises:
        ArchiveError: whatever is wrong with it.
    """
    try:
        stream = _Forward(_unpacking(file))
        with tarfile.TarFile(fileobj=cast(BinaryIO, stream), encoding="utf-8") as archive:
            yield archive, stream
    except (ArchiveError, MemoryError):
        raise
    except Exception as error:  # what damaged data leads to in three decoders and in tarfile has no common base
        if isinstance(error, OSError) and error.errno is not None:
            raise
        text = str(error) or type(error).__name__
        raise BrokenArchiveError(_("the archive cannot be read: {error}").format(error=text[:200])) from None


def _unpacking(file: BinaryIO) -> BinaryIO:
    file.seek(0)
    start = file.read(6)
    file.seek(0)
    if start.startswith(b"\x1f\x8b"):
        return cast(BinaryIO, gzip.GzipFile(fileobj=file, mode="rb"))
    if start.startswith(b"BZh"):
        return cast(BinaryIO, bz2.BZ2File(file))
    if start.startswith(b"\xfd7zXZ"):
        return cast(BinaryIO, io.BufferedReader(_Xz(file), _CHUNK))
    return file


class _Xz(io.RawIOBase):
    """One stream of xz, unpacked with limited memory (`lzma.LZMAFile` has no limit)."""

    def __init__(self, file: BinaryIO) -> None:
        self._file, self._decoder = file, lzma.LZMADecompressor(memlimit=_LZMA_MEMORY)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "memoryview") -> int:  # type: ignore[override]
        data = b""
        while not data and not self._decoder.eof:
            more = self._file.read(_CHUNK) if self._decoder.needs_input else b""
            if self._decoder.needs_input and not more:
                raise EOFError(_("it ends too early"))
            data = self._decoder.decompress(more, len(buffer))
        buffer[: len(data)] = data
        return len(data)


class _Forward:
    """A stream that goes forward only, of at most `MAX_UNPACKED` bytes."""

    def __init__(self, source: BinaryIO) -> None:
        self._source, self._place = source, 0

    def tell(self) -> int:
        """Bytes read so far."""
        return self._place

    def read(self, size: int) -> bytes:
        """A part of a header, as `tarfile` asks for it."""
        if not 0 <= size <= _MAX_HEADER:
            raise BrokenArchiveError(_("the archive cannot be read: {error}").format(error=f"a header of {size_text(size)}"))
        return self.content(size)

    def content(self, size: int) -> bytes:
        """The next bytes, fewer only at the end."""
        parts: list[bytes] = []
        while size > 0 and (part := self._source.read(min(size, _CHUNK))):
            size -= len(part)
            self._place += len(part)
            if self._place > MAX_UNPACKED:
                raise unpacks_to_more(MAX_UNPACKED)
            parts.append(part)
        return b"".join(parts)

    def seek(self, place: int) -> int:
        """As `tarfile` goes to the next header."""
        self.skip_to(place)
        return self._place

    def skip_to(self, place: int) -> None:
        """Go forward to `place`, or to the end."""
        if place < self._place:
            raise BrokenArchiveError(_("the archive cannot be read: {error}").format(error="a size below zero"))
        while self._place < place and self.content(min(place - self._place, _CHUNK)):
            pass
