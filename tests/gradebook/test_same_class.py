"""Whose records they are: by what a folder is known as one of the class, and who left."""

from pathlib import Path

import pytest

from grader.gradebook.same_class import Folder, other_class, same_class, who_left, with_folder

CLASS = Folder("/u/class", ("ana", "bea", "caro", "dan"), ("conv",))
EVERYBODY = {*CLASS.students}


def folder(*students: str, path: str = "/u/other", topics: tuple[str, ...] = ("conv",)) -> Folder:
    """Another folder."""
    return Folder(path, students, topics)


@pytest.mark.parametrize(
    ("students", "same"),
    [
        pytest.param(("ana", "bea", "caro", "dan"), True, id="moved"),
        pytest.param(("ana", "bea", "eve", "flo"), True, id="half of them"),
        pytest.param(("ana",), True, id="one of its students"),
        pytest.param(("ana", "eve", "flo", "gus"), False, id="a namesake"),
        pytest.param(("eve",), False, id="somebody else"),
    ],
)
def test_a_class_is_known_by_its_students(students: tuple[str, ...], same: bool) -> None:
    """A folder elsewhere is of the class if half of its students are the class's."""
    assert same_class([CLASS], EVERYBODY, folder(*students)) is same


def test_a_class_of_which_one_was_tried_first() -> None:
    """Records of one student, who was tried alone, are of the class that the student is in."""
    assert same_class([folder("ana", path="/u/one")], {"ana"}, CLASS)


def test_the_same_folder_is_the_same_class() -> None:
    """Whoever is in it now."""
    assert same_class([CLASS], EVERYBODY, folder("eve", path=CLASS.path))


def test_students_who_handed_in_nothing_are_of_the_class() -> None:
    """A class is also known by those without records, whose folders were there."""
    assert same_class([CLASS], {"ana"}, folder("caro", "dan"))


@pytest.mark.parametrize(("folders", "recorded"), [([], {"zoe"}), ([CLASS], set())], ids=["an old store", "nothing graded"])
def test_records_without_a_class_take_any(folders: list[Folder], recorded: set[str]) -> None:
    """Records of earlier versions, which noted no folder, and those of a run that graded nothing are anybody's."""
    assert same_class(folders, recorded, folder("eve"))


def test_the_error_says_whose_they_are_and_what_to_do() -> None:
    """Both folders, how many students they share, and the two ways out."""
    said = str(other_class([CLASS], folder("ana", "eve", "flo"), Path("results")))
    assert "another class, of 4 students (/u/class)" in said and "Of the 3 in /u/other, 1 is among them" in said
    assert "--out results_2" in said and "--same-class" in said


def test_a_folder_for_each_assignment() -> None:
    """Folders with other assignments stay noted beside each other, and nobody left who is in one of them."""
    pooling = folder("ana", "bea", topics=("pooling",))
    folders = with_folder([CLASS], pooling, gone=())
    assert folders == [CLASS, pooling]
    assert who_left(folders, EVERYBODY) == []


def test_a_folder_that_was_moved() -> None:
    """The old place is forgotten, and with it those who were only there."""
    assert with_folder([CLASS], folder("ana"), gone={CLASS.path}) == [folder("ana")]


def test_a_new_download_takes_the_place_of_the_old_one() -> None:
    """The same assignments with most of the students: whoever is not in it left."""
    newer = folder("ana", "bea", "dan")
    folders = with_folder([CLASS], newer, gone=())
    assert folders == [newer]
    assert who_left(folders, EVERYBODY) == ["caro"]


def test_one_student_graded_apart_is_no_new_download() -> None:
    """A folder with few of the students leaves the class's noted."""
    assert with_folder([CLASS], folder("ana"), gone=()) == [CLASS, folder("ana")]


def test_assignments_of_a_folder_add_up() -> None:
    """A folder that is graded one assignment at a time has all of them."""
    (found,) = with_folder([CLASS], folder(*CLASS.students, path=CLASS.path, topics=("pooling",)), gone=())
    assert found.topics == ("conv", "pooling")


def test_nobody_left_a_class_that_is_not_known() -> None:
    """Without a folder nobody can be said to have left."""
    assert who_left([], EVERYBODY) == []
