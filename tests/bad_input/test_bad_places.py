"""Where submissions lie: links, pipes, folders and zip files of every kind. Nothing outside of the class is read, nothing hangs."""

import io
import os
import runpy
import stat
import struct
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from classroom import FULL, RIGHT, grader, grades, honest, scaling, submitted_at

from grader.judge.verdicts import Grade
from grader.submissions.files import Held, UnreadableError
from grader.submissions.listing import Archive, listed

pytestmark = pytest.mark.slow

Make = Callable[[Path, str], object]  # in the class's folder, for a student
Graded = tuple[dict[tuple[str, str], Grade], str]
HONEST = ("aaa", "zzz")
OUTSIDE = "class_of_last_year"


def archive(*members: tuple[str | zipfile.ZipInfo, str | bytes]) -> bytes:
    """A zip file of `members`, in memory."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in members:
            file.writestr(name, content, zipfile.ZIP_DEFLATED)
    return data.getvalue()


def link_member(name: str) -> zipfile.ZipInfo:
    """A member that would be unpacked as a symbolic link."""
    info = zipfile.ZipInfo(name)
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    return info


def twice(name: str, content: str) -> bytes:
    """A zip file with the same member twice (written under another name of the same length, then renamed)."""
    other = "#" * len(name)
    return archive((name, content), (other, content)).replace(other.encode(), name.encode())


def encrypted(name: str, content: str) -> bytes:
    """A zip file whose member claims to be encrypted."""
    data = bytearray(archive((name, content)))
    for signature, place in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        at = data.index(signature) + place
        struct.pack_into("<H", data, at, struct.unpack_from("<H", data, at)[0] | 1)
    return bytes(data)


def damaged(name: str, content: str) -> bytes:
    """A zip file with one byte of its member changed."""
    data = bytearray(archive((name, content)))
    data[data.index(name.encode()) + len(name) + 20] ^= 0xFF
    return bytes(data)


def at(folder: Path, *parts: str) -> Path:
    """A path whose folder is made."""
    path = folder.joinpath(*parts)
    path.parent.mkdir(parents=True, exist_ok=True)
    return path


def topic_zip(data: bytes) -> Make:
    """Hand in `vectors` as a zip of the topic."""
    return lambda folder, student: at(folder, student, "vectors.zip").write_bytes(data)


def topic_tar(data: bytes) -> Make:
    """Hand in `vectors` as a packed tar file of the topic."""
    return lambda folder, student: at(folder, student, "vectors.tar.gz").write_bytes(data)


def tarred(name: str, content: bytes) -> bytes:
    """A packed tar file of one member, in memory."""
    info = tarfile.TarInfo(name)
    info.size = len(content)
    return packed_tar(info, content)


def tar_link(name: str) -> bytes:
    """One whose member is a link."""
    info = tarfile.TarInfo(name)
    info.type, info.linkname = tarfile.SYMTYPE, "/etc/passwd"
    return packed_tar(info, b"")


def packed_tar(info: tarfile.TarInfo, content: bytes) -> bytes:
    """A packed tar file of this member."""
    data = io.BytesIO()
    with tarfile.open(fileobj=data, mode="w:gz") as file:
        file.addfile(info, io.BytesIO(content))
    return data.getvalue()


def linked(target: str, *parts: str) -> Make:
    """A symbolic link in the student's folder to a place outside of the class."""
    return lambda folder, student: at(folder, student, *parts).symlink_to(folder.parent / OUTSIDE / target)


def only(name: str, content: bytes) -> Make:
    """Hand in one file for `vectors`."""
    return lambda folder, student: at(folder, student, "vectors", name).write_bytes(content)


def beside(other: Make, text: str = RIGHT["vectors"]) -> Make:
    """Hand in `vectors` and make something else."""

    def make(folder: Path, student: str) -> None:
        submitted_at(folder, student, "vectors", text)
        other(folder, student)

    return make


def pipe(folder: Path, student: str) -> None:
    """A named pipe that nobody writes to, in the file's place."""
    os.mkfifo(at(folder, student, "vectors", "vectors.py"))


def many_files(folder: Path, student: str) -> None:
    """Thirty helpers."""
    for number in range(30):
        at(folder, student, "vectors", f"m{number}.py").touch()


def tar_bomb(folder: Path, student: str) -> None:
    """201 MB of zeros, packed: made where it is wanted, for that takes a second."""
    topic_tar(tarred("vectors.py", bytes(201 << 20)))(folder, student)


def zip_bomb(folder: Path, student: str) -> None:
    """50 MB of zeros in a zip file."""
    topic_zip(archive(("vectors.py", bytes(50 << 20))))(folder, student)


ANSWER = RIGHT["vectors"]
REFUSED: dict[str, tuple[Make, str]] = {
    "file_is_a_link": (linked("eve/vectors/vectors.py", "vectors", "vectors.py"), "vectors.py is a link"),
    "topic_is_a_link": (linked("eve/vectors", "vectors"), "vectors is a link"),
    "link_to_nothing": (linked("nothing", "vectors", "vectors.py"), "vectors.py is a link"),
    "pipe": (pipe, "vectors.py is not a regular file"),
    "folder": (lambda folder, student: at(folder, student, "vectors", "vectors.py", "x").touch(), "vectors.py is missing"),
    "two_names": (
        lambda folder, student: [only(name, b"")(folder, student) for name in ("a.py", "b.py")],
        "vectors.py is missing; vectors/ holds a.py, b.py",
    ),
    "rar": (lambda folder, student: at(folder, student, "vectors.rar").write_bytes(b"Rar!\x1a\x07\x01\0"), "hand in a .zip"),
    "tar_link": (topic_tar(tar_link("vectors.py")), "vectors.py is a link or a device"),
    "tar_bomb": (tar_bomb, "the archive unpacks to more than 210 MB"),
    "tar_cut_short": (topic_tar(tarred("vectors.py", ANSWER.encode())[:60]), "vectors.tar.gz: the archive cannot be read"),
    "many_files": (beside(many_files), "31 Python files; at most 30 are read"),
    "no_zip": (topic_zip(b"This is not a zip file."), "the zip file cannot be read"),
    "empty_zip": (topic_zip(b""), "the zip file cannot be read"),
    "zip_cut_short": (topic_zip(archive(("vectors.py", ANSWER))[:-30]), "the zip file cannot be read"),
    "zip_damaged": (topic_zip(damaged("vectors.py", ANSWER)), "in the archive"),
    "zip_encrypted": (topic_zip(encrypted("vectors.py", ANSWER)), "is encrypted"),
    "zip_up": (topic_zip(archive(("vectors.py", ANSWER), ("../../zzz/vectors/vectors.py", "x"))), "a member outside of it"),
    "zip_absolute": (topic_zip(archive(("/tmp/vectors.py", "x"))), "a member outside of it: '/tmp/vectors.py'"),
    "zip_nameless": (topic_zip(archive(("vectors.py", ANSWER), (zipfile.ZipInfo(""), "x"))), "a member outside of it: ''"),
    "zip_drive": (topic_zip(archive(("C:\\vectors.py", "x"))), "a member outside of it"),
    "zip_backslash_up": (topic_zip(archive(("..\\vectors.py", "x"))), "a member outside of it"),
    "zip_link": (topic_zip(archive((link_member("vectors.py"), "/etc/passwd"))), "vectors.py is a link or a device"),
    "zip_twice": (topic_zip(twice("vectors.py", ANSWER)), "the archive has 'vectors.py' twice"),
    "zip_bomb": (zip_bomb, "unpacks to more than 1.05 MB"),
    "zip_of_thousands": (
        topic_zip(archive(*((f"{number}.txt", "") for number in range(3001)))),
        "has 3001 members; at most 3000 are read",
    ),
}
READ: dict[str, Make] = {
    "zip_of_the_topic": topic_zip(archive(("vectors.py", ANSWER))),
    "other_name": only("Vectors (1).py", ANSWER.encode()),
    "other_folder": lambda folder, student: at(folder, student, "Vectors", "Work", "VECTORS.py").write_text(ANSWER),
    "no_folder": lambda folder, student: at(folder, student, "vectors.py").write_text(ANSWER),
    "final": only("vectors_final(2).py", ANSWER.encode()),
    "text": only("vectors.py.txt", ANSWER.encode()),
    "script_called_notebook": only("vectors.ipynb", ANSWER.encode()),
    "zip_of_any_name": lambda folder, student: at(folder, student, "vectors", "work.zip").write_bytes(
        archive(("w/v.py", ANSWER))
    ),
    "zip_in_a_zip": topic_zip(archive(("work.zip", archive(("vectors.py", ANSWER))))),
    "zip_around_a_folder": topic_zip(archive(("my work/vectors.py", ANSWER), ("my work/._vectors.py", b"\0"))),
    "zip_that_is_a_tar": topic_zip(tarred("vectors.py", ANSWER.encode())),
    "tar": topic_tar(tarred("./vectors/vectors.py", ANSWER.encode())),
    "zip_around_the_topic": topic_zip(archive(("vectors/vectors.py", ANSWER))),
    "zip_of_a_mac": topic_zip(archive(("__MACOSX/._vectors.py", b"\0"), ("vectors.py", ANSWER))),
    "data_beside_it": beside(only("x.npy", b"\x93NUMPY")),
    "hidden_file_beside_it": beside(only("._vectors.py", b"\0")),
    "helper_of_an_odd_name": beside(only(os.fsdecode(b"h\xe9lper.py"), b"")),
    "link_beside_it": beside(linked("eve", "notes")),
    "helper_beside_it": beside(
        only("helper.py", b"def times(x, y):\n    return x * y\n"), scaling("import helper\nreturn helper.times(x, factor)")
    ),
}


@pytest.fixture(scope="module")
def graded(small_course: Path, tmp_path_factory: pytest.TempPathFactory) -> Graded:
    """The grades of a class where `vectors` lies in odd places and `signs` where it should; and what was said on stderr."""
    folder = tmp_path_factory.mktemp("places")
    students = folder / "class"
    honest(students, *HONEST)
    submitted_at(folder / OUTSIDE, "eve")
    submitted_at(folder / OUTSIDE, "eve", "signs")
    for student, make in {**{name: make for name, (make, _) in REFUSED.items()}, **READ}.items():
        submitted_at(students, student, "signs")
        make(students, student)
    (students / "student_is_a_link").symlink_to(folder / OUTSIDE / "eve")
    (students / "nobody").mkdir()
    (students / "red\x1b[31m").mkdir()
    (students / "only_signs").mkdir()
    submitted_at(students, "only_signs", "signs")
    (students / "ana_is_a.zip").write_bytes(b"no zip either")
    (students / "notes.txt").write_text("no student")
    submitted_at(students, os.fsdecode(b"jos\xe9"))
    done = grader("grade", students, "--course", small_course, "--out", folder / "out", cwd=folder)
    assert (done.returncode, "\x1b" in done.stdout) == (0, False), done.stderr
    return grades(folder / "out"), done.stderr


@pytest.mark.parametrize("student", REFUSED)
def test_what_is_no_plain_file_of_the_class_is_refused_in_words(graded: Graded, student: str) -> None:
    """A link, a pipe or a bad archive earns 0, and the message says what it is."""
    grade = graded[0][student, "vectors"]
    assert (grade.status, grade.score) == ("graded", 0)
    assert REFUSED[student][1] in grade.message


@pytest.mark.parametrize("student", READ)
def test_what_is_a_plain_file_is_read_wherever_it_lies(graded: Graded, student: str) -> None:
    """A right answer in a zip, or beside other files, has full marks."""
    assert graded[0][student, "vectors"].full_marks, graded[0][student, "vectors"]


@pytest.mark.parametrize("student", ["student_is_a_link", "ana_is_a"])
def test_student_that_cannot_be_looked_into_is_refused_in_every_topic(graded: Graded, student: str) -> None:
    """A student's folder that is a link, or a zip that is none, is recorded for every topic with the reason."""
    problem = {"student_is_a_link": "student_is_a_link is a link", "ana_is_a": "the zip file cannot be read"}[student]
    assert all(problem in graded[0][student, topic].message for topic in FULL)


def test_student_without_anything_is_noted(graded: Graded) -> None:
    """A student folder without a submission is named on stderr and has no record."""
    assert "nobody: nothing in the place of nobody/vectors/vectors.py" in graded[1]
    assert ("nobody", "vectors") not in graded[0]


def test_student_without_a_topic_has_the_other_one(graded: Graded) -> None:
    """A student who handed in one topic is graded in that one only."""
    assert [topic for student, topic in graded[0] if student == "only_signs"] == ["signs"]


def test_folder_names_are_shown_as_text(graded: Graded) -> None:
    """Control codes in a folder's name are escapes on stderr."""
    assert r"red\x1b[31m: nothing in the place" in graded[1]
    assert "\x1b" not in graded[1]


def test_name_that_is_not_utf8_is_written_out(graded: Graded) -> None:
    """A folder whose name is not UTF-8 is graded under its bytes written out."""
    assert graded[0][r"jos\xe9", "vectors"].full_marks


def test_everyone_else_is_unaffected(graded: Graded) -> None:
    """The honest neighbours, and the other topic of every odd student, have full marks."""
    places = {**REFUSED, **READ}
    others = [
        grade for (student, topic), grade in graded[0].items() if student in HONEST or (student in places and topic == "signs")
    ]
    assert len(others) == 2 * len(HONEST) + len(places)
    assert [grade.student for grade in others if grade.score != FULL[grade.assignment]] == []


def test_nobody_outside_of_the_class_is_graded(graded: Graded) -> None:
    """What a link leads to is neither graded under its own name nor noted."""
    assert not [key for key in graded[0] if key[0] in ("eve", "notes", OUTSIDE)]
    assert OUTSIDE not in graded[1]


@pytest.mark.parametrize("name", ["list_of_members_without_end", "half_a_million_members"])
def test_a_list_of_members_that_takes_seconds(tmp_path: Path, name: str) -> None:
    """A zip file whose own list of members is megabytes long is refused before that is read, in both forms of the format."""
    attack = Path(__file__).parents[1] / "attacks" / "archives" / f"{name}.py"
    runpy.run_path(str(attack))["build"](tmp_path, "ana")
    (file,) = listed(Archive(Held((tmp_path / "ana.zip").read_bytes()), ()))
    with pytest.raises(UnreadableError, match=r"list of members is [0-9.]+ MB; at most"):
        file.read()
