"""The review app without a network or a browser: assistants who read its pages and send its forms."""

from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from html.parser import HTMLParser
from pathlib import Path

from asgi_browser import Browser
from written_class import check, grade, record, written

from grader.course.folder import read_course
from grader.engine.record import Record
from grader.report.review.app import review_app
from grader.report.review.code import ClassCode
from grader.report.review.desk import Desk
from grader.report.review.sessions import Sessions
from grader.submissions.files import File, Held
from grader.submissions.fingerprints import Pair
from grader.submissions.read import SubmittedFiles

HOST = "127.0.0.1:8000"
HERE = f"http://{HOST}"


def lacking(student: str, earned: float = 2.0, text: str = "a") -> Record:
    """A submission for `vectors` that earned so many of 5 points."""
    checks = check("adds", "passed", earned), check("scales", "failed", 5.0 - earned, "y should be 4, but is 2")
    return record(grade(student, "vectors", *checks), source_hash=text.ljust(64, "0"))


class Form:
    """A form of a page: where it goes, its fields as they stand, and its buttons."""

    def __init__(self, attributes: dict[str, str]) -> None:
        self.method, self.action = attributes.get("method", "get"), attributes.get("action", "")
        self.fields: dict[str, str] = {}
        self.buttons: list[tuple[str, str]] = []


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[Form] = []
        self._inside, self._area, self._select = False, "", ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        one = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.found.append(Form(one))
            self._inside = True
        if not self._inside:
            return
        form, name = self.found[-1], one.get("name", "")
        if tag == "input" and one.get("type") != "checkbox":
            form.fields[name] = one.get("value", "")
        elif tag == "textarea":
            self._area = name
            form.fields[name] = ""
        elif tag == "select":
            self._select = name
        elif tag == "option" and (self._select not in form.fields or "selected" in one):
            form.fields[self._select] = one.get("value", "")
        elif tag == "button":
            form.buttons.append((name, one.get("value", "")))

    def handle_endtag(self, tag: str) -> None:
        self._area = "" if tag == "textarea" else self._area
        self._inside = self._inside and tag != "form"

    def handle_data(self, data: str) -> None:
        if self._area:
            self.found[-1].fields[self._area] += data


def forms(page: str) -> list[Form]:
    """The forms of a page."""
    parser = _Forms()
    parser.feed(page)
    return parser.found


class Assistant:
    """Somebody in front of the app: a browser with a session of their own."""

    def __init__(self, review: "Review", name: str) -> None:
        self.browser = Browser(review.app, HOST)
        self.review = review
        assert self.browser.get(f"/enter/{review.sessions.invite(name)}").status == 200

    def read(self, path: str, status: int = 200) -> str:
        """A page."""
        answer = self.browser.get(path)
        assert answer.status == status, answer.text
        return answer.text

    def send(self, page: str, do: str, status: int = 303, **typed: str) -> str:
        """Fill the form of a page that has this button, and press it; returns the page that comes then."""
        chosen = next(form for form in forms(page) if ("do", do) in form.buttons or form.fields.get("do") == do)
        answer = self.browser.post(chosen.action, {**chosen.fields, "do": do, **typed}, Origin=HERE)
        assert answer.status == status, answer.text
        return self.read(answer.headers["location"]) if status == 303 else answer.text

    def student(self, student: str, topic: str = "vectors", query: str = "") -> str:
        """The page of a student."""
        return self.read(self.review.address(student, topic) + query)


class Review:
    """The app on the records in `out`."""

    def __init__(
        self, course: Path, out: Path, code: ClassCode | None = None, *, blind: bool = False, patience: float = 0
    ) -> None:
        self.course, self.out = course, out
        self.desk = Desk(read_course(course), out, code, blind=blind, patience=patience)
        self.sessions = Sessions()
        self.app = review_app(self.desk, self.sessions)

    def address(self, student: str, topic: str = "vectors") -> str:
        """The address of a student's page."""
        with self.desk.reading() as store:
            return f"/student/{self.desk.names(store).id(student)}/{topic}"

    def assistant(self, name: str = "marta") -> Assistant:
        """Somebody who came in by a link."""
        return Assistant(self, name)


def alike(first: str, second: str, text: str) -> ClassCode:
    """The code of two students who handed in the same for `vectors`, every line of which is taken for copied."""
    items = {
        (student, "vectors"): SubmittedFiles(student, "vectors", (File(("vectors", "vectors.py"), Held(text.encode())),))
        for student in (first, second)
    }
    lines = tuple(range(1, text.count("\n") + 2))
    return ClassCode(items, {"vectors": (Pair(first, second, 0.9, 7.0, (lines, lines)),)}, ExitStack())


@contextmanager
def review_of(
    course: Path,
    folder: Path,
    records: Iterable[Record],
    code: ClassCode | None = None,
    *,
    blind: bool = False,
    patience: float = 0,
) -> Iterator[Review]:
    """The app on these records; a change waits `patience` seconds for another run."""
    review = Review(course, written(folder / "out", records), code, blind=blind, patience=patience)
    try:
        yield review
    finally:
        review.desk.close()
