"""`grader new`: a course, a topic, a misconception or a worked example, as files to edit."""

import os
from pathlib import Path
from typing import Annotated, Literal

import typer

from grader.cli.options import CourseOption
from grader.cli.release import release_stubs
from grader.course.create import Like, create_course, create_topic
from grader.course.extend import add_example, add_misconception
from grader.course.folder import course_root, find_course, read_course
from grader.errors import UsageError

What = Literal["course", "topic", "misconception", "example"]


def command(
    what: Annotated[What, typer.Argument(metavar="WHAT", help="course, topic, misconception or example.")],
    place: Annotated[str, typer.Argument(metavar="DIR|TOPIC", help="A course's new folder, or a topic.")],
    name: Annotated[str | None, typer.Argument(metavar="[NAME]", help="Of the misconception or the example.")] = None,
    like: Annotated[
        Like | None,
        typer.Option(
            "--like", metavar="KIND", help="The topic to begin with: plain (a function), conv (forward and backward), class."
        ),
    ] = None,
    exercise: Annotated[
        str | None,
        typer.Option("--exercise", "-e", metavar="NAME", help="The exercise that it belongs to (default: the first one)."),
    ] = None,
    course: CourseOption = None,
) -> int:
    """Begin a course or a topic, or add a mistake or an example.

    What it writes validates as it stands, and its comments say what to change. It overwrites nothing.

    Example: grader new course deep_learning

    Example: grader new topic pooling --like conv

    Example: grader new misconception pooling stride_ignored

    Example: grader new example pooling by-hand
    """
    about_topics = what in ("course", "topic")
    if about_topics and name is not None:
        raise UsageError(f"grader new {what} takes one name, and was given {place!r} and {name!r}.")
    if not about_topics and name is None:
        raise UsageError(f"grader new {what} takes a topic and a name: grader new {what} TOPIC NAME.")
    if like and not about_topics:
        raise UsageError(f"--like is about a new course or topic, not a new {what}.")
    if exercise and about_topics:
        raise UsageError(f"--exercise is about a new misconception or example, not a new {what}.")
    if what == "course":
        if course is not None:
            raise UsageError(
                "--course is where a topic goes. A new course goes into the folder that is named: grader new course DIR."
            )
        return _new_course(Path(place), like or "plain")
    if what == "topic":
        return _new_topic(course_root(Path.cwd(), course), place, like or "plain")
    assignment = find_course(Path.cwd(), course).assignment(place)
    add = add_misconception if what == "misconception" else add_example
    path = add(assignment, name or "", exercise or "")
    print(f"{_shown(path)}: [{name}] added at the end; edit it there")
    redraw = f"grader release {place} && " if what == "example" else ""
    print(f"Next: {redraw}grader validate {place} --no-mutants")
    return 0


def _new_course(root: Path, like: Like) -> int:
    topic = create_course(root, like)
    release_stubs([read_course(root.resolve()).assignment(topic.name)], check=False, tell=str)
    print(f"{root}: a course with one topic, {topic.name}, and a toy class of three")
    print(f"Next: cd {root} && grader validate && grader grade class")
    print("      README.md says what each file is; `grader help authoring` is the guide")
    return 0


def _new_topic(root: Path, name: str, like: Like) -> int:
    topic = create_topic(root, name, like)
    release_stubs([read_course(root).assignment(name)], check=False, tell=str)
    files = (topic.solution, topic.reference, topic.misconceptions, topic.rubric, topic.examples, topic.folder / "README.md")
    for path in filter(Path.is_file, files):
        print(_shown(path))
    print(f"Its title is in {_shown(root / 'assignments' / 'course.toml')}, its submissions are in {_shown(root / 'class')}.")
    print(f"Next: grader validate {name} && grader grade {_shown(root / 'class')} -t {name}")
    return 0


def _shown(path: Path) -> str:
    """A path as it is typed from here."""
    return os.path.relpath(path)
