"""The same class, handed in as folders or in zip files, is the same class."""

import io
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from classroom import RIGHT, TOPICS, grader, honest, scaling, scores, submitted_at
from msgspec.structs import replace

from grader.errors import UsageError
from grader.submissions.files import Held, OnDisk
from grader.submissions.find_class import read_class as find_class
from grader.submissions.listing import Archive, listed
from grader.submissions.own_work import read_file
from grader.submissions.submission import Submission


def read_class(path: Path, topics: Sequence[str]) -> tuple[list[Submission], list[str]]:
    """Every submission of a class, read, and the notes."""
    found, notes = find_class(path, topics)
    return [replace(submitted.read(), file="") for submitted in found], notes  # zipped, it is called otherwise


def pack(target: Path, *roots: Path, around: str = "") -> None:
    """Zip the contents of folders, below the folder `around`."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(target, "w") as file:
        for root in roots:
            for path in sorted(root.rglob("*.py")):
                file.write(path, Path(around, path.relative_to(root)))


def as_folders(source: Path, target: Path) -> Path:
    """As it is."""
    return source


def as_one_zip(source: Path, target: Path) -> Path:
    """The whole class in one zip."""
    pack(target / "class.zip", source)
    return target / "class.zip"


def as_one_zip_around_a_folder(source: Path, target: Path) -> Path:
    """The whole class in one zip that holds the class's folder."""
    pack(target / "class.zip", source, around="submissions 2027")
    return target / "class.zip"


def as_student_zips(source: Path, target: Path) -> Path:
    """A zip for each student."""
    for student in source.iterdir():
        pack(target / f"{student.name}.zip", student)
    return target


def as_student_zips_around_a_folder(source: Path, target: Path) -> Path:
    """A zip for each student that holds the student's folder, made on Windows."""
    for student in source.iterdir():
        pack(target / f"{student.name}.ZIP", student, around=student.name)
    return target


def as_topic_zips(source: Path, target: Path) -> Path:
    """A zip for each topic of each student."""
    for topic in source.glob("*/*"):
        pack(target / topic.parent.name / f"{topic.name}.zip", topic)
    return target


FORMS: list[Callable[[Path, Path], Path]] = [
    as_one_zip,
    as_one_zip_around_a_folder,
    as_student_zips,
    as_student_zips_around_a_folder,
    as_topic_zips,
]


@pytest.fixture
def mixed(tmp_path: Path) -> Path:
    """A class of three: all right, one mistake with a helper module, one file that does not run and one topic missing."""
    folder = honest(tmp_path / "class", "ana")
    submitted_at(folder, "bea", "vectors", scaling("import helper\nreturn helper.add(x, factor)"))
    (folder / "bea" / "vectors" / "helper.py").write_text("def add(x, y):\n    return x + y\n")
    submitted_at(folder, "bea", "signs")
    submitted_at(folder, "caro", "signs", "def relu(x)\n")
    return folder


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.__name__)
def test_zip_files_are_the_same_submissions(mixed: Path, tmp_path: Path, form: Callable[[Path, Path], Path]) -> None:
    """Every way of zipping a class gives the submissions of its folders, hash by hash."""
    expected, _ = read_class(mixed, TOPICS)
    found, notes = read_class(form(mixed, tmp_path / "zipped"), TOPICS)
    assert (found, notes) == (expected, [])
    assert [one.hash for one in found] == [one.hash for one in expected]


@pytest.mark.slow
def test_zip_files_have_the_same_grades(small_course: Path, mixed: Path, tmp_path: Path) -> None:
    """A class in zip files is graded as the folder is, and the records of the folder are not made again."""
    options = ("--course", small_course, "--out", tmp_path / "out", "--json")
    folders = grader("grade", mixed, *options, cwd=tmp_path)
    assert scores(folders) == {
        ("ana", "vectors"): 5,
        ("ana", "signs"): 1,
        ("bea", "vectors"): 2,
        ("bea", "signs"): 1,
        ("caro", "signs"): 0,
    }
    for form in (as_one_zip, as_topic_zips):
        zipped = grader("grade", form(mixed, tmp_path / form.__name__), *options, cwd=tmp_path)
        assert zipped.stdout == folders.stdout
        assert "0 graded, 5 unchanged since the last run" in zipped.stderr


@pytest.mark.parametrize("name", ["../../evil/vectors/vectors.py", ""])
def test_member_outside_of_a_class_zip_is_noted_and_left(tmp_path: Path, mixed: Path, name: str) -> None:
    """A class zip with a member that points outside of it, or has no name, is read without that member, and a note says so."""
    pack(tmp_path / "class.zip", mixed)
    with zipfile.ZipFile(tmp_path / "class.zip", "a") as file:
        file.writestr(zipfile.ZipInfo(name), "x = 1")
    found, notes = read_class(tmp_path / "class.zip", TOPICS)
    assert found == read_class(mixed, TOPICS)[0]
    assert notes == [f"the archive has a member outside of it: {name!r}"]


def test_zip_in_a_class_zip(tmp_path: Path, mixed: Path) -> None:
    """A student's zip inside of the class's zip is that student's submission."""
    pack(tmp_path / "dora.zip", mixed / "ana")
    pack(tmp_path / "class.zip", mixed)
    with zipfile.ZipFile(tmp_path / "class.zip", "a") as file:
        file.write(tmp_path / "dora.zip", "dora.zip")
    found, notes = read_class(tmp_path / "class.zip", TOPICS)
    ana, dora = ([one.source for one in found if one.student == student] for student in ("ana", "dora"))
    assert (dora, notes) == (ana, [])


def test_loose_files_of_a_class_zip_belong_to_no_student(tmp_path: Path, mixed: Path) -> None:
    """A file beside the students' folders in a class zip, of which nothing says whose it is, is named."""
    (mixed / "read_me.py").write_text("x = 1\n")
    pack(tmp_path / "class.zip", mixed)
    found, notes = read_class(tmp_path / "class.zip", TOPICS)
    assert {one.student for one in found} == {"ana", "bea", "caro"}
    assert notes == ["read_me.py: whose it is, and for which assignment, is unknown; put it into <student>/<topic>/"]


@pytest.mark.parametrize("text", [RIGHT["vectors"] + "\n", RIGHT["vectors"].upper()], ids=["one line more", "capitals"])
def test_hash_changes_with_the_text(tmp_path: Path, text: str) -> None:
    """Submissions of other text have another hash."""
    before = read_file(submitted_at(tmp_path, "ana"), "vectors").hash
    assert read_file(submitted_at(tmp_path, "ana", text=text), "vectors").hash != before


def test_hash_changes_with_a_helper(tmp_path: Path) -> None:
    """The text of a helper module counts in the hash."""
    file = submitted_at(tmp_path, "ana", text="import helper\n")
    before = read_file(file, "vectors").hash
    (file.parent / "helper.py").write_text("x = 1\n")
    assert read_file(file, "vectors").hash != before


def test_hash_tells_a_file_from_a_problem_of_the_same_words() -> None:
    """Two problems have two hashes."""
    one, other = (Submission("ana", "vectors", None, problem) for problem in ("too large", "no text"))
    assert one.hash != other.hash


def test_own_file_takes_its_helpers_along(tmp_path: Path) -> None:
    """One's own file is read with the modules beside it, but without the rubric."""
    file = submitted_at(tmp_path, "ana", text="import helper, checks\n")
    for name in ("helper.py", "checks.py"):
        (file.parent / name).write_text("x = 1\n")
    source = read_file(file, "vectors").source
    assert source is not None and sorted(source.modules) == ["helper", "vectors"]


def test_own_file_in_a_folder_full_of_others(tmp_path: Path) -> None:
    """Of the modules beside it, only those count that it names, or that one of these names; what the others are does not matter."""
    for number in range(40):
        (tmp_path / f"other{number}.py").write_bytes(b"\xff\xfe broken")
    (tmp_path / "helper.py").write_text("from deeper import f", encoding="utf-8")
    (tmp_path / "deeper.py").write_text("f = abs", encoding="utf-8")
    file = tmp_path / "vectors.py"
    file.write_text("from helper import f", encoding="utf-8")
    source = read_file(file, "vectors").source
    assert source is not None and set(source.modules) == {"vectors", "helper", "deeper"}


def test_own_file_can_have_any_name(tmp_path: Path) -> None:
    """One's own file is read as the topic's module, whatever it is called."""
    file = tmp_path / "my attempt.py"
    file.write_text("x = 1\n")
    source = read_file(file, "vectors").source
    assert source is not None and source.modules == {"vectors": "x = 1\n"}


def test_own_file_that_is_not_there_is_wrong_use(tmp_path: Path) -> None:
    """A missing file is named."""
    with pytest.raises(UsageError, match=r"nothing\.py is not there"):
        read_file(tmp_path / "nothing.py", "vectors")


def test_folder_and_zip_of_one_topic(tmp_path: Path) -> None:
    """A topic that is handed in as a folder and as a zip file is not guessed at: the student is told to leave one."""
    root = tmp_path / "class"
    (root / "ana" / "vectors").mkdir(parents=True)
    (root / "ana" / "vectors" / "vectors.py").write_text(RIGHT["vectors"], encoding="utf-8")
    pack(root / "ana" / "vectors.zip", root / "ana" / "vectors")
    ((submission,), _) = read_class(root, ["vectors"])
    assert "vectors/vectors.py was handed in twice" in submission.problem


def test_neighbour_is_not_taken_for_the_file(tmp_path: Path) -> None:
    """Checking one file checks that file, whatever else lies beside it under the topic's name."""
    (tmp_path / "vectors.py").write_text("x = 1\n", encoding="utf-8")
    (tmp_path / "vectors_v2.py").write_text("x = 2\n", encoding="utf-8")
    source = read_file(tmp_path / "vectors_v2.py", "vectors").source
    assert source is not None
    assert source.modules == {"vectors": "x = 2\n"}


def test_machine_that_cannot_open_a_zip(tmp_path: Path) -> None:
    """Where the machine has no descriptor left for a zip file, reading it is the machine's error, not the student's problem."""
    import resource

    (tmp_path / "class" / "ana").mkdir(parents=True)
    (tmp_path / "vectors.py").write_text(RIGHT["vectors"], encoding="utf-8")
    pack(tmp_path / "class" / "ana" / "vectors.zip", tmp_path)
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    archive = Archive(OnDisk(str(tmp_path / "class" / "ana" / "vectors.zip")), ())
    files = listed(archive)
    assert [file.parts for file in files] == [("vectors.py",)]
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, before[1]))
    try:
        (file,) = listed(archive)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)
    with pytest.raises(OSError, match="Too many open files"):
        file.read()


def test_names_without_the_utf8_flag() -> None:
    """A student's folder that macOS packed, in a name that is UTF-8 without saying so, is that student's."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("pérez/vectors/vectors.py", "x = 1")
    data = packed.getvalue().replace(b"\x00\x08", b"\x00\x00")
    (file,) = listed(Archive(Held(data), ()))
    assert (file.parts, file.read()) == (("pérez", "vectors", "vectors.py"), b"x = 1")
