"""One student's submission in a bulk download of a learning system."""

from collections.abc import Mapping
from datetime import datetime

import msgspec

from grader.submissions.archive import Member

Files = Mapping[tuple[str, ...], Member]


class Download(msgspec.Struct, frozen=True):
    """The files of one submission of one student.

    Attributes:
        names: what a class list may call the student, most reliable first.
        folder: name of the student's folder, unless a class list gives a better one.
        files: by their places in the submission.
        time: of the submission, where the system gives it.
        late: whether the system marks it late.
        number: the system's own number of the student, as in its class lists.
    """

    names: tuple[str, ...]
    folder: str
    files: Files
    time: datetime | None = None
    late: bool = False
    number: str = ""
