"""From the cells that were run to the module that is checked: what the functions need, as it stood when it was last run.

    In [1]  import numpy as np                      needed by conv2d
    In [2]  def conv2d(image, kernel): …            an older version: replaced
    In [3]  import matplotlib.pyplot as plt         not needed
            plt.imshow(conv2d(digit, edges))        not needed
    In [4]  def conv2d(image, kernel): …            needed

What a person tries out beside the functions (plots, calls, loops that print) is left out, so that it can neither slow the check down nor
break it. The cells come as IPython translated them: magics and `!commands` are calls of `get_ipython()` there, and are left out.
Nothing is executed here.
"""

import ast
import re
import symtable
from collections.abc import Iterable, Iterator, Sequence

import msgspec

_EXECUTED_CELL = re.compile(r"(time|capture|prun)\b")  # cell magics that run the rest of their cell as it is
_COMPREHENSIONS = ("listcomp", "setcomp", "dictcomp", "genexpr")
_SHELL = "get_ipython"
Place = tuple[str, int]


class Cell(msgspec.Struct, frozen=True):
    """A cell that was run: `label` says which (`In [3]`)."""

    label: str
    text: str


class Statement(msgspec.Struct, frozen=True):
    """A statement of a cell's top level.

    Attributes:
        cell, line: where it stands.
        binds: the names that it gives a value; `certainly`, whatever they were before.
        changes: names whose objects it may change.
        uses: names that it needs when it runs; `later` those that functions in it need when they are called.
        does: `import`, `del`, or "" for anything else.
    """

    text: str
    cell: str
    line: int
    binds: frozenset[str]
    certainly: bool
    changes: frozenset[str]
    uses: frozenset[str]
    later: frozenset[str]
    does: str = ""


class Module(msgspec.Struct, frozen=True):
    """The text that is checked; `places` says of each of its lines where it stands in the notebook, `names` what it defines."""

    text: str
    places: tuple[Place, ...]
    names: frozenset[str]


def module_of(cells: Iterable[Cell], wanted: Iterable[str]) -> Module:
    """The module that defines the functions `wanted` as the cells left them, with all that they need."""
    kept = _needed([statement for cell in cells for statement in statements(cell)], frozenset(wanted))
    kept.sort(key=lambda statement: not _is_future(statement.text))  # those stand first, or they are no valid Python
    lines: list[str] = []
    places: list[Place] = []
    for statement in kept:
        own = statement.text.split("\n")
        lines += own
        places += [(statement.cell, statement.line + place) for place in range(len(own))]
    return Module("\n".join([*lines, ""]), tuple(places), frozenset().union(*(statement.binds for statement in kept)))


def imported(text: str) -> set[str]:
    """The modules that a text imports, by their first name."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.partition(".")[0])
    return found


def _needed(statements: Sequence[Statement], wanted: frozenset[str]) -> list[Statement]:
    """From the last statement backwards: those that give a name its value which is needed after them."""
    needs: dict[str, set[str]] = {}
    for statement in statements:
        for name in statement.binds | statement.changes:
            needs.setdefault(name, set()).update(statement.uses, statement.later)
    modules = frozenset().union(*(statement.binds for statement in statements if statement.does == "import"))

    def reach(names: frozenset[str]) -> set[str]:
        """The names, and all that is needed to use them."""
        found, waiting = set(names), list(names)
        while waiting:
            new = needs.get(waiting.pop(), set()) - found
            found |= new
            waiting += new
        return found

    needed, kept = reach(wanted), []
    for statement in reversed(statements):
        hits = (statement.binds | (statement.changes - modules)) & needed  # np.save(…) does not change numpy
        if not hits and "*" not in statement.binds and not _is_future(statement.text):
            continue
        if statement.certainly:
            needed -= statement.binds
        if statement.does != "del":
            needed |= reach(statement.uses)
            kept.append(statement)
    return kept[::-1]


def _is_future(text: str) -> bool:
    return text.startswith("from __future__ ")


def statements(cell: Cell) -> Iterator[Statement]:
    """The statements of a cell's top level; none of a cell that is no Python (it was not run either)."""
    text = cell.text.replace("\r\n", "\n").replace("\r", "\n")
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return
    inside = _cell_magic(tree)
    if inside is not None:
        for statement in statements(Cell(cell.label, inside)):
            yield msgspec.structs.replace(statement, line=statement.line + 1)
        return
    lines = text.split("\n")
    for node in tree.body:
        first, own = _source(lines, node)
        try:
            table = symtable.symtable(own, cell.label, "exec")
        except (SyntaxError, ValueError, RecursionError):
            continue  # `await` at the top level, and the like
        found = _statement(node, own, table)
        if found is not None and _SHELL not in found.uses:
            yield msgspec.structs.replace(found, cell=cell.label, line=first)


def _statement(node: ast.stmt, text: str, table: symtable.SymbolTable) -> Statement | None:
    """None for what can never matter to a function: a mere expression, a docstring."""
    top = table.get_symbols()
    binds = frozenset(symbol.get_name() for symbol in top if symbol.is_assigned() or symbol.is_imported())
    uses = frozenset(symbol.get_name() for symbol in top if symbol.is_referenced())
    if isinstance(node, ast.AugAssign):
        uses |= binds
    if isinstance(node, ast.ImportFrom) and any(alias.name == "*" for alias in node.names):
        binds |= {"*"}
    changes = frozenset(_changed(node))
    if not binds and not changes and not _is_future(text):
        return None
    now, later = _inner(table, called=False)
    does = "import" if isinstance(node, ast.Import | ast.ImportFrom) else "del" if isinstance(node, ast.Delete) else ""
    return Statement(text, "", 0, binds, _is_certain(node), changes, uses | now, later, does)


def _inner(table: symtable.SymbolTable, called: bool) -> tuple[frozenset[str], frozenset[str]]:
    """The global names that the scopes inside of `table` use: at once (classes, comprehensions), and when functions are called."""
    now: set[str] = set()
    later: set[str] = set()
    for child in table.get_children():
        late = called or (child.get_type() == "function" and child.get_name() not in _COMPREHENSIONS)
        own = {symbol.get_name() for symbol in child.get_symbols() if symbol.is_global()}
        (later if late else now).update(own)
        below = _inner(child, late)
        now |= below[0]
        later |= below[1]
    return frozenset(now), frozenset(later)


def _is_certain(node: ast.stmt) -> bool:
    match node:
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef() | ast.Import() | ast.ImportFrom() | ast.Delete():
            return True
        case ast.Assign(targets):
            return all(isinstance(name, ast.Name | ast.Tuple | ast.List) for name in targets)
        case ast.AnnAssign(ast.Name(), value=value):
            return value is not None
    return False


def _changed(node: ast.stmt) -> Iterator[str]:
    """The names whose objects a statement may change: `table[0] = 1`, `Net.forward = forward`, `table.append(1)`."""
    waiting: list[ast.AST] = [node]
    while waiting:
        found = waiting.pop()
        if isinstance(found, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda):
            continue
        target = None
        if isinstance(found, ast.Attribute | ast.Subscript) and isinstance(found.ctx, ast.Store | ast.Del):
            target = found
        elif isinstance(found, ast.Expr) and isinstance(found.value, ast.Call) and isinstance(found.value.func, ast.Attribute):
            target = found.value.func
        while isinstance(target, ast.Attribute | ast.Subscript):
            target = target.value  # type: ignore[assignment]
        if isinstance(target, ast.Name):
            yield target.id
        waiting += ast.iter_child_nodes(found)


def _cell_magic(tree: ast.Module) -> str | None:
    """The text below `%%time` and the like; "" below a magic that does something else with it."""
    match tree.body:
        case [
            ast.Expr(
                ast.Call(
                    ast.Attribute(ast.Call(ast.Name(id="get_ipython")), "run_cell_magic"),
                    [ast.Constant(str(magic)), _, ast.Constant(str(text))],
                )
            )
        ]:
            return text if _EXECUTED_CELL.fullmatch(magic) else ""
    return None


def _source(lines: Sequence[str], node: ast.stmt) -> tuple[int, str]:
    """The first line of a statement (its decorators belong to it), and its text."""
    decorators = getattr(node, "decorator_list", [])
    first = min([node.lineno, *(decorator.lineno for decorator in decorators)])
    text = list(lines[first - 1 : node.end_lineno])
    text[-1] = text[-1].encode()[: node.end_col_offset].decode()
    if not decorators:
        text[0] = text[0].encode()[node.col_offset :].decode()  # after a semicolon
    return first, "\n".join(text)
