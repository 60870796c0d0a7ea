"""A folder that one student uploaded or pushed, as a submission of one assignment."""

import os
import stat
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

import msgspec

from grader.course.folder import Assignment
from grader.errors import OWN_FAULT
from grader.submissions.arrange import Place, arrange
from grader.submissions.files import MAX_FILES, File, OnDisk, Unreadable
from grader.submissions.listing import Archive
from grader.submissions.notebook.scaffold import read_scaffold
from grader.submissions.read import HERE, Reader, SubmittedFiles
from grader.text.escape import plain
from grader.text.language import gettext as _

MOST = 10 * MAX_FILES  # files considered: a whole repository may have been uploaded


def read_submission(
    folder: Path, assignment: Assignment, student: str, reader: Reader = HERE
) -> tuple[SubmittedFiles, list[str]]:
    """The upload as a submission, and notes on unexpected file names."""
    found: dict[Place, File] = {}
    for path in _files(folder):
        place = path.relative_to(folder).parts
        if len(found) < MOST:
            found[place] = File(place, OnDisk(str(path)))
    arranged, notes = arrange(assignment.name, found)
    if packed := next((file for place, file in arranged.items() if len(place) == 1), None):
        assert isinstance(packed.origin, OnDisk)  # as they were found
        (inside,) = reader.listed([Archive(packed.origin, (assignment.name,))])
        members: dict[Place, File] = {file.parts[1:]: file for file in inside}
        if () in members:  # an archive that cannot be read
            return SubmittedFiles(student, assignment.name, (members[()],), None, reader), notes
        arranged, notes = arrange(assignment.name, members)
    files = tuple(
        msgspec.structs.replace(file, parts=place, name=file.name or "/".join(file.parts)) for place, file in arranged.items()
    )
    if not files:
        problem = _("{topic}.py is missing; nothing was handed in").format(topic=assignment.name)
        files = (File((assignment.name,), Unreadable(problem)),)
    return SubmittedFiles(student, assignment.name, files, read_scaffold(assignment), reader), notes


def _files(folder: Path) -> Iterator[Path]:
    """The regular files that were uploaded, top folders first; links are not followed."""
    for above, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            path = Path(above) / name
            if stat.S_ISREG(path.lstat().st_mode):
                yield path


def leave_ungraded(error: Exception) -> NoReturn:
    """End a run on a platform without a result, which is the grader's fault and nobody's score."""
    print(f"not graded: {plain(str(error), 10_000)}", file=sys.stderr)
    sys.exit(OWN_FAULT)
