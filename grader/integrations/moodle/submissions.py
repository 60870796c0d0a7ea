"""Moodle's "Download all submissions": a folder per student, or (by choice) all files in one; the names say whose they are.

    Ana Pérez_4711_assignsubmission_file/conv.py        in folders; up to Moodle 3.x with one _ more
    Ana Pérez_4711_assignsubmission_file_conv.py        without
    Ana Pérez_4711_assignsubmission_onlinetext/onlinetext.html

4711 is the number in the grading worksheet ("Participant 4711"), which also has the times of submission: the times of the members are
those of the download.
"""

import re
from collections.abc import Sequence
from datetime import datetime, tzinfo

from grader.gradebook.roster import Roster
from grader.gradebook.times import column_of_times
from grader.integrations.download import Download
from grader.submissions.archive import Member

_WHO = re.compile(r"(?P<name>.+?)(?:_(?P<number>\d+))?_assignsubmission_(?P<plugin>[a-z]+)(?:_(?P<file>.*))?", re.DOTALL)


def downloads(members: Sequence[Member]) -> tuple[list[Download], list[str]]:
    """The submissions of students or groups, and notes on members that were ignored."""
    notes: list[str] = []
    files: dict[tuple[str, str], dict[tuple[str, ...], Member]] = {}
    for member in members:
        whose, place = _whose(member)
        if whose is None:
            notes.append(f"{'/'.join(member.parts)}: not named by Moodle; ignored")
        elif whose["plugin"] != "file":
            notes.append(f"{'/'.join(member.parts)}: {whose['plugin']}, not a file; ignored")
        else:
            files.setdefault((whose["name"], whose["number"] or ""), {})[place] = member
    return [_download(name, number, mine) for (name, number), mine in files.items()], notes


def _whose(member: Member) -> tuple[re.Match[str] | None, tuple[str, ...]]:
    """Whose a member is, and its place in their submission."""
    for depth, part in enumerate(member.parts):
        found = _WHO.fullmatch(part)
        if found and depth + 1 < len(member.parts) and not found["file"]:
            return found, member.parts[depth + 1 :]
        if found and depth + 1 == len(member.parts) and found["file"]:
            return found, (found["file"],)
    return None, ()


def feedback_place(download: Download, name: str) -> tuple[str, ...]:
    """Where «upload multiple feedback files in a zip» finds a file for the participant: in the folder, or behind the name's beginning."""
    member = next(iter(download.files.values()))
    found, place = _whose(member)
    assert found
    if found["file"]:
        return (*member.parts[:-1], f"{member.name.removesuffix(place[0])}{name}")
    return (*member.parts[: len(member.parts) - len(place)], name)


def _download(name: str, number: str, files: dict[tuple[str, ...], Member]) -> Download:
    whole = f"{name}_{number}" if number else name
    return Download((whole, name), whole, files, number=number)


def submitted(worksheet: Roster, zone: tzinfo) -> tuple[dict[int, datetime], list[str]]:
    """The time of submission of each row of a grading worksheet, and notes on what was not understood."""
    head, times, unread = column_of_times(worksheet)
    if not head:
        heads = ", ".join(worksheet.header)[:200]
        return {}, [f"{worksheet.path} has no column of submission times like «Last modified (submission)»; it has {heads}"]
    notes = []
    if unread:
        quoted = ", ".join(f"«{text[:60]}»" for text in list(dict.fromkeys(unread.values()))[:3])
        notes.append(
            f"{worksheet.path}: {len(unread)} times in the column {head} were not understood, like {quoted}: "
            "write them as 2027-04-23 20:15, year first, and import again"
        )
    return {row: time if time.tzinfo else time.replace(tzinfo=zone) for row, time in times.items()}, notes
