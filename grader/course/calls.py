"""Which functions of a module use which; a method that is an exercise counts as one of them."""

import ast
from collections.abc import Collection, Mapping, Set

from grader.checks.methods import class_of, is_method
from grader.text.syntax import parse


def uses(tree: ast.Module, exercises: Collection[str] = ()) -> dict[str, frozenset[str]]:
    """For each top-level function and class of a module: the others that it uses, directly or indirectly.

    Args:
        exercises: those that are methods (`Class.method`) stand beside their class, which is then what is left of it.
    """
    apart = {name for name in exercises if is_method(name)}
    units = {name: nodes for node in tree.body for name, nodes in _units(node, apart).items()}
    return closed({name: _mentioned(name, nodes, units) - {name} for name, nodes in units.items()})


def _units(node: ast.stmt, apart: Set[str]) -> dict[str, list[ast.AST]]:
    """A function, or a class with the methods that stand apart, by name."""
    if isinstance(node, ast.FunctionDef):
        return {node.name: [node]}
    if not isinstance(node, ast.ClassDef):
        return {}
    found: dict[str, list[ast.AST]] = {node.name: [*node.bases, *node.decorator_list]}
    for item in node.body:
        name = f"{node.name}.{item.name}" if isinstance(item, ast.FunctionDef) else ""
        found.setdefault(name if name in apart else node.name, []).append(item)
    return found


def _mentioned(unit: str, nodes: Collection[ast.AST], units: Collection[str]) -> set[str]:
    """The units that some code mentions: by their names; a method also by that of an object, `self.fit`, or beside its class."""
    inside = [item for node in nodes for item in ast.walk(node)]
    names = {item.id for item in inside if isinstance(item, ast.Name)} & set(units)
    called = {item.attr for item in inside if isinstance(item, ast.Attribute)}
    classes = names | {class_of(unit)}
    return names | {name for name in units if is_method(name) and class_of(name) in classes and name.partition(".")[2] in called}


def closed(direct: Mapping[str, Set[str]]) -> dict[str, frozenset[str]]:
    """What each one uses, directly or indirectly, from what it uses directly."""
    found = {name: set(used) for name, used in direct.items()}
    for used in found.values():
        while more := set[str]().union(*(found[other] for other in used if other in found)) - used:
            used |= more
    return {name: frozenset(used - {name}) for name, used in found.items()}


def users(source: str) -> dict[str, set[str]]:
    """For each top-level function and class: which of them use it, directly or indirectly (itself included).

    All of them are under "", for the constants of the module.
    """
    found = uses(parse(source))
    return {name: {name} | {user for user, used in found.items() if name in used} for name in found} | {"": set(found)}
