"""The names of the folders of imported students."""

from pathlib import Path

import pytest

from grader.gradebook.roster import parse_roster
from grader.integrations.download import Download
from grader.integrations.folder_names import folder_name, folders

CANVAS = parse_roster(
    'Student,ID,SIS Login ID,Section\n"Pérez, Ana",4711,ana,A\n"O\'Brien, Bo",4712,bo@uni.edu,A\n"Díaz, Ana",102,4711,B\n',
    Path("c.csv"),
)
MOODLE = parse_roster(
    "Identifier,Full name,Email address\nParticipant 4711,Ana Pérez,ana@uni.edu\nParticipante 12,Bo O'Brien,bo@uni.edu\n",
    Path("m.csv"),
)


def download(folder: str, *names: str, number: str = "") -> Download:
    """A download of nothing."""
    return Download(names or (folder,), folder, {}, number=number)


@pytest.mark.parametrize(
    ("given", "folder"),
    [
        pytest.param(download("pérezana_4711", number="4711"), "ana", id="Canvas's number before a login that looks like it"),
        pytest.param(download("obrienbo_4712", number="4712"), "bo@uni.edu", id="number"),
        pytest.param(download("x", "bo@uni.edu"), "bo@uni.edu", id="login"),
        pytest.param(download("x", "nobody@uni.edu", "Bo O'Brien"), "bo@uni.edu", id="name, where no other fits"),
    ],
)
def test_named_by_the_roster(given: Download, folder: str) -> None:
    """With a class list, the folder is called by its login, whatever the system called it."""
    assert folders([given], CANVAS)[0] == [folder]


def test_moodles_numbers() -> None:
    """Moodle's worksheet has the number in words; as it is another one in each assignment, the folder is called otherwise."""
    given = [download("Ana Pérez_4711", number="4711"), download("x_12", number="12")]
    names, rows, notes = folders(given, MOODLE)
    assert (names, rows, notes) == (["ana@uni.edu", "bo@uni.edu"], [0, 1], [])


def test_unknown_student() -> None:
    """Who is not in the class list is imported under the system's name, and named."""
    assert folders([download("zoe_9", number="9")], CANVAS) == (
        ["zoe_9"],
        [None],
        ["zoe_9: nobody in the roster is called that; imported as zoe_9"],
    )


def test_without_a_roster() -> None:
    """Without a class list, the system's name is the folder's."""
    assert folders([download("pérezana_4711", number="4711")], None) == (["pérezana_4711"], [None], [])


def test_two_of_one_student() -> None:
    """Two downloads that are one student's have one name."""
    assert folders([download("pérezana_4711", number="4711"), download("ana")], CANVAS)[0] == ["ana", "ana"]


@pytest.mark.parametrize(
    ("name", "folder"),
    [
        ("../../etc", "_.._etc"),
        ("..", "student"),
        (".hidden", "hidden"),
        ("a/b\\c", "a_b_c"),
        ("a\x00\x1b[31m", "a_[31m"),
        ("__pycache__", "pycache__"),
        ("x" * 300, "x" * 200),
        ("Ana Pérez", "Ana Pérez"),
    ],
)
def test_folder_name(name: str, folder: str) -> None:
    """A name never leads elsewhere, hides the folder or is too long."""
    assert folder_name(name) == folder
