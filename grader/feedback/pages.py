"""The feedback of one student in one assignment, as a page, as Markdown, or as a draft of a mail."""

from collections.abc import Iterator
from email.message import EmailMessage
from typing import Literal, assert_never

import msgspec
from markupsafe import escape
from msgspec.structs import replace

from grader.feedback.html import render
from grader.feedback.markdown import check_lines, check_markdown
from grader.feedback.students import for_students, shown_later
from grader.feedback.summary import bonus_line, file_text, final_text, late_text, open_line, points, reason_text
from grader.feedback.view import view_of
from grader.feedback.view_types import View
from grader.gradebook.entries import Entry
from grader.plan import Plan
from grader.run import Run
from grader.text.escape import markdown, one_line
from grader.text.language import gettext as _
from grader.text.language import spoken

Format = Literal["html", "markdown", "eml"]
SUFFIX: dict[Format, str] = {"html": ".html", "markdown": ".md", "eml": ".eml"}


class About(msgspec.Struct, frozen=True):
    """What stands above the checks.

    Attributes:
        score: that counts; `lines`: how it came about, if by more than the checks.
        remark: at the end; "" for none.
    """

    course: str
    assignment: str
    student: str
    score: str
    lines: tuple[str, ...]
    remark: str
    language: str


class Page(msgspec.Struct, frozen=True):
    """One student's feedback."""

    about: About
    view: View

    def written(self, form: Format, address: str = "") -> bytes:
        """The page in one format; a mail is to `address`."""
        match form:
            case "html":
                return render("page.html.j2", view=self.view, about=self.about).encode()
            case "markdown":
                return ("\n\n".join(_markdown(self)) + "\n").encode()
            case "eml":
                return _mail(self, address)
            case _:
                assert_never(form)

    def comment(self) -> str:
        """The page as a comment in another system's page: HTML without styles, and only what lacks something."""
        return f"<pre>{escape(chr(10).join(_text(self)))}</pre>"


def feedback_page(
    entry: Entry, course: str, title: str, published: bool, plan: Plan | None = None, run: Run | None = None
) -> Page:
    """What a student is given back of the attempt that counts.

    Args:
        title: of the assignment.
        published: whether its grades are, so that hidden checks may be shown in full.
        plan, run: that were judged, to show arrays that are wrong.
    """
    grade = for_students(entry.grade, published)
    most = points(grade.max_score)
    score = final_text(entry) if entry.excused else _("{score} of {most} points").format(score=final_text(entry), most=most)
    about = About(
        one_line(course),
        one_line(title),
        one_line(grade.student),
        score,
        tuple(_lines(entry)),
        shown_later(grade.exercises, published),
        spoken(),
    )
    return Page(about, view_of(grade, one_line(title), plan, run))


def own_page(view: View, course: str, remark: str = "") -> Page:
    """What a student sees of a self-check, as a page; `remark`: at its end."""
    said = f"{view.score.text}{view.score.open}" if view.score else ""
    lines = tuple(filter(None, (view.choice, view.since)))
    return Page(About(one_line(course), view.title, view.file, said, lines, remark, spoken()), replace(view, since=""))


def _lines(entry: Entry) -> Iterator[str]:
    """How the score that counts came about."""
    if entry.attempts > 1:
        yield _("attempt {n} of {count} counts").format(n=entry.attempt, count=entry.attempts)
    if grade_open := open_line(entry.grade):
        yield grade_open
    if bonus := bonus_line(entry.grade):
        yield bonus
    if late := late_text(entry.late):
        yield _("late: {text}").format(text=late)
    if entry.adjustments and not entry.excused:
        yield _("computed: {score}").format(score=points(entry.late.score))
    yield from map(reason_text, entry.adjustments)
    if file := file_text(entry.grade):
        yield file


def _markdown(page: Page) -> Iterator[str]:
    """The paragraphs."""
    about, view = page.about, page.view
    yield f"# {markdown(about.assignment)}"
    yield f"{markdown(about.student)}: **{about.score}**"
    if about.lines:
        yield "\n".join(f"- {markdown(line, len(line))}" for line in about.lines)
    if view.message:
        yield markdown(view.message, len(view.message))
    for exercise in view.exercises if view.judged else ():
        how = f" {markdown(exercise.note)}" if exercise.note else ""
        yield f"## {exercise.symbol} {markdown(exercise.name)}: {exercise.score.brief}{how}"
        if exercise.message:
            yield markdown(exercise.message, len(exercise.message))
            continue
        items: list[str] = []
        for check in exercise.checks:
            items.append(
                f"- {check.symbol} {markdown(check.name)}: {check.score}" + (f" ({markdown(check.note)})" if check.note else "")
            )
            if check.full and (said := check_markdown(check)):
                yield "\n".join(items)
                yield said
                items.clear()
        if items:
            yield "\n".join(items)
    if view.notes:
        yield "\n".join(f"- {markdown(note, len(note))}" for note in view.notes)
    if about.remark:
        yield markdown(about.remark, len(about.remark))


def _text(page: Page) -> Iterator[str]:
    """The lines of a mail: only what lacks something; the rest is in the attached page."""
    about, view = page.about, page.view
    yield f"{about.assignment}: {about.score}"
    yield from about.lines
    if view.message:
        yield view.message
    for exercise in view.exercises if view.judged else ():
        yield ""
        how = f" {exercise.note}" if exercise.note else ""
        yield f"{exercise.symbol} {exercise.name}: {exercise.score.brief}{how}"
        yield from [exercise.message] if exercise.message else check_lines(exercise.lacking)
    if view.notes:
        yield from ("", *view.notes)
    if about.remark:
        yield from ("", about.remark)


def _mail(page: Page, address: str) -> bytes:
    """A draft that a mail program opens ready to be sent, with the page as an attachment."""
    mail = EmailMessage()
    mail["X-Unsent"] = "1"
    mail["Subject"] = f"{page.about.assignment}: {page.about.score}"
    if address:
        mail["To"] = address
    mail.set_content("\n".join(_text(page)) + "\n")
    mail.add_attachment(page.written("html"), maintype="text", subtype="html", filename="feedback.html")
    return mail.as_bytes()
