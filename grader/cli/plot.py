"""`grader plot`: pictures of what a student's own functions return."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from grader.cli.check import course_of
from grader.cli.options import CourseOption, LangOption, TopicOption, topic_asked
from grader.errors import UsageError
from grader.text.escape import one_line
from grader.text.language import gettext as _

if TYPE_CHECKING:
    from grader.engine.self_check import Work
    from grader.submissions.submission import Submission


def command(
    context: typer.Context,
    target: Annotated[str | None, typer.Argument(metavar="TOPIC|FILE", help="A topic, or your file for it.")] = None,
    file: Annotated[
        Path | None, typer.Argument(metavar="[FILE]", help="Your file or notebook (default: the course's own).")
    ] = None,
    topic: TopicOption = None,
    only: Annotated[str | None, typer.Option("--picture", "-p", metavar="NAME", help="Only this picture.")] = None,
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Where the files go.")] = Path("plots"),
    form: Annotated[Literal["png", "svg"], typer.Option("--format", "-f", help="What the files are.")] = "png",
    course: CourseOption = None,
    lang: LangOption = None,
) -> int:
    """Draw what your functions do.

    Each picture is made of what your own functions return, right or wrong; what is not written yet is left out. Small ones are shown
    here as well. The files need matplotlib: pip install 'dl-grader[plots]'.

    Example: grader plot conv

    Example: grader plot activations my_activations.py --out pictures --format svg
    """
    from grader.course.folder import read_course
    from grader.course.pictures import choose_pictures
    from grader.engine import Engine
    from grader.feedback.terminal import console
    from grader.plots.answers import drawing
    from grader.plots.blocks import drawn_in_blocks
    from grader.plots.figure import as_file, can_draw
    from grader.text import atomic

    work = _work(target, file, topic, course)
    chosen = choose_pictures(work.assignment, only)
    submission = work.files.read()
    if submission.source is None:
        raise UsageError(submission.problem)
    drawable, lacking, screen = can_draw(), 0, console()
    with (
        Engine(read_course(work.assignment.root), self_check=True, sandbox=context.obj) as engine,
        engine.ask(submission, lambda name: _other(work, name)) as ask,
    ):
        for place, picture in enumerate(chosen):
            one = drawing(picture, place, ask)
            lacking += one.lacking
            screen.print(drawn_in_blocks(one), end="", soft_wrap=True)
            if drawable and one.lacking < len(one.panels):
                path = out / f"{work.assignment.name}-{one.name}.{form}"
                atomic.write(path, as_file(one, form))
                screen.print(f"→ {path}", highlight=False, soft_wrap=True)
            screen.print()
    if not drawable:
        text = _("For the pictures themselves: pip install 'dl-grader[plots]'")
        print(f"grader: {text}", file=sys.stderr)
    return 1 if lacking else 0


def _other(work: "Work", topic: str) -> "Submission | None":
    """The same student's file for another topic: beside this one, in a folder of its own beside this one's, else the course's."""
    from grader.course.folder import read_course
    from grader.submissions.own_work import own_file

    course = read_course(work.assignment.root)
    if topic not in [found.name for found in course.assignments]:
        return None
    own = work.paths[0].resolve().parent if work.paths else work.assignment.folder
    places = (own / f"{topic}.py", own.parent / topic / f"{topic}.py", course.assignment(topic).stub)
    path = next((place for place in places if place.is_file()), None)
    return own_file(path, topic, alone=True).read() if path else None


def _work(target: str | None, file: Path | None, topic: str | None, given: Path | None) -> "Work":
    """What is drawn: a topic's own file, or a file, whose topic was said or is told by its name."""
    from grader.engine.self_check import stub_work, work_at
    from grader.submissions.own_work import not_there

    course = course_of(str(file or target or "."), given)
    names = [found.name for found in course.assignments]
    if file is None and target is not None and target not in names and Path(target).exists():
        file, target = Path(target), None
    about = topic_asked(target, topic)
    if about is not None:
        course.assignment(about)
    if file is not None:
        found, notes = work_at(file, about, course)
        for note in notes:
            print(f"grader: {one_line(note)}", file=sys.stderr)
        if not found:
            raise not_there(file)
        return found[0]
    if about is None:
        raise UsageError(_("say which topic is drawn: grader plot TOPIC. The topics: {topics}.").format(topics=", ".join(names)))
    return stub_work(course.assignment(about))
