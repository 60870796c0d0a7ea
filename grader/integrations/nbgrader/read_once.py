"""What was read for grading, kept for the notebook that shows the points: else each would be read twice, in processes of their own."""

from collections.abc import Sequence

import msgspec

from grader.submissions.files import File
from grader.submissions.listing import Archive
from grader.submissions.notebook.ipynb import Notebook
from grader.submissions.notebook.scaffold import Scaffold
from grader.submissions.read import Reader, SubmittedFiles
from grader.submissions.submission import Reading, Submission
from grader.submissions.tokens import Token

ROOM = 64 << 20  # bytes of notebooks that are kept; the others are read again

_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(Notebook | None).decode


class ReadOnce:
    """A reader that keeps notebooks until somebody asks for their cells. Threads may share it."""

    def __init__(self, reader: Reader) -> None:
        self._reader, self._room = reader, ROOM
        self._kept: dict[tuple[str, tuple[File, ...]], tuple[Scaffold | None, Submission, bytes]] = {}

    def read(self, item: SubmittedFiles, *, cells: bool = False) -> Reading:
        """See `Reader`."""
        key = (item.assignment, item.files)
        scaffold, submission, notebook = self._kept.get(key, (None, None, b""))
        if cells and submission is not None and scaffold is item.scaffold:
            return Reading(msgspec.structs.replace(submission, student=item.student), _decode(notebook))
        reading = self._reader.read(item, cells=True)
        data = _encode(reading.notebook)
        if not cells and len(data) <= self._room:
            self._room -= len(data)
            self._kept[key] = (item.scaffold, reading.submission, data)
        return reading

    def listed(self, archives: Sequence[Archive]) -> list[list[File]]:
        """See `Reader`."""
        return self._reader.listed(archives)

    def contents(self, file: File) -> bytes:
        """See `Reader`."""
        return self._reader.contents(file)

    def tokens(self, source: str) -> list[list[Token]]:
        """See `Reader`."""
        return self._reader.tokens(source)

    def close(self) -> None:
        """See `Reader`."""
        self._reader.close()
