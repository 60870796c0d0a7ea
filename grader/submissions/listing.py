"""The members of an archive that was handed in, as files of submissions. A bad archive is one file that cannot be read."""

from collections.abc import Iterator
from typing import BinaryIO, Literal, assert_never

import msgspec

from grader.submissions.archives import ArchiveError, ArchiveMember, flaw_text, format_of, is_noise, not_read
from grader.submissions.files import (
    MAX_MEMBERS,
    OUT_OF_PLACE,
    File,
    MachineFault,
    Packed,
    Readable,
    Unreadable,
    UnreadableError,
    open_origin,
    too_many,
)
from grader.text.language import gettext as _

MAX_LISTING = 1 << 20  # bytes of a zip file's own list of members
MAX_CLASS_MEMBERS, MAX_CLASS_LISTING = 100_000, 64 << 20  # the same for an archive of a whole class


class Archive(msgspec.Struct, frozen=True):
    """An archive to be listed: where its members belong, and the `folder` that may be around all of them.

    Attributes:
        kind: of its members.
    """

    origin: Readable
    prefix: tuple[str, ...]
    folder: tuple[str, ...] = ()
    kind: Literal["member", "packed"] = "packed"


def listed(archive: Archive) -> list[File]:
    """The members of an archive, with their places in the class. A bad archive is one unreadable file."""
    try:
        with open_origin(archive.origin) as file:
            return list(_unwrapped(_members(file, archive), archive.folder))
    except UnreadableError as error:
        return [File(archive.prefix, Unreadable(str(error)))]
    except OSError as error:
        return [File(archive.prefix, MachineFault(error.errno or 0, error.strerror or str(error)))]


def _members(file: BinaryIO, archive: Archive) -> Iterator[File]:
    try:
        members = _listed(file, archive)
    except ArchiveError as error:
        raise UnreadableError(str(error)) from None
    except OSError as error:
        if error.errno not in OUT_OF_PLACE:
            raise
        raise UnreadableError(_("the archive cannot be read: {error}"), error=error) from None
    seen: set[tuple[str, ...]] = set()
    for member in members:
        place = (*archive.prefix, *member.parts)
        if is_noise(member.parts) and not member.flaw:
            continue
        match member.flaw:
            case "outside":
                # a whole class's archive has one folder for each student: what leads out of one is that student's
                whose = member.parts[:1] if archive.kind == "member" and not member.name.startswith(("/", "..", "\\")) else ()
                yield File((*archive.prefix, *whose), Unreadable(flaw_text("outside", f"{member.name!r:.100}")))
            case "link":
                yield File(place, Unreadable(flaw_text("link", member.parts[-1])))
            case "crowded":
                yield File(place, too_many(member.parts[-1] if member.parts else "?", MAX_MEMBERS))
            case "" | "encrypted":  # reading it reports the latter
                if place in seen:
                    text = _("the archive has {name} twice")
                    yield File(place, Unreadable(text.format(name=f"{member.name!r:.100}")))
                else:
                    seen.add(place)
                    yield File(place, Packed(archive.origin, member.name, member.place), member.time, archive.kind)
            case _:
                assert_never(member.flaw)


def _listed(file: BinaryIO, archive: Archive) -> list[ArchiveMember]:
    format_, of_class = format_of(file), archive.kind == "member"
    most, each = (MAX_CLASS_MEMBERS, MAX_MEMBERS) if of_class else (MAX_MEMBERS, None)
    match format_:
        case "zip":
            from grader.submissions.zip_members import zip_members  # each is heavy, and most files are in no archive

            return zip_members(file, most, MAX_CLASS_LISTING if of_class else MAX_LISTING, each)
        case "tar":
            from grader.submissions.tar_members import tar_members

            return tar_members(file, most, each)
        case "7z":
            from grader.submissions.seven_zip import seven_zip_members

            return seven_zip_members(file, most, each)
        case "unread":
            raise ArchiveError(not_read())
        case _:
            assert_never(format_)


def _unwrapped(files: Iterator[File], folder: tuple[str, ...]) -> Iterator[File]:
    """The files of an archive; if it holds `folder` itself, as if it held only its content."""
    for file in files:
        wrapped = folder and file.parts[: len(folder)] == folder and len(file.parts) > len(folder)
        yield msgspec.structs.replace(file, parts=(*folder[:-1], *file.parts[len(folder) :])) if wrapped else file
