"""What one student handed in, as a learning system gives it."""

from collections.abc import Mapping
from datetime import datetime

import msgspec

from grader.submissions.archive import Member

Files = Mapping[tuple[str, ...], Member]


class Download(msgspec.Struct, frozen=True):
    """The files of one student and one hand-in.

    Attributes:
        names: what a class list may know the student by, the surest first.
        folder: what the student's folder is called where no class list says better.
        files: by their places in what was handed in.
        time: when, where the system says so.
        late: whether the system calls it late.
        number: the system's own number of the student, by which a list of that system knows them.
    """

    names: tuple[str, ...]
    folder: str
    files: Files
    time: datetime | None = None
    late: bool = False
    number: str = ""
