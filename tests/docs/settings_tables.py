"""Draws the tables of the authors' pages: of settings, from the types that read them, and of lines, from the files that are compared.

python tests/docs/settings_tables.py        renews the page (make reference)

Each key's meaning stands once, beside its type (`grader/course/config.py`, `grader/course/examples.py`), where the error for a wrong
value says it, too.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import msgspec
from msgspec import Meta

from grader.course.config import AssignmentConfig, CourseConfig
from grader.course.examples import KEYS

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "docs" / "authors" / name for name in ("reference.md", "importing.md")]
COMPARED = Path(__file__).parent / "compared"
TABLE = re.compile(r"(<!-- table: (\S+) -->\n).*?(<!-- end -->)", re.S)


def drawn(text: str) -> str:
    """The page, where each table between `<!-- table: NAME -->` and `<!-- end -->` is today's."""
    return TABLE.sub(lambda found: "\n".join([found[1], *TABLES[found[2]](), "", found[3]]), text)


def of_examples() -> Iterator[str]:
    """The keys of an example's table."""
    yield from ("| key | meaning |", "|---|---|")
    for key, meaning in KEYS.items():
        yield f"| `{key}` | {meaning} |"


def of_course() -> Iterator[str]:
    """The keys of `course.toml`, table by table."""
    yield from ("| key | what to write | if it is left out |", "|---|---|---|")
    for table, key, meaning, left_out in settings():
        yield f"| {f'`[{table}]` ' if table else ''}`{key}` | {meaning} | {left_out} |"


def settings(kind: type[msgspec.Struct] = CourseConfig, table: str = "") -> Iterator[tuple[str, str, str, str]]:
    """Every setting below `kind`: its table, key, meaning and default; a table's own settings before those of tables in it."""
    inner: list[tuple[type[msgspec.Struct], str]] = []
    others: list[tuple[str, str, str, str]] = []
    for field in msgspec.structs.fields(kind):
        if field.name == "assignments":
            inner.append((AssignmentConfig, "assignments.<topic>"))
        elif isinstance(field.type, type) and issubclass(field.type, msgspec.Struct):
            inner.append((field.type, f"{table}.{field.name}".lstrip(".")))
        elif field.name == "extensions":
            of_topic = get_args(get_args(field.type)[1])[1]
            others.append(("extensions.<student>", "<topic>", description(of_topic), ""))
        else:
            yield table, field.name, description(field.type), default(field)
    for found, name in inner:
        yield from settings(found, name)


def description(annotation: Any) -> str:
    """What the type says of its values."""
    notes = (note for note in getattr(annotation, "__metadata__", ()) if isinstance(note, Meta))
    return next(str(note.description) for note in notes)


def default(field: msgspec.structs.FieldInfo) -> str:
    """What holds where the key is left out, as it would be written."""
    value = field.default_factory() if field.default is msgspec.NODEFAULT else field.default
    if value is None or value in ("", []):
        return ""
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    return f'`"{value}"`' if isinstance(value, str) else f"`{value:g}`"


def of_lines() -> Iterator[str]:
    """How many lines that are not blank an exercise takes in each system, and in which files."""
    yield from ("| system | lines | of which |", "|---|---|---|")
    for folder in sorted(COMPARED.iterdir()):
        counts = {
            path.relative_to(folder).as_posix(): sum(bool(line.strip()) for line in path.read_text(encoding="utf-8").splitlines())
            for path in folder.rglob("*.*")
            if path.is_file()
        }
        parts = ", ".join(f"`{name}` {count}" for name, count in sorted(counts.items()))
        yield f"| {folder.name} | {sum(counts.values())} | {parts} |"


TABLES = {"examples.toml": of_examples, "course.toml": of_course, "lines": of_lines}


if __name__ == "__main__":
    for page in PAGES:
        page.write_text(drawn(page.read_text(encoding="utf-8")), encoding="utf-8")
