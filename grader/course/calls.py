"""Which functions of a module use which."""

import ast
from collections.abc import Mapping, Set

from grader.text.syntax import parse


def uses(tree: ast.Module) -> dict[str, frozenset[str]]:
    """For each top-level function and class of a module: the others that it uses, directly or indirectly."""
    units = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef)}
    return closed(
        {
            name: {item.id for item in ast.walk(node) if isinstance(item, ast.Name)} & units.keys() - {name}
            for name, node in units.items()
        }
    )


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
