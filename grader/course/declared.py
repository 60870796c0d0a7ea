"""What the functions of a stub declare to return: which results are floats, and which are exact (`int`, `bool`, `str`).

A worked example may write 1000 for a float and 3 for a count; only the function's annotation tells them apart. What is not annotated
(a student may have removed it) counts as floats: a whole number is then right within the tolerance of floats.
"""

import ast
from collections.abc import Iterator, Mapping
from typing import Literal

import msgspec

Kind = Literal["float", "exact"]

_TUPLES = {"tuple", "Tuple"}
_EXACT = ("int", "uint", "bool", "str", "unsigned", "signed")  # beginnings: int64, integer, bool_, str_, …
_FLOAT = ("float", "complex", "double", "inexact", "number")


class Declared(msgspec.Struct, frozen=True):
    """The kind of one result, or, for a tuple, of each of its items."""

    kind: Kind = "float"
    items: tuple["Declared", ...] = ()

    def of(self, place: int) -> "Declared":
        """That of the result at `place`, where a function declares several."""
        return self.items[place] if place < len(self.items) else Declared(self.kind)


FLOATS = Declared()


def declared_results(tree: ast.Module) -> Mapping[str, Declared]:
    """The declared results of every function of a module."""
    aliases = dict(_aliases(tree))
    functions = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
    return {node.name: _declared(node.returns, aliases) for node in functions if node.returns is not None}


def _aliases(tree: ast.Module) -> Iterator[tuple[str, ast.expr]]:
    """Names of types that the module makes for itself: `Array = NDArray[np.floating]`."""
    for node in tree.body:
        if isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
            yield node.targets[0].id, node.value
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.value is not None:
            yield node.target.id, node.value


def _declared(annotation: ast.expr, aliases: Mapping[str, ast.expr]) -> Declared:
    if isinstance(annotation, ast.Constant) and isinstance(annotation.value, str):
        try:
            annotation = ast.parse(annotation.value, mode="eval").body
        except SyntaxError:
            return FLOATS
    if isinstance(annotation, ast.Name) and annotation.id in aliases:
        return _declared(aliases[annotation.id], {name: value for name, value in aliases.items() if name != annotation.id})
    if isinstance(annotation, ast.Subscript) and isinstance(annotation.slice, ast.Tuple) and _last(annotation.value) in _TUPLES:
        items = annotation.slice.elts
        if not any(isinstance(item, ast.Constant) and item.value is ... for item in items):
            return Declared(items=tuple(_declared(item, aliases) for item in items))
    return Declared(_kind(set(_names(annotation, aliases))))


def _kind(names: set[str]) -> Kind:
    """One float among the types makes a result one of floats."""
    floats = any(name.startswith(_FLOAT) for name in names)
    return "exact" if not floats and any(name.startswith(_EXACT) for name in names) else "float"


def _names(annotation: ast.expr, aliases: Mapping[str, ast.expr]) -> Iterator[str]:
    for node in ast.walk(annotation):
        if isinstance(node, ast.Name) and node.id in aliases:
            yield from _names(aliases[node.id], {name: value for name, value in aliases.items() if name != node.id})
        elif isinstance(node, ast.Name | ast.Attribute):
            yield _last(node)


def _last(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""
