"""Canvas's «Download Submissions»: all files in one folder, whose names say whose they are.

    pérezana_4711_98_conv.py          name, user, attachment, file
    pérezana_LATE_4711_98_conv-1.py   handed in late; a file of the same name was handed in before
    anon_Xy3Zq_98_conv.py             an anonymous assignment
    pérezana_4711_text.html           text or a link, no file

The times of the members are those of the download, so only «late» is known of when something was handed in.
"""

import re
from collections.abc import Sequence

from grader.integrations.download import Download
from grader.submissions.archive import Member

_WHO = r"(?:(?P<name>\w*?)_)??(?:(?P<late>LATE)_)?(?P<user>\d+|anon_[0-9A-Za-z]+)_"
_FILE = re.compile(_WHO + r"(?P<attachment>\d+)_(?P<file>.+)", re.DOTALL)
_TEXT = re.compile(_WHO + r"(text|link)\.html")


def downloads(members: Sequence[Member]) -> tuple[list[Download], list[str]]:
    """What each student handed in, and notes on what is left aside."""
    notes: list[str] = []
    files: dict[str, dict[tuple[str, ...], Member]] = {}
    people: dict[str, tuple[str, bool]] = {}
    for member in sorted(members, key=lambda member: _attachment(member.name)):
        found = _FILE.fullmatch(member.name)
        if found is None:
            what = "text or a link, no file" if _TEXT.fullmatch(member.name) else "no name that Canvas writes"
            notes.append(f"{member.name}: {what}; left aside")
            continue
        user = found["user"]
        mine = files.setdefault(user, {})
        place = (found["file"],)
        if place in mine:  # of two attachments of one name, the later one
            notes.append(f"{member.name}: handed in again under the same name; the later one counts")
        mine[place] = member
        people[user] = (found["name"] or "", bool(found["late"]))
    return [_download(user, *people[user], mine) for user, mine in files.items()], notes


def _download(user: str, name: str, late: bool, files: dict[tuple[str, ...], Member]) -> Download:
    whole = f"{name}_{user}" if name else user
    return Download((whole, user), whole, files, late=late, number=user)


def _attachment(name: str) -> int:
    found = _FILE.fullmatch(name)
    return int(found["attachment"]) if found else 0
