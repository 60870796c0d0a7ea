"""A .7z file is read through libarchive, which writes the files of these tests too (`make archives`)."""

import io

import pytest

from grader.submissions import seven_zip
from grader.submissions.archives import ArchiveError
from grader.submissions.files import File, Held, Unreadable
from grader.submissions.listing import Archive, listed
from grader.submissions.seven_zip import seven_zip_members


def seven_zipped(**members: bytes) -> bytes:
    """A .7z file of these members."""
    data = io.BytesIO()
    with seven_zip.load().custom_writer(data.write, "7zip") as archive:
        for name, content in members.items():
            archive.add_file_from_memory(name, len(content), content)
    return data.getvalue()


@pytest.mark.archives
def test_members() -> None:
    """The members with their places and their bytes."""
    found = listed(
        Archive(Held(seven_zipped(**{"vectors/vectors.py": b"x = 1", "vectors/é.txt": b"y"})), ("vectors",), ("vectors",))
    )
    assert {file.parts: file.read() for file in found} == {("vectors", "vectors.py"): b"x = 1", ("vectors", "é.txt"): b"y"}


@pytest.mark.archives
def test_member_outside() -> None:
    """One that would be elsewhere is told."""
    (found,) = seven_zip_members(io.BytesIO(seven_zipped(**{"../up.py": b""})), 10)
    assert found.flaw == "outside"


@pytest.mark.archives
def test_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither more members than are read, nor more than they may unpack to."""
    data = seven_zipped(a=bytes(100), b=bytes(100))
    with pytest.raises(ArchiveError, match="more than 1 members"):
        seven_zip_members(io.BytesIO(data), 1)
    monkeypatch.setattr(seven_zip, "MAX_UNPACKED", 199)
    with pytest.raises(ArchiveError, match="unpacks to more than 199"):
        seven_zip_members(io.BytesIO(data), 10)


@pytest.mark.archives
def test_cut_short() -> None:
    """Half a file is one that cannot be read, in words."""
    (file,) = listed(Archive(Held(seven_zipped(a=bytes(range(256)))[:-20]), ("x",)))
    assert isinstance(file.origin, Unreadable) and "the archive cannot be read" in file.origin.problem


def test_without_the_library(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where nothing reads it, its student hears what to do."""
    monkeypatch.setattr(seven_zip, "load", lambda: None)
    found = listed(Archive(Held(b"7z\xbc\xaf\x27\x1c" + bytes(50)), ("x",)))
    assert found == [File(("x",), Unreadable("such archives are not read here; unpack it and hand in a .zip"))]
