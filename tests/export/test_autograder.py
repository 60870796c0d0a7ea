"""The autograder zip, unpacked and run as Gradescope does it, below a root of its own: setup.sh once, then run_autograder."""

import json
import os
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path
from typing import Any

import pytest
from classroom import COURSE, PATIENCE, RIGHT, edit, grader, scaling

from grader.judge.verdicts import SCHEMA

pytestmark = pytest.mark.slow

METADATA = {
    "id": 7,
    "created_at": "2027-04-23T20:15:30.123456-03:00",
    "assignment": {"due_date": "2027-04-24T02:59:00Z", "title": "Vectors", "total_points": "5.0"},
    "submission_method": "upload",
    "users": [{"email": "ana@uni.edu", "id": 1, "name": "Ana Pérez"}],
    "previous_submissions": [{"submission_time": "2027-04-22T20:15:30Z", "score": 1.0}],
}


@pytest.fixture(scope="session")
def archive(small_course: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The zip for vectors, as the command writes it."""
    folder = tmp_path_factory.mktemp("autograder")
    done = grader(
        "export", "vectors", "--format", "gradescope", "--autograder", "--to", folder, "--course", small_course, cwd=folder
    )
    assert done.returncode == 0, done.stderr
    return folder / "autograder_vectors.zip"


@pytest.fixture(scope="session")
def root(archive: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What Gradescope's image has at /autograder after setup.sh. No package index is asked: numpy and the like are those of this test."""
    root = tmp_path_factory.mktemp("image") / "autograder"
    with zipfile.ZipFile(archive) as packed:
        packed.extractall(root / "source")
    shutil.copy(root / "source" / "run_autograder", root)
    (root / "run_autograder").chmod(0o755)
    here = Path(sys.executable).parent
    environment = {"PATH": f"{here}:{os.environ['PATH']}", "HOME": str(root), "PIP_NO_INDEX": "1", "PIP_NO_DEPS": "1"}
    subprocess.run(
        ["bash", root / "source" / "setup.sh"], cwd=root, env=environment, check=True, capture_output=True, timeout=PATIENCE
    )
    (packages,) = (root / "venv" / "lib").glob("python*/site-packages")
    (packages / "lent.pth").write_text(sysconfig.get_paths()["purelib"] + "\n")
    return root


def run(root: Path, files: dict[str, str], metadata: Any = METADATA) -> tuple[int, dict[str, Any] | None, str]:
    """Submit these files; the exit code, results.json (None where there is none) and what was printed."""
    for name in ("submission", "results"):
        shutil.rmtree(root / name, ignore_errors=True)
        (root / name).mkdir()
    for name, content in files.items():
        place = root / "submission" / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(content)
    (root / "submission_metadata.json").write_text(metadata if isinstance(metadata, str) else json.dumps(metadata))
    done = subprocess.run(
        [root / "run_autograder"],
        cwd=root,
        env={"PATH": os.environ["PATH"]},
        capture_output=True,
        encoding="utf-8",
        timeout=PATIENCE,
    )
    written = root / "results" / "results.json"
    return done.returncode, json.loads(written.read_text()) if written.exists() else None, done.stdout + done.stderr


def test_zip_root_and_content(archive: Path) -> None:
    """The scripts stand at the root; reference and solution are in there because they grade; no other topic is."""
    names = zipfile.ZipFile(archive).namelist()
    assert {"setup.sh", "run_autograder", "READ_ME_FIRST.txt", "course/course.secret", "course/reference/vectors.py"} <= set(
        names
    )
    assert not [
        name for name in names if name.startswith(("course/assignments/signs/", "course/solutions/signs", "course/tests/"))
    ]
    assert b"Do not give it to students" in zipfile.ZipFile(archive).read("READ_ME_FIRST.txt")


def test_archive_is_the_same_again(archive: Path, small_course: Path, tmp_path: Path) -> None:
    """The same course gives the same bytes."""
    grader("export", "vectors", "-f", "gradescope", "--autograder", "--to", tmp_path, "--course", small_course, cwd=tmp_path)
    assert (tmp_path / archive.name).read_bytes() == archive.read_bytes()


def test_archive_knows_when_grades_are_published(own_course: Path, tmp_path: Path) -> None:
    """From then on results tell everything."""
    edit(own_course / "assignments/course.toml", 'title = "Vectors"', 'title = "Vectors"\npublished = 2027-05-03T00:00:00-03:00')
    grader(
        "export", "vectors", "-f", "gradescope", "--autograder", "--to", tmp_path / "zip", "--course", own_course, cwd=tmp_path
    )
    with zipfile.ZipFile(tmp_path / "zip" / "autograder_vectors.zip") as packed:
        assert b"\npublished = 2027-05-03T00:00:00-03:00\n" in packed.read("course/assignments/course.toml")


def test_setup_closes_the_source(root: Path) -> None:
    """After setup.sh nobody but root reads the reference, and it may run once more."""
    inside = [root / "source", *(root / "source").rglob("*")]
    assert [path for path in inside if path.stat().st_mode & 0o077] == []


def test_full_marks(root: Path) -> None:
    """The right answer has full marks: the same score as in a class graded by hand."""
    code, content, printed = run(root, {"vectors.py": RIGHT["vectors"]})
    assert content is not None, printed
    assert (code, content["score"], {test["status"] for test in content["tests"]}) == (0, 5.0, {"passed"})
    assert content["extra_data"] == {
        "assignment": "vectors",
        "max_score": 5.0,
        "schema": SCHEMA,
        "handed_in": "2027-04-23T20:15:30.123456-03:00",
        "attempt": 2,
    }
    assert content["execution_time"] > 0 and printed == "ana@uni.edu vectors: 5 of 5; all right\n"


def test_mistake(root: Path) -> None:
    """A mistake loses its points, has its hint, and what needs the reference is hidden."""
    _, content, printed = run(root, {"vectors.py": scaling("return x + factor")})
    assert content is not None, printed
    assert content["score"] == 2.0
    assert {test["visibility"] for test in content["tests"] if "random vectors" in test["name"]} == {"after_published"}
    assert any("**→ " in test["output"] for test in content["tests"])


def test_bad_submission_is_told(root: Path) -> None:
    """What cannot be graded is a zero with its reason, not a failed autograder, whatever Gradescope says about it."""
    code, content, printed = run(root, {"a.txt": "x"}, "{")
    assert content is not None, printed
    assert (code, content["score"], content["output"]) == (0, 0.0, "vectors\\.py is missing; vectors/ holds a\\.txt")


HOSTILE = """
import os, sys
def attempt(*files):
    for file in files:
        try:
            yield open(file).read()
        except BaseException as error:
            yield repr(error)
ROOT = {root!r}
FOUND = list(attempt(ROOT + "/source/course/reference/vectors.py", ROOT + "/source/course/course.secret", "reference/vectors.py"))
try:
    open(ROOT + "/results/results.json", "w").write('{{"score": 100}}')
    FOUND.append("written")
except BaseException as error:
    FOUND.append(repr(error))
print("FOUND", FOUND, sorted(name for name in sys.modules if "reference" in name), flush=True)
os._exit(0)
"""


def test_hostile_submission(root: Path) -> None:
    """A submission that reads the reference and the secret, and writes its own results, gets nothing of it, and a zero."""
    reference = (COURSE / "reference" / "vectors.py").read_text()
    code, content, printed = run(root, {"vectors.py": HOSTILE.format(root=str(root)) + RIGHT["vectors"]})
    assert content is not None, printed
    assert (code, content["score"]) == (0, 0.0)
    (told,) = [test["output"] for test in content["tests"] if test["name"] == "What your code printed"]
    assert "FOUND" in told and "written" not in told and "def scale" not in told
    assert reference.splitlines()[0] not in told and "the same inputs in every test" not in told


def test_fault_of_the_grader_is_no_zero(root: Path) -> None:
    """Where the autograder itself is broken, there is no results.json, not even an earlier one: Gradescope reports a failed autograder."""
    place = root / "source" / "course" / "assignments" / "vectors" / "checks.py"
    text = place.read_text()
    place.write_text("1 / 0\n")
    try:
        code, content, printed = run(root, {"vectors.py": RIGHT["vectors"]})
    finally:
        place.write_text(text)
    assert (code, content) == (3, None) and "ZeroDivisionError" in printed


def test_no_reference(own_course: Path) -> None:
    """Without the reference there is no autograder."""
    (own_course / "reference" / "vectors.py").unlink()
    done = grader("export", "vectors", "-f", "gradescope", "--autograder", "--course", own_course, cwd=own_course)
    assert done.returncode == 2 and "has no reference for vectors" in done.stderr
