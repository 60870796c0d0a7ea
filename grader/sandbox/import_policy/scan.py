"""Which exercises use what their assignment forbids, found in the text alone before any of it runs.

    import numpy as n; from numpy import convolve as c        imported names are resolved wherever the import is in the file
    n.convolve, c                                             a use; so is `signal.convolve` where only numpy may be imported
    def helper(): … c(…)      def conv2d(): … helper(…)       a use by conv2d, which mentions helper, and not by other functions
    class Line: … def fit(self): … self.solve(…)              a use by Line.fit, if it is an exercise and solve has one

This is done in the child, because parsing a hostile text can crash the process. It only serves the message; `enforce` is what blocks.
"""

import ast
import copy
import re
from collections.abc import Iterator, Mapping

import msgspec

from grader.sandbox.import_policy.rules import Rules, shown
from grader.sandbox.lines import lines_of
from grader.sandbox.outcome import MAX_NAME, Name

MAX_TEXT = 200
_IMPORT = re.compile(r"^[ \t]*(?:from[ \t]+([\w.]+)[ \t]+import\b|import[ \t]+([\w., \t]+)(?=[#\n\r]|\Z))", re.MULTILINE)
Unit = tuple[str, str]  # a module of the submission, and a name that it defines
Place = tuple[int, int, str]  # line, column, and what is forbidden there


class Use(msgspec.Struct, frozen=True, array_like=True):
    """A forbidden name in the code of an exercise."""

    exercise: Name
    name: Name
    file: Name
    line: int
    text: Name


def find_uses(main: str, modules: Mapping[str, str], rules: Rules) -> Iterator[Use]:
    """The first use in each exercise that has one. A text that cannot be parsed has none: running it reports why."""
    if not any(_needs_reading(text, modules, rules) for text in modules.values()):
        return
    readers = {}
    for name, text in modules.items():
        try:
            readers[name] = _Reader(name, text, frozenset(modules), rules)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            continue
    if not any(reader.suspicious for reader in readers.values()):
        return
    for exercise in rules.exercises:
        found = _first_use((main, exercise), readers)
        if found is not None:
            module, (line, _column, name) = found
            lines = lines_of(modules[module])
            text = lines[line - 1].strip()[:MAX_TEXT] if 0 < line <= len(lines) else ""
            yield Use(exercise, shown(name)[:MAX_NAME], f"{module}.py"[:MAX_NAME], line, text)


def _needs_reading(text: str, modules: Mapping[str, str], rules: Rules) -> bool:
    """Whether a text might use something forbidden: parsing the many that do not would be a sixth of a submission's cost."""
    if any(item.rpartition(".")[2] in text for item in rules.forbidden):
        return True
    found = _IMPORT.findall(text)
    names = {name.split()[0] for source, several in found for name in (source or several).split(",") if name.strip()}
    others = (name for name in names if name.partition(".")[0] not in modules)
    return len(found) < text.count("import") or any(map(rules.forbids, others))


def _first_use(unit: Unit, readers: "Mapping[str, _Reader]") -> tuple[str, Place] | None:
    """The use nearest to `unit`: in its own code, or in that of what it mentions."""
    waiting, seen = [unit], {unit}
    for module, name in waiting:
        reader = readers.get(module)
        if reader is not None:
            use, mentions = reader.read(name)
            if use is not None:
                return module, use
            waiting += sorted(mentions - seen)
            seen |= mentions
    return None


class _Reader:
    """The functions and values of one module, and the full names of what it imports."""

    def __init__(self, module: str, text: str, modules: frozenset[str], rules: Rules) -> None:
        self._module, self._modules, self._rules = module, modules, rules
        self._imported: dict[str, str] = {}
        self._stars: list[str] = []
        self._nodes: dict[str, list[ast.stmt]] = {}
        apart = {name for name in rules.exercises if "." in name}
        self._known: dict[str, tuple[Place | None, set[Unit]]] = {}
        tree = ast.parse(text)
        for node in ast.walk(tree):
            if isinstance(node, ast.Import | ast.ImportFrom):
                self._note_import(node)
        for statement in tree.body:
            for name in _defines(statement):
                self._nodes.setdefault(name, []).append(_without(statement, apart))
            for name, method in _methods(statement):
                self._nodes.setdefault(name, []).append(method)
        imports = any(name.partition(".")[0] not in modules and rules.forbids(name) for name in self._imported.values())
        self.suspicious = imports or any(item.rpartition(".")[2] in text for item in rules.forbidden)

    def _note_import(self, node: ast.Import | ast.ImportFrom) -> None:
        if isinstance(node, ast.Import):
            for alias in node.names:
                top = alias.name.partition(".")[0]
                self._imported[alias.asname or top] = alias.name if alias.asname else top
        elif not node.level and node.module:
            for alias in node.names:
                if alias.name == "*":
                    self._stars.append(node.module)
                else:
                    self._imported[alias.asname or alias.name] = f"{node.module}.{alias.name}"

    def read(self, name: str) -> tuple[Place | None, set[Unit]]:
        """The first forbidden thing in the definition of `name`, and the submission's own definitions that are mentioned there."""
        if name not in self._known:
            uses: list[Place] = []
            mentions: set[Unit] = set()
            for statement in self._nodes.get(name, ()):
                self._read(statement, uses, mentions)
                if "." in name:
                    mentions |= self._beside(name, statement)
            self._known[name] = min(uses, key=_order, default=None), mentions
        return self._known[name]

    def _beside(self, name: str, method: ast.stmt) -> set[Unit]:
        """The methods of the same class that a method mentions: `self.solve`."""
        called = (f"{name.partition('.')[0]}.{node.attr}" for node in ast.walk(method) if isinstance(node, ast.Attribute))
        return {(self._module, other) for other in called if other in self._nodes}

    def _read(self, statement: ast.stmt, uses: list[Place], mentions: set[Unit]) -> None:
        nodes = list(ast.walk(statement))
        own = _own_names(nodes) if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) else set()
        for node in nodes:
            if not isinstance(node, ast.Name | ast.Attribute):
                continue
            for name in self._full_names(node, own):
                top, _, rest = name.partition(".")
                if top not in self._modules:
                    if forbidden := self._rules.forbids(name):
                        uses.append((node.lineno, node.col_offset, forbidden))
                elif rest:
                    mentions.add((top, rest.partition(".")[0]))
            if isinstance(node, ast.Name) and node.id not in own:
                mentions.add((self._module, node.id))
                mentions.update((star, node.id) for star in self._stars if star in self._modules)

    def _full_names(self, node: ast.expr, own: set[str]) -> Iterator[str]:
        """The full name of `a.b.c`, unless `a` is one of a function's `own` names; after an `import *`, only names that are forbidden."""
        parts: list[str] = []
        while isinstance(node, ast.Attribute):
            parts.insert(0, node.attr)
            node = node.value
        if not isinstance(node, ast.Name) or node.id in own:
            return
        if node.id in self._imported:
            yield ".".join((self._imported[node.id], *parts))
        else:
            names = (".".join((star, node.id, *parts)) for star in self._stars)
            yield from (name for name in names if name in self._rules.forbidden)


def _order(place: Place) -> tuple[int, int, int]:
    """In the order of the text; `a.b.c` comes before its part `a`, which begins at the same column."""
    line, column, name = place
    return line, column, -len(name)


def _defines(statement: ast.stmt) -> Iterator[str]:
    """The names that a statement of a module defines, itself or in the blocks of an `if` or `try`."""
    if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        yield statement.name
        return
    for inner in ast.walk(statement):
        if isinstance(inner, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield inner.name
        elif isinstance(inner, ast.Name) and isinstance(inner.ctx, ast.Store):
            yield inner.id


def _methods(statement: ast.stmt) -> Iterator[tuple[str, ast.FunctionDef]]:
    for item in statement.body if isinstance(statement, ast.ClassDef) else ():
        if isinstance(item, ast.FunctionDef):
            yield f"{statement.name}.{item.name}", item  # type: ignore[attr-defined]


def _without(statement: ast.stmt, apart: set[str]) -> ast.stmt:
    """A statement; of a class what is left without the methods that are exercises of their own."""
    gone = {id(method) for name, method in _methods(statement) if name in apart}
    if not gone or not isinstance(statement, ast.ClassDef):
        return statement
    left = copy.copy(statement)
    left.body = [item for item in statement.body if id(item) not in gone]
    return left


def _own_names(nodes: list[ast.AST]) -> set[str]:
    """The parameters and variables of a function or class, which hide imports of the same names inside it."""
    own = {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    return own | {node.arg for node in nodes if isinstance(node, ast.arg)}
