"""The name of each student's folder: from the class list, else from the system."""

import re
import unicodedata
from collections.abc import Sequence

from grader.gradebook.roster import Match, Matcher, Roster
from grader.integrations.download import Download

NUMBERS = (("identifier", "identificador"), ("id",))
_NUMBER = re.compile(r"\D*(\d+)")
_UNFIT = re.compile(r'[\x00-\x1f\x7f\ud800-\udfff/\\<>:"|?*]+')


def folders(found: Sequence[Download], roster: Roster | None) -> tuple[list[str], list[int | None], list[str]]:
    """For each download its student's folder (two may have one) and row in the class list (None: not in it); and notes."""
    matcher = Matcher(roster) if roster else None
    names: list[str] = []
    rows: list[int | None] = []
    notes: list[str] = []
    for download in found:
        row, why = _row(download, roster, matcher)
        names.append(folder_name(roster.folder(row) if roster and row is not None else download.folder))
        rows.append(row)
        if roster and row is None:
            notes.append(f"{download.folder}: {why}; imported as {names[-1]}")
    return names, rows, notes


def _row(download: Download, roster: Roster | None, matcher: Matcher | None) -> tuple[int | None, str]:
    if roster is None or matcher is None:
        return None, ""
    if download.number and (rows := _numbered(roster, download.number)):
        several = f"{len(rows)} students of the roster have the number {download.number}"
        return (rows[0], "") if len(rows) == 1 else (None, several)
    why = ""
    for name in download.names:
        match = matcher.match(name)
        if isinstance(match, Match):
            return match.row, ""
        why = why or match
    return None, why


def _numbered(roster: Roster, number: str) -> list[int]:
    """The rows whose ID is `number`, alone or after a word ("Participant 4711")."""
    return [
        row
        for row in roster.students
        if (found := _NUMBER.fullmatch(next((cell for names in NUMBERS if (cell := roster.cell(row, names))), "")))
        and found[1] == number
    ]


def folder_name(name: str) -> str:
    """A name made fit for a folder on every system: not hidden, without separators, not too long."""
    fit = _UNFIT.sub("_", unicodedata.normalize("NFC", name[:1000])).strip(" .")
    fit = fit.encode()[:200].decode("utf-8", "ignore")
    return fit.removeprefix("__") or "student"
