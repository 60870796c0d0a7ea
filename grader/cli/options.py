"""The options that several commands share, and the one way to say a topic: by its place, or with -t."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Literal

import typer

from grader.errors import UsageError

Form = Literal["text", "json", "github"]  # of `grader check`


def _speak(context: typer.Context, language: str | None) -> str | None:
    """Choose the language by name; where a course will be read, one that only that course speaks is settled then."""
    from grader.text.language import ask, speak

    if language is not None:
        (ask if any(option.name == "course" for option in context.command.params) else speak)(language)
    return language


CourseOption = Annotated[
    Path | None, typer.Option("--course", metavar="DIR", help="The course's folder (default: found from here upwards).")
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON, a line for each result.")]
LangOption = Annotated[
    str | None,
    typer.Option(
        "--lang",
        metavar="LANG",
        callback=_speak,
        is_eager=True,  # before --help
        help="Language of what students read, like es or pt (default: the course's, else the environment's).",
    ),
]
PublishedOption = Annotated[
    bool,
    typer.Option(
        "--published",
        help="The grades are published: feedback shows everything of hidden checks (default: from the date in course.toml).",
    ),
]
OutOption = Annotated[Path, typer.Option("--out", metavar="DIR", help="Where the records live.")]
Topics = Annotated[list[str] | None, typer.Argument(metavar="[TOPIC]...", help="Default: every assignment of the course.")]
RosterOption = Annotated[
    Path | None, typer.Option("--roster", metavar="FILE", help="The class list (CSV): names, sections, and who is missing.")
]
StudentOption = Annotated[
    list[str] | None, typer.Option("--student", "-s", metavar="NAME", help="Only this student (may be repeated).")
]
SectionOption = Annotated[str, typer.Option("--section", metavar="S", help="Only this section of the --roster.")]
Topic = Annotated[str | None, typer.Argument(metavar="[TOPIC]", help="Default: every assignment.")]
TopicsOption = Annotated[
    list[str] | None, typer.Option("--topic", "-t", metavar="TOPIC", help="The same as TOPIC (may be repeated).")
]
TopicOption = Annotated[str | None, typer.Option("--topic", "-t", metavar="TOPIC", help="The same as TOPIC.")]


def topics_asked(placed: Sequence[str] | None, options: Sequence[str] | None) -> list[str]:
    """The topics that were given, by their place or with -t, each once."""
    return list(dict.fromkeys([*(placed or ()), *(options or ())]))


def topic_asked(placed: str | None, option: str | None) -> str | None:
    """The one topic that was given, by its place or with -t."""
    asked = topics_asked(*([one] if one else None for one in (placed, option)))
    if len(asked) > 1:
        raise UsageError(f"two topics were given, {asked[0]} and --topic {asked[1]}. Give one.")
    return asked[0] if asked else None
