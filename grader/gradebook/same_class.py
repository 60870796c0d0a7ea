"""Which class the records are of: the folders that it was graded from, and who of it left.

A class is known by its students, so it may be moved, renamed, downloaded again or on a disk that cannot be written, and it may have a
folder for each assignment. Nothing is put into its folders.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from pathlib import Path
from shlex import quote

import msgspec

from grader.errors import UsageError
from grader.text.escape import one_line

SHOWN = 5  # names in a message


class Folder(msgspec.Struct, frozen=True):
    """A folder or an archive that the class was graded from.

    Attributes:
        path: from the root, without links.
        students: all who were in it, when it was graded last.
        topics: for which something was handed in there.
    """

    path: str
    students: tuple[str, ...]
    topics: tuple[str, ...]


class Dropped(msgspec.Struct, frozen=True):
    """A student who left: with records, which count nowhere until the student is taken back."""

    student: str
    by: str
    at: datetime
    because: str = ""


def students_of(keys: Iterable[tuple[str, str]]) -> set[str]:
    """The students with records, by the keys of a store."""
    return {student for student, _assignment in keys}


def refuse_dropped(dropped: Iterable[Dropped], student: str) -> None:
    """Raise UsageError if a student was dropped."""
    for one in dropped:
        if one.student == student:
            why = f": {one_line(one.because, 100)}" if one.because else ""
            raise UsageError(
                f"{one_line(student, 60)} was dropped ({one_line(one.by, 30)}, {one.at:%Y-%m-%d}{why}), and counts nowhere. "
                f"Take back: grader drop --undo {quote(one_line(student, 60))}"
            )


def same_class(folders: Sequence[Folder], recorded: Collection[str], new: Folder) -> bool:
    """Whether a folder is of the class that was graded from `folders`: it is one of them, or half of its students or of those are the same.

    Where nothing was recorded yet, or no folder is known, any will do.

    Args:
        recorded: the students with records.
    """
    if not recorded or not folders or any(folder.path == new.path for folder in folders):
        return True
    known = {*recorded, *(student for folder in folders for student in folder.students)}
    return 2 * len(known.intersection(new.students)) >= min(len(known), len(new.students))


def other_class(folders: Sequence[Folder], new: Folder, out: Path) -> UsageError:
    """The error for a folder of another class."""
    known = {student for folder in folders for student in folder.students}
    places = ", ".join(one_line(folder.path, 200) for folder in folders[-SHOWN:])
    shared = len(known.intersection(new.students))
    return UsageError(
        f"{out} holds the records of another class, of {len(known)} students ({places}). Of the {len(new.students)} in "
        f"{one_line(new.path, 200)}, {shared or 'none'} {'is' if shared < 2 else 'are'} among them. Nothing was graded. "
        f"Give this class records of its own (--out {out}_2), or add --same-class if it is the same class, or a part of it."
    )


def with_folder(folders: Iterable[Folder], new: Folder, gone: Collection[str]) -> list[Folder]:
    """The folders of a class that was just graded from `new`.

    Those that are `gone`, by their paths, or whose topics and students `new` has as well, it replaces.
    """
    kept = []
    topics = {*new.topics}
    for old in folders:
        if old.path == new.path:
            topics |= {*old.topics}
        elif old.path not in gone and not (
            {*old.topics} <= {*new.topics} and 2 * len({*old.students} & {*new.students}) >= len(old.students)
        ):
            kept.append(old)
    return [*kept, msgspec.structs.replace(new, topics=tuple(sorted(topics)))]


def who_left(folders: Sequence[Folder], recorded: Iterable[str]) -> list[str]:
    """The students with records who are in no folder of the class any more, sorted; nobody if no folder is known."""
    present = {student for folder in folders for student in folder.students}
    return sorted({*recorded} - present) if folders else []
