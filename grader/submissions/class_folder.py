"""Writing what was collected into a class's folder. Everything is written beside it first, then moved: all of it, or nothing.

DIR/<student>/<topic>/…       the files, and timestamp.txt or late.txt
DIR/<student>/<topic>.zip     where an archive was handed in
DIR/.replaced/<date>/…        what stood there before, with --replace
"""

import os
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

import msgspec

from grader.errors import UsageError
from grader.sandbox.values import size_text
from grader.submissions.archive import Member
from grader.submissions.arrange import Place
from grader.submissions.files import MAX_NOTEBOOK
from grader.submissions.submitted_at import MARK, TIMESTAMP, write_timestamp

State = Literal["new", "unchanged", "replaced"]
_LATE = b"The system that this comes from marked it as late, and did not say when it was handed in.\n"
_REPLACED = ".replaced"


class ImportedFiles(msgspec.Struct, frozen=True):
    """What one student handed in for one topic, ready to be written."""

    student: str
    topic: str
    files: Mapping[Place, Member]
    time: datetime | None
    late: bool


def write(folder: Path, imported: Sequence[ImportedFiles], replace: bool) -> tuple[list[State], list[str]]:
    """Write all of it below `folder`; what became of each, and notes on what is too large to keep.

    Raises:
        UsageError: something else stands in the place of one of them (and not `replace`), or the disk refuses; nothing is changed then.
    """
    notes: list[str] = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".importing-", dir=folder) as staged:
            for item in imported:
                notes += _stage(Path(staged), item)
            states = [_state(folder, Path(staged), item) for item in imported]
            differing = [item for item, state in zip(imported, states, strict=True) if state == "replaced"]
            if differing and not replace:
                shown = ", ".join(f"{item.student}/{item.topic}" for item in differing[:5])
                more = f" and {len(differing) - 5} more" if len(differing) > 5 else ""
                raise UsageError(
                    f"{folder} holds something else for {shown}{more}. Nothing was changed. "
                    f"--replace puts the archive's files there and keeps the others in {folder / _REPLACED}."
                )
            aside = folder / _REPLACED / f"{datetime.now(UTC):%Y-%m-%dT%H%M%S.%f}"
            for item, state in zip(imported, states, strict=True):
                if state != "unchanged":
                    _move(folder, Path(staged), item, aside)
    except OSError as error:
        raise UsageError(
            f"{error.filename or folder} cannot be written: {error.strerror}. Make room, or choose another --to."
        ) from error
    return states, notes


def _stage(staged: Path, item: ImportedFiles) -> list[str]:
    """Write one hand-in beside the class; notes on what was left aside."""
    notes = []
    below = staged / item.student
    (below / item.topic).mkdir(parents=True, exist_ok=True)
    for place, member in item.files.items():
        data = member.read() if member.size <= MAX_NOTEBOOK else b""
        if member.size > MAX_NOTEBOOK:
            size = size_text(member.size)
            notes.append(
                f"{item.student}: {'/'.join(place)} is {size}; at most {size_text(MAX_NOTEBOOK)} are imported; left aside"
            )
            continue
        path = below.joinpath(*place)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    if item.time is not None:
        (below / item.topic / TIMESTAMP).write_text(write_timestamp(item.time), encoding="ascii")
    elif item.late:
        (below / item.topic / MARK).write_bytes(_LATE)
    return notes


def _state(folder: Path, staged: Path, item: ImportedFiles) -> State:
    there, comes = _files(folder / item.student, item.topic), _files(staged / item.student, item.topic)
    if not there:
        return "new"
    own_word = {f"{item.topic}/{TIMESTAMP}"} - set(comes)  # the instructor's, where the system says nothing
    kept = {name: path for name, path in there.items() if name not in own_word}
    same = kept.keys() == comes.keys() and all(_same(kept[name], comes[name]) for name in kept)
    return "unchanged" if same else "replaced"


def _files(student: Path, topic: str) -> dict[str, Path]:
    """What stands in the place of one hand-in.

    Raises:
        UsageError: a link is in the way, that would lead out of the class.
    """
    for path in (student, student / topic):
        if path.is_symlink():
            raise UsageError(
                f"{path} is a link; nothing is written through it. Remove it, or choose another --to. Nothing was changed."
            )
    found = {f"{topic}.zip": student / f"{topic}.zip"} if (student / f"{topic}.zip").exists() else {}
    for above, _, names in os.walk(student / topic):
        found |= {(Path(above) / name).relative_to(student).as_posix(): Path(above) / name for name in names}
    return found


def _same(one: Path, other: Path) -> bool:
    return (
        not one.is_symlink()
        and one.is_file()
        and one.stat().st_size == other.stat().st_size
        and one.read_bytes() == other.read_bytes()
    )


def _move(folder: Path, staged: Path, item: ImportedFiles, aside: Path) -> None:
    """Put one hand-in in its place; what stands there goes aside."""
    for name in (item.topic, f"{item.topic}.zip"):
        place, comes = folder / item.student / name, staged / item.student / name
        if place.exists():
            (aside / item.student).mkdir(parents=True, exist_ok=True)
            shutil.move(place, aside / item.student / name)
        if comes.exists():
            place.parent.mkdir(parents=True, exist_ok=True)
            comes.rename(place)
