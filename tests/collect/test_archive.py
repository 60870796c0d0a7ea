"""A bulk download is looked through before anything of it is read: a bad member is its student's problem, a bad whole is refused."""

import io
import stat
import struct
import zipfile
from pathlib import Path

import pytest
from archives import pack

from grader.errors import UsageError
from grader.submissions import archive as module
from grader.submissions.archive import DamagedError, opened, refuse_bomb


def read(path: Path) -> dict[str, bytes]:
    """What can be read of a download."""
    with opened(path) as members:
        refuse_bomb(path, members)
        return {"/".join(member.parts): member.read() for member in members if not member.problem}


def problems(path: Path) -> dict[str, str]:
    """What is wrong with members of a download."""
    with opened(path) as members:
        return {"/".join(member.parts): member.problem for member in members if member.problem}


def with_mode(path: Path, name: str, mode: int) -> Path:
    """A zip file of one member of that mode."""
    member = zipfile.ZipInfo(name)
    member.external_attr = mode << 16
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(member, "/etc/passwd")
    return path


def test_members(tmp_path: Path) -> None:
    """Regular members are read; what systems leave in archives is passed over."""
    path = pack(tmp_path / "a.zip", {"a/b.py": "x", "__MACOSX/a/._b.py": "?", "a/.DS_Store": "?", "a/__pycache__/b.pyc": "?"})
    assert read(path) == {"a/b.py": b"x"}


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("../out.py", "out.py"),
        ("/etc/out.py", "etc/out.py"),
        ("a/../../out.py", "a/out.py"),
        ("..\\out.py", "out.py"),
        ("a/..\\..\\out.py", "a/..\\..\\out.py"),
        ("C:\\out.py", "out.py"),
        ("C:/out.py", "out.py"),
    ],
)
def test_member_outside(tmp_path: Path, name: str, place: str) -> None:
    """A member that would be written elsewhere is not read, and has the place that is left of its name; the others are read."""
    path = pack(tmp_path / "a.zip", {"good.py": "x", name: "y"})
    assert problems(path) == {place: f"the archive has a member outside of it: {name!r}"}
    assert read(path) == {"good.py": b"x"}


@pytest.mark.parametrize("mode", [stat.S_IFLNK | 0o777, stat.S_IFIFO | 0o600, stat.S_IFCHR | 0o600])
def test_link_or_device(tmp_path: Path, mode: int) -> None:
    """Neither is a link or a device."""
    found = problems(with_mode(tmp_path / "a.zip", "good.py", mode))
    assert found == {"good.py": "'good.py' is a link or a device in the archive; hand in the file itself"}


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_member_twice(tmp_path: Path) -> None:
    """Of two members of one name, neither is read: which of them counts cannot be told."""
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name in ("a/b.py", "a/b.py", "c.py"):
            archive.writestr(name, "1")
    assert (problems(path), read(path)) == ({"a/b.py": "'a/b.py' is in the archive twice"}, {"c.py": b"1"})


def test_equal_after_normalisation(tmp_path: Path) -> None:
    """Neither are two whose names are the same letters, composed in two ways."""
    assert list(problems(pack(tmp_path / "a.zip", {"é.py": "1", "e\u0301.py": "2"}))) == ["é.py"]


def test_file_that_is_a_folder_too(tmp_path: Path) -> None:
    """A file in which another lies is not read."""
    path = pack(tmp_path / "a.zip", {"a": "1", "a/b.py": "2"})
    assert (problems(path), read(path)) == ({"a": "'a' is both a file and a folder in the archive"}, {"a/b.py": b"2"})


def bomb(path: Path, count: int, mebibytes: int) -> Path:
    """A zip file of members of nothing but zeros."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(count):
            archive.writestr(f"{number}.py", bytes(mebibytes << 20))
    return path


def test_bomb(tmp_path: Path) -> None:
    """A member that is larger than anything that is read is not unpacked."""
    found = problems(bomb(tmp_path / "bomb.zip", 1, 101))
    assert found == {"0.py": "'0.py' is 106 MB; at most 100 MB are read"}


def test_bomb_of_many(tmp_path: Path) -> None:
    """What unpacks to more than a hundred times its size, and to much, is refused with its largest member."""
    with pytest.raises(UsageError, match=r"[0-9.]+ KB would unpack to 106 MB, as a zip bomb does; the largest is '0\.py'"):
        read(bomb(tmp_path / "bomb.zip", 101, 1))


def test_member_longer_than_it_says(tmp_path: Path) -> None:
    """A member that lies about its size is damaged."""
    path = pack(tmp_path / "a.zip", {"a.py": "x" * 1000})
    data = bytearray(path.read_bytes())
    at = data.rindex(b"PK\x01\x02")
    data[at + 24 : at + 28] = struct.pack("<I", 10)
    path.write_bytes(data)
    with pytest.raises(DamagedError, match=r"'a\.py' in the archive is damaged"):
        read(path)


def test_too_many_members(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """There is a limit to the number of members."""
    monkeypatch.setattr(module, "MAX_MEMBERS", 2)
    with pytest.raises(UsageError, match="the zip file has 3 members; at most 2 are read"):
        read(pack(tmp_path / "a.zip", {"a": "", "b": "", "c": ""}))


def test_too_many_members_of_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The folder that has too many of them is one problem; the rest is read."""
    monkeypatch.setattr(module, "MAX_MEMBERS", 5)
    monkeypatch.setattr(module, "MAX_EACH", 3)
    path = pack(tmp_path / "a.zip", {"eve_1/conv.py": "", "zoe_2/conv.py": "", **{f"eve_1/{n}": "" for n in range(4)}})
    assert problems(path) == {"eve_1/?": "eve_1 has more than 3 files; hand in only what belongs to the assignment"}
    assert read(path).keys() == {"zoe_2/conv.py"}


def test_encrypted(tmp_path: Path) -> None:
    """A member with a password is not read, and how to fix it is said."""
    data = bytearray(pack(tmp_path / "a.zip", {"a.py": "x"}).read_bytes())
    data[data.rindex(b"PK\x01\x02") + 8] |= 1
    (tmp_path / "a.zip").write_bytes(data)
    assert problems(tmp_path / "a.zip") == {"a.py": "'a.py' is encrypted; make an archive without a password"}


@pytest.mark.parametrize(
    ("content", "said"), [(b"PK\3\4 cut", "the zip file cannot be read"), (b"", "the zip file cannot be read")]
)
def test_no_zip_file(tmp_path: Path, content: bytes, said: str) -> None:
    """Anything but a zip file is reported as such."""
    (tmp_path / "a.zip").write_bytes(content)
    with pytest.raises(UsageError, match=said):
        read(tmp_path / "a.zip")


def test_missing(tmp_path: Path) -> None:
    """So is what is not there."""
    with pytest.raises(UsageError, match=r"a\.zip is not there"):
        read(tmp_path / "a.zip")


def test_names_without_the_utf8_flag(tmp_path: Path) -> None:
    """Names that are UTF-8 without saying so, as macOS packs them, are read as that."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("pérez.py", "x")
    data = packed.getvalue().replace(b"\x00\x08", b"\x00\x00")
    (tmp_path / "a.zip").write_bytes(data)
    assert list(read(tmp_path / "a.zip")) == ["pérez.py"]


def test_folder(tmp_path: Path) -> None:
    """A folder that a browser made of the archive is read like it."""
    (tmp_path / "a" / "b").mkdir(parents=True)
    (tmp_path / "a" / "b" / "c.py").write_text("x")
    (tmp_path / "a" / ".DS_Store").write_text("?")
    assert read(tmp_path / "a") == {"b/c.py": b"x"}


@pytest.mark.parametrize("target", ["/etc/passwd", "/etc", "nowhere"])
def test_link_in_a_folder(tmp_path: Path, target: str) -> None:
    """A link in such a folder is not read, whatever it points to."""
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "conv.py").symlink_to(target)
    assert problems(tmp_path / "a") == {"conv.py": "conv.py is a link or a device; hand in the file itself"}


def test_list_of_members_without_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An archive whose list of members is too large is refused before that is read."""
    monkeypatch.setattr(module, "MAX_LISTING", 1000)
    with pytest.raises(UsageError, match=r"list of members is [0-9.]+ KB; at most 1 KB are read"):
        read(pack(tmp_path / "a.zip", {f"{number}.py": "" for number in range(50)}))
