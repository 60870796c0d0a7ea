"""Submission times from a CSV file: whose and of which assignment each is, and what is said of those that were not understood."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from grader.errors import UsageError
from grader.gradebook.roster import Roster, parse_roster
from grader.gradebook.times import Times, read_times

TOPICS = ("conv", "mlp", "rnn")
STUDENTS = ("ana", "bea", "caro")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Where the times are."""
    return tmp_path / "times.csv"


def read(file: Path, text: str, *topics: str, roster: Roster | None = None) -> Times:
    """The times in a text."""
    file.write_text(text)
    return read_times(file, topics or TOPICS, TOPICS, STUDENTS, roster)


def test_times_by_student_and_topic(file: Path) -> None:
    """Each row is one submission; a time without an offset stays as it is."""
    found = read(file, "student,topic,time\nana,conv,2027-04-23 20:15:00 -0300\nana,mlp,2027-05-01 10:00\n")
    assert found == Times(
        {("ana", "conv"): datetime(2027, 4, 23, 23, 15, tzinfo=UTC), ("ana", "mlp"): datetime(2027, 5, 1, 10, 0)}, []
    )


@pytest.mark.parametrize("text", ["Friday, 23 April 2027, 8:15 PM", "viernes, 23 de abril de 2027, 20:15", "2027-04-23T20:15"])
def test_times_as_systems_write_them(file: Path, text: str) -> None:
    """All that is read in a `timestamp.txt` is read here."""
    assert read(file, f'student;time\nana;"{text}"\n', "conv").given == {("ana", "conv"): datetime(2027, 4, 23, 20, 15)}


def test_one_assignment_needs_no_topic(file: Path) -> None:
    """Without a column, or with an empty cell in it, a row is about the one that is graded."""
    when = {("ana", "mlp"): datetime(2027, 5, 1, 10, 0)}
    assert read(file, "student,time\nana,2027-05-01 10:00\n", "mlp").given == when
    assert read(file, "student,topic,time\nana,,2027-05-01 10:00\nbea,conv,2027-05-01\n", "mlp").given == when


def test_order_of_day_and_month_by_the_whole_column(file: Path) -> None:
    """One date that can be read in one way decides for all of the column."""
    found = read(file, "student,time\nana,03/04/2027\nbea,23/04/2027\n", "conv").given
    assert found["ana", "conv"] == datetime(2027, 4, 3)


def test_nothing_handed_in(file: Path) -> None:
    """An empty cell, or a dash as in Moodle's worksheet, is not a time and needs no word."""
    assert read(file, "student,time\nana,-\nbea,\n", "conv") == Times({}, [])


def test_what_was_not_understood_is_quoted_with_its_line(file: Path) -> None:
    """Two meanings or none: the text, the line, and how to write it."""
    notes = read(file, "student,time\n\nana,03/04/2027\nbea,soon\n", "conv").notes
    assert [note.partition(";")[0] for note in notes] == [
        f"{file}, line 3: «03/04/2027» was not understood",
        f"{file}, line 4: «soon» was not understood",
    ]


def test_a_list_of_others_is_told(file: Path) -> None:
    """Rows of people who handed in nothing are not used, and their lines are named."""
    (note,) = read(file, "student,time\nana,2027-05-01\nzoe,2027-05-01\n", "conv").notes
    assert "line 3 (zoe)" in note and "not used" in note


def test_many_notes_are_counted(file: Path) -> None:
    """Five lines are quoted, the others counted."""
    notes = read(file, "student,time\n" + "".join(f"s{n},soon\n" for n in range(9)), "conv").notes
    assert (len(notes), notes[-1]) == (6, f"{file}: and 4 more that were not understood")


def test_moodles_worksheet_with_the_class_list(file: Path) -> None:
    """Who is called otherwise in the file is found by the class list."""
    roster = parse_roster('Student,SIS Login ID,email\n"Pérez, Ana",ana,ana@uni.edu\n', Path("list.csv"))
    head = "Identifier,Full name,Email address,Last modified (submission)\n"
    text = f'{head}Participant 7,Ana Pérez,ana@uni.edu,"Friday, 23 April 2027, 8:15 PM"\n'
    assert read(file, text, "conv", roster=roster).given == {("ana", "conv"): datetime(2027, 4, 23, 20, 15)}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("student,topic,time\nana,cnv,2027-05-01\n", "line 2: 'cnv' is not a topic. Did you mean 'conv'?"),
        ("student,time\nana,2027-05-01\n", "line 2: of which topic this time is, is unknown"),
        ("student,topic,time\nana,conv,2027-05-01\nana,conv,2027-05-02\n", "lines 2 and 3 have two times of ana"),
        ("student,when\nana,2027-05-01\n", "has no column of times: its first line is student, when"),
        ("who,time\nana,2027-05-01\n", "has no column by which a student can be found"),
    ],
)
def test_wrong_files(file: Path, text: str, said: str) -> None:
    """An unknown topic, a time of no topic, two times for one, and missing columns are errors."""
    with pytest.raises(UsageError) as raised:
        read(file, text)
    assert said in str(raised.value)


def test_no_file(file: Path) -> None:
    """A file that is not there is an error that says what --times takes."""
    with pytest.raises(UsageError, match="--times takes a CSV file with the columns student, time"):
        read_times(file, TOPICS, TOPICS, STUDENTS)
