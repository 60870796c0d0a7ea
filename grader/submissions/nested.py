"""The archives among a student's files, and those in them: opened a few levels deep, their members where an unpacked folder's would be."""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from msgspec.structs import replace

from grader.submissions.archives import is_archive, stem
from grader.submissions.arrange import Place, is_code
from grader.submissions.files import File, MachineFault, OnDisk, Packed, Unreadable
from grader.submissions.listing import Archive
from grader.submissions.read import Reader
from grader.submissions.topic_names import TopicNames
from grader.submissions.walk import text_name, walked
from grader.text.language import gettext as _

_NESTED = 3  # archives in archives: of a class, of a student, of a topic

Entry = Path | os.DirEntry[str] | File | Archive
Students = dict[str, list[Entry]]


def opened(batch: Students, reader: Reader, names: TopicNames) -> dict[str, list[File]]:
    """The files of some students, with those in archives."""
    held: dict[str, list[File]] = {student: [] for student in batch}
    wanted: list[tuple[str, Archive]] = []
    for student, entries in batch.items():
        for entry in entries:
            if isinstance(entry, Path | os.DirEntry):
                held[student] += walked(entry)
            elif isinstance(entry, Archive):
                wanted.append((student, entry))
            else:
                held[student].append(entry)
    for _depth in range(_NESTED):
        for (student, archive), files in zip(wanted, reader.listed([item[1] for item in wanted]), strict=True):
            held[student] += [_placed(file, archive, names) for file in files]
        wanted = [(student, archive) for student, files in held.items() for archive in _to_open(files, names)]
        if not wanted:
            break
        opened = {(student, id(archive.origin)) for student, archive in wanted}
        for student, files in held.items():
            held[student] = [file for file in files if (student, id(file.origin)) not in opened]
    for student, archive in wanted:
        problem = _("an archive in an archive in an archive; unpack it and hand in a .zip")
        held[student].append(_placed(File(archive.prefix, Unreadable(problem)), archive, names))
    return held


def _placed(file: File, archive: Archive, names: TopicNames) -> File:
    """A member; one that stands for the whole archive is in the place of the topic's folder, or of the student's."""
    if file.parts != archive.prefix:
        return replace(file, name=f"{_archive_name(archive)}: {file.origin.name}") if isinstance(file.origin, Packed) else file
    topic = names.in_folder((*file.parts, ""))
    origin = file.origin
    if isinstance(origin, Unreadable):
        origin = Unreadable(f"{_archive_name(archive)}: {origin.problem}")
    return replace(file, parts=(topic[0],) if topic else (), origin=origin)


def _to_open(files: Sequence[File], names: TopicNames) -> Iterator[Archive]:
    """The archives that are a topic's, and those where there is no other code."""
    coded = {_scope(file.parts, names) for file in files if file.parts and is_code(file.parts[-1])}
    for file in files:
        if not file.parts or not is_archive(file.parts[-1]) or isinstance(file.origin, Unreadable | MachineFault):
            continue
        *above, name = file.parts
        topic = names.named(stem(name)) if not above else ""
        if topic:
            yield Archive(file.origin, (topic,), (topic, topic))
        elif _scope(file.parts, names) not in coded:
            yield Archive(file.origin, tuple(above), (*above, stem(name)))


def _scope(parts: Place, names: TopicNames) -> str:
    found = names.in_folder(parts)
    return found[0] if found else ""


def _archive_name(archive: Archive) -> str:
    match archive.origin:
        case OnDisk():
            return text_name(Path(archive.origin.path).name)
        case Packed():
            return archive.origin.name
    return archive.folder[-1]
