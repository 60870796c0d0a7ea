"""`grader list`: the assignments of a course."""

from pathlib import Path

from rich.markup import escape
from rich.table import Table

from grader.cli.options import CourseOption, JsonOption, LangOption, Topics, TopicsOption, topics_asked
from grader.course.folder import find_course
from grader.course.rubric import read_rubric
from grader.feedback.summary import counting_text, points
from grader.feedback.terminal import console
from grader.text.escape import json_line
from grader.text.language import gettext as _


def command(
    topics: Topics = None,
    topic: TopicsOption = None,
    course: CourseOption = None,
    json: JsonOption = False,
    lang: LangOption = None,
) -> int:
    """Assignments, exercises and points.

    Example: grader list conv
    """
    found = find_course(Path.cwd(), course)
    rubrics = [read_rubric(assignment) for assignment in found.select(topics_asked(topics, topic))]
    if json:
        for rubric in rubrics:
            exercises = [
                {"name": ex.name, "title": _(ex.title), "max_score": ex.points, "counts": ex.counts} for ex in rubric.exercises
            ]
            line = {"assignment": rubric.assignment.name, "title": _(rubric.assignment.title), "max_score": rubric.points}
            print(json_line({**line, "exercises": exercises}))
        return 0
    table = Table(
        box=None, padding=(0, 2, 0, 0), show_header=False, title=escape(_(found.title)), title_justify="left", title_style="bold"
    )
    for rubric in rubrics:
        due = rubric.assignment.config.due
        when = _("due {when}").format(when=f"{due:%Y-%m-%d %H:%M}") if due else ""
        title = "\n".join(filter(None, (escape(_(rubric.assignment.title)), when and f"[dim]{when}[/]")))
        table.add_row(*(f"[bold]{text}[/]" for text in (rubric.assignment.name, points(rubric.points), title)))
        for exercise in rubric.exercises:
            how = counting_text(exercise.counts)
            table.add_row(f"  {exercise.name}", points(exercise.points), escape(_(exercise.title) + (f" ({how})" if how else "")))
    console().print(table)
    return 0
