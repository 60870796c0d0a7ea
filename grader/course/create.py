"""A new course, and a new topic in a course: written out of `templates/`, as the files that an author then edits.

What is written validates, grades its toy class and releases as it stands, so that an author changes one thing at a time and sees what
that does.
"""

import keyword
import sys
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Literal

from grader.course.config import COURSE_FILE
from grader.course.folder import Assignment
from grader.course.misconceptions import TITLED, whole_submissions
from grader.course.source import read_toml
from grader.course.stub import BEGIN, END, cut_stub
from grader.errors import UsageError
from grader.text import atomic

TEMPLATES = Path(__file__).parent / "templates"
Like = Literal["plain", "conv", "class"]
FIRST: Mapping[Like, tuple[str, str]] = {  # by the kind of topic, the name and the title of a course's first one
    "plain": ("softmax", "Softmax"),
    "conv": ("conv1d", "A convolution in one dimension"),
    "class": ("moving_average", "A moving average"),
}
RIGHT, WRONG, EMPTY = "ana", "bruno", "carla"  # the toy class: all right, a known mistake, nothing begun


def create_course(root: Path, like: Like = "plain") -> Assignment:
    """A new course in `root` with one topic and a toy class; returns the topic.

    Raises:
        UsageError: the folder holds something already.
    """
    if root.is_file() or (root.is_dir() and any(root.iterdir())):
        problem = "is a file" if root.is_file() else f"holds something already ({sorted(root.iterdir())[0].name})"
        raise UsageError(f"{root} {problem}, and nothing is overwritten. Give a folder that is empty or not there yet.")
    name, title = FIRST[like]
    words = {"title": root.resolve().name.replace("_", " ").replace("-", " ").capitalize(), "topic": name}
    files = {place: filled(TEMPLATES / "course" / source, words) for place, source in _COURSE.items()}
    for place, text in files.items():
        _write(root / place, text)
    return create_topic(root, name, like, title)


def create_course_file(root: Path, first: str) -> Path:
    """A `course.toml` for a course in `root` whose first topic is `first`, and what git is to pass over."""
    words = {"title": root.resolve().name.replace("_", " ").replace("-", " ").capitalize(), "topic": first}
    for place in (COURSE_FILE, Path(".gitignore")):
        if not (root / place).exists():
            _write(root / place, filled(TEMPLATES / "course" / _COURSE[place], words))
    return root / COURSE_FILE


_COURSE = {COURSE_FILE: "course.toml.in", Path(".gitignore"): "gitignore.in", Path("README.md"): "README.md.in"}


def create_topic(root: Path, name: str, like: Like = "plain", title: str = "") -> Assignment:
    """A new topic in the course in `root`, and its submissions in the toy class.

    The stub is cut; the examples in the statement are drawn by `release`.

    Raises:
        UsageError: the name is not one for a module, or a file of the topic exists already.
    """
    _hold_name(name)
    title = title or name.replace("_", " ").capitalize()
    topic = Assignment(name, title, root)
    words = {"topic": name, "title": title}
    files = {
        place: filled(TEMPLATES / like / source, words)
        for place, source in _topic_files(topic).items()
        if (TEMPLATES / like / source).is_file()
    }
    files[topic.stub] = cut_stub(files[topic.solution], topic.solution)
    submissions = {student: root / "class" / student / name / f"{name}.py" for student in (RIGHT, WRONG, EMPTY)}
    for path in (topic.folder, *files, *submissions.values()):
        if path.exists():
            raise UsageError(f"{path} exists already, and nothing is overwritten. Choose another name, or move it away.")
    settings = read_toml(root / COURSE_FILE).get("assignments", {})
    for path, text in files.items():
        _write(path, text)
    (_name, wrong), *_others = whole_submissions(topic.misconceptions, TITLED, topic.solution)
    for student, text in {RIGHT: files[topic.solution], WRONG: wrong, EMPTY: files[topic.stub]}.items():
        _write(submissions[student], _without_markers(text))
    if name not in settings:
        append(root / COURSE_FILE, filled(TEMPLATES / "settings.toml.in", words))
    return topic


def _topic_files(topic: Assignment) -> dict[Path, str]:
    """Where each template goes."""
    return {
        topic.solution: "solution.py.in",
        topic.reference: "reference.py.in",
        topic.misconceptions: "misconceptions.toml.in",
        topic.rubric: "checks.py.in",
        topic.examples: "examples.toml.in",
        topic.folder / "README.md": "README.md.in",
    }


def filled(template: Path, words: Mapping[str, str]) -> str:
    """The text of a template, `{{word}}` replaced."""
    text = template.read_text(encoding="utf-8")
    for word, value in words.items():
        text = text.replace(f"{{{{{word}}}}}", value)
    return text


def append(path: Path, text: str) -> None:
    """Add `text` at the end of a file, whose own bytes stay; the new lines end as its lines do."""
    before = path.read_bytes() if path.is_file() else b""
    if before and not before.endswith(b"\n"):
        text = f"\n{text}"
    end = b"\r\n" if b"\r\n" in before else b"\n"
    atomic.write(path, before + text.encode().replace(b"\n", end))


def _hold_name(name: str) -> None:
    """The name of a topic is that of a module, which students import."""
    if not name.isidentifier() or not name.isascii() or keyword.iskeyword(name):
        advice = (
            "It is the name of a folder and of a Python module: letters, digits and _, not a digit first, like conv_backward."
        )
        raise UsageError(f"{name!r} cannot be the name of a topic. {advice}")
    found = find_spec(name)  # a folder without a module in it is none
    if name in sys.stdlib_module_names or name in ("grader", "reference", "tests") or (found and found.origin):
        raise UsageError(f"{name!r} cannot be the name of a topic: `import {name}` means another module. Choose another one.")


def _without_markers(text: str) -> str:
    return "".join(line for line in text.splitlines(keepends=True) if line.strip() not in (BEGIN, END))


def _write(path: Path, text: str) -> None:
    try:
        atomic.write(path, text, exclusive=True)
    except FileExistsError:
        raise UsageError(f"{path} exists already, and nothing is overwritten.") from None
    except OSError as error:
        raise UsageError(
            f"{path} cannot be written ({error.strerror}). Make its folder writable, or choose another one."
        ) from None
