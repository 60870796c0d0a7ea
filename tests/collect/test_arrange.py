"""Which of the files that were handed in are the assignment's."""

import pytest

from grader.submissions.arrange import arrange


def arranged(*names: str) -> tuple[dict[str, str], list[str]]:
    """Where each file goes, by the name it was handed in with; and the notes."""
    found, notes = arrange("conv", {tuple(name.split("/")): name for name in names})
    return {name: "/".join(place) for place, name in found.items()}, notes


@pytest.mark.parametrize(
    ("submitted", "goes"),
    [
        pytest.param({"conv.py": "conv/conv.py"}, {}, id="as expected"),
        pytest.param({"conv.py": "conv/conv.py", "helper.py": "conv/helper.py"}, {}, id="a helper"),
        pytest.param({"conv/conv.py": "conv/conv.py", "conv/helper.py": "conv/helper.py"}, {}, id="in its folder"),
        pytest.param({"hw/src/conv.py": "conv/conv.py", "hw/notes.txt": "conv/hw/notes.txt"}, {}, id="deep"),
        pytest.param({"conv.ipynb": "conv/conv.ipynb"}, {}, id="a notebook"),
        pytest.param({"conv.py": "conv/conv.py", "conv.ipynb": "conv/conv.ipynb"}, {}, id="both"),
        pytest.param({"work.zip": "conv.zip"}, {}, id="an archive alone"),
        pytest.param({"work.zip": "conv/work.zip", "conv.py": "conv/conv.py"}, {}, id="an archive beside it"),
        pytest.param({"a.txt": "conv/a.txt"}, {}, id="nothing of the kind"),
        pytest.param({"a.py": "conv/a.py", "b.py": "conv/b.py"}, {}, id="two that could be it"),
        pytest.param({"conv.py": "conv/conv.py", "conv-1.py": "conv/conv-1.py"}, {}, id="the exact name first"),
    ],
)
def test_places(submitted: dict[str, str], goes: dict[str, str]) -> None:
    """Each file has its place, and nothing is to be said."""
    assert arranged(*submitted) == (submitted, [])


@pytest.mark.parametrize(
    "name",
    ["conv-1.py", "conv-12.py", "conv (2).py", "conv(2).py", "conv_3.py", "Conv.py", "conv - copia.py", "x/conv-1.py"],
)
def test_called_as_systems_do(name: str) -> None:
    """What systems make of a second file of a name is the assignment's: nothing is to be said."""
    assert arranged(name) == ({name: "conv/conv.py"}, [])


@pytest.mark.parametrize("name", ["homework.py", "x/conv2.py"])
def test_guessed(name: str) -> None:
    """The only one of its kind is taken for the assignment's, and that is said."""
    assert arranged(name) == ({name: "conv/conv.py"}, [f"{name} is taken for conv.py"])


def test_highest_number() -> None:
    """Of several, the last one counts; nothing is lost."""
    assert arranged("conv-1.py", "conv-2.py") == (
        {"conv-2.py": "conv/conv.py", "conv-1.py": "conv/conv-1.py"},
        ["conv-2.py is taken for conv.py"],
    )


def test_only_notebook_before_the_only_module() -> None:
    """A notebook beside a helper is the assignment's."""
    assert arranged("work.ipynb", "helper.py")[0] == {"work.ipynb": "conv/conv.ipynb", "helper.py": "conv/helper.py"}


def test_time_is_not_the_students_to_say() -> None:
    """A `timestamp.txt` or `late.txt` that a student hands in would be believed; it is left aside."""
    found, notes = arranged("conv.py", "timestamp.txt", "late.txt")
    assert found == {"conv.py": "conv/conv.py"}
    assert notes == [f"{name} was handed in by the student; left aside" for name in ("timestamp.txt", "late.txt")]


def test_time_in_the_folder_of_the_module() -> None:
    """Nor does it come to be believed because the module lies in a folder with it."""
    assert list(arranged("conv/conv.py", "conv/timestamp.txt")[0].values()) == ["conv/conv.py"]
    assert list(arranged("a.py", "b.py", "timestamp.txt")[0].values()) == ["conv/a.py", "conv/b.py"]


def test_noise_is_dropped() -> None:
    """Hidden files and caches are not part of it."""
    assert arranged("conv.py", ".git/config", "__pycache__/conv.pyc") == ({"conv.py": "conv/conv.py"}, [])


def test_names_that_systems_cannot_write() -> None:
    """Characters that some file system or terminal cannot bear become `_`; no two files become one."""
    found, notes = arranged("conv.py", "a\x1b.py", "a?.py", "b\udcff.py")
    assert found == {"conv.py": "conv/conv.py", "a\x1b.py": "conv/a_.py", "b\udcff.py": "conv/b_.py"}
    assert len(notes) == 1 and "called like another file" in notes[0]


@pytest.mark.parametrize(
    ("submitted", "aside"),
    [
        (["a/conv.py", "conv.py/x.txt"], "conv.py/x.txt"),
        (["a/conv.py", "a/b", "b/x.txt"], "b/x.txt"),
        (["conv.py", "x" * 201], "x" * 201),
        (["conv.py", "/".join("abcdefghijklmnopqrstu")], "/".join("abcdefghijklmnopqrstu")),
    ],
)
def test_names_that_cannot_stand_together(submitted: list[str], aside: str) -> None:
    """Names by which one student could keep a whole class from being written are left aside, and named."""
    found, notes = arranged(*submitted)
    assert set(submitted) - set(found) == {aside}
    assert len(notes) == 1 and "left aside" in notes[0]
