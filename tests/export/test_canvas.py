"""What Canvas gets: the rows of its own export with our scores."""

import csv
import io

import pytest
from books import entry, excused, roster, scores

from grader.errors import UsageError
from grader.gradebook.entries import Entry
from grader.integrations.canvas.grades import canvas_table, columns_of, total_column
from grader.integrations.class_list import rows_of

EXPORT = (
    "Student,ID,SIS User ID,SIS Login ID,Section,Notes,Convolution (9),Current Score,Final Score\n"
    ",,,,,,Manual Posting,,\n"
    "    Points Possible,,,,,,3.0,(read only),(read only)\n"
    '"Pérez, Ana",101,s1,ana,"A, night",,,,\n'
    '"O\'Brien ""Bo"", Bo",102,s2,bo,A,,1.5,50,50\n'
)


def written(
    text: str = EXPORT, *entries: Entry, canvas: str | int = "", raw: bool = False, total: bool = False
) -> tuple[str, list[str], list[str]]:
    """The file to import, the notes, and what is left out."""
    found = scores(*(entries or (entry("ana"),)), listed=roster(text), canvas=canvas)
    columns = [*columns_of(found, raw), *([total_column(found)] if total else [])]
    return canvas_table(roster(text), columns)


def exported(text: str = EXPORT, *entries: Entry, canvas: str | int = "", raw: bool = False) -> tuple[list[list[str]], list[str]]:
    """The cells of the file to import, and the notes."""
    made, notes, _ = written(text, *entries, canvas=canvas, raw=raw)
    return list(csv.reader(io.StringIO(made), delimiter=roster(text).delimiter)), notes


def test_identity_is_copied() -> None:
    """The columns up to "Section" are copied as they are, then comes the assignment by Canvas's own header; nothing else."""
    assert exported()[0] == [
        ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "Convolution (9)"],
        ["    Points Possible", "", "", "", "", "3.0"],
        ["Pérez, Ana", "101", "s1", "ana", "A, night", "2"],
        ['O\'Brien "Bo", Bo', "102", "s2", "bo", "A", "1.5"],
    ]


def test_lines_as_canvas_reads_them() -> None:
    """Names with commas and quotes are quoted; lines end in a newline."""
    text, _, _ = written(EXPORT, entry("bo"))
    assert text.splitlines(keepends=True)[3] == '"O\'Brien ""Bo"", Bo",102,s2,bo,A,2\n'


def test_score_that_canvas_has_stays() -> None:
    """Who has no record keeps what Canvas has: an empty cell would delete it. That is said."""
    table, notes = exported()
    assert table[3][-1] == "1.5"
    assert notes == ['conv: no score for O\'Brien "Bo", Bo; what Canvas has there stays']


def test_late_penalty() -> None:
    """Canvas gets what is left after the late penalty, or the raw score where it takes penalties off itself."""
    late = entry("ana", penalty=0.5)
    assert [exported(EXPORT, late, raw=raw)[0][2][-1] for raw in (False, True)] == ["1.5", "2"]


def test_excused() -> None:
    """Who is excused has EX, as Canvas writes it, and the assignment keeps its points."""
    table, notes = exported(EXPORT, entry("ana"), excused("bo"))
    assert (table[3][-1], notes) == ("EX", [])


def test_grader_error_is_no_zero() -> None:
    """Where the grader failed, the cell stays as it was."""
    assert exported(EXPORT, entry("bo", score=None))[0][3][-1] == "1.5"


@pytest.mark.parametrize("kept", ["EX", "ex", "N/A"])
def test_excused_stays(kept: str) -> None:
    """Who is excused or not assigned in Canvas stays so, and that is said."""
    table, notes = exported(EXPORT.replace("1.5", kept), entry("bo"))
    assert table[3][-1] == kept and f'O\'Brien "Bo", Bo: conv is {kept} in Canvas; 2 is not written' in notes


def test_semicolons_decimal_commas_and_bom() -> None:
    """A file with semicolons, decimal commas and a byte order mark is written back like that."""
    head = "\ufeffStudent;ID;SIS Login ID;Section;Convolution (9)\nPoints Possible;;;;3,0\n"
    text = f'{head}"Pérez, Ana";1;ana;A;\n"Díaz, Bo";2;bo;A;"1,25"\n'
    assert (
        written(text, entry("ana", penalty=0.5))[0]
        == "\ufeffStudent;ID;SIS Login ID;Section;Convolution (9)\nPoints Possible;;;;3,0\nPérez, Ana;1;ana;A;1,5\nDíaz, Bo;2;bo;A;1,25\n"
    )


@pytest.mark.parametrize(
    "header",
    [
        "Student,ID,SIS Login ID,Section",
        "Student,ID,SIS User ID,SIS Login ID,Section",
        "Student,ID,SIS User ID,SIS Login ID,Integration ID,Root Account,Section",
        "LastName,FirstName,ID,SIS User ID,SIS Login ID,Section",
    ],
)
def test_identity_columns_of_every_kind(header: str) -> None:
    """Accounts have more or fewer identity columns; all of them are kept, in their places."""
    row = ",".join("ana" if name == "SIS Login ID" else "x" for name in header.split(","))
    table, _ = exported(f"{header},conv\n{row},\n")
    assert (table[0], table[2]) == ([*header.split(","), "conv"], [*row.split(","), "2"])


@pytest.mark.parametrize("head", ["Convolution (9)", "convolution", "CONV (12)", " Convolution  (9)"])
def test_assignment_is_found_by_title(head: str) -> None:
    """By its title or its name, whatever the capitals; the header stays as Canvas wrote it."""
    assert exported(EXPORT.replace("Convolution (9)", head))[0][0][-1] == head


@pytest.mark.parametrize("key", [9, "9", "Homework 3", "homework  3", "Homework 3 (9)"])
def test_assignment_is_found_by_its_key(key: str | int) -> None:
    """The number or the name in course.toml finds it under any title."""
    table, _ = exported(EXPORT.replace("Convolution (9)", "Homework 3 (9)"), canvas=key)
    assert table[0][-1] == "Homework 3 (9)"


def test_no_new_assignment() -> None:
    """What Canvas does not have is left out, because it would become a new assignment there; the key to set is named."""
    text, _, left_out = written(EXPORT, entry("ana"), entry("ana", "pooling"))
    assert text.splitlines()[0].endswith("Section,Convolution (9)")
    assert left_out == [
        "pooling: no column of roster.csv is called pooling, so it is left out; make it in Canvas and export again, or say "
        "in course.toml which one it is: `canvas = <its name or number>` in [assignments.pooling]"
    ]


def test_nothing_to_write() -> None:
    """Where Canvas has none of the assignments, that is an error: a file without scores would look like one with them."""
    with pytest.raises(
        UsageError, match=r"conv: no column of roster.csv is called Convolution or conv.* So nothing can be written"
    ):
        exported(EXPORT.replace("Convolution (9)", "Other (8)"))


def test_all_assignments_at_once() -> None:
    """Each goes into its own column, in the course's order, whatever Canvas's order is."""
    text = EXPORT.replace("Notes,Convolution (9)", "pooling (4),Convolution (9)")
    assert [row[-2:] for row in exported(text, entry("ana"), entry("ana", "pooling", 1.0))[0][:3]] == [
        ["Convolution (9)", "pooling (4)"],
        ["3.0", ""],
        ["2", "1"],
    ]


def test_total_has_its_column() -> None:
    """The course total, in percent, goes where Canvas has a column of that name; who handed in nothing has one too."""
    text = EXPORT.replace("Notes,", "Course Total (7),")
    rows = list(csv.reader(io.StringIO(written(text, total=True)[0])))
    assert [row[-1] for row in rows] == ["Course Total (7)", "", "1", "0"]


def test_total_without_a_column() -> None:
    """Where Canvas has none it is left out, and its key is named."""
    text, _, (left_out,) = written(EXPORT, total=True)
    assert text.splitlines()[0].endswith("Section,Convolution (9)")
    assert left_out.startswith("course total: ") and left_out.endswith("in [total]")


def test_computed_columns_are_no_assignments() -> None:
    """A column of Canvas's own sums is never taken for an assignment."""
    with pytest.raises(UsageError, match=r"has no column \(Final Score\)"):
        exported(canvas="Final Score")


def test_read_only_column() -> None:
    """A column that Canvas calls read only will be ignored there; that is said."""
    assert "Convolution (9) is read only, and will ignore it" in exported(EXPORT.replace(",3.0,", ",(read only),"))[1][0]


def test_other_points() -> None:
    """Where Canvas has the assignment at other points, that is said."""
    assert "is worth 5.0 in Canvas and 3 here" in exported(EXPORT.replace(",3.0,", ",5.0,"))[1][0]


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ('"=HYPERLINK(""x"")"', '\'=HYPERLINK("x")'),
        ('"=""=1+1"""', '="=1+1"'),
        ("@SUM(1)", "'@SUM(1)"),
        ("-Ana", "'-Ana"),
        ("-", "-"),
    ],
)
def test_no_formula(name: str, written: str) -> None:
    """A name or a section that a spreadsheet would execute is guarded, unless Canvas has done so; numbers are left alone."""
    table, _ = exported(f"Student,ID,SIS Login ID,Section,conv\n{name},-1,ana,{name},\n")
    assert table[2][:4] == [written, "-1", "ana", written]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Student,Section\nana,A\n", "is not a Canvas gradebook"),
        ("student_id,email,x,y\nana,a,b,c\n", "is not a Canvas gradebook"),
        (EXPORT.replace("Notes", "Convolution (8)"), r"conv could be Convolution \(8\), Convolution \(9\) in Canvas\. Say which"),
    ],
)
def test_no_grade_book(text: str, said: str) -> None:
    """What Canvas would not read, or where two columns could be meant, is refused."""
    with pytest.raises(UsageError, match=said):
        exported(text)


def test_key_that_canvas_does_not_have() -> None:
    """A number or a name in course.toml that is in no header is refused, not passed over."""
    with pytest.raises(UsageError, match=r"has no column \(77\), which course.toml gives as `canvas` of \[assignments.conv\]"):
        exported(canvas=77)


def test_two_folders_of_one_student() -> None:
    """Two records of one student and assignment are refused: which score counts cannot be told."""
    with pytest.raises(
        UsageError, match=r'ana and pérezana_101 are both "Pérez, Ana" in roster\.csv and both have a record of conv'
    ):
        exported(EXPORT, entry("ana"), entry("pérezana_101"))


def test_two_folders_for_two_assignments() -> None:
    """Where each has another assignment, both are the same student's."""
    rows, unknown = rows_of(roster(EXPORT), [entry("ana"), entry("pérezana_101", "pooling")])
    assert (rows["ana"] == rows["pérezana_101"], unknown) == (True, {})


def test_unknown_student() -> None:
    """A record without a row is not written, and its student is named with the reason."""
    assert rows_of(roster(EXPORT), [entry("zoe")]) == ({}, {"zoe": "nobody in the roster is called that"})
