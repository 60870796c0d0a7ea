"""What tests claim, read from their syntax trees."""

import ast
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import msgspec
import numpy as np

from grader.integrations.from_notebooks.claims import Claim, claims, refusal
from grader.integrations.from_notebooks.found import Asked, Call, Example, Found, Refusal, Step
from grader.integrations.from_notebooks.literals import NoLiteralError, name_of, names_bound, short_text, value_of
from grader.integrations.from_notebooks.parts import CellOfTests, Left
from grader.integrations.from_notebooks.values import is_written
from grader.text.syntax import parse

ROUNDS = 50  # of a loop over values that are written out
UNWRITTEN = "not a call with values that are written out; write a check for it"
FUNCTIONS = "a function is passed: put that into a module that the course gives, and write a check (grader help authoring/values)"
_SKIPPED = ast.Import | ast.ImportFrom | ast.Pass | ast.Delete
_PREPARES = ast.Assign | ast.AugAssign | ast.AnnAssign  # what is tested comes after it


class Statements:
    """The tests of one cell."""

    def __init__(
        self, cell: CellOfTests, parameters: Mapping[str, list[str]], classes: Iterable[str], before: Sequence[ast.Assign] = ()
    ) -> None:
        """Prepare.

        Args:
            parameters: by function of the solution, the names of its parameters.
            before: what the solution assigns outside of its functions: tests may look at it.
        """
        self._cell, self._parameters, self._classes = cell, parameters, set(classes)
        self._known: dict[str, Any] = {}
        self._calls: dict[str, Call] = {}
        self._objects: dict[str, str] = {}
        self._steps: list[Step] = []
        self._parts: dict[str, dict[int, Claim]] = {}
        self._said: list[str] = []
        self._helpers: set[str] = set()  # functions that the tests define
        self._unread: dict[str, list[ast.stmt]] = {}  # tests that cannot be read, by what there is to do about them
        self._lost: set[str] = set()  # names of what a call gives that passes a function
        self._items: dict[str, list[ast.expr]] = {}  # what `next` gives of a generator, by its name
        self._variables = {name for node in before for target in node.targets for name in names_bound(target)}
        for node in before:
            self._prepare(node)

    def read(self) -> Iterator[Found]:
        """Everything that the cell claims, in its order; a script at the end."""
        try:
            tree = parse(self._cell.text)
        except SyntaxError as error:
            yield self._left(error.lineno or 0, f"the tests are not Python: {error.msg}")
            return
        yield from self._block(tree.body)
        if self._steps and any(step.reply for step in self._steps):
            name = next(step.target for step in self._steps if step.op == "new")
            yield Asked(name, tuple(self._steps), self._cell.hidden, "; ".join(self._said), self._cell.number)
        for name, expected in self._items.items():
            yield self._of_generator(self._calls[name], expected)
        for what, nodes in self._unread.items():
            first = nodes[0]
            more = {short_text(node) for node in nodes} - {short_text(first)}
            yield self._left(first.lineno, f"`{short_text(first)}`{f' and {len(more)} more' if more else ''}: {what}")

    def _of_generator(self, called: Call, expected: list[ast.expr]) -> Found:
        """The first items of a generator: an example, where all of them are written out."""
        called = msgspec.structs.replace(called, first=len(expected))
        try:
            items = [value_of(item, self._known) for item in expected]
        except NoLiteralError:
            items = [None]
        if self._cell.hidden or not is_written(items):
            return Asked(called.function, called, self._cell.hidden, f"its first items are {items}", self._cell.number)
        return Example(called, items)

    def _block(self, body: list[ast.stmt]) -> Iterator[Found]:
        for place, node in enumerate(body):
            is_last = place == len(body) - 1
            try:
                yield from self._statement(node, is_last)
            except NoLiteralError:
                used = {inner.id for inner in ast.walk(node) if isinstance(inner, ast.Name)}
                asked = used & {*self._parameters, *self._calls, *self._objects}
                if asked or not used & (self._variables | self._lost):  # else the name that it looks at is listed already
                    self._unread.setdefault(FUNCTIONS if self._passes(node) else UNWRITTEN, []).append(node)

    def _passes(self, node: ast.stmt) -> bool:
        """Whether a function is an argument."""
        given = [arg for call in ast.walk(node) if isinstance(call, ast.Call) for arg in call.args]
        return any(isinstance(arg, ast.Lambda) or name_of(arg) in self._helpers for arg in given)

    def _prepare(self, node: ast.Assign | ast.AugAssign | ast.AnnAssign) -> bool:
        """Remember what names stand for; False, and nothing of them any more, where it is not written out."""
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        try:
            if not isinstance(node, ast.Assign) or len(targets) != 1:
                raise NoLiteralError
            self._bind(targets[0], node.value)
        except NoLiteralError:
            for name in (name for target in targets for name in names_bound(target)):
                self._known.pop(name, None)
                self._calls.pop(name, None)
            return False
        return True

    def _statement(self, node: ast.stmt, is_last: bool) -> Iterator[Found]:
        if isinstance(node, _SKIPPED) or (isinstance(node, ast.Assign) and name_of(node.value) in self._parameters):
            return  # a function under another name: what is done with it says more
        if isinstance(node, ast.FunctionDef) and any(isinstance(one, ast.Return) and one.value for one in ast.walk(node)):
            self._helpers.add(node.name)
        elif isinstance(node, ast.FunctionDef):  # a test as a function, which is given what it tests
            yield from self._block(node.body)
        elif isinstance(node, _PREPARES):
            if not self._prepare(node) and self._passes(node):
                self._lost |= {name for target in getattr(node, "targets", ()) for name in names_bound(target)}
                raise NoLiteralError
        elif isinstance(node, ast.For) and not node.orelse:
            yield from self._rounds(node)
        elif (raised := refusal(node)) is not None:
            called = self._called(raised.call)
            if called is None:
                raise NoLiteralError
            yield Refusal(called, raised.exception)
            if self._cell.hidden:
                yield self._left(node.lineno, f"students see the call that {called.function} should refuse, which was hidden")
        elif (
            isinstance(node, ast.Expr)
            and isinstance(node.value, ast.Constant | ast.Name)
            and name_of(node.value) not in self._calls
        ):
            return
        elif isinstance(node, ast.Expr) and self._object(node.value):
            self._use(node.value, reply=bool(is_last and self._cell.shown))
        elif found := list(claims(node, self._cell.shown if is_last else "")):
            for claim in found:
                yield from self._claimed(claim, node)
        elif (
            isinstance(node, ast.Expr)
            and isinstance(node.value, ast.Call)
            and name_of(node.value.func) in ("print", *self._parameters)
        ):
            return  # its output is compared with nothing
        else:
            raise NoLiteralError

    def _bind(self, target: ast.expr, value: ast.expr) -> None:
        """Remember what a name stands for."""
        if isinstance(target, ast.Name) and isinstance(value, ast.Call) and name_of(value.func) in self._classes:
            args, keywords = self._arguments(value)
            self._objects[target.id] = name_of(value.func)
            self._steps.append(Step("new", name_of(value.func), args, (("save", target.id), *keywords)))
            return
        called = self._called(value)
        if called is not None and isinstance(target, ast.Tuple) and all(isinstance(item, ast.Name) for item in target.elts):
            names = tuple(name_of(item) for item in target.elts)
            for place, name in enumerate(names):
                self._calls[name] = msgspec.structs.replace(called, item=place, names=names)
        elif called is not None and isinstance(target, ast.Name):
            self._calls[target.id] = called
        elif isinstance(target, ast.Name):
            self._known[target.id] = value_of(value, self._known)
        elif isinstance(target, ast.Tuple):
            self._take_apart(target, value_of(value, self._known))
        else:
            raise NoLiteralError

    def _take_apart(self, target: ast.expr, value: Any) -> None:
        """Let a name, or several, stand for a value."""
        if not isinstance(target, ast.Tuple):
            self._known[name_of(target)] = value
            return
        if not isinstance(value, list | tuple) or len(value) != len(target.elts):
            raise NoLiteralError
        for item, part in zip(target.elts, value, strict=True):
            self._take_apart(item, part)

    def _rounds(self, node: ast.For) -> Iterator[Found]:
        values: Any = range(*_bounds(node.iter)) if _bounds(node.iter) else value_of(node.iter, self._known)
        if len(values) > ROUNDS:
            raise NoLiteralError
        for value in values:
            self._take_apart(node.target, value)
            yield from self._block(node.body)

    def _claimed(self, claim: Claim, node: ast.stmt) -> Iterator[Found]:
        """A claim about a call as an example; about anything else of it, as a call for the reference to decide."""
        said = short_text(node)
        if isinstance(claim.about, ast.Call) and name_of(claim.about.func) == "next" and len(claim.about.args) == 1:
            name = name_of(claim.about.args[0])
            if name not in self._calls or not isinstance(claim.expected, ast.expr):
                raise NoLiteralError
            self._items.setdefault(name, []).append(claim.expected)
            return
        if (used := self._object(claim.about)) is not None:
            self._use(used, reply=True)
            self._said.append(said)
            return
        called = self._called(claim.about)
        if called is None:
            inner = next(filter(None, (self._called(item) for item in ast.walk(claim.about) if isinstance(item, ast.expr))), None)
            if inner is None:
                raise NoLiteralError
            yield self._asked(inner, said)
            return
        try:
            expected = value_of(claim.expected, self._known) if isinstance(claim.expected, ast.expr) else claim.expected
        except NoLiteralError:
            yield self._asked(called, said)
            return
        if claim.array and isinstance(expected, list):
            expected = np.array(expected)
        atol = self._tolerance(claim)
        if self._cell.hidden or not is_written(expected) or not all(map(is_written, called.arguments.values())):
            yield self._asked(called, said)
        elif called.item is None:
            yield Example(called, expected, atol)
        else:
            yield from self._part(called, expected, atol, said)

    def _part(self, called: Call, expected: Any, atol: float | None, said: str) -> Iterator[Found]:
        """One of several results: an example once all of them are known."""
        key = repr((called.function, called.arguments, called.names))
        parts = self._parts.setdefault(key, {})
        assert called.item is not None
        parts[called.item] = Claim(ast.Constant(None), expected, atol)
        if len(parts) == len(called.names):
            named = {name: parts[place].expected for place, name in enumerate(called.names)}
            atols = [part.atol for part in parts.values() if part.atol is not None]
            yield Example(msgspec.structs.replace(called, item=None), named, max(atols, default=None))
        else:
            yield self._asked(msgspec.structs.replace(called, item=None, names=()), said)

    def _tolerance(self, claim: Claim) -> float | None:
        found = value_of(claim.atol, self._known) if isinstance(claim.atol, ast.expr) else claim.atol
        return float(found) if isinstance(found, int | float) and math.isfinite(found) and found > 0 else None

    def _asked(self, called: Call, said: str) -> Asked:
        plain = msgspec.structs.replace(called, item=None, names=())
        return Asked(called.function, plain, self._cell.hidden, said, self._cell.number)

    def _called(self, node: ast.expr) -> Call | None:
        """The call of a function of the solution that an expression is, or a name stands for."""
        if isinstance(node, ast.Name) and node.id in self._calls:
            return self._calls[node.id]
        if not isinstance(node, ast.Call) or name_of(node.func) not in self._parameters:
            return None
        names = self._parameters[name_of(node.func)]
        args, keywords = self._arguments(node)
        if len(args) > len(names):
            raise NoLiteralError
        given = {**dict(zip(names, args, strict=False)), **dict(keywords)}
        return Call(name_of(node.func), {name: given[name] for name in names if name in given})

    def _arguments(self, node: ast.Call) -> tuple[tuple[Any, ...], tuple[tuple[str, Any], ...]]:
        keywords: dict[str, Any] = {}
        for item in node.keywords:
            value = value_of(item.value, self._known)
            if item.arg is None and not isinstance(value, dict):
                raise NoLiteralError
            keywords |= value if item.arg is None else {item.arg: value}
        return tuple(value_of(item, self._known) for item in node.args), tuple(keywords.items())

    def _object(self, node: ast.expr) -> ast.expr | None:
        """The use of an object in an expression, as `stack.pop()`."""
        for inner in ast.walk(node):
            if isinstance(inner, ast.Call) and name_of(inner.func).partition(".")[0] in self._objects:
                return inner
        return next(
            (one for one in ast.walk(node) if isinstance(one, ast.Attribute) and name_of(one).partition(".")[0] in self._objects),
            None,
        )

    def _use(self, node: ast.expr | None, reply: bool) -> None:
        if isinstance(node, ast.Call):
            args, keywords = self._arguments(node)
            self._steps.append(Step("call", name_of(node.func), args, keywords, reply))
        elif node is not None:
            self._steps.append(Step("get", name_of(node), reply=True))

    def _left(self, line: int, what: str) -> Left:
        return Left(self._cell.number, self._cell.first + line - 1 if line else 0, what)


def _bounds(node: ast.expr) -> list[int]:
    """The numbers of `range(…)`."""
    if isinstance(node, ast.Call) and name_of(node.func) == "range":
        return [found for item in node.args if isinstance(found := value_of(item, {}), int)]
    return []
