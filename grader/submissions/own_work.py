"""Work that is not handed in yet: for which assignments a file, a folder or an archive is, and what it holds.

conv.py, conv (1).ipynb, my_conv.py      its name says for which
class/ana/conv/solution.py               a folder's name does
solution.py                              else what it defines
"""

import contextlib
import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from grader.errors import UsageError
from grader.submissions.archives import is_archive, stem
from grader.submissions.arrange import copy_number, is_code
from grader.submissions.files import NOTEBOOK, File, OnDisk, Unreadable
from grader.submissions.find_class import YOU, read_one_person
from grader.submissions.main_file import damage, defined
from grader.submissions.module_texts import MAX_SOURCE
from grader.submissions.read import HERE, Reader, SubmittedFiles
from grader.submissions.submission import Submission
from grader.submissions.walk import text_name, walked
from grader.text.language import gettext as _

if TYPE_CHECKING:
    from grader.submissions.notebook.scaffold import Scaffold

_WORD = re.compile(rb"[\w\x80-\xff]+")
_ABOVE = 3  # folders whose names may say it
_NOT_MINE = ("checks", "plots")  # modules beside a stub that are the course's


def not_there(path: Path) -> UsageError:
    """The error for a path of one's own work where nothing is."""
    return UsageError(_("{path} is not there. Give a .py file, a notebook, a folder, a zip, or a topic.").format(path=path))


def own_work(
    path: Path, topics: Sequence[str], scaffolds: "Callable[[Sequence[str]], Mapping[str, Scaffold]]", topic: str | None = None
) -> tuple[list[SubmittedFiles], list[str]]:
    """What is at `path`, for each assignment that it is for, and notes.

    Args:
        topics: the course's assignments; `scaffolds`: what it gives for each.
        topic: the one that it is for, if that was said.

    Raises:
        UsageError: it is not there or cannot be read, holds nothing, or for which assignment it is cannot be told.
    """
    if not path.exists():
        raise not_there(path)
    about = topic or _by_name(path, topics)
    if path.is_dir() or is_archive(path.name):
        chosen = [about] if about else topics
        found, notes = read_one_person(path, chosen, scaffolds(chosen), topics)
        if not found and not about and path.is_dir() and (about := _by_text(_files(path), scaffolds(topics))):
            found, notes = read_one_person(path, [about], scaffolds([about]), topics)
        if path.is_dir() and not about and _is_class(found):
            raise UsageError(_("{path} holds work of several people. Grade it: grader grade {path}").format(path=path))
    else:
        about = about or _by_text(_files(path), scaffolds(topics))
        found, notes = [own_file(path, about, scaffolds([about])[about])] if about else [], []
    if not about and (problem := _unreadable(found)):
        advice = _("Make it again, or give the .py file or the notebook itself.")
        raise UsageError(f"{problem}. {advice}")  # else every assignment would say so
    if not found and about:
        text = _("{path} holds no file for {topic}. Give a folder or an archive with {topic}.py or {topic}.ipynb.")
        raise UsageError(text.format(path=path, topic=about))
    if not found and (problem := next(filter(None, map(damage, _files(path))), "")):
        raise UsageError(f"{problem}.")  # for which assignment it is would not help
    if not found:
        text = _(
            "for which assignment {path} is cannot be told. Say it with -t: grader check {path} -t TOPIC. The topics: {topics}."
        )
        raise UsageError(text.format(path=path, topics=", ".join(topics)))
    return found, notes


def _files(path: Path) -> Sequence[File]:
    """The file at `path`, or those of the folder."""
    return walked(path) if path.is_dir() else [File((path.name,), OnDisk(str(path)))]


def _unreadable(found: Sequence[SubmittedFiles]) -> str:
    """What is wrong with the only thing that was handed in, if nothing can be read of it ("" if something can)."""
    origins = [file.origin for files in found for file in files.files]
    problems = {origin.problem if isinstance(origin, Unreadable) else "" for origin in origins}
    return problems.pop() if len(problems) == 1 else ""


def own_file(
    path: Path, topic: str, scaffold: "Scaffold | None" = None, *, alone: bool = False, reader: Reader = HERE
) -> SubmittedFiles:
    """A student's own file, with the modules beside it that it names, and those that these name (unless it is to be read `alone`).

    Of a folder full of other work, only what the file could import matters.

    Args:
        scaffold: what the course gives, if it can be a notebook.
        reader: reads it.
    """
    if not path.is_file():
        raise not_there(path)
    beside = [] if alone else sorted(path.parent.glob("*.py"))
    others = [entry for entry in beside if entry != path and entry.stem not in (*_NOT_MINE, topic)]
    usual = f"{topic}{NOTEBOOK if path.suffix.lower() == NOTEBOOK else '.py'}"
    own = path.name if scaffold is not None and path.name in scaffold.files else usual
    main = File((topic, own), OnDisk(str(path)), name=str(path))
    files = [File((topic, text_name(entry.name)), OnDisk(str(entry))) for entry in _named_in(path, others)]
    return SubmittedFiles(YOU, topic, (main, *files), scaffold, reader, sure=True)


def _named_in(path: Path, others: Sequence[Path]) -> list[Path]:
    """Those of the other modules whose names stand in the text of `path`, or in that of another one that is named there."""
    left, named, to_read = {entry.stem: entry for entry in others}, list[Path](), [path]
    while left and to_read:
        with contextlib.suppress(OSError), to_read.pop().open("rb") as file:
            words = set(_WORD.findall(file.read(MAX_SOURCE)))
            found = [left.pop(name) for name in [name for name in left if name.encode() in words]]
            named += found
            to_read += found
    return sorted(named)


def read_file(
    path: Path, topic: str, scaffold: "Scaffold | None" = None, *, alone: bool = False, reader: Reader = HERE
) -> Submission:
    """What is read of `own_file`."""
    return own_file(path, topic, scaffold, alone=alone, reader=reader).read()


def read_files(paths: Sequence[Path], topic: str, scaffold: "Scaffold") -> Submission:
    """The submission in several files, which are all that it has."""
    files = [File((topic, path.name), OnDisk(str(path)), name=str(path)) for path in paths]
    return SubmittedFiles(YOU, topic, tuple(files), scaffold, HERE, sure=True).read()


def _by_name(path: Path, topics: Sequence[str]) -> str:
    """The assignment that a file is for by its name or that of a folder above it; "" if these do not say."""
    known = sorted(topics, key=lambda topic: (-len(topic), topic))
    own = stem(path.name) if not path.is_dir() else path.resolve().name
    above = [folder.name for folder in path.resolve().parents[:_ABOVE]] if not path.is_dir() else []
    for name in (own, *above):
        for topic in known:
            if copy_number(topic, name) is not None:
                return topic
    within = [topic for topic in known if topic.casefold() in own.casefold()] if not path.is_dir() else []
    return within[0] if within else ""


def _by_text(files: Sequence[File], scaffolds: "Mapping[str, Scaffold]") -> str:
    """The assignment most of whose functions the files define; "" if there are none, or as many of two."""
    code = [file for file in files if file.parts and is_code(file.parts[-1])]
    counts = {topic: max((defined(file, scaffold.names) for file in code), default=0) for topic, scaffold in scaffolds.items()}
    first, second = sorted([*counts.values(), 0, 0], reverse=True)[:2]
    return max(counts, key=lambda topic: counts[topic]) if first > second else ""


def _is_class(found: Sequence[SubmittedFiles]) -> bool:
    """Whether the files of an assignment come from several folders in which it has a folder each."""
    for item in found:
        mains = [
            file
            for file in item.files
            if is_code(file.parts[-1]) and copy_number(item.assignment, stem(file.parts[-1])) is not None
        ]
        above = [file.name.split("/")[:-1] for file in mains]
        if (
            len({folders[0] for folders in above if len(folders) > 1}) > 1
            or len({folders[0] for folders in above if folders}) > 2
        ):
            return True
    return False
