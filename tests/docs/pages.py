"""The examples of a page, found and run by Sybil: each fenced block by its language.

    ```console      `$ grader …` is run, and prints what the page says; … stands for anything
    ```sh           commands to read: every `grader …` is there, with the options it is given
    ```python       executed; with title="path" it is a file
    ```toml         title="path" says what it is, and the grader's own reader reads it
    ```text         not code

A block whose title is a file of an example course is a part of that file.

What needs a course finds a copy of the sample one in the working directory. The page of `OWN_COURSE` begins with an empty folder, which
their titled blocks fill.
"""

import os
import re
import shlex
import shutil
import sys
import tomllib
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

import click
import forked
import typer.main
from sybil import Document, Example, Region
from sybil.parsers.markdown.lexers import RawFencedCodeBlockLexer

from grader.cli.app import app
from grader.course.folder import COURSE_FILE, read_course
from grader.course.misconceptions import WHY, edited_misconceptions, read_entries, whole_submissions

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("**/*.md")])
OWN_COURSE = (ROOT / "docs" / "authors.md",)
QUOTED = ("examples", "courses")  # a block with such a title is a part of that file, which the course's own proof tries
COURSE_FOLDERS = ("assignments", "solutions", "reference", "examples/class")
PATIENCE = 300  # seconds after which a command that should have ended is taken to hang
COMMANDS = typer.main.get_command(app)
TITLE = re.compile(r'title="([^"]+)"')
_FENCE = RawFencedCodeBlockLexer(re.compile(r"(?P<language>[\w-]*)(?P<info>[^\n]*)\n"))


def examples(page: Path) -> Document:
    """A page and its examples."""
    return Document.parse(str(page), _blocks, encoding="utf-8")


def languages(page: Path) -> set[str]:
    """The languages of a page's blocks."""
    return {example.parsed[0] for example in examples(page).examples()}


def blocks(page: Path, *wanted: str) -> list[str]:
    """The text of a page's blocks of these languages."""
    return [text for language, _, text in (example.parsed for example in examples(page).examples()) if language in wanted]


def commands(text: str) -> Iterator[list[str]]:
    """The words of each `grader …` command in a block."""
    for line in text.splitlines():
        words = shlex.split(line.removeprefix("$ "), comments=True)
        if words[:1] == ["grader"]:
            yield words


def sample_course(folder: Path) -> None:
    """A copy of the sample course and class, with a secret that is always the same."""
    for name in COURSE_FOLDERS:
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "course.secret").write_text("the same inputs in every test\n")


def _blocks(document: Document) -> Iterator[Region]:
    for region in _FENCE(document):
        lexemes = region.lexemes
        parsed = (lexemes["language"], lexemes["info"], str(lexemes["source"]))
        yield Region(region.start, region.end, parsed, _evaluate)


def _evaluate(example: Example) -> None:
    language, info, text = example.parsed
    title = TITLE.search(info)
    path = Path(title[1]) if title else None
    if path is not None and path.parts[:2] == QUOTED:
        assert text in (ROOT / path).read_text(encoding="utf-8"), f"{path} has no such lines"
        return
    if path is not None and not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    match language:
        case "console":
            _run_console(text)
        case "sh":
            for words in commands(text):
                verify_command(words)
        case "python" if path is None:
            exec(compile(text, f"{example.path}:{example.line}", "exec"), {"__name__": "example"})
        case "toml":
            assert path is not None, 'a block of TOML says what it is: ```toml title="…"'
            _read_toml(path, text)


def verify_command(words: list[str]) -> None:
    """A command is one of the program's, and its options are options of that command."""
    assert len(words) > 1, "grader without a command"
    command = COMMANDS.commands.get(words[1])
    assert command is not None, f"there is no grader {words[1]}"
    command.make_parser(click.Context(command, **command.context_settings)).parse_args(
        words[2:]
    )  # a command keeps its help option


def _run_console(text: str) -> None:
    """Run each `$ …` line; its output is that which follows it."""
    environment = {name: value for name, value in os.environ.items() if name not in ("COLUMNS", "FORCE_COLOR")}
    environment |= {"LANGUAGE": "en", "PATH": f"{Path(sys.executable).parent}{os.pathsep}{environment['PATH']}"}
    assert text.startswith("$ "), "a console block begins with a command"
    for said in re.split(r"^\$ ", text, flags=re.M)[1:]:
        line, _, expected = said.partition("\n")
        words = shlex.split(line)
        verify_command(words)
        ran = forked.run(words, Path.cwd(), environment, PATIENCE)
        shown = "".join(f"{shown.rstrip()}\n" for shown in ran.stdout.splitlines())
        assert re.fullmatch(pattern(expected), shown), f"$ {line}\n{shown}\n{ran.stderr}\n\nbut the page says\n\n{expected}"


def pattern(expected: str) -> str:
    """What output a page promises: its lines, where … alone stands for any lines and … in a line for anything in that line."""
    lines = expected.rstrip("\n").split("\n") if expected.strip() else []
    parts = []
    for gap, run in groupby(lines, key=lambda line: line == "…"):
        parts.append("(?:.*\n)*?" if gap else "".join(_line(line) for line in run))
    return "".join(parts)


def _line(line: str) -> str:
    return ".*".join(re.escape(part) for part in line.split("…")) + r"\n"


def _read_toml(path: Path, text: str) -> None:
    """Read a block as the grader reads the file that it is, or is a part of."""
    scratch = Path("scratch").resolve()
    shutil.rmtree(scratch, ignore_errors=True)
    file = scratch / path
    file.parent.mkdir(parents=True)
    file.write_text(text, encoding="utf-8")
    if path == COURSE_FILE:
        _read_course(scratch, text)
    elif path.parent.name == "misconceptions":
        assert list(edited_misconceptions(file, _of_course("solutions", path.name)))
    elif path.parent.name == "mutants":
        assert read_entries(file, WHY)
    elif path.name == "wrong.toml":
        for folder in (ROOT / path.parent).glob("*/"):
            (file.parent / folder.name).symlink_to(folder)
        assert list(whole_submissions(file, (), _of_course("solutions", f"{path.parent.name}.py")))
    else:
        assert path.exists(), f"{path} is not a file that is read here"


def _read_course(root: Path, text: str) -> None:
    """A `course.toml`, of a course that has the topics it speaks of."""
    tables = tomllib.loads(text)
    for topic in {*tables.get("order", ()), *tables.get("assignments", {}), "conv"}:
        (root / "assignments" / topic).mkdir()
        (root / "assignments" / topic / "checks.py").touch()
    read_course(root)


def _of_course(folder: str, name: str) -> Path:
    """A file of the page's course, or else of the sample course."""
    name = str(Path(name).with_suffix(".py"))
    return Path(folder, name) if Path(folder, name).exists() else ROOT / folder / name
