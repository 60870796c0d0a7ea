"""Otter Assign's notebooks: raw cells that begin and end blocks (v1), or Markdown cells that begin a question (v0)."""

import re
from collections.abc import Iterator
from pathlib import Path

import msgspec

from grader.integrations.from_notebooks.parts import CellOfTests, Left, Question, Source, SourceCell, read_cells

_BLOCK = re.compile(r"^\s*#\s*(BEGIN|END)\s+(QUESTION|PROMPT|SOLUTION|TESTS)\s*$", re.I)
_CONFIG = re.compile(r"^\s*#\s*ASSIGNMENT CONFIG\s*$", re.I)
_OLD_QUESTION = re.compile(r"```\s*\n\s*BEGIN QUESTION\s*\n(?P<config>.*?)```", re.S | re.I)
_OLD_TEST = re.compile(r"^\s*#+\s*(?P<hidden>HIDDEN\s+)?TEST\b.*$", re.I)
_HIDDEN = re.compile(r"^\s*#\s*HIDDEN\s*$", re.I)
_TEST_CONFIG = re.compile(
    r"^\s*(\"\"\"|''')\s*#\s*BEGIN TEST CONFIG\n(?P<config>.*?)\1\s*;?\s*#\s*END TEST CONFIG[^\n]*\n?", re.S
)


class _Config(msgspec.Struct, frozen=True):
    """What a question's or a test's configuration says that matters here."""

    name: str = ""
    points: float | None = None
    manual: bool = False
    hidden: bool = False
    each: tuple[float, ...] = ()


def read_source(path: Path) -> Source:
    """An assignment's master notebook, taken apart.

    Raises:
        UsageError: it is not a notebook.
    """
    reading = _Reading()
    for cell in read_cells(path):
        reading.take(cell)
    found = reading
    return Source(found.title or found.name, found.given, found.questions, found.texts, found.left)


class _Reading:
    """Where the reading of a notebook stands: in which question, and in which of its blocks."""

    def __init__(self) -> None:
        self.title = self._named = ""
        self.given: list[SourceCell] = []
        self.questions: list[Question] = []
        self.texts: list[str] = []
        self.left: list[Left] = []
        self._block = ""
        self._is_open = self._is_old = False
        self._config = _Config()

    @property
    def name(self) -> str:
        """What the assignment's configuration calls it."""
        return self._named

    def take(self, cell: SourceCell) -> None:
        """Read one more cell."""
        first = cell.text.strip().partition("\n")[0]
        if cell.kind == "raw":
            if (found := _BLOCK.match(first)) is not None:
                self._boundary(cell, found[1].upper() == "BEGIN", found[2].upper())
            elif _CONFIG.match(first):
                self._named = _read(cell.text).name
        elif cell.kind == "markdown":
            self._markdown(cell)
        elif cell.kind == "code" and cell.text.strip():
            self._code(cell, first)

    def _boundary(self, cell: SourceCell, begins: bool, block: str) -> None:
        if block != "QUESTION":
            self._block = block if begins else ""
            return
        self._block, self._is_open, self._is_old = "", begins, False
        if begins:
            self._begin(cell, _read(cell.text))

    def _begin(self, cell: SourceCell, config: _Config) -> None:
        self._config = config
        self.questions.append(Question(config.name or f"cell {cell.number}", points=config.points))
        if config.manual:
            points = "" if config.points is None else f" for {config.points:g} points"
            self.left.append(Left(cell.number, 0, f"{config.name}: a person grades it{points}; write it as a manual part"))

    def _markdown(self, cell: SourceCell) -> None:
        old = _OLD_QUESTION.search(cell.text)
        if old is not None:
            self._begin(cell, _read(old["config"]))
            self._is_old, self._is_open = True, True
        if self._block == "SOLUTION":  # a written answer
            return
        text = _OLD_QUESTION.sub("", cell.text).strip()
        self.texts.append(text)
        heading = re.search(r"^#\s+(.+)$", text, re.M)
        self.title = self.title or (heading[1].strip() if heading else "")

    def _code(self, cell: SourceCell, first: str) -> None:
        if not self._is_open:
            self.given.append(cell)
        elif self._block == "TESTS" or (self._is_old and _OLD_TEST.match(first)):
            self.questions[-1].tests.extend(self._test(cell))
        elif self._block == "SOLUTION" or (self._is_old and "SOLUTION" in cell.text.upper()):
            self.questions[-1].solutions.append(cell)
        elif self._is_old and self.questions[-1].tests:
            self._is_open = False
            self.given.append(cell)
        elif not self._config.manual:
            self.given.append(cell)

    def _test(self, cell: SourceCell) -> Iterator[CellOfTests]:
        text, config, skipped = cell.text, _Config(), 0
        found = _TEST_CONFIG.match(text)
        if found is not None:
            config = _read(found["config"])
            text, skipped = text[found.end() :], text[: found.end()].count("\n")
        first, _newline, rest = text.lstrip("\n").partition("\n")
        old = _OLD_TEST.match(first)
        hidden = config.hidden or _HIDDEN.match(first) is not None or bool(old and old["hidden"])
        if old is not None or _HIDDEN.match(first):
            text, skipped = rest, skipped + 1
        text = re.sub(r"^.*#\s*IGNORE\s*$", "", text, flags=re.M)
        place = len(self.questions[-1].tests)
        each = self._config.each[place] if place < len(self._config.each) else None
        points = config.points if config.points is not None else each
        yield CellOfTests(cell.number, text, hidden, points, skipped + 1, cell.shown.strip())


def _read(text: str) -> _Config:
    """The keys that matter, of YAML that is as simple as these are; all others are passed over."""
    values: dict[str, str] = {}
    items: list[float] = []
    key = ""
    for line in text.splitlines():
        if (found := re.match(r"^(\w+)\s*:\s*(.*?)\s*(?:#.*)?$", line)) is not None:
            key = found[1]
            values[key] = found[2].strip("'\"")
        elif key == "points" and (item := re.match(r"^\s*(?:-|each\s*:)\s*([\d.]+)\s*$", line)) is not None:
            items.append(float(item[1]))
    number = values.get("points", "")
    points = float(number) if re.fullmatch(r"\d+(\.\d*)?", number) else None
    if number.startswith("["):
        items = [float(item) for item in re.findall(r"[\d.]+", number)]
    return _Config(
        values.get("name", ""),
        points if points is not None or not items else sum(items),
        values.get("manual", "").lower() == "true",
        values.get("hidden", "").lower() == "true",
        tuple(items),
    )
