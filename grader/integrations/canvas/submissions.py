"""Canvas's "Download Submissions": all files in one folder, with names that say whose they are.

    pérezana_4711_98_conv.py          name, user, attachment, file
    pérezana_LATE_4711_98_conv-1.py   late; a second file of the same name
    anon_Xy3Zq_98_conv.py             an anonymous assignment
    pérezana_4711_text.html           text or a link, not a file

The times of the members are those of the download: of the time of submission only "late" is known.
"""

import re
from collections.abc import Sequence

from grader.integrations.download import Download
from grader.submissions.archive import Member

_WHO = r"(?:(?P<name>\w*?)_)??(?:(?P<late>LATE)_)?(?P<user>\d+|anon_[0-9A-Za-z]+)_"
_FILE = re.compile(_WHO + r"(?P<attachment>\d+)_(?P<file>.+)", re.DOTALL)
_TEXT = re.compile(_WHO + r"(text|link)\.html")


def downloads(members: Sequence[Member]) -> tuple[list[Download], list[str]]:
    """The submissions, and notes on members that were ignored."""
    notes: list[str] = []
    files: dict[str, dict[tuple[str, ...], Member]] = {}
    people: dict[str, tuple[str, bool]] = {}
    placed = [(member, *_named(member.parts)) for member in members]
    for member, found, below in sorted(placed, key=lambda item: int(item[1]["attachment"]) if item[1] else 0):
        if found is None:
            what = "text or a link, not a file" if _TEXT.fullmatch(member.name) else "not named by Canvas"
            notes.append(f"{member.name}: {what}; ignored")
            continue
        user = found["user"]
        mine = files.setdefault(user, {})
        place = (found["file"], *below)
        if place in mine:  # members are sorted by attachment number
            notes.append(f"{member.name}: submitted again under the same name; the later one counts")
        mine[place] = member
        people[user] = (found["name"] or "", bool(found["late"]))
    return [_download(user, *people[user], mine) for user, mine in files.items()], notes


def feedback_place(download: Download, name: str) -> tuple[str, ...]:
    """Where «re-upload submissions» finds a file for the student: behind the numbers of the user and the attachment."""
    member = next(iter(download.files.values()))
    found = _FILE.fullmatch(member.name)
    assert found
    return (f"{member.name[: found.start('file')]}{name}",)


def _download(user: str, name: str, late: bool, files: dict[tuple[str, ...], Member]) -> Download:
    whole = f"{name}_{user}" if name else user
    return Download((whole, user), whole, files, late=late, number=user)


def _named(parts: tuple[str, ...]) -> tuple[re.Match[str] | None, tuple[str, ...]]:
    """Whose a member is, by the first name that Canvas writes, and what is below that."""
    for depth, part in enumerate(parts):
        if found := _FILE.fullmatch(part):
            return found, parts[depth + 1 :]
    return None, ()
