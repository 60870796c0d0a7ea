"""What Moodle gets: its own grading worksheet with our grades and feedback."""

import csv
import io

import pytest
from books import entry, excused, roster, scores

from grader.errors import UsageError
from grader.gradebook.entries import Entry
from grader.integrations.moodle import format as moodle
from grader.integrations.moodle.worksheet import worksheet

ENGLISH = (
    'Identifier,"Full name","Email address",Status,Grade,"Maximum grade","Grade can be changed","Last modified (submission)",'
    '"Last modified (grade)","Feedback comments"\n'
)
ANA = '"Participant 11","Ana Pérez",ana@uni.edu,"Submitted for grading",,3.00,Yes,"Friday, 23 April 2027, 8:15 PM",-,\n'
BO = '"Participant 12","Bo O\'Brien",bo@uni.edu,"No submission",1.50,3.00,Yes,-,"Saturday, 24 April 2027, 9:00 AM",old\n'
SHEET = ENGLISH + ANA + BO
LANGUAGES = {
    "English": ENGLISH,
    "German": (
        'ID,"Vollständiger Name",E-Mail-Adresse,Status,Bewertung,Bestwertung,"Bewertung kann geändert werden",'
        '"Zuletzt geändert (Abgabe)","Zuletzt geändert (Bewertung)","Feedback als Kommentar"\n'
    ),
    "French": (
        'Identifiant,"Nom complet","Adresse de courriel",Statut,Note,"Note maximale","La note peut être modifiée",'
        '"Dernière modification (travail remis)","Dernière modification (note)","Feedback par commentaires"\n'
    ),
    "Spanish": (
        'Identificador,"Nombre completo","Dirección de correo",Estado,Calificación,"Calificación máxima",'
        '"La calificación puede ser cambiada","Última modificación (entrega)","Última modificación (calificación)",'
        '"Comentarios de retroalimentación"\n'
    ),
    "Portuguese of Brazil": (
        'Identificador,"Nome completo","Endereço de email",Status,Nota,"Nota máxima","Nota pode ser alterada",'
        '"Última modificação (envio)","Última modificação (nota)","Comentários de feedback"\n'
    ),
}
NO = {"English": "No", "German": "Nein", "French": "Non", "Spanish": "No", "Portuguese of Brazil": "Não"}


def filled(text: str = SHEET, *entries: Entry) -> tuple[list[list[str]], list[str], list[str]]:
    """The cells below the header, the notes, and what is not in it."""
    found = scores(*(entries or (entry("ana"),)), listed=roster(text))
    made, notes, missing = worksheet(found, lambda one: f"<p>{one.grade.student}</p>")
    header, *rows = csv.reader(io.StringIO(made.removeprefix("\ufeff")), delimiter=roster(text).delimiter)
    assert tuple(header) == roster(text).header
    return rows, notes, missing


def test_only_grade_and_feedback_are_written() -> None:
    """Everything else of the row stays as it was, the identifier and the times above all."""
    (ana, bo), _, missing = filled()
    assert ana == [
        *("Participant 11", "Ana Pérez", "ana@uni.edu", "Submitted for grading", "2", "3.00", "Yes"),
        *("Friday, 23 April 2027, 8:15 PM", "-", "<p>ana</p>"),
    ]
    assert (bo, missing) == (list(roster(SHEET).rows[1]), [])


def test_who_has_no_grade_is_named() -> None:
    """A participant without a grade keeps what Moodle has, and that is said."""
    assert filled()[1] == ["conv: no score: bo@uni.edu; what Moodle has there stays"]


def test_who_is_not_in_the_worksheet_is_named() -> None:
    """A grade of somebody else is not in it."""
    assert filled(SHEET, entry("ana"), entry("zoe"))[2] == ["zoe: nobody in the roster is called that, so no score is written"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_languages(language: str) -> None:
    """The columns are found in the five languages in which times are read."""
    (ana, bo), _, _ = filled(LANGUAGES[language] + ANA + BO)
    assert (ana[4], ana[-1], bo[4], bo[-1]) == ("2", "<p>ana</p>", "1.50", "old")


@pytest.mark.parametrize("language", LANGUAGES)
def test_locked_grade(language: str) -> None:
    """Moodle would pass over a locked grade in silence: it is left alone, and told."""
    (ana, _), _, missing = filled(LANGUAGES[language] + ANA.replace("Yes", NO[language]) + BO)
    assert (ana[4], ana[-1]) == ("", "")
    assert missing == ["ana: Moodle says that the grade cannot be changed there, so 2 is not written"]


@pytest.mark.parametrize(("most", "written"), [("3.00", "1.5"), ("3", "1.5"), ('"3,00"', "1,5")])
def test_decimals_as_moodle_writes_them(most: str, written: str) -> None:
    """A decimal comma where the worksheet has one: Moodle reads numbers by the language of the user."""
    assert filled(SHEET.replace("3.00", most), entry("ana", penalty=0.5))[0][0][4] == written


def test_semicolons_and_byte_order_mark() -> None:
    """The delimiter and the mark stay: they are chosen when the file is uploaded."""
    text = "\ufeff" + 'Identifier;"Full name";Grade;"Maximum grade";"Last modified (grade)"\nParticipant 11;Ana;;"3,00";-\n'
    made, _, _ = worksheet(scores(entry("ana", penalty=0.5), listed=roster(text)), lambda _: "")
    assert made == "\ufeffIdentifier;Full name;Grade;Maximum grade;Last modified (grade)\nParticipant 11;Ana;1,5;3,00;-\n"


def test_without_a_column_of_feedback() -> None:
    """Where the assignment takes no comments, only grades are written, and that is said."""
    text = "Identifier,Full name,Grade,Maximum grade\nParticipant 11,Ana,,3.00\n"
    rows, notes, _ = filled(text)
    assert rows == [["Participant 11", "Ana", "2", "3.00"]]
    assert notes == ["roster.csv has no column of feedback comments, so it gets the grades alone"]


def test_above_the_maximum() -> None:
    """Moodle would pass over a grade above its maximum: it is told."""
    rows, notes, missing = filled(SHEET.replace("3.00", "1.00"))
    assert rows[0][4] == "" and missing == ["ana: 2 is more than Moodle's maximum of 1, so it is not written"]
    assert "conv is worth 1 in Moodle and 3 here; scores are written as they are here" in notes


def test_excused_stays() -> None:
    """Moodle has no mark for who is excused: the row stays, and that is said."""
    rows, notes, missing = filled(SHEET, entry("ana"), excused("bo"))
    assert (rows[1], missing) == (list(roster(SHEET).rows[1]), [])
    assert notes == ["conv: excused, for which Moodle has no mark: bo; what Moodle has there stays"]


def test_grader_error_is_no_zero() -> None:
    """Where the grader failed, the row stays."""
    assert filled(SHEET, entry("bo", score=None))[0][1] == list(roster(SHEET).rows[1])


def test_participants_without_names() -> None:
    """In a blind assignment the number alone finds the student, as it is in the name of an imported folder."""
    text = "Identifier,Status,Grade,Maximum grade\nParticipant 11,x,,3.00\nParticipant12,x,,3.00\n"
    rows, _, missing = filled(text, entry("Participant_11"), entry("Participant_12"))
    assert ([row[2] for row in rows], missing) == (["2", "2"], [])


def test_folder_of_an_import_without_a_class_list() -> None:
    """Name and number find the student, of two with one name too."""
    rows, _, missing = filled(SHEET.replace("Bo O'Brien", "Ana Pérez"), entry("Ana Pérez_12"))
    assert ([row[4] for row in rows], missing) == (["", "2"], [])


def test_no_formula() -> None:
    """What a student wrote into the worksheet is guarded, in every cell that is copied."""
    (ana, _), _, _ = filled(SHEET.replace("Ana Pérez", '=HYPERLINK(""http://x"")'))
    assert ana[1] == '\'=HYPERLINK("http://x")'


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Student,ID,Section\nAna,1,A\n", "is not a grading worksheet of Moodle: its header is Student, ID, Section"),
        ("Full name,Grade\nAna,\n", "is not a grading worksheet of Moodle"),
        ("Identifier,Full name,Grade,Scale\nParticipant 11,Ana,,Fail Pass\n", "Moodle grades this assignment by a scale"),
    ],
)
def test_no_worksheet(text: str, said: str) -> None:
    """What Moodle would not read is refused, and where to find the right file is said."""
    with pytest.raises(UsageError, match=said):
        filled(text)


def test_a_worksheet_is_of_one_assignment() -> None:
    """Scores of two are refused."""
    with pytest.raises(UsageError, match=r"name the one that roster\.csv is of, conv or pooling"):
        filled(SHEET, entry("ana"), entry("ana", "pooling"))


def test_feedback_is_html_and_a_student_s_text_is_none() -> None:
    """What the student's code said is escaped; hidden checks are told as far as they may be."""
    exported = moodle.EXPORT.write(scores(entry("ana", message="<script>alert(1)</script>"), listed=roster(SHEET)), set())
    assert isinstance(exported.content, str)
    comment = next(csv.DictReader(io.StringIO(exported.content)))["Feedback comments"]
    assert comment.startswith("<pre>Convolution: 2 of 3 points\n") and comment.endswith("</pre>")
    assert "&lt;script&gt;" in comment and "<script" not in comment
