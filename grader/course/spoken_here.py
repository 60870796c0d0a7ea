"""The language of the course that one is in, before the course is read: for `--help`, and for what is said of wrong use."""

import tomllib
from pathlib import Path

from grader.course.config import COURSE_FILE
from grader.text.language import settle


def speak_as_here() -> None:
    """Speak as the course at or above the working directory says, if it does; what is wrong with its file is said by those who read it."""
    try:
        here = Path.cwd()
        root = next((folder for folder in (here, *here.parents) if (folder / COURSE_FILE).is_file()), None)
        own = tomllib.loads((root / COURSE_FILE).read_text(encoding="utf-8")).get("language") if root else None
    except (OSError, ValueError):
        return
    if root and own and isinstance(own, str):
        from grader.course.folder import CATALOGS  # takes a while, which only such a course spends

        settle(root / CATALOGS, own)
