"""The repositories that were collected from Classroom 50: a folder each, called `<classroom>-<assignment>-<owner>`.

    ml2027-conv-ana-perez/conv.py
    ml2027-conv-bea/src/conv.py
    scores.json                       optional: owners, the members of teams, and when they submitted
    students.csv                      optional: the classroom's roster, whose usernames end the folders' names

All three parts of a name may have hyphens. The owners come from the lists if one is there, else from what all names begin with.
"""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

import msgspec

from grader.errors import UsageError
from grader.integrations.download import Download
from grader.submissions.archive import Member
from grader.submissions.written_time import read_time

SCORES, STUDENTS = "scores.json", "students.csv"
MAX_LIST = 50 << 20  # bytes


class _Run(msgspec.Struct):
    datetime: str = ""


class _Entry(msgspec.Struct):
    owner: str = ""
    submissions: list[_Run] = []
    member_usernames: list[str] = []


class _Assignment(msgspec.Struct):
    entries: list[_Entry] = []


class _Scores(msgspec.Struct):
    assignments: dict[str, _Assignment] = {}


def downloads(members: Sequence[Member]) -> tuple[list[Download], list[str]]:
    """The submissions, one for each member of a team, and notes on members that were ignored.

    Raises:
        UsageError: one of the lists cannot be read.
    """
    root = _root(members)
    lists = {member.name: member for member in members if len(member.parts) == root + 1 and member.name in (SCORES, STUDENTS)}
    files: dict[str, dict[tuple[str, ...], Member]] = {}
    notes = []
    for member in members:
        place = member.parts[root:]
        if len(place) > 1 and not any(part.startswith(".") for part in place[1:]):
            files.setdefault(place[0], {})[place[1:]] = member
        elif len(place) == 1 and member not in lists.values():
            notes.append(f"{'/'.join(member.parts)}: belongs to no repository; ignored")
    entries = _entries(lists[SCORES]) if SCORES in lists else {}
    owners = dict.fromkeys([*(owner for _slug, owner in entries), *(_usernames(lists[STUDENTS]) if STUDENTS in lists else ())])
    found: list[Download] = []
    for folder, mine in files.items():
        owner = _owner(folder, owners, list(files))
        if not owner:
            notes.append(f"{folder}: not called <classroom>-<assignment>-<owner>, or its owner is in no list; ignored")
            continue
        found += _of(folder, owner, _entry(folder, owner, entries), mine)
    if not owners and found:
        first = found[0].folder
        notes.append(
            f"whose each folder is was read from the names: {first} of the first one; put {STUDENTS} beside them to be sure"
        )
    return found, notes


def _root(members: Sequence[Member]) -> int:
    """How many folders all members share above the repositories: 1 where the archive packs one folder of several."""
    first = {member.parts[0] for member in members if len(member.parts) > 1}
    below = {member.parts[1] for member in members if len(member.parts) > 2 and not member.parts[1].startswith(".")}
    is_outer = len(first) == 1 and len(below) > 1 and all(name.count("-") >= 2 for name in below)
    return 1 if is_outer and all(len(member.parts) > 1 for member in members) else 0


def _entries(member: Member) -> dict[tuple[str, str], _Entry]:
    """What `scores.json` says, by assignment and owner."""
    try:
        read = msgspec.json.decode(_content(member), type=_Scores)
    except msgspec.MsgspecError as error:
        raise UsageError(f"{SCORES} cannot be read: {error}. Collect the scores again, or leave the file out.") from None
    return {(slug, entry.owner): entry for slug, found in read.assignments.items() for entry in found.entries if entry.owner}


def _usernames(member: Member) -> Iterator[str]:
    rows = csv.DictReader(io.StringIO(_content(member).decode("utf-8-sig", "replace")))
    if "username" not in (rows.fieldnames or ()):
        raise UsageError(f"{STUDENTS} has no column username; it has {', '.join(rows.fieldnames or ())[:200]}.")
    yield from (name for row in rows if (name := (row["username"] or "").strip()))


def _content(member: Member) -> bytes:
    if member.size > MAX_LIST:
        raise UsageError(f"{member.name} has {member.size} bytes; at most {MAX_LIST} are read.")
    return member.read()


def _owner(folder: str, owners: Mapping[str, None], folders: Sequence[str]) -> str:
    """The owner of a repository: of the known ones the longest that ends its name, else what follows the part that all names share."""
    if owners:
        ending = [name for name in owners if folder.casefold().endswith(f"-{name}".casefold())]
        return max(ending, key=len, default="")
    if folder.count("-") < 2:
        return ""
    if len(folders) == 1:
        return folder.rpartition("-")[2]
    named = [name for name in folders if name.count("-") >= 2]
    shared = next(first[:n] for first in [min(named)] for n in range(len(first), -1, -1) if max(named).startswith(first[:n]))
    return folder[shared.rfind("-") + 1 :] if shared.count("-") >= 2 else ""


def _entry(folder: str, owner: str, entries: Mapping[tuple[str, str], _Entry]) -> _Entry:
    """What the scores say of a repository: of the owner's assignments, the one that its name has."""
    before = folder.casefold().removesuffix(f"-{owner}".casefold())
    mine = {slug: entry for (slug, name), entry in entries.items() if name == owner}
    fitting = [slug for slug in mine if before.endswith(f"-{slug}".casefold())]
    return mine[max(fitting, key=len)] if fitting else _Entry(owner)


def _of(folder: str, owner: str, entry: _Entry, files: Mapping[tuple[str, ...], Member]) -> Iterator[Download]:
    times = [time for run in entry.submissions if (time := read_time(run.datetime))]
    for name in dict.fromkeys(
        [owner, *entry.member_usernames] if owner not in entry.member_usernames else entry.member_usernames
    ):
        yield Download((name, folder), name, files, _last(times))


def _last(times: Sequence[datetime]) -> datetime | None:
    return max((time for time in times if time.tzinfo), default=None)
