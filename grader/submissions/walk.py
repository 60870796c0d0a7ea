"""The files below a student's folder, as they lie on disk: no link is followed, and none is opened."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from grader.submissions.archives import is_noise
from grader.submissions.arrange import DEEPEST, Place
from grader.submissions.files import MAX_MEMBERS, File, OnDisk, Unreadable, too_many
from grader.text.language import gettext as _


def text_name(name: str) -> str:
    """A file's name as text: bytes that are not UTF-8 are escaped."""
    return name if name.isascii() else os.fsencode(name).decode("utf-8", "backslashreplace")


def entries_of(folder: "Path | os.DirEntry[str]") -> "list[os.DirEntry[str]]":
    """What is in a folder, by name. Each knows what it is, without asking again: a class has hundreds of thousands.

    Raises:
        OSError: it cannot be opened.
    """
    with os.scandir(folder) as found:
        return sorted(found, key=lambda entry: os.path.normcase(entry.name))


def walked(folder: "Path | os.DirEntry[str]") -> list[File]:
    """The files below a student's folder."""
    found: list[File] = []
    for file in _walk(folder, ()):
        found.append(file)
        if len(found) > MAX_MEMBERS:
            return [File((), too_many(folder.name, MAX_MEMBERS))]
    return found


def _walk(folder: "Path | os.DirEntry[str]", parts: Place) -> Iterator[File]:
    try:
        entries = entries_of(folder)
    except OSError as error:
        text = _("{name} cannot be opened: {reason}")
        yield File(parts, Unreadable(text.format(name=text_name(Path(folder).name), reason=error.strerror)))
        return
    for entry in entries:
        name = text_name(entry.name)
        if is_noise((name,)):
            continue
        if entry.is_symlink():
            yield File((*parts, name), Unreadable(_("{name} is a link; hand in the file itself").format(name=name)))
        elif entry.is_dir(follow_symlinks=False):
            if len(parts) < DEEPEST:
                yield from _walk(entry, (*parts, name))
        else:
            yield File((*parts, name), OnDisk(entry.path), time_of(entry))


def time_of(entry: "Path | os.DirEntry[str]") -> datetime | None:
    """When a file was changed last, if its file system says so."""
    try:
        return datetime.fromtimestamp(os.lstat(entry).st_mtime, UTC)
    except (OSError, OverflowError, ValueError):
        return None
