"""`grader feedback`: what students are given back, as pages, as Markdown, as drafts of mails, and as archives for learning systems."""

import email
import email.policy
import re
import subprocess
import zipfile
from pathlib import Path

import pytest
from classroom import RIGHT, grader, lines, scaling, submitted_at

pytestmark = pytest.mark.slow


def feedback(graded: Path, *arguments: object) -> "subprocess.CompletedProcess[str]":
    """Run `grader feedback` on the records of a graded class; what it writes is below `back`."""
    return grader("feedback", *arguments, "--course", graded / "course", "--out", graded / "out", cwd=graded)


def archive(path: Path, *names: str) -> Path:
    """A bulk download with these members."""
    with zipfile.ZipFile(path, "w") as members:
        for name in names:
            members.writestr(name, RIGHT["vectors"])
    return path


def names(path: Path) -> list[str]:
    """The members of an archive."""
    with zipfile.ZipFile(path) as members:
        return members.namelist()


def test_every_student_has_a_page_for_each_assignment(graded: Path) -> None:
    """The folder of a student holds a page for each assignment; only its owner can read it."""
    done = feedback(graded, "--to", "back")
    assert (done.returncode, done.stdout) == (0, "back: 6 files for 3 students\n")
    assert sorted(str(page.relative_to(graded / "back")) for page in graded.glob("back/*/*")) == sorted(
        f"{student}/{topic}.html" for student in ("ana", "bea", "caro") for topic in ("vectors", "signs")
    )
    assert (graded / "back" / "ana" / "signs.html").stat().st_mode & 0o077 == 0


def test_a_page_says_what_show_says(graded: Path) -> None:
    """The score and every check with its points stand in the page, marks changed by hand too."""
    grader(
        "adjust", "caro", "vectors", "-p", "1", "-m", "well <argued>", "--course", graded / "course", "--out", "out", cwd=graded
    )
    feedback(graded, "vectors", "--to", "back")
    page = (graded / "back" / "caro" / "vectors.html").read_text()
    assert "3 of 5 points" in page and "computed: 2" in page and "+1: well &lt;argued&gt;" in page
    assert page.count("<tr>") == 6


def test_no_code_of_a_student_is_markup(graded: Path) -> None:
    """What a student's exception says is text in the page, and a page may run and load nothing."""
    submitted_at(graded / "class", "caro", "vectors", scaling('raise ValueError("<script>alert(1)</script><img src=x>")'))
    grader("grade", graded / "class", "--course", graded / "course", "--out", "out", cwd=graded)
    feedback(graded, "vectors", "--to", "back")
    page = (graded / "back" / "caro" / "vectors.html").read_text()
    assert "&lt;script&gt;alert(1)" in page
    assert not re.search(r"<(script|img|link|iframe)", page) and "default-src 'none'" in page


def test_hidden_inputs_are_shown_once_the_grades_are_published(graded: Path) -> None:
    """Before, the page keeps the calls of hidden checks back and says so."""
    submitted_at(graded / "class", "caro", "vectors", scaling("return np.abs(x) * factor"))
    grader("grade", graded / "class", "--course", graded / "course", "--out", "out", cwd=graded)
    feedback(graded, "vectors", "-s", "caro", "--to", "before")
    feedback(graded, "vectors", "-s", "caro", "--to", "after", "--published")
    before, after = (graded / folder / "caro" / "vectors.html" for folder in ("before", "after"))
    assert "once the grades are published" in before.read_text()
    assert "once the grades are published" not in after.read_text()


def test_every_member_of_a_team_has_a_page_of_their_own(graded: Path) -> None:
    """What one member handed in is given back to each, under their own name."""
    assignments = graded / "course" / "assignments"
    (assignments / "groups.csv").write_text("team,student\nred,ana\nred,dora\n")
    with (assignments / "course.toml").open("a") as config:
        config.write('\n[groups]\nfile = "groups.csv"\n')
    feedback(graded, "signs", "--to", "back")
    assert '<p dir="auto">ana</p>' in (graded / "back" / "ana" / "signs.html").read_text()
    assert '<p dir="auto">dora</p>' in (graded / "back" / "dora" / "signs.html").read_text()


def test_markdown(graded: Path) -> None:
    """In Markdown, a line for each check, with its points."""
    feedback(graded, "signs", "-s", "ana", "-f", "md", "--to", "back")
    text = (graded / "back" / "ana" / "signs.md").read_text()
    assert text.startswith("# Signs\n\nana: **1 of 1 points**\n\n- file\\: signs/signs\\.py\n\n## ✓ relu: 1 of 1\n\n- ✓ ")


def test_drafts_of_mails_are_in_each_student_s_language(graded: Path) -> None:
    """A draft has the address of the class list, speaks the student's language there, and has the page attached."""
    (graded / "list.csv").write_text("student_id,email,language\nana,ana@example.org,es\nbea,bea@example.org,\n")
    done = feedback(graded, "signs", "-f", "eml", "--roster", "list.csv", "--to", "back")
    assert "1 of 3 have no address" in done.stderr
    drafts = [
        email.message_from_bytes((graded / "back" / student / "signs.eml").read_bytes(), policy=email.policy.default)
        for student in ("ana", "bea")
    ]
    assert [(draft["To"], draft["Subject"], draft["X-Unsent"]) for draft in drafts] == [
        ("ana@example.org", "Signs: 1 de 1 puntos", "1"),
        ("bea@example.org", "Signs: 1 of 1 points", "1"),
    ]
    assert [part.get_filename() for part in drafts[0].iter_attachments()] == ["feedback.html"]


def test_canvas_takes_it_back_by_the_numbers_in_the_names(graded: Path) -> None:
    """For Canvas, each page has the name of the submission up to its numbers; who has no record is named, exit code 1."""
    (graded / "list.csv").write_text('Student,ID,SIS Login ID,Section\n"A, A",11,ana,x\n"C, C",13,caro,x\n"Z, Z",19,zoe,x\n')
    download = archive(graded / "subs.zip", "aa_11_101_vectors.py", "cc_LATE_13_103_vectors-1.py", "zz_19_109_vectors.py")
    done = feedback(graded, "vectors", "--like", download, "--from", "canvas", "--roster", "list.csv", "--to", "up.zip")
    assert (done.returncode, done.stdout) == (1, "up.zip: feedback for 2 students\n")
    assert "zoe has no record" in done.stderr
    assert names(graded / "up.zip") == ["aa_11_101_feedback.html", "cc_LATE_13_103_feedback.html"]


@pytest.mark.parametrize(
    ("member", "back"),
    [
        ("ana_11_assignsubmission_file/vectors.py", "ana_11_assignsubmission_file/feedback.html"),
        ("ana_11_assignsubmission_file_vectors.py", "ana_11_assignsubmission_file_feedback.html"),
    ],
)
def test_moodle_takes_it_back_in_the_participant_s_folder(graded: Path, member: str, back: str) -> None:
    """For Moodle, each page is in the folder of the submission, or behind the beginning of its name."""
    (graded / "list.csv").write_text("Identifier,Username,Full name\nParticipant 11,ana,A A\n")
    download = archive(graded / "subs.zip", member)
    feedback(graded, "vectors", "--like", download, "--from", "moodle", "--roster", "list.csv", "--to", "up.zip")
    assert names(graded / "up.zip") == [back]


WRONG = {
    "a format that there is not": (("-f", "pdf"), "--format pdf is not known; choose one of html, markdown, eml."),
    "an archive without its system": (("vectors", "--like", "x.zip"), "--like and --from belong together"),
    "a system that takes nothing back": (("vectors", "--like", "x.zip", "--from", "gradescope"), "canvas and moodle do"),
    "an archive for all assignments": (("--like", "x.zip", "--from", "canvas"), "the download of one assignment"),
    "nobody": (("-s", "zoe"), "--student zoe: no student here has that name. There are: ana, bea, caro."),
}


@pytest.mark.parametrize("case", WRONG)
def test_wrong_use(graded: Path, case: str) -> None:
    """Exit code 2 and what to do instead."""
    arguments, message = WRONG[case]
    done = feedback(graded, *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert message in done.stderr


def test_what_was_written_as_json(graded: Path) -> None:
    """--json prints a line for each page, and nothing else; each is where it says, and names the file that was graded."""
    done = feedback(graded, "vectors", "--to", "back", "--format", "md", "--json")
    assert [(line["student"], line["file"]) for line in lines(done)] == [
        (name, f"back/{name}/vectors.md") for name in ("ana", "bea", "caro")
    ]
    assert all("vectors/vectors\\.py" in (graded / line["file"]).read_text() for line in lines(done))


def test_an_archive_as_json(graded: Path) -> None:
    """--json with --like prints each student's place in the archive."""
    (graded / "list.csv").write_text('Student,ID,SIS Login ID,Section\n"A, A",11,ana,x\n')
    download = archive(graded / "subs.zip", "aa_11_101_vectors.py")
    (line,) = lines(feedback(graded, "vectors", "--like", download, "--from", "canvas", "--roster", "list.csv", "--json"))
    assert line == {"archive": "feedback_for_canvas.zip", "student": "ana", "file": "aa_11_101_feedback.html"}
    assert names(graded / line["archive"]) == [line["file"]]
