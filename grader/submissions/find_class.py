"""Whose each file of a class is, and for which assignment. Nothing is executed, and no file but archives is looked into.

    SUBMISSIONS/<student>/<topic>/<topic>.py       nbgrader's layout; other .py files of the folder can be imported by it
    SUBMISSIONS/<student>/<topic>/<topic>.ipynb    a notebook; it takes precedence over a .py file, as in nbgrader
    SUBMISSIONS/<student>/<topic>.zip              the same in an archive, of one topic or of one student
    SUBMISSIONS/<student>.tar.gz
    SUBMISSIONS/<student>/<topic>.py               without a folder, if its name says for what it is
    SUBMISSIONS/<student>_<topic>.py
    SUBMISSIONS.zip                                all of it in one zip file

Within a student's folder, `arrange` says which file is the assignment's. What belongs to nobody, or to no assignment, is named.
"""

import sys
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace

from grader.errors import UsageError
from grader.submissions.archives import is_archive, is_noise, stem, suffix
from grader.submissions.arrange import Place, arrange, is_code
from grader.submissions.files import MAX_MEMBERS, MAX_ZIP, File, MachineFault, OnDisk, Unreadable, too_many
from grader.submissions.listing import Archive
from grader.submissions.nested import Students, opened
from grader.submissions.read import HERE, Reader, SubmittedFiles
from grader.submissions.submitted_at import MARK, NOT_IMPORTED, TIMESTAMP
from grader.submissions.topic_names import TopicNames
from grader.submissions.walk import entries_of, text_name, time_of
from grader.text.escape import listed
from grader.text.language import gettext as _

if TYPE_CHECKING:
    from grader.submissions.notebook.scaffold import Scaffold

_AT_ONCE = 64  # students whose archives are listed together; no more of the class is in memory than what will be read of it
_SHOWN = 5  # files that a message may name
YOU = "you"  # the student of work that is not handed in yet


class Class(msgspec.Struct, frozen=True):
    """What a class handed in.

    Attributes:
        submitted: by student and topic.
        notes: on names that were guessed, and on what was left aside.
        students: all who are in it, those without a submission too.
    """

    submitted: list[SubmittedFiles]
    notes: list[str]
    students: tuple[str, ...]


def read_class(
    path: Path,
    topics: Sequence[str],
    scaffold: "Mapping[str, Scaffold] | None" = None,
    reader: Reader = HERE,
    others: Collection[str] = (),
) -> tuple[list[SubmittedFiles], list[str]]:
    """The submissions for `topics` under `path`, by student and topic, and the notes: see `find_class`."""
    found = find_class(path, topics, scaffold, reader, others)
    return found.submitted, found.notes


def find_class(
    path: Path,
    topics: Sequence[str],
    scaffold: "Mapping[str, Scaffold] | None" = None,
    reader: Reader = HERE,
    others: Collection[str] = (),
) -> Class:
    """The submissions for `topics` under `path`.

    Args:
        scaffold: what the course gives for each topic; without it, only `.py` files count.
        reader: lists archives now, and reads each submission when its turn comes.
        others: all topics of the course: what is of one of these is not taken for another.

    Raises:
        UsageError: there is no such folder, or nothing in it looks like a submission.
    """
    layout = "<student>/<topic>/<topic>.py"
    if not path.exists():
        raise UsageError(f"{path} is not there. Give the folder that holds {layout}, or a zip of it.")
    finder = _Finder(topics, scaffold or {}, reader, others)
    if path.is_dir():
        students = finder.of_folder(path)
    elif is_archive(path.name):
        students = finder.of_archive(path)
        if not students and finder.notes:
            raise UsageError(f"{path}: {finder.notes[0]}. Give a folder with {layout}, or a zip of it.")
    else:
        raise UsageError(f"{path} is a file. Give a folder with {layout}, or a zip of it; `grader check` takes one file.")
    found = list(finder.submitted(students))
    of_one = bool(students) and all(student in finder.topics for student in students)
    if not found or of_one:
        seen = f"seen: {', '.join(sorted(students)[:_SHOWN])}" if students else "it is empty"
        where = path.absolute()
        advice = (
            f" If it is one student's folder, grade the class and say who: {where.parent} --student {where.name}"
            if of_one
            else ""
        )
        raise UsageError(f"{path} holds no submission for {', '.join(topics)}. The layout is {layout}; {seen}.{advice}")
    return Class(found, finder.notes, tuple(sorted(students)))


def read_one_person(
    path: Path, topics: Sequence[str], scaffold: "Mapping[str, Scaffold]", others: Collection[str] = ()
) -> tuple[list[SubmittedFiles], list[str]]:
    """What one person has in a folder or an archive, for each of `topics`, by the rules of a class; and notes."""
    finder = _Finder(topics, scaffold, HERE, others)
    name = text_name(path.name)
    entry = path if path.is_dir() else Archive(OnDisk(str(path), MAX_ZIP), (), (stem(name),))
    return list(finder.submitted({YOU: [entry]})), finder.notes


class _Finder:
    """The rules by which files belong to students and topics, and what there is to say."""

    def __init__(
        self, topics: Sequence[str], scaffold: "Mapping[str, Scaffold]", reader: Reader, others: Collection[str]
    ) -> None:
        self._topics, self._scaffold, self._reader = topics, scaffold, reader
        self._names = TopicNames(topics, others)
        self.topics = frozenset(self._names.known)
        self.notes: list[str] = []
        self._without: list[tuple[str, str]] = []  # students, and what they hold instead

    def of_folder(self, folder: Path) -> Students:
        """The entries of each student."""
        students: Students = {}
        for entry in entries_of(folder):
            name = text_name(entry.name)
            if is_noise((name,)) or name.startswith("__"):
                continue
            if entry.is_symlink():
                problem = _("{name} is a link; a submission is a folder of its own").format(name=name)
                students.setdefault(stem(name) if is_archive(name) else name, []).append(File((), Unreadable(problem)))
            elif entry.is_dir():
                students.setdefault(name, []).append(entry)
            else:
                self._at_the_top(File((name,), OnDisk(entry.path), time_of(entry)), students)
        return students

    def of_archive(self, path: Path) -> Students:
        """The members of an archive of the whole class, by student. A single folder around all students is ignored."""
        (files,) = self._reader.listed([Archive(OnDisk(str(path), sys.maxsize), (), (), "member")])
        inside = [file for file in files if file.parts]
        for file in files:
            if not file.parts:
                if isinstance(file.origin, MachineFault):
                    file.read()
                self.notes.append(file.origin.problem if isinstance(file.origin, Unreadable) else "")
        second = {file.parts[1] for file in inside if len(file.parts) > 1}
        around = len({file.parts[0] for file in inside}) == 1 and not any(self._names.named(stem(name)) for name in second)
        students: Students = {}
        for file in inside:
            parts = file.parts[1:] if around else file.parts
            if len(parts) > 1:
                students.setdefault(parts[0], []).append(replace(file, parts=parts[1:]))
            elif parts and isinstance(file.origin, Unreadable):
                (name,) = parts
                student = stem(name) if is_archive(name) or is_code(name) else name
                students.setdefault(student, []).append(replace(file, parts=()))
            elif parts:
                self._at_the_top(replace(file, parts=parts), students)
        for student, mine in students.items():
            if len(mine) > MAX_MEMBERS:
                students[student] = [File((), too_many(student, MAX_MEMBERS))]
        return students

    def _at_the_top(self, file: File, students: Students) -> None:
        """A file beside the students' folders: an archive of one, or a file whose name says whose it is."""
        (name,) = file.parts
        student, topic = self._names.whose(stem(name))
        if is_archive(name) and not isinstance(file.origin, Unreadable | MachineFault):
            prefix, student = ((topic,), student) if topic else ((), stem(name))
            limited = replace(file.origin, limit=MAX_ZIP) if isinstance(file.origin, OnDisk) else file.origin
            students.setdefault(student, []).append(Archive(limited, prefix, (*prefix, *prefix) or (student,)))
        elif is_code(name) and student:
            topic = topic or self._topics[0]
            self.notes.append(f"{name} is taken for {student}'s {topic}")
            students.setdefault(student, []).append(replace(file, parts=(topic, topic + suffix(name)), name=name))
        elif is_code(name):
            self.notes.append(f"{name}: whose it is, and for which assignment, is unknown; put it into <student>/<topic>/")
        else:
            self.notes.append(f"{name} is not a submission; left aside")

    def submitted(self, students: Students) -> Iterator[SubmittedFiles]:
        """The submissions of all students, by name."""
        names = sorted(students)
        for start in range(0, len(names), _AT_ONCE):
            batch = names[start : start + _AT_ONCE]
            for student, files in opened({student: students[student] for student in batch}, self._reader, self._names).items():
                yield from self._of_student(student, files)
        self.notes += self._nothing()

    def _nothing(self) -> Iterator[str]:
        """Who handed in nothing that is looked for: each with what is there instead, or many in one line."""
        if len(self._without) > _SHOWN:
            names = listed([student for student, _held in self._without], _SHOWN)
            yield f"nothing for {', '.join(self._topics)} from {len(self._without)} students: {names}"
            return
        for student, held in self._without:
            expected = f"{student}/{self._topics[0]}/{self._topics[0]}.py"
            yield f"{student}: nothing in the place of {expected} or the like; it holds {held or 'no file'}"

    def _of_student(self, student: str, files: Sequence[File]) -> Iterator[SubmittedFiles]:
        whole = [file for file in files if not file.parts]
        of: dict[str, list[tuple[Place, File]]] = {}
        blocked: dict[str, list[File]] = {}
        loose: list[File] = []
        for file in files:
            if not file.parts:
                continue
            if found := self._names.in_folder(file.parts):
                of.setdefault(found[0], []).append((file.parts[found[1] :], file))
            elif isinstance(file.origin, Unreadable | MachineFault) and (topic := self._names.named(file.parts[-1])):
                blocked.setdefault(topic, []).append(replace(file, parts=(topic,)))
            else:
                loose.append(file)
        left = self._share(loose, of)
        if left and len(self._topics) == 1 and self._topics[0] not in of:
            of[self._topics[0]], left = [(file.parts, file) for file in left], []
        count = 0
        for topic in self._topics:
            mine = [*whole, *blocked.get(topic, ()), *self._arranged(student, topic, of.get(topic, []))]
            if mine:
                count += 1
                item = SubmittedFiles(student, topic, tuple(mine), self._scaffold.get(topic), self._reader)
                yield replace(item, files=item.trimmed(_SHOWN))
        held = ", ".join(sorted("/".join(file.parts) for file in left)[:_SHOWN])
        may_be = any(is_code(file.parts[-1]) or is_archive(file.parts[-1]) for file in left)
        if not count and not any(topic in self._names.known for topic in (*of, *blocked)):
            self._without.append((student, held))
        elif may_be:
            self.notes.append(f"{student}: of which assignment this is, is unknown; left aside: {held}")

    def _share(self, loose: Sequence[File], of: dict[str, list[tuple[Place, File]]]) -> list[File]:
        """Give files that are in no topic's folder to the topics whose own file is beside or above them; returns the others."""
        places: dict[str, Place] = {}
        for file in sorted(loose, key=lambda file: len(file.parts)):
            if is_code(file.parts[-1]) and (topic := self._names.named(stem(file.parts[-1]))):
                places.setdefault(topic, file.parts[:-1])
        left = []
        for file in loose:
            own = (self._names.named(stem(file.parts[-1])) or self._has(file.parts[-1])) if is_code(file.parts[-1]) else ""
            owners = [own] if own else [topic for topic, place in places.items() if file.parts[: len(place)] == place]
            for topic in owners:
                of.setdefault(topic, []).append((file.parts[len(places[topic]) :] if not own else file.parts[-1:], file))
            if not owners:
                left.append(file)
        return left

    def _several(self, topic: str) -> tuple[str, ...]:
        """The modules that students fill for a topic, where these are several."""
        scaffold = self._scaffold.get(topic)
        return scaffold.files if scaffold else ()

    def _has(self, name: str) -> str:
        """The only topic one of whose several modules is called so."""
        topics = [topic for topic in self._topics if name in self._several(topic)]
        return topics[0] if len(topics) == 1 else ""

    def _arranged(self, student: str, topic: str, items: Sequence[tuple[Place, File]]) -> Iterator[File]:
        """The files of a submission where they belong. Two in one place stay two: reading them reports it."""
        files: dict[Place, File] = {}
        again: list[tuple[Place, File]] = []
        for place, file in items:
            if place in ((TIMESTAMP,), (MARK,), (NOT_IMPORTED,)) and file.kind != "packed":
                yield replace(file, parts=(topic, *place))
            elif files.setdefault(place, file) is not file:
                again.append((place, file))
        arranged, notes = arrange(topic, files, self._several(topic))
        self.notes += [f"{student}: {note}" for note in notes]
        where = {id(file): place for place, file in arranged.items()}
        for place, file in arranged.items():
            yield replace(file, parts=place if len(place) > 1 else (topic, *place), name=file.name or "/".join(file.parts))
        for place, file in again:
            if id(files[place]) in where:
                yield replace(file, parts=where[id(files[place])], name=file.name or "/".join(file.parts))
