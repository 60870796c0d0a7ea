"""Writing imported submissions into a class folder. They are staged beside it first, then moved: all of them, or none.

DIR/<student>/<topic>/…       the files, and timestamp.txt or late.txt
DIR/<student>/<topic>.zip     if an archive was handed in
DIR/<student>/<topic>/not_imported.txt      why files of it are not there
DIR/.replaced/<date>/…        what was there before, with --replace
"""

import filecmp
import os
import shutil
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

import msgspec

from grader.errors import UsageError
from grader.submissions.archive import DamagedError, Member
from grader.submissions.archives import is_archive, stem
from grader.submissions.arrange import Place
from grader.submissions.submitted_at import MARK, NOT_IMPORTED, TIMESTAMP, write_timestamp
from grader.text.escape import listed

State = Literal["new", "unchanged", "replaced"]
_LATE = b"The system that this comes from marked it as late, and did not say when it was handed in.\n"
_REPLACED = ".replaced"


class ImportedFiles(msgspec.Struct, frozen=True):
    """What one student handed in for one topic, ready to be written. `problems`: why some of it is not."""

    student: str
    topic: str
    files: Mapping[Place, Member]
    time: datetime | None
    late: bool
    problems: tuple[str, ...] = ()


def write(
    folder: Path, imported: Sequence[ImportedFiles], replace: bool, staging: Iterable[ImportedFiles] | None = None
) -> tuple[list[State], list[tuple[str, ...]]]:
    """Write all of them below `folder`; returns the state of each, and its problems with those that were met in reading it.

    Args:
        staging: the same, by an iterator that shows how far it is.

    Raises:
        UsageError: other files are in the place of one of them (without `replace`), or writing fails; nothing is changed then.
    """
    problems: list[tuple[str, ...]] = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".importing-", dir=folder) as temporary:
            staged = Path(temporary)
            for item in imported if staging is None else staging:
                problems.append(_stage(staged, item))
            states = [_state(folder, staged, item) for item in imported]
            differing = [item for item, state in zip(imported, states, strict=True) if state == "replaced"]
            if differing and not replace:
                shown = listed([f"{item.student}/{item.topic}" for item in differing])
                raise UsageError(
                    f"{folder} holds something else for {shown}. Nothing was changed. "
                    f"--replace puts the archive's files there and keeps the others in {folder / _REPLACED}."
                )
            aside = folder / _REPLACED / f"{datetime.now(UTC):%Y-%m-%dT%H%M%S.%f}"
            for item, state in zip(imported, states, strict=True):
                if state != "unchanged":
                    _move(folder, staged, item, aside)
    except OSError as error:
        problem = f"{error.filename or folder} cannot be written: {error.strerror}. Make room, or choose another --to."
        raise UsageError(problem) from error
    return states, problems


def _stage(staged: Path, item: ImportedFiles) -> tuple[str, ...]:
    """Write one submission beside the class; returns the problems of what was left aside."""
    problems = list(item.problems)
    below = staged / item.student
    (below / item.topic).mkdir(parents=True, exist_ok=True)
    for place, member in item.files.items():
        try:
            data = member.read()
        except DamagedError as error:
            problems.append(str(error))
            continue
        path = below.joinpath(*place)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    if problems:
        (below / item.topic / NOT_IMPORTED).write_text("\n".join(problems) + "\n", encoding="utf-8", errors="backslashreplace")
    if item.time is not None:
        (below / item.topic / TIMESTAMP).write_text(write_timestamp(item.time), encoding="ascii")
    elif item.late:
        (below / item.topic / MARK).write_bytes(_LATE)
    return tuple(problems)


def _state(folder: Path, staged: Path, item: ImportedFiles) -> State:
    old, new = _files(folder / item.student, item.topic), _files(staged / item.student, item.topic)
    if not old:
        return "new"
    timestamp = f"{item.topic}/{TIMESTAMP}"
    if timestamp not in new:
        old.pop(timestamp, None)  # the instructor's, as the system gives no time
    return "unchanged" if old.keys() == new.keys() and all(_same(old[name], new[name]) for name in old) else "replaced"


def _files(student: Path, topic: str) -> dict[str, Path]:
    """The files in the place of one submission.

    Raises:
        UsageError: a link is in the way, which would lead out of the class.
    """
    for path in (student, student / topic):
        if path.is_symlink():
            problem = "is a link; nothing is written through it. Remove it, or choose another --to. Nothing was changed."
            raise UsageError(f"{path} {problem}")
    found = {path.name: path for path in _archives(student, topic)}
    for above, _, names in os.walk(student / topic):
        found |= {(Path(above) / name).relative_to(student).as_posix(): Path(above) / name for name in names}
    return found


def _same(old: Path, new: Path) -> bool:
    regular = not old.is_symlink() and old.is_file()
    return regular and filecmp.cmp(old, new, shallow=False)


def _archives(student: Path, topic: str) -> list[Path]:
    """The topic's archives in a student's folder."""
    return [path for path in student.glob(f"{topic}.*") if is_archive(path.name) and stem(path.name) == topic]


def _move(folder: Path, staged: Path, item: ImportedFiles, aside: Path) -> None:
    """Put one submission in its place; what was there goes to `aside`."""
    archives = {path.name for below in (folder, staged) for path in _archives(below / item.student, item.topic)}
    for name in (item.topic, *sorted(archives)):
        place, new = folder / item.student / name, staged / item.student / name
        if place.exists():
            (aside / item.student).mkdir(parents=True, exist_ok=True)
            shutil.move(place, aside / item.student / name)
        if new.exists():
            place.parent.mkdir(parents=True, exist_ok=True)
            new.rename(place)
