"""Tar files are read to the end once, within limits."""

import io
import tarfile

import pytest

from grader.submissions import tar_members as module
from grader.submissions.archives import ArchiveError, StreamPlace, format_of
from grader.submissions.tar_members import read_tarred, tar_members

MODES = ["w:", "w:gz", "w:bz2", "w:xz"]


def tarred(mode: str, *members: tuple[str, bytes], kind: bytes = tarfile.REGTYPE) -> io.BytesIO:
    """A tar file of these members."""
    data = io.BytesIO()
    with tarfile.open(fileobj=data, mode=mode) as file:  # type: ignore[call-overload]
        for name, content in members:
            info = tarfile.TarInfo(name)
            info.type, info.size = kind, len(content)
            file.addfile(info, io.BytesIO(content))
    return data


@pytest.mark.parametrize("mode", MODES)
def test_members(mode: str) -> None:
    """Every packing gives the members, by names of any length, and the bytes of each."""
    file = tarred(mode, ("./é.py", b"x = 1"), ("n" * 200 + "/b.py", b"y" * 100_000))
    assert format_of(file) == "tar"
    found = tar_members(file, 10)
    assert [member.parts for member in found] == [("é.py",), ("n" * 200, "b.py")]
    assert [read_tarred(file, member.place, 10) for member in found if isinstance(member.place, StreamPlace)] == [
        b"x = 1",
        b"y" * 10,
    ]


@pytest.mark.parametrize(
    ("name", "kind", "flaw"),
    [
        ("../up.py", tarfile.REGTYPE, "outside"),
        ("/a.py", tarfile.REGTYPE, "outside"),
        ("a.py", tarfile.SYMTYPE, "link"),
        ("a", tarfile.CHRTYPE, "link"),
    ],
)
def test_flaws(name: str, kind: bytes, flaw: str) -> None:
    """A member that would be elsewhere, a link and a device are told."""
    assert [member.flaw for member in tar_members(tarred("w:", (name, b""), kind=kind), 10)] == [flaw]


@pytest.mark.parametrize("mode", MODES)
def test_cut_short(mode: str) -> None:
    """Half a file is refused, in words."""
    data = tarred(mode, ("a.py", bytes(range(256)) * 40)).getvalue()
    with pytest.raises(ArchiveError, match="the archive cannot be read"):
        tar_members(io.BytesIO(data[: len(data) // 3]), 10)


@pytest.mark.parametrize("mode", MODES)
def test_bomb(mode: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """What unpacks to too much is refused when that much was unpacked."""
    monkeypatch.setattr(module, "MAX_UNPACKED", 1 << 20)
    with pytest.raises(ArchiveError, match=r"unpacks to more than 1\.05 MB"):
        tar_members(tarred(mode, ("a.py", bytes(2 << 20)), ("b.py", b"")), 10)


def test_too_many_members() -> None:
    """The members are counted while they are read."""
    with pytest.raises(ArchiveError, match="more than 2 members"):
        tar_members(tarred("w:", *((f"{number}.py", b"") for number in range(3))), 2)


def test_header_of_a_gigabyte() -> None:
    """A name that says that it takes a gigabyte is not waited for."""
    data = bytearray(tarred("w:", ("n" * 200, b"")).getvalue())
    data[124:136] = b"07777777777\0"
    data[148:156] = b"%06o\0 " % (sum(data[:148]) + 8 * 32 + sum(data[156:512]))
    with pytest.raises(ArchiveError, match="a header of"):
        tar_members(io.BytesIO(bytes(data)), 10)
