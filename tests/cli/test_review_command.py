"""`grader review` as a process: what it prints, and that other commands see what was changed in it."""

import signal
import sys
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest
from classroom import grader, lines
from reviewing import forms
from running_review import reviewing

from grader.cli.review import command as review
from grader.errors import UsageError

pytestmark = pytest.mark.slow


class Client:
    """A browser that came in by the link."""

    def __init__(self, link: str) -> None:
        self.host, path = urlsplit(link).netloc, urlsplit(link).path
        self.cookie = ""
        self.cookie = self.ask("GET", path)[1].partition(";")[0]

    def ask(self, method: str, path: str, body: str = "") -> tuple[int, str, str]:
        """Status, cookie or place, and page."""
        connection = HTTPConnection(self.host)
        headers = {"Cookie": self.cookie, "Origin": f"http://{self.host}", "Content-Type": "application/x-www-form-urlencoded"}
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        found = answer.status, answer.getheader("Set-Cookie") or answer.getheader("Location") or "", answer.read().decode()
        connection.close()
        return found


def address(page: str, student: str) -> str:
    """Where the row of a student leads."""
    return page.partition(f'">{student}</a>')[0].rpartition('href="')[2].replace("&amp;", "&")


def test_what_is_changed_there_is_shown_and_exported_here(graded: Path) -> None:
    """`grader show`, `history` and `export` say the same as the page, and `grader adjust --undo` takes it back."""
    where = ("--course", graded / "course", "--out", graded / "out")
    with reviewing(graded) as (_process, link):
        client = Client(link)
        page = client.ask("GET", address(client.ask("GET", "/class?topic=vectors")[2], "caro"))[2]
        form = next(form for form in forms(page) if ("do", "adjust") in form.buttons)
        typed = {**form.fields, "do": "adjust", "points": "+1.5", "because": "the sums are right"}
        assert client.ask("POST", form.action, urlencode(typed))[0] == 303
        done = lines(grader("show", "caro", "vectors", "--json", *where, cwd=graded))
        assert done[0]["score"] == 2.0
        assert "+1.5: the sums are right (marta)" in grader("show", "caro", "vectors", *where, cwd=graded).stdout
        assert "counts: 3.5 of 5" in grader("show", "caro", "vectors", *where, cwd=graded).stdout
        (change,) = lines(grader("history", "--json", "--out", graded / "out", cwd=graded))
        assert (change["by"], change["points"]) == ("marta", 1.5)
        assert "caro,,,,2,0,3.5,5" in grader("export", "vectors", *where, cwd=graded).stdout
        assert grader("adjust", "--undo", "1", *where, cwd=graded).stdout == "2: caro vectors: 3.5 → 2\n"
        assert "taken back by 2" in client.ask("GET", form.action)[2]


def test_ctrl_c_ends_it(graded: Path) -> None:
    """With exit code 130 and no traceback; the store is free."""
    with reviewing(graded) as (process, link):
        Client(link)
        process.send_signal(signal.SIGINT)
        out, errors = process.communicate()
    assert (process.returncode, out) == (130, "") and "Traceback" not in errors


def test_only_this_machine_is_answered(graded: Path) -> None:
    """The link is on 127.0.0.1, and a port that is taken is said."""
    with reviewing(graded) as (_process, link):
        port = urlsplit(link).port
        assert link.startswith(f"http://127.0.0.1:{port}/enter/")
        done = grader("review", "--course", graded / "course", "--out", graded / "out", "--port", port, cwd=graded)
    assert done.returncode == 2 and f"port {port} of 127.0.0.1 cannot be used" in done.stderr and done.stdout == ""


def test_requests_of_a_file_are_asked_once_and_similar_code_is_there(graded: Path) -> None:
    """The same file again adds nothing; code stands beside the checks."""
    (graded / "requests.csv").write_text("student,topic,text\ncaro,vectors,My sums are right\n")
    told = []
    for _ in range(2):
        with reviewing(graded, "--requests", "requests.csv", "--submissions", graded / "class") as (process, link):
            client = Client(link)
            queue = client.ask("GET", "/")[2]
            assert queue.count("My sums are right") == 1
            assert "The code that was graded" in client.ask("GET", address(queue, "caro"))[2]
            process.send_signal(signal.SIGINT)
            told.append(process.communicate()[1])
    assert "1 request is new" in told[0] and "0 requests are new" in told[1]


def test_a_wrong_request_starts_nothing(graded: Path) -> None:
    """Exit code 2 with the row, and nothing is kept."""
    (graded / "requests.csv").write_text("student,topic,text\ncaro,vectors,why\nkaro,vectors,why\n")
    done = grader("review", "--course", graded / "course", "--out", graded / "out", "--requests", "requests.csv", cwd=graded)
    assert done.returncode == 2 and "row 2 below the header: there are no records of 'karo'. Did you mean 'caro'?" in done.stderr


def test_what_is_missing_is_said(graded: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the extra, how to install it."""
    for name in [name for name in sys.modules if name.startswith("grader.report.review")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "uvicorn", None)
    with pytest.raises(UsageError, match=r"needs uvicorn: pip install 'dl-grader\[review\]'"):
        review(out=graded / "out", course=graded / "course")
