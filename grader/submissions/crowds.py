"""Too many members in the folder of one student, in the archive of a class: that folder is one row, and the others are read."""

from collections import Counter
from collections.abc import Sequence

from msgspec.structs import replace

from grader.submissions.archives import ArchiveMember, too_many_members

Folder = tuple[str, ...]


def crowded_folders(places: Sequence[Folder], most: int) -> tuple[list[Folder], set[Folder]]:
    """The folder of a student that each place is in, and those that have more than `most`. One folder around all does not count."""
    depth = 2 if len({place[:1] for place in places}) == 1 else 1
    folders = [place[:-1][:depth] for place in places]
    return folders, {folder for folder, count in Counter(folders).items() if count > most}


def without_crowds(members: Sequence[ArchiveMember], most: int) -> list[ArchiveMember]:
    """What stands for each crowded folder, and the members of the others."""
    folders, crowded = crowded_folders([member.parts for member in members], most)
    first = {folder: member for folder, member in zip(reversed(folders), reversed(members), strict=True) if folder in crowded}
    stand_ins = [replace(member, parts=folder, flaw="crowded") for folder, member in first.items()]
    return [*stand_ins, *(member for folder, member in zip(folders, members, strict=True) if folder not in crowded)]


def fitting(members: list[ArchiveMember], most: int, each: int | None) -> list[ArchiveMember]:
    """The members of an archive that is read from its start to its end, if they are at most `most`.

    Args:
        each: of a class's archive, where there are more: how many one folder may have.

    Raises:
        ArchiveError: there are more all the same.
    """
    if each is not None and len(members) > most:
        members = without_crowds(members, each)
    if len(members) > most:
        raise too_many_members(most)
    return members
