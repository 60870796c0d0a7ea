"""What is left for students of statements that are cut out of a module or of a class: they can be imported, and define the same names.

    RATE = 0.1                          RATE = ...  # yours to write
    from math import log                ...  # yours to import
    @property                           def size(self):
    def size(self): …                       raise NotImplementedError("Layer.size: …")
    class Layer(Base): …                class Layer(Base): its docstring, its public methods as above, its attributes as `...`
    if …, for …, with …                 ...  # yours to write

Of a function its first line and docstring are left, which the rubric needs; its decorators are the student's to write. Names that begin
with `_` are left out, except `__init__` and the like.
"""

import ast
import textwrap
from collections.abc import Iterable, Iterator

LINE = 130  # a longer hole is wrapped as formatters do it
WRITE, IMPORT = "...  # yours to write", "...  # yours to import"


def hole(indent: str, name: str, title: str) -> str:
    """The statement that stands in the body of a function."""
    text = f"{name}: {title}" if title else name
    quoted = '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
    line = f"{indent}raise NotImplementedError({quoted})"
    if len(line) <= LINE:
        return line
    return f"{indent}raise NotImplementedError(\n{indent}    {quoted}\n{indent})"


def stand_ins(body: Iterable[ast.stmt], owner: str = "") -> list[str]:
    """What is left of these statements, without indentation, in order.

    Args:
        owner: the qualified name of the class that they stand in.
    """
    left: list[str] = []
    for statement in body:
        for text in _left(statement, owner):
            if text not in (WRITE, IMPORT) or text not in left:
                if left and "\n" in text:
                    left.append("")
                left.append(text)
    names = [text for text in left if text and text != WRITE]
    return [text for text in left if text != WRITE] if names else [WRITE]


def _left(statement: ast.stmt, owner: str) -> Iterator[str]:
    match statement:
        case ast.Import() | ast.ImportFrom():
            yield IMPORT
        case ast.Assign():
            yield from (f"{name} = {WRITE}" for target in statement.targets for name in _names(target))
        case ast.AnnAssign(target=ast.Name(id=name)) if _is_public(name):
            yield f"{name}: {ast.unparse(statement.annotation)} = {WRITE}"
        case ast.FunctionDef() | ast.AsyncFunctionDef() if _is_public(statement.name):
            yield _function(statement, owner)
        case ast.ClassDef() if _is_public(statement.name):
            yield _class(statement, owner)
        case _:
            yield WRITE


def _is_public(name: str) -> bool:
    return not name.startswith("_") or (name.startswith("__") and name.endswith("__"))


def _names(target: ast.expr) -> Iterator[str]:
    for node in ast.walk(target):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store) and _is_public(node.id):
            yield node.id


def _function(node: ast.FunctionDef | ast.AsyncFunctionDef, owner: str) -> str:
    name = f"{owner}.{node.name}" if owner else node.name
    title = (ast.get_docstring(node) or "").partition("\n")[0].strip()
    word = "async def" if isinstance(node, ast.AsyncFunctionDef) else "def"
    returns = f" -> {ast.unparse(node.returns)}" if node.returns else ""
    head = f"{word} {node.name}({ast.unparse(node.args)}){returns}:"
    return "\n".join([head, *_docstring(node), hole("    ", name, title)])


def _class(node: ast.ClassDef, owner: str) -> str:
    name = f"{owner}.{node.name}" if owner else node.name
    bases = ", ".join(map(ast.unparse, (*node.bases, *node.keywords)))
    documented = ast.get_docstring(node) is not None
    inside = stand_ins(node.body[1:] if documented else node.body, name)
    head = f"class {node.name}({bases}):" if bases else f"class {node.name}:"
    blank = [""] if documented else []
    return "\n".join([head, *_docstring(node), *blank, textwrap.indent("\n".join(inside), "    ")])


def _docstring(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> list[str]:
    """The docstring as it is written, with four spaces before it."""
    text = ast.get_docstring(node)
    if text is None:
        return []
    quotes = "'''" if '"""' in text else '"""'
    escaped = text.replace("\\", "\\\\")
    end = "\n" if "\n" in escaped or escaped.endswith(quotes[0]) else ""
    return textwrap.indent(f"{quotes}{escaped}{end}{quotes}", "    ").split("\n")
