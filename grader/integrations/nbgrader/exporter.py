"""How `nbgrader autograde` reads a submitted notebook: like `grader grade`, within limits and whatever its format is.

Its own reader refuses a byte order mark, half characters and a missing minor version, keeps everything, and is this process's.
"""

import atexit
import functools
from pathlib import Path
from typing import Any

from nbconvert.exporters import NotebookExporter

from grader.engine.reader import open_reader
from grader.integrations.nbgrader.autograded import notebook_node
from grader.submissions.files import File, OnDisk, UnreadableError
from grader.submissions.notebook.scaffold import Scaffold
from grader.submissions.read import Reader, SubmittedFiles


class GraderExporter(NotebookExporter):
    """Writes notebooks as `NotebookExporter` does, and reads them in a process that is locked down."""

    def from_file(self, file_stream: Any, resources: Any = None, **more: Any) -> Any:
        """Convert a notebook from an open file.

        Raises:
            UnreadableError: it is not a notebook; nbgrader reports that submission and goes on.
        """
        path = Path(file_stream.name)
        file = File((path.stem, path.name), OnDisk(str(path)))
        reading = _reader().read(SubmittedFiles("", path.stem, (file,), Scaffold("", ())), cells=True)
        if reading.notebook is None:
            raise UnreadableError(reading.submission.problem)
        return self.from_notebook_node(notebook_node(reading.notebook), resources=resources, **more)


@functools.cache
def _reader() -> Reader:
    """One reader for a whole run."""
    reader = open_reader(weak=True)
    atexit.register(reader.close)
    return reader
