"""`nbgrader_config.py`: the instructor's text stays as it is; what the grader needs stands between two marks, and only that is renewed."""

import ast
import os
import re
from collections.abc import Sequence
from pathlib import Path

from grader.errors import UsageError
from grader.text.language import SOURCE

BEGIN_MARK = "# ---- grader: begin. `grader release --nbgrader` renews what stands up to «end»; write your own below it. ----"
END_MARK = "# ---- grader: end ----"
_BEGIN = re.compile(r"^# ---- grader: begin\b.*$", re.MULTILINE)
_END = re.compile(r"^# ---- grader: end\b.*$", re.MULTILINE)
_LISTS = ("sanitize_preprocessors", "autograde_preprocessors")  # of nbgrader's Autograde, which the grader fills
_COURSE_ID = re.compile(r"[^a-z0-9_-]+")


def merged(text: str | None, course: Path, folder: Path, path: Path, language: str = SOURCE) -> str:
    """The configuration with the grader's block anew.

    Args:
        text: of the file as it is; None where there is none.
        course: the folder of the grader's course, with rubric and reference; `folder` that of nbgrader's.
        path: the file, for messages.
        language: of what students read.

    Raises:
        UsageError: the file is no Python, or has one of the marks without the other.
    """
    if text is None:
        return new_config(folder) + "\n" + block(course, folder, (), language)
    newline = "\r\n" if "\r\n" in text else "\n"
    text = text.replace("\r\n", "\n")
    begins, ends = list(_BEGIN.finditer(text)), list(_END.finditer(text))
    if len(begins) != len(ends) or len(begins) > 1 or (begins and ends[0].start() < begins[0].start()):
        raise UsageError(
            f"{path}: the marks «# ---- grader: begin» and «# ---- grader: end» should stand there once each, in this order; "
            f"found are {len(begins)} and {len(ends)}. Remove them with what stands between them; the next run writes them anew."
        )
    before, after = (text[: begins[0].start()], text[ends[0].end() :]) if begins else (text, "\n")
    try:
        ast.parse(before + after)
    except SyntaxError as error:
        raise UsageError(
            f"{path}, line {error.lineno}: {error.msg}. Mend it first: nbgrader cannot read the file as it is."
        ) from None
    if not begins:
        before = before.rstrip("\n") + "\n\n"
    return (before + block(course, folder, own_lists(before + after), language).rstrip("\n") + after).replace("\n", newline)


def own_lists(text: str) -> tuple[str, ...]:
    """Which of the lists of what `nbgrader autograde` runs the instructor's part sets itself (adding to ours is no setting)."""
    begin, end = _BEGIN.search(text), _END.search(text)
    outside = text[: begin.start()] + text[end.end() :] if begin and end else text
    return tuple(name for name in _LISTS if re.search(rf"^[^#\n]*\bAutograde\.{name}\s*=", outside, re.MULTILINE))


def new_config(folder: Path) -> str:
    """What stands in a file that was not there: the instructor's from then on."""
    name = _COURSE_ID.sub("-", folder.resolve().name.lower()).strip("-") or "course"
    return f'c = get_config()  # noqa: F821\n\nc.CourseDirectory.course_id = "{name}"\n'


def block(course: Path, folder: Path, own: Sequence[str], language: str) -> str:
    """The grader's lines.

    Args:
        own: the lists that the instructor sets, which are left alone.
    """
    lines = [BEGIN_MARK, f"from grader.integrations.nbgrader import {', '.join(sorted(name.upper() for name in _LISTS))}", ""]
    lines.append("c = get_config()  # noqa: F821")
    for name in _LISTS:
        if name in own:
            lines += [
                f"# Your own c.Autograde.{name} is left as it is. For the grader, put into it what stands in",
                f"# {name.upper()} of grader/nbgrader/__init__.py and is not there yet: its own classes begin with «grader.».",
            ]
        else:
            lines.append(f"c.Autograde.{name} = list({name.upper()})")
    inside = folder.resolve().is_relative_to(course.resolve())
    place = os.path.relpath(course.resolve(), folder.resolve()) if inside else str(course)  # relative where both move together
    lines.append(f"c.GraderPreprocessor.course = {place!r}")
    if language != SOURCE:
        lines.append(f"c.GraderPreprocessor.language = {language!r}")
    return "\n".join([*lines, END_MARK, ""])
