"""`nbgrader_config.py`: the instructor's text is kept; only the grader's block between two markers is replaced."""

import os
import re
from collections.abc import Sequence
from pathlib import Path

from grader.errors import UsageError
from grader.integrations.nbgrader import EXPORTER
from grader.text.language import SOURCE
from grader.text.syntax import parse

BEGIN_MARKER = (
    "# ---- grader: begin. `grader release --nbgrader` replaces everything down to `end`; write your own below it. ----"
)
END_MARKER = "# ---- grader: end ----"
_BEGIN = re.compile(r"^# ---- grader: begin\b.*$", re.MULTILINE)
_END = re.compile(r"^# ---- grader: end\b.*$", re.MULTILINE)
_LISTS = ("sanitize_preprocessors", "autograde_preprocessors")  # of nbgrader's Autograde, which the grader fills
_COURSE_ID = re.compile(r"[^a-z0-9_-]+")


def merged(text: str | None, course: Path, folder: Path, path: Path, language: str = SOURCE) -> str:
    """The configuration with a new grader's block.

    Args:
        text: the current file's, if there is one.
        course: the folder of the grader's course, with rubric and reference; `folder` is nbgrader's.
        path: the file, for messages.
        language: of what students read.

    Raises:
        UsageError: the file is not Python, or has one of the markers without the other.
    """
    if text is None:
        return new_config(folder) + "\n" + block(course, folder, (), language)
    newline = "\r\n" if "\r\n" in text else "\n"
    text = text.replace("\r\n", "\n")
    begins, ends = list(_BEGIN.finditer(text)), list(_END.finditer(text))
    if len(begins) != len(ends) or len(begins) > 1 or (begins and ends[0].start() < begins[0].start()):
        raise UsageError(
            f"{path}: the markers `# ---- grader: begin` and `# ---- grader: end` should appear once each, in this order; "
            f"found {len(begins)} and {len(ends)}. Remove them and what is between them; the next run rewrites them."
        )
    before, after = (text[: begins[0].start()], text[ends[0].end() :]) if begins else (text, "\n")
    try:
        parse(before + after)
    except SyntaxError as error:
        raise UsageError(
            f"{path}, line {error.lineno}: {error.msg}. Fix it first: nbgrader cannot read the file as it is."
        ) from None
    if not begins:
        before = before.rstrip("\n") + "\n\n"
    return (before + block(course, folder, own_lists(before + after), language).rstrip("\n") + after).replace("\n", newline)


def own_lists(text: str) -> tuple[str, ...]:
    """Which lists of `nbgrader autograde`'s preprocessors the instructor's part sets (adding to the grader's does not count)."""
    begin, end = _BEGIN.search(text), _END.search(text)
    outside = text[: begin.start()] + text[end.end() :] if begin and end else text
    return tuple(name for name in _LISTS if re.search(rf"^[^#\n]*\bAutograde\.{name}\s*=", outside, re.MULTILINE))


def new_config(folder: Path) -> str:
    """The text of a new file; from then on it is the instructor's."""
    name = _COURSE_ID.sub("-", folder.resolve().name.lower()).strip("-") or "course"
    return f'c = get_config()  # noqa: F821\n\nc.CourseDirectory.course_id = "{name}"\n'


def block(course: Path, folder: Path, own: Sequence[str], language: str) -> str:
    """The grader's lines, without the lists in `own`, which the instructor sets."""
    lines = [BEGIN_MARKER, f"from grader.integrations.nbgrader import {', '.join(sorted(name.upper() for name in _LISTS))}", ""]
    lines += ["c = get_config()  # noqa: F821", f'c.Autograde.exporter_class = "{EXPORTER}"']
    for name in _LISTS:
        if name in own:
            lines += [
                f"# Your own c.Autograde.{name} is unchanged. For the grader, add to it what it lacks of",
                f"# {name.upper()} in grader/integrations/nbgrader/__init__.py: the classes that begin with `grader.`.",
            ]
        else:
            lines.append(f"c.Autograde.{name} = list({name.upper()})")
    inside = folder.resolve().is_relative_to(course.resolve())
    place = os.path.relpath(course.resolve(), folder.resolve()) if inside else str(course)  # relative where both move together
    lines.append(f"c.GraderPreprocessor.course = {place!r}")
    if language != SOURCE:
        lines.append(f"c.GraderPreprocessor.language = {language!r}")
    return "\n".join([*lines, END_MARKER, ""])
