"""`nbgrader_config.py`: the instructor's text stays as it is; what the grader needs stands between two marks, and only that is renewed."""

import ast
import re
from pathlib import Path

from grader.errors import UsageError

BEGIN_MARK = "# ---- grader: begin. `grader release --nbgrader` renews what stands up to «end»; write your own below it. ----"
END_MARK = "# ---- grader: end ----"
_BEGIN = re.compile(r"^# ---- grader: begin\b.*$", re.MULTILINE)
_END = re.compile(r"^# ---- grader: end\b.*$", re.MULTILINE)
_OWN_LIST = re.compile(r"^[^#\n]*\bAutograde\.autograde_preprocessors\b", re.MULTILINE)
_COURSE_ID = re.compile(r"[^a-z0-9_-]+")


def merged(text: str | None, course: Path, folder: Path, path: Path) -> str:
    """The configuration with the grader's block anew.

    Args:
        text: of the file as it is; None where there is none.
        course: the folder of the grader's course, with rubric and reference; `folder` that of nbgrader's.
        path: the file, for messages.

    Raises:
        UsageError: the file is no Python, or has one of the marks without the other.
    """
    if text is None:
        return new_config(folder) + "\n" + block(course, own_list=False)
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
    own_list = _OWN_LIST.search(before + after) is not None
    if not begins:
        before = before.rstrip("\n") + "\n\n"
    return (before + block(course, own_list).rstrip("\n") + after).replace("\n", newline)


def has_own_list(text: str) -> bool:
    """Whether the instructor's part says itself what `nbgrader autograde` runs."""
    begin, end = _BEGIN.search(text), _END.search(text)
    outside = text[: begin.start()] + text[end.end() :] if begin and end else text
    return _OWN_LIST.search(outside) is not None


def new_config(folder: Path) -> str:
    """What stands in a file that was not there: the instructor's from then on."""
    name = _COURSE_ID.sub("-", folder.resolve().name.lower()).strip("-") or "course"
    return f'c = get_config()  # noqa: F821\n\nc.CourseDirectory.course_id = "{name}"\n'


def block(course: Path, own_list: bool) -> str:
    """The grader's lines."""
    chosen = "c.Autograde.autograde_preprocessors = list(AUTOGRADE_PREPROCESSORS)"
    if own_list:
        chosen = (
            "# Your own c.Autograde.autograde_preprocessors is left as it is. For the grader, put into it what stands in\n"
            "# AUTOGRADE_PREPROCESSORS: its classes take the place of Execute, and add the hints after SaveAutoGrades."
        )
    lines = [
        BEGIN_MARK,
        "from grader.nbgrader import AUTOGRADE_PREPROCESSORS",
        "",
        "c = get_config()  # noqa: F821",
        chosen,
        f"c.GraderPreprocessor.course = {str(course)!r}",
        END_MARK,
    ]
    return "\n".join([*lines, ""])
