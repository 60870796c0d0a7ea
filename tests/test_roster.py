"""Class lists as gradebooks write them, and who of them a student's folder stands for."""

import csv
import unicodedata
from pathlib import Path

import pytest

from grader.errors import UsageError
from grader.gradebook.roster import Match, Matcher, Roster, parse_roster, read_roster

CANVAS = (
    "Student,ID,SIS User ID,SIS Login ID,Section,Convolution (9),Final Score\n"
    ",,,,,Manual Posting,\n"
    "    Points Possible,,,,,10,(read only)\n"
    '"Pérez, Ana",101,s1,ana@uni.edu,"A, night",7.5,75\n'
    '"O\'Brien ""Bo"", Bo",102,s2,bo,A,,\n'
    '"Pérez, Ana",103,s3,ana2,B,,\n'
    '"Student, Test",999,,f00d,A,,\n'
)


def roster(text: str = CANVAS) -> Roster:
    """The class list in a text."""
    return parse_roster(text, Path("roster.csv"))


def found(student: str, text: str = CANVAS) -> str:
    """The name in the row that a student's folder stands for, or why there is none."""
    match = Matcher(roster(text)).match(student)
    return roster(text).rows[match.row][0] + f" by {match.by}" if isinstance(match, Match) else match


def test_rows_of_canvas() -> None:
    """Canvas's rows of points and of manual posting are not students; names with commas and quotes are whole."""
    read = roster()
    assert [read.rows[place][0] for place in read.students] == ["Pérez, Ana", 'O\'Brien "Bo", Bo', "Pérez, Ana", "Student, Test"]
    assert read.identity(read.students[1]) == ('O\'Brien "Bo"', "Bo", "")


def test_bom_is_no_part_of_the_header() -> None:
    """A byte order mark is read over and remembered."""
    read = roster("\ufeff" + CANVAS)
    assert (read.header[0], read.bom) == ("Student", True)


@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_other_delimiters(delimiter: str) -> None:
    """Semicolons and tabs are seen, also where cells have commas in them."""
    text = 'Student,ID,SIS Login ID,Section,X (1)\n"Pérez, Ana",1,ana,A,"7,5"\n"Díaz, Bo",2,bo,"A, B","8,25"\n'
    rows = csv.reader(text.splitlines())
    other = "\n".join(delimiter.join(f'"{cell}"' if "," in cell else cell for cell in row) for row in rows)
    read = roster(other)
    assert (read.delimiter, read.rows) == (delimiter, roster(text).rows)


def test_lines_of_separators_and_short_rows() -> None:
    """Lines of separators only are passed over, short rows are filled up."""
    assert roster("Student,ID,Section\n,,\nAna\n\n").rows == (("Ana", "", ""),)


@pytest.mark.parametrize(
    ("student", "row"),
    [
        ("ana@uni.edu", "Pérez, Ana by SIS Login ID"),
        ("ANA@UNI.EDU", "Pérez, Ana by SIS Login ID"),
        ("s2", 'O\'Brien "Bo", Bo by SIS User ID'),
        ("102", 'O\'Brien "Bo", Bo by ID'),
        ("ana", "Pérez, Ana by SIS Login ID before the @"),
        ('O\'Brien "Bo", Bo', 'O\'Brien "Bo", Bo by name'),
        ("obrienbobo_102", 'O\'Brien "Bo", Bo by name and ID'),
        ("pérezana_103", "Pérez, Ana by name and ID"),
        (unicodedata.normalize("NFD", "pérezana_103"), "Pérez, Ana by name and ID"),
        ("pérezana_999", "nobody in the roster is called that"),
        ("Pérez, Ana", "name fits 2 students of the roster"),
        ("Ana Pérez", "name fits 2 students of the roster"),
        ("perez ana", "name fits 2 students of the roster"),
        ("zoe", "nobody in the roster is called that"),
        ("", "nobody in the roster is called that"),
    ],
)
def test_match(student: str, row: str) -> None:
    """The surest way counts, and what fits two students fits none."""
    assert found(student) == row


def test_duplicate_identities() -> None:
    """Two rows with one login: neither is guessed, even where the name would tell them apart."""
    assert found("ana", "Student,SIS Login ID\nAna,ana\nBea,ana\n") == "SIS Login ID fits 2 students of the roster"


def test_folder_is_the_surest_name() -> None:
    """A folder is called by login, else by what comes after it."""
    read = roster("Full name,Email address,Identifier\nAna Pérez,ana@uni.edu,Participant 7\nBo,,Participant 8\n")
    assert [read.folder(row) for row in read.students] == ["ana@uni.edu", "Participant 8"]


def test_spanish_headers() -> None:
    """Moodle in Spanish has Spanish headers."""
    read = roster("Identificador,Nombre completo,Dirección de correo\nParticipante 7,Ana Pérez,ana@uni.edu\n")
    assert (read.folder(0), read.identity(0)) == ("ana@uni.edu", ("", "Ana Pérez", "ana@uni.edu"))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"),
        (b"\n\n", "is empty"),
        (b"\xff\xfeS\0t\0", "is UTF-16 text. Save it as «CSV UTF-8»"),
        (b"PK\3\4xlsx", "is a spreadsheet or a zip file, not a CSV file"),
        ("Student,ID\nPérez,1\n".encode("latin-1"), "is not UTF-8 text at byte 12"),
        (b"Student,ID\n", "has a header and no students"),
        (b"Apples,Pears\n1,2\n", "has no column by which a student can be found: it has Apples, Pears"),
        (b'Student,ID\n"Ana,1\n', "is not a CSV file"),
    ],
)
def test_bad_file(tmp_path: Path, content: bytes, said: str) -> None:
    """What is not a class list is refused, with the file, what is wrong and what to do."""
    (tmp_path / "r.csv").write_bytes(content)
    with pytest.raises(UsageError) as error:
        read_roster(tmp_path / "r.csv")
    assert f"{tmp_path / 'r.csv'} " in str(error.value) and said in str(error.value)


def test_file_that_is_not_there(tmp_path: Path) -> None:
    """A missing file is said to be missing."""
    with pytest.raises(UsageError, match="cannot be read: No such file"):
        read_roster(tmp_path / "r.csv")
