"""The downloads of a class as submissions to be written: what is wrong with one is that student's, and the others are imported."""

from collections.abc import Sequence

from grader.integrations.download import Download
from grader.sandbox.values import size_text
from grader.submissions.archive import Member
from grader.submissions.archives import is_archive, stem
from grader.submissions.arrange import Place, arrange, copy_number, is_code
from grader.submissions.class_folder import ImportedFiles
from grader.submissions.files import MAX_MEMBERS, MAX_NOTEBOOK
from grader.text.language import gettext as _

MAX_TOTAL = 2 * MAX_NOTEBOOK  # bytes of one submission
_SHOWN = 20  # problems


def imported_files(topic: str, names: Sequence[str], downloads: Sequence[Download]) -> tuple[list[ImportedFiles], list[str]]:
    """A submission for each student in `names`, which has one for each download, and notes on guesses."""
    notes: list[str] = []
    of: dict[str, list[Download]] = {}
    for name, download in zip(names, downloads, strict=True):
        of.setdefault(name, []).append(download)
    imported = []
    for name, mine in of.items():
        first, *others = mine
        files: dict[Place, Member] = {}
        if others:
            folders = ", ".join(download.folder for download in mine)
            text = _(
                "{folders} in the download are all of {student}, and which one counts is unknown; keep one, or give a class list"
            )
            problems = [text.format(folders=folders, student=name)]
        else:
            problems = [member.problem for member in first.files.values() if member.problem]
            files, remarks = arrange(topic, {place: member for place, member in first.files.items() if not member.problem})
            notes += [f"{name}: {remark}" for remark in remarks]
        if too_much := _too_much(files):
            problems, files = [*problems, too_much], {}
        if len(problems) > _SHOWN:
            problems = [*problems[:_SHOWN], _("and {n} more").format(n=len(problems) - _SHOWN)]
        imported.append(ImportedFiles(name, topic, files, first.time, first.late, tuple(problems)))
    return imported, notes


def called_otherwise(topic: str, topics: Sequence[str], downloads: Sequence[Download]) -> dict[str, list[str]]:
    """The folders of those whose files are called like another of the course's `topics` and none like this one, by that topic."""
    found: dict[str, list[str]] = {}
    for download in downloads:
        named = [stem(place[-1]) for place in download.files if is_code(place[-1]) or is_archive(place[-1])]
        like = {other for other in topics if any(copy_number(other, name) is not None for name in named)}
        if like and topic not in like:
            found.setdefault(min(like), []).append(download.folder)
    return found


def _too_much(files: dict[Place, Member]) -> str:
    total = sum(member.size for member in files.values())
    if len(files) > MAX_MEMBERS:
        return _("{n} files were handed in; at most {most} are read").format(n=len(files), most=MAX_MEMBERS)
    if total > MAX_TOTAL:
        return _("{size} were handed in; at most {most} are read").format(size=size_text(total), most=size_text(MAX_TOTAL))
    return ""
