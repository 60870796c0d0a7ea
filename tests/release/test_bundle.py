"""`grader release --bundle`: what is in the archive, and that a student can work with it on a machine without an index."""

import io
import json
import re
import resource
import shutil
import subprocess
import sys
import venv
import zipfile
from importlib.metadata import distribution
from pathlib import Path, PurePosixPath

import pytest
from classroom import PATIENCE, edit, environment, grader
from releasing import SECRET
from toys import ROOT

from grader.course.folder import read_course
from grader.errors import RubricError, UsageError
from grader.release.bundle import write_bundle
from grader.release.public import public_files
from grader.release.wheel import own_requirements, own_wheel

pytestmark = pytest.mark.slow

SECRETS = [
    ("course.secret", SECRET),
    ("reference/conv.py", "out[place] = filters @ _as_columns(image, filters.shape[1])"),
    ("reference/misconceptions/conv.toml", "* w[f][:, : max(H - top, 0), : max(W - left, 0)]"),
    ("solutions/conv.py", "out[i, j] = np.sum(image[i : i + K, j : j + K] * kernel)"),
    ("solutions/delta_rule.py", "s_hidden[i] += w_hidden[i, h] * x[h]"),
]
NEEDED = ("numpy", "msgspec", "typer", "rich", "polib", "jinja2", "pyseccomp")


def members(archive: Path) -> dict[str, bytes]:
    """The files of a zip, and of the zips (wheels) in it."""
    found = {}
    with zipfile.ZipFile(archive) as outer:
        for name in outer.namelist():
            found[name] = outer.read(name)
            if name.endswith(".whl"):
                with zipfile.ZipFile(io.BytesIO(found[name])) as inner:
                    found |= {f"{name}!{part}": inner.read(part) for part in inner.namelist()}
    return found


def bundle(course: Path, folder: Path, *topics: str, wheels: Path | None = None) -> list[str]:
    """Write a bundle; returns what is said."""
    found = read_course(course)
    return list(write_bundle(found, found.select(topics), folder, wheels))


@pytest.fixture(scope="session")
def archive(instructors: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The zip of `conv` and `delta_rule` for students, written by the command."""
    folder = tmp_path_factory.mktemp("bundle")
    done = grader("release", "conv", "delta_rule", "--bundle", "students", "--course", instructors, cwd=folder)
    assert done.returncode == 0, done.stderr
    return folder / "students.zip"


# --- what is in it -------------------------------------------------------------------------------------------------------------------


def test_files_of_the_bundle(archive: Path) -> None:
    """Stubs, statements, rubrics, examples, what copies know, translations, the editor's settings, the guide and the wheel."""
    names = {name for name in zipfile.ZipFile(archive).namelist() if ".whl" not in name}
    topics = {
        f"students/assignments/{topic}/{name}"
        for topic in ("conv", "delta_rule")
        for name in (f"{topic}.py", "README.md", "README.es.md", "checks.py", "examples.toml", "known.msgpack")
    }
    catalogs = {f"students/assignments/locale/es/LC_MESSAGES/{name}.mo" for name in ("course", "conv", "delta_rule")}
    editor = {f"students/.vscode/{name}.json" for name in ("tasks", "settings", "extensions")}
    pictures = {name for name in names if "/pictures/" in name or name.endswith(("/plots.py", "/some_digits.npz"))}
    assert {f"students/assignments/{topic}/plots.py" for topic in ("conv", "delta_rule")} <= pictures
    assert names - pictures == topics | catalogs | editor | {"students/GUIDE.md", "students/assignments/course.toml"}


def test_folder_is_what_the_zip_is(archive: Path) -> None:
    """The folder beside the zip has the same files."""
    folder = archive.with_suffix("")
    with zipfile.ZipFile(archive) as found:
        assert {name: found.read(name) for name in found.namelist()} == {
            f"students/{path.relative_to(folder).as_posix()}": path.read_bytes() for path in folder.rglob("*") if path.is_file()
        }


@pytest.mark.parametrize(("path", "text"), SECRETS, ids=[path for path, _ in SECRETS])
def test_nothing_secret_is_in_the_archive(instructors: Path, archive: Path, path: str, text: str) -> None:
    """Text of the instructor's files is in no file of the bundle, and in none of its wheel."""
    assert text in (instructors / path).read_text()
    assert [name for name, content in members(archive).items() if text.encode() in content] == []


def test_settings_of_the_instructor_stay_at_home(archive: Path) -> None:
    """course.toml has titles, weights and due dates of the topics, in the course's order, and nothing of the late policy or of students."""
    text = members(archive)["students/assignments/course.toml"].decode()
    assert 'order = ["delta_rule", "conv"]' in text and "due = 2027-04-23T23:59:00-03:00" in text
    assert "late" not in text


def test_guide(archive: Path) -> None:
    """One page in English and one in Spanish, with the commands for this bundle."""
    guide = members(archive)["students/GUIDE.md"].decode()
    assert f"-m pip install wheels/{own_wheel()[0]}" in guide
    assert "grader check delta_rule " in guide and "# En español" in guide and "[En español](#en-español)" in guide
    assert max(map(len, guide.split("\n"))) < 140


def test_bundle_is_the_same_twice(own_course: Path, tmp_path: Path) -> None:
    """The same course makes the same bytes."""
    first, second = tmp_path / "a" / "students", tmp_path / "b" / "students"
    bundle(own_course, first)
    bundle(own_course, second)
    assert (tmp_path / "a" / "students.zip").read_bytes() == (tmp_path / "b" / "students.zip").read_bytes()


# --- writing it ----------------------------------------------------------------------------------------------------------------------


def test_solution_in_the_assignments_folder_is_refused(own_course: Path, tmp_path: Path) -> None:
    """A copy of the reference among the files that students get stops the release, before anything is written."""
    reference = own_course / "reference" / "vectors.py"
    with reference.open("a") as file:
        file.write("\n\ndef helper(x):\n    return np.asarray(x, dtype=float) + np.zeros_like(x)\n")
    shutil.copy(reference, own_course / "assignments" / "vectors" / "notes.txt")
    with pytest.raises(RubricError, match=r"notes\.txt: students would get a line of reference/vectors\.py"):
        bundle(own_course, tmp_path / "students")
    assert not (tmp_path / "students").exists()


def test_secret_in_the_assignments_folder_is_refused(own_course: Path, tmp_path: Path) -> None:
    """So does the secret of the course."""
    edit(own_course / "assignments/vectors/checks.py", "The rubric of vectors", "the same inputs in every test")
    with pytest.raises(RubricError, match=r"checks\.py: students would get the secret of the course"):
        bundle(own_course, tmp_path / "students")


def test_what_one_topic_gives_another_may_ask_for(instructors: Path) -> None:
    """The stub of `resnet` holds a line that is to be written in `conv`: both are released together all the same."""
    found = read_course(instructors)
    files = public_files(found, found.select(["conv", "resnet"]))
    assert b"padded = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))" in files[PurePosixPath("assignments/resnet/resnet.py")]


def test_a_line_of_another_topics_solution_is_named_where_it_is(instructors: Path, tmp_path: Path) -> None:
    """With the folder of the file that holds it."""
    root = tmp_path / "course"
    shutil.copytree(instructors, root, ignore=shutil.ignore_patterns("__pycache__"))
    (root / "assignments/dropout/notes.txt").write_text("out[i, j] = np.sum(image[i : i + K, j : j + K] * kernel)\n")
    found = read_course(root)
    with pytest.raises(RubricError, match=r"assignments/dropout/notes\.txt: students would get a line of solutions/conv\.py"):
        public_files(found, found.select(["conv", "dropout"]))


def test_folder_with_something_else(own_course: Path, tmp_path: Path) -> None:
    """A folder that is not an earlier bundle is left alone."""
    (tmp_path / "thesis.txt").write_text("mine")
    with pytest.raises(UsageError, match="holds something else"):
        bundle(own_course, tmp_path)
    assert [path.name for path in tmp_path.iterdir() if path != own_course] == ["thesis.txt"]


@pytest.mark.parametrize("option", ["--bundle", "--nbgrader"])
def test_a_folder_in_which_nothing_can_be_made_is_said(own_course: Path, option: str) -> None:
    """Linux's /proc says of a new folder that it is not there: that is one message, and no fault of the grader."""
    done = grader("release", "vectors", option, "/proc/students", cwd=own_course)
    assert done.returncode == 2 and done.stderr.startswith("grader: /proc/students cannot be written or read: "), done.stderr


def test_bundle_that_found_no_room_is_written_by_the_same_command(own_course: Path, tmp_path: Path) -> None:
    """A full disk is one message, without a traceback; where there is room again, the same command writes all of it."""
    command = ("release", "vectors", "--bundle", tmp_path / "students")
    limits = (50_000, 50_000)  # less than the grader's wheel has
    done = grader(*command, cwd=own_course, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, limits))
    assert done.returncode == 2 and "File too large. Make room" in done.stderr and "Traceback" not in done.stderr
    again = grader(*command, cwd=own_course)
    assert (again.returncode, again.stderr) == (0, "") and (tmp_path / "students.zip").is_file()


def test_topic_of_an_earlier_bundle_goes(own_course: Path, tmp_path: Path) -> None:
    """What an earlier bundle had and this one has not is removed, but not what somebody changed or added."""
    folder = tmp_path / "students"
    bundle(own_course, folder)
    (folder / "assignments/signs/signs.py").write_text("changed")
    (folder / "mine.txt").write_text("mine")
    bundle(own_course, folder, "vectors")
    assert [path.name for path in (folder / "assignments/signs").iterdir()] == ["signs.py"]
    assert (folder / "mine.txt").read_text() == "mine"


def test_wheels_that_are_not_there(own_course: Path, tmp_path: Path) -> None:
    """An empty folder of wheels is named, with the command that fills it."""
    (tmp_path / "wheels").mkdir()
    with pytest.raises(UsageError, match=r"holds no wheels.*pip download .*'numpy>=1\.26'.*'rich>=13\.7'"):
        bundle(own_course, tmp_path / "students", wheels=tmp_path / "wheels")


def test_requirements_are_those_of_students() -> None:
    """None of the optional ones."""
    assert {requirement.partition(">")[0].partition("<")[0] for requirement in own_requirements()} == set(NEEDED)


# --- a student with it ---------------------------------------------------------------------------------------------------------------


def wheel_of(name: str, folder: Path) -> list[str]:
    """Make a wheel of an installed package in `folder`; returns the names of what it needs."""
    found = distribution(name)
    files = {str(path): Path(str(path.locate())).read_bytes() for path in found.files or () if ".." not in path.parts}
    tags = [line[5:] for line in (found.read_text("WHEEL") or "").splitlines() if line.startswith("Tag: ")]
    tag = next(tag for tag in tags if not tag.startswith("py2-"))
    stem = f"{found.metadata['Name'].replace('-', '_')}-{found.version}"
    kept = {path: content for path, content in files.items() if "__pycache__" not in path and "/tests/" not in path}
    with zipfile.ZipFile(folder / f"{stem}-{tag}.whl", "w") as wheel:  # not compressed: numpy would take a while
        for path, content in kept.items():
            wheel.writestr(path, content)
    needs = [need for need in found.requires or () if "extra ==" not in need and "platform_system" not in need]
    return [re.split(r"[^\w.-]", need)[0] for need in needs]


@pytest.fixture(scope="session")
def installed(archive: Path, instructors: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A student's folder: a bundle with all wheels, unpacked, and installed from them alone into a new environment."""
    folder = tmp_path_factory.mktemp("student")
    wheels, waiting, seen = folder / "given", list(NEEDED), set[str]()
    wheels.mkdir()
    while waiting:
        name = waiting.pop()
        if name not in seen:
            seen.add(name)
            waiting += wheel_of(name, wheels)
    done = grader("release", "conv", "--bundle", "students", "--wheels", "given", "--course", instructors, cwd=folder)
    assert done.returncode == 0, done.stderr
    home = folder / "home"
    with zipfile.ZipFile(folder / "students.zip") as found:
        found.extractall(home)
    venv.create(home / ".venv", with_pip=False)
    python = home / ".venv" / "bin" / "python"
    install = ["--no-index", "--find-links", "wheels", "dl-grader"]
    assert f"-m pip install {' '.join(install)}" in (home / "students" / "GUIDE.md").read_text()
    command = [sys.executable, "-m", "pip", "--python", str(python), "install", "-q", "--no-compile", *install]
    done = subprocess.run(command, cwd=home / "students", capture_output=True, text=True, timeout=PATIENCE)
    assert done.returncode == 0, done.stderr
    return home


def as_student(home: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    """The `grader` of the student's own environment, in the bundle's folder."""
    own = {name: value for name, value in environment().items() if name not in ("PYTHONPATH", "VIRTUAL_ENV")}
    command = [str(home / ".venv" / "bin" / "grader"), *arguments]
    return subprocess.run(command, cwd=home / "students", env=own, capture_output=True, encoding="utf-8", timeout=PATIENCE)


def test_student_installs_and_names_a_mistake(installed: Path) -> None:
    """Without an index and without the reference, a student's `grader check` names the mistake and gives its hint."""
    shutil.copy(ROOT / "tests/submissions/conv/wrong/flipped_kernel.py", installed / "students/assignments/conv/conv.py")
    done = as_student(installed, "check", "conv", "--json")
    assert done.returncode == 1, done.stderr
    checks = [check for exercise in json.loads(done.stdout)["exercises"] for check in exercise["checks"]]
    assert "flipped_kernel" in {check["misconception"] for check in checks if check["verdict"] == "failed"}
    assert any("is it turned around first?" in check["hint"] for check in checks)


def test_student_has_no_more_than_the_bundle(installed: Path) -> None:
    """The installed grader has no topic, no reference and no solution."""
    site = next((installed / ".venv").glob("lib/python*/site-packages"))
    assert not any((site / name).exists() for name in ("reference", "solutions", "assignments"))
    assert as_student(installed, "list").returncode == 0


def test_student_reads_spanish(installed: Path) -> None:
    """What is said in other languages is in the bundle: the grader's messages in its wheel, the topic's beside it."""
    said = as_student(installed, "list", "--lang", "es").stdout
    assert "entrega" in said and "Convolución" in said


def test_sandbox_of_an_installed_grader(installed: Path, tmp_path: Path) -> None:
    """All protections that work here work for an installed grader too, whoever may enter the folder that it is in."""
    said = [as_student(installed, "doctor").stdout, grader("doctor", cwd=tmp_path).stdout]
    there, here = ([line for line in text.splitlines() if line.startswith("sandbox: ")] for text in said)
    assert there == here != []
