"""What the functions of a stub declare to take and to return: floats, what is exact (`int`, `bool`), text (`str`), dicts and sets.

A worked example may write 1000 for a float, 3 for a count and "12" for a text; only the function's annotation tells them apart. What is not
annotated (a student may have removed it) counts as floats: a whole number is then right within the tolerance of floats.
"""

import ast
from collections.abc import Iterator, Mapping
from typing import Literal

import msgspec

from grader.text.syntax import parse

Kind = Literal["float", "exact", "text"]
Form = Literal["array", "list", "dict", "set", "frame", "series"]

_TUPLES = {"tuple", "Tuple"}
_FORMS: Mapping[str, Form] = {
    "list": "list",
    "List": "list",
    "Sequence": "list",
    "Iterable": "list",
    "Iterator": "list",
    "Generator": "list",
    "dict": "dict",
    "Dict": "dict",
    "Mapping": "dict",
    "defaultdict": "dict",
    "Counter": "dict",
    "DataFrame": "frame",
    "Series": "series",
    "set": "set",
    "Set": "set",
    "frozenset": "set",
    "AbstractSet": "set",
}
_TEXT = ("str",)  # beginnings: str_, …
_EXACT = (*_TEXT, "int", "uint", "bool", "unsigned", "signed")  # int64, integer, bool_, …
_FLOAT = ("float", "complex", "double", "inexact", "number")


class Declared(msgspec.Struct, frozen=True):
    """The kind of one value, or, for a tuple, of each of its items.

    Attributes:
        form: what holds values of this kind; a single one, or an array of them, is an "array".
        keys: the kind of a dict's keys.
    """

    kind: Kind = "float"
    items: tuple["Declared", ...] = ()
    form: Form = "array"
    keys: Kind | None = None

    def of(self, place: int) -> "Declared":
        """That of the result at `place`, where a function declares several."""
        return self.items[place] if place < len(self.items) else Declared(self.kind)


FLOATS = Declared()


def declared_results(tree: ast.Module) -> Mapping[str, Declared]:
    """The declared results of every function and method (`Class.method`) of a module."""
    aliases = dict(_aliases(tree))
    return {name: _declared(node.returns, aliases) for name, node in _functions(tree) if node.returns is not None}


def declared_parameters(tree: ast.Module) -> Mapping[str, Mapping[str, Declared]]:
    """The declared parameters of every function and method of a module; those without an annotation are left out."""
    aliases = dict(_aliases(tree))
    found = {}
    for name, node in _functions(tree):
        parameters = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
        found[name] = {item.arg: _declared(item.annotation, aliases) for item in parameters if item.annotation is not None}
    return found


def _functions(tree: ast.Module) -> Iterator[tuple[str, ast.FunctionDef]]:
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            yield node.name, node
        elif isinstance(node, ast.ClassDef):
            yield from ((f"{node.name}.{item.name}", item) for item in node.body if isinstance(item, ast.FunctionDef))


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
            annotation = parse(annotation.value, mode="eval").body
        except SyntaxError:
            return FLOATS
    if isinstance(annotation, ast.Name) and annotation.id in aliases:
        return _declared(aliases[annotation.id], {name: value for name, value in aliases.items() if name != annotation.id})
    if isinstance(annotation, ast.Subscript) and isinstance(annotation.slice, ast.Tuple) and _last(annotation.value) in _TUPLES:
        items = annotation.slice.elts
        if not any(isinstance(item, ast.Constant) and item.value is ... for item in items):
            return Declared(items=tuple(_declared(item, aliases) for item in items))
    if isinstance(annotation, ast.BinOp) and (left := _beside_none(annotation)) is not None:
        return _declared(left, aliases)
    form = _FORMS.get(_last(annotation.value if isinstance(annotation, ast.Subscript) else annotation), "array")
    if form == "dict" and isinstance(annotation, ast.Subscript) and isinstance(annotation.slice, ast.Tuple):
        keys, *values = annotation.slice.elts
        kinds = {name for value in values for name in _names(value, aliases)}
        of_values = tuple(_declared(value, aliases) for value in values)
        return Declared(_kind(kinds), of_values, form, _kind(set(_names(keys, aliases))))
    return Declared(_kind(set(_names(annotation, aliases))), form=form)


def _beside_none(annotation: ast.BinOp) -> ast.expr | None:
    """The type that may also be None; None where there are several."""
    sides = [side for side in (annotation.left, annotation.right) if not (isinstance(side, ast.Constant) and side.value is None)]
    return sides[0] if len(sides) == 1 else None


def _kind(names: set[str]) -> Kind:
    """One float among the types makes a result one of floats; it is text where nothing else is exact."""
    floats = any(name.startswith(_FLOAT) for name in names)
    if not floats and (exact := [name for name in names if name.startswith(_EXACT)]):
        return "text" if all(name.startswith(_TEXT) for name in exact) else "exact"
    return "float"


def _names(annotation: ast.expr, aliases: Mapping[str, ast.expr]) -> Iterator[str]:
    for node in ast.walk(annotation):
        if isinstance(node, ast.Name) and node.id in aliases:
            yield from _names(aliases[node.id], {name: value for name, value in aliases.items() if name != node.id})
        elif isinstance(node, ast.Name | ast.Attribute):
            yield _last(node)


def _last(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""
