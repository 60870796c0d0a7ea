"""Whose each file of a bulk download is, by the names and lists that Canvas, Gradescope and Moodle write."""

import builtins
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from archives import METADATA, gradescope

from grader.errors import UsageError
from grader.gradebook.roster import parse_roster
from grader.integrations.canvas import submissions as canvas
from grader.integrations.download import Download
from grader.integrations.gradescope import submissions as gradescope_
from grader.integrations.moodle import submissions as moodle
from grader.submissions.archive import Member, opened

MONTEVIDEO = ZoneInfo("America/Montevideo")


def members(*names: str) -> list[Member]:
    """Empty members of these names."""
    return [Member(tuple(name.split("/")), 0, lambda: b"") for name in names]


def files(found: Sequence[Download]) -> dict[str, list[str]]:
    """The files of each student."""
    return {download.folder: ["/".join(place) for place in download.files] for download in found}


# --- Canvas ----------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "folder", "file", "late"),
    [
        ("pérezana_4711_98_conv.py", "pérezana_4711", "conv.py", False),
        ("pérezana_LATE_4711_98_conv-1.py", "pérezana_4711", "conv-1.py", True),
        ("obrien_jr_4711_98_my_1_2_conv.py", "obrien_jr_4711", "my_1_2_conv.py", False),
        ("_4711_98_conv.py", "4711", "conv.py", False),
        ("anon_Xy3Zq_98_conv.py", "anon_Xy3Zq", "conv.py", False),
        ("LATE_anon_Xy3Zq_98_conv.py", "anon_Xy3Zq", "conv.py", True),
        ("submissions/pérezana_4711_98_conv.py", "pérezana_4711", "conv.py", False),
        ("王小明_4711_98_conv (1).py", "王小明_4711", "conv (1).py", False),
        ("late_4711_98_text.html", "late_4711", "text.html", False),
    ],
)
def test_canvas_name(name: str, folder: str, file: str, late: bool) -> None:
    """A name says who, whether late, and how the file was called."""
    (download,), notes = canvas.downloads(members(name))
    assert (download.folder, list(download.files), download.late, notes) == (folder, [(file,)], late, [])


def test_canvas_times_are_not_taken() -> None:
    """Canvas's archive has the time of the download: of submissions none is known."""
    (download,), _ = canvas.downloads(members("pérezana_4711_98_conv.py"))
    assert download.time is None


def test_canvas_files_of_one_student() -> None:
    """All files of a student belong together; of two with one name the one attached later counts, with a note."""
    found, notes = canvas.downloads(members("ana_1_30_conv.py", "ana_1_20_conv.py", "ana_1_21_help.py", "bea_2_22_conv.py"))
    assert files(found) == {"ana_1": ["conv.py", "help.py"], "bea_2": ["conv.py"]}
    assert notes == ["ana_1_30_conv.py: submitted again under the same name; the later one counts"]


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("ana_1_text.html", "text or a link, not a file"),
        ("ana_LATE_1_link.html", "text or a link, not a file"),
        ("conv.py", "not named by Canvas"),
    ],
)
def test_canvas_left_aside(name: str, why: str) -> None:
    """What is not a student's file is named and ignored."""
    assert canvas.downloads(members(name)) == ([], [f"{name}: {why}; ignored"])


# --- Moodle ----------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "folder", "file"),
    [
        ("Ana Pérez_4711_assignsubmission_file/conv.py", "Ana Pérez_4711", "conv.py"),
        ("Ana Pérez_4711_assignsubmission_file_/conv.py", "Ana Pérez_4711", "conv.py"),
        ("Ana Pérez_4711_assignsubmission_file/src/conv.py", "Ana Pérez_4711", "src/conv.py"),
        ("Ana Pérez_4711_assignsubmission_file_conv.py", "Ana Pérez_4711", "conv.py"),
        ("Ana Pérez_4711_assignsubmission_file_my_conv_2.py", "Ana Pérez_4711", "my_conv_2.py"),
        ("Participant_4711_assignsubmission_file/conv.py", "Participant_4711", "conv.py"),
        ("Group A_12_assignsubmission_file/conv.py", "Group A_12", "conv.py"),
        ("Default group_assignsubmission_file/conv.py", "Default group", "conv.py"),
        ("DL-conv-33/Ana Pérez_4711_assignsubmission_file/conv.py", "Ana Pérez_4711", "conv.py"),
    ],
)
def test_moodle_name(name: str, folder: str, file: str) -> None:
    """Folders or flat, old or new: the name says who, and how the file was called."""
    found, notes = moodle.downloads(members(name))
    assert (files(found), notes) == ({folder: [file]}, [])


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("Ana_1_assignsubmission_onlinetext/onlinetext.html", "onlinetext, not a file"),
        ("conv.py", "not named by Moodle"),
    ],
)
def test_moodle_left_aside(name: str, why: str) -> None:
    """What is not a student's file is named and ignored."""
    assert moodle.downloads(members(name)) == ([], [f"{name}: {why}; ignored"])


WORKSHEETS = [
    pytest.param("Full name,Email address", "Last modified (submission)", "Friday, 23 April 2027, 8:15 PM", id="English"),
    pytest.param("Vollständiger Name,E-Mail-Adresse", "Zuletzt geändert (Abgabe)", "Freitag, 23. April 2027, 20:15", id="German"),
    pytest.param(
        "Nom complet,Adresse de courriel",
        "Dernière modification (travail remis)",
        "vendredi 23 avril 2027, 20:15",
        id="French",
    ),
    pytest.param(
        "Nombre completo,Dirección de correo",
        "Última modificación (entrega)",
        "viernes, 23 de abril de 2027, 8:15 p.\u00a0m.",
        id="Spanish",
    ),
    pytest.param(
        "Nome completo,Endereço de email", "Última modificação (envio)", "sexta-feira, 23 abr. 2027, 20:15", id="Portuguese"
    ),
]


@pytest.mark.parametrize(("who", "head", "time"), WORKSHEETS)
def test_moodle_worksheet(who: str, head: str, time: str) -> None:
    """A grading worksheet in any of five languages gives the time, and the folder's name by the e-mail, not by its own number."""
    sheet = parse_roster(
        f'ID,{who},"{head}"\nTeilnehmer/in4711,Ana,ana@uni.edu,"{time}"\nTeilnehmer/in4712,Bea,bea@uni.edu,-\n', Path("w.csv")
    )
    assert moodle.submitted(sheet, MONTEVIDEO) == ({0: datetime(2027, 4, 23, 20, 15, tzinfo=MONTEVIDEO)}, [])
    assert [sheet.folder(row) for row in sheet.students] == ["ana@uni.edu", "bea@uni.edu"]


def times(head: str, *cells: str) -> tuple[dict[int, datetime], list[str]]:
    """What is read of a worksheet's column of times."""
    rows = "".join(f'Participant {row},"{cell}"\n' for row, cell in enumerate(cells))
    return moodle.submitted(parse_roster(f"Identifier,{head}\n{rows}", Path("w.csv")), MONTEVIDEO)


def test_moodle_numbers_of_one_meaning() -> None:
    """One day above 12 decides the order of day and month in its whole column, and so does the language of the header."""
    assert times("Last modified (submission)", "03/04/2027 8:00", "25/04/2027 8:00")[0][0].month == 4
    assert times("Last modified (submission)", "03/04/2027 8:00", "04/25/2027 8:00")[0][0].month == 3
    assert times("Zuletzt geändert (Abgabe)", "03/04/2027 8:00")[0][0].month == 4


def test_moodle_numbers_of_two_meanings() -> None:
    """Where nothing decides, no time is guessed: the cells are quoted, with what to do."""
    assert times("Last modified (submission)", "03/04/2027 8:00", "someday 5") == (
        {},
        [
            "w.csv: 2 times in the column Last modified (submission) were not understood, like «03/04/2027 8:00», «someday 5»: "
            "write them as 2027-04-23 20:15, year first, and import again"
        ],
    )


def test_moodle_list_without_times() -> None:
    """A class list that is not a grading worksheet is told from one without submissions."""
    assert times("Status", "x")[1] == [
        "w.csv has no column of submission times like «Last modified (submission)»; it has Identifier, Status"
    ]


# --- Gradescope ------------------------------------------------------------------------------------------------------------------------


def imported(path: Path) -> tuple[list[Download], list[str]]:
    """What Gradescope's reader makes of a download."""
    with opened(path) as found:
        return gradescope_.downloads(found)


def test_gradescope(tmp_path: Path) -> None:
    """The list says whose a folder is and when it was handed in, to the microsecond; a group's is each member's."""
    found, notes = imported(gradescope(tmp_path / "a.zip"))
    assert [(download.folder, download.names) for download in found] == [
        ("ana@uni.edu", ("ana@uni.edu", "0101", "Ana Pérez")),
        ("bruno@uni.edu", ("bruno@uni.edu", "Bruno Díaz")),
        ("caro@uni.edu", ("caro@uni.edu", "0103", "Caro López")),
    ]
    assert [download.time for download in found] == [
        datetime(2027, 4, 23, 20, 15, 30, 123456, tzinfo=UTC),
        datetime(2027, 4, 25, 1, 0, tzinfo=UTC),
        datetime(2027, 4, 25, 1, 0, tzinfo=UTC),
    ]
    assert files(found)["ana@uni.edu"] == ["signs.py", "helper.py"] and files(found)["caro@uni.edu"] == ["work/signs.py"]
    assert notes == []


def test_gradescope_list_and_folders_differ(tmp_path: Path) -> None:
    """A folder that is not in the list, and an entry without a folder, are named."""
    found, notes = imported(gradescope(tmp_path / "a.zip", METADATA.replace("submission_4712:", "submission_9:")))
    assert [download.folder for download in found] == ["ana@uni.edu"]
    assert notes == [
        "submission_9: in the list, but its files are not in the archive",
        "submission_4712: not in the list, so its owner is unknown; ignored",
    ]


@pytest.mark.parametrize(
    ("metadata", "said"),
    [
        ("a: [", "cannot be read in line"),
        ("- 1\n", "does not list submissions by their folders"),
        ("a: 1\n", "does not list submissions by their folders"),
        ("submission_1:\n  :submitters: 3\n", "lists submission_1 without its submitters"),
        ("a: !!python/object/apply:os.getcwd []\n", "cannot be read"),
    ],
)
def test_gradescope_bad_list(tmp_path: Path, metadata: str, said: str) -> None:
    """A list that is not Gradescope's is refused with what is wrong; nothing in it is executed."""
    with pytest.raises(UsageError, match=said):
        imported(gradescope(tmp_path / "a.zip", metadata))


def test_gradescope_time_that_is_not_understood(tmp_path: Path) -> None:
    """A time that cannot be read is quoted, and the submission is imported without one."""
    found, notes = imported(gradescope(tmp_path / "a.zip", METADATA.replace("utc: 2027-04-25 01:00:00.000000000 Z", "utc: soon")))
    assert found[-1].time is None
    assert notes == ["submission_4712: its time «soon» was not understood; write created_at as 2027-04-23 20:15:00 -0300"]


def test_gradescope_without_a_list() -> None:
    """Without the list the owner of a folder is unknown."""
    with pytest.raises(UsageError, match=r"it has no submission_metadata\.yml"):
        gradescope_.downloads(members("submission_1/conv.py"))


def test_gradescope_without_pyyaml(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """PyYAML is an extra; where it is missing, the message says how to install it."""
    real = builtins.__import__

    def without(name: str, *arguments: Any) -> Any:
        if name == "yaml":
            raise ModuleNotFoundError(name="yaml")
        return real(name, *arguments)

    monkeypatch.delitem(sys.modules, "yaml", raising=False)
    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(UsageError, match=r"pip install 'dl-grader\[gradescope\]'"):
        imported(gradescope(tmp_path / "a.zip"))
