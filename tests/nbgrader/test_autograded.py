"""The folder of an autograded submission: the notebook as nbformat writes it, and files that stand beside it."""

import stat
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat import v4

from grader.integrations.nbgrader.autograded import Beside, as_written, write
from grader.submissions.files import File, Held
from grader.submissions.notebook.scaffold import Scaffold
from grader.submissions.read import SubmittedFiles


def notebook(**metadata: Any) -> Any:
    """One with cells and outputs of every kind."""
    picture = {"image/png": "aGk=", "text/plain": "a\nb", "image/svg+xml": "<svg>\n</svg>"}
    outputs = [
        v4.new_output("stream", text="one\ntwo\n"),
        v4.new_output("execute_result", data=picture),
        v4.new_output("error", ename="E", evalue="é", traceback=["x\ny"]),
    ]
    text = v4.new_markdown_cell("ñ \u2028 \x1b \x7f \\n\n\n", attachments={"a.svg": {"image/svg+xml": "<svg>\n"}})
    return v4.new_notebook(cells=[text, v4.new_code_cell("x = 1\n", outputs=outputs), v4.new_raw_cell("")], metadata=metadata)


@pytest.mark.parametrize(
    "metadata",
    [{}, {"signature": "gone", "x": [], "y": {}}, {"big": 10**40, "small": 1e-300}, {"no": float("nan")}, {"half": "\ud83d"}],
    ids=["plain", "transient", "numbers", "no-number", "half-a-character"],
)
def test_a_notebook_is_written_as_nbformat_does(metadata: dict[str, Any]) -> None:
    """Byte for byte, whatever is in it."""
    node = notebook(**metadata)
    before = node.copy()
    assert as_written(node) == nbformat.v4.writes(node).encode("utf-8", "surrogatepass")
    assert node == before


def handed_in(**files: bytes) -> SubmittedFiles:
    """Files that a student handed in for x, whose places have `__` for a slash."""
    found = tuple(File(("x", *place.split("__")), Held(data)) for place, data in files.items())
    return SubmittedFiles("ana", "x", found, Scaffold("", ()))


def beside(folder: Path, *places: str) -> Beside:
    """The instructor's files."""
    for place in places:
        (folder / place).parent.mkdir(parents=True, exist_ok=True)
        (folder / place).write_text(f"the instructor's {place}")
    return Beside({place: folder / place for place in places})


def written(folder: Path) -> dict[str, bytes]:
    """What is in a folder besides the notebook."""
    files = (path for path in folder.rglob("*") if path.is_file() and path.suffix != ".ipynb")
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def test_the_instructor_s_files_are_one(tmp_path: Path) -> None:
    """Those of the second student are links to those of the first, and read-only."""
    found = beside(tmp_path / "source", "data.txt", "deep/data.txt")
    for student in ("ana", "bea"):
        write(tmp_path / student, "x.ipynb", notebook(), handed_in(own=b"own"), found, shared=True)
    assert (tmp_path / "ana" / "deep" / "data.txt").samefile(tmp_path / "bea" / "deep" / "data.txt")
    assert stat.S_IMODE((tmp_path / "bea" / "data.txt").stat().st_mode) == 0o444
    assert not (tmp_path / "ana" / "own").samefile(tmp_path / "bea" / "own")


def test_what_was_there_is_not_linked_to(tmp_path: Path) -> None:
    """Where the first student's folder is gone, or was made by an earlier run, there is a copy again."""
    found = beside(tmp_path / "source", "data.txt")
    write(tmp_path / "ana", "x.ipynb", notebook(), handed_in(), found, shared=True)
    (tmp_path / "ana" / "data.txt").unlink()
    for student in ("bea", "caro"):
        write(tmp_path / student, "x.ipynb", notebook(), handed_in(), found, shared=True)
    assert written(tmp_path / "bea") == {"data.txt": b"the instructor's data.txt"}
    assert (tmp_path / "bea" / "data.txt").samefile(tmp_path / "caro" / "data.txt")


def test_a_student_s_file_where_the_instructor_has_a_folder(tmp_path: Path) -> None:
    """And the other way round: the instructor's stay, and the student's other files are there."""
    found = beside(tmp_path / "source", "data/numbers.txt", "notes")
    write(tmp_path / "ana", "x.ipynb", notebook(), handed_in(data=b"mine", notes__a=b"mine", own=b"own"), found, shared=True)
    assert written(tmp_path / "ana") == {
        "data/numbers.txt": b"the instructor's data/numbers.txt",
        "notes": b"the instructor's notes",
        "own": b"own",
    }


@pytest.mark.parametrize("name", ["x" * 300, "\ud83d"], ids=["too long", "half a character"])
def test_a_name_that_no_file_can_have(tmp_path: Path, name: str) -> None:
    """A zip archive may; that one is left out."""
    write(tmp_path / "ana", "x.ipynb", notebook(), handed_in(**{name: b"odd", "own": b"own"}), Beside({}), shared=True)
    assert written(tmp_path / "ana") == {"own": b"own"}


def test_a_file_within_a_file_of_the_student_s_own(tmp_path: Path) -> None:
    """As a zip archive may have it: the first one stays."""
    write(tmp_path / "ana", "x.ipynb", notebook(), handed_in(own=b"own", own__more=b"more"), Beside({}), shared=True)
    assert written(tmp_path / "ana") == {"own": b"own"}
