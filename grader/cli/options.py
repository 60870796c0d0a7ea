"""The options that several commands share."""

from pathlib import Path
from typing import Annotated

import typer


def _speak(language: str | None) -> str | None:
    from grader.text.language import speak

    speak(language)
    return language


CourseOption = Annotated[
    Path | None, typer.Option("--course", metavar="DIR", help="The course's folder (default: found from here upwards).")
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON, a line for each result.")]
LangOption = Annotated[
    str | None,
    typer.Option(
        "--lang", metavar="LANG", callback=_speak, help="Language of what students read: en, es (default: the environment's)."
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
