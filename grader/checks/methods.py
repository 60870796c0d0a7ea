"""A method as an exercise of its own, `Class.method`: which exercise the parts of a class belong to, and how a method is replaced.

exercises: LinearRegression.fit, LinearRegression.predict      an edit of LinearRegression.fit       is of that exercise
                                                               one of LinearRegression.__init__      of `LinearRegression`
"""

from collections.abc import Callable, Collection, Mapping
from typing import Any

CONSTRUCTOR = "__init__"
NEW = "new"  # in the case of a method, the arguments of the object


def class_of(name: str) -> str:
    """The class of a method or an attribute; a name without a dot is its own."""
    return name.partition(".")[0]


def is_method(name: str) -> bool:
    """Whether an exercise is a method."""
    return "." in name


def exercise_of(place: str, exercises: Collection[str]) -> str:
    """The exercise that a function, a class or a method belongs to: itself, else its class."""
    return place if place in exercises else class_of(place)


def called_before(of: str, key: str, value: object, functions: Collection[str]) -> str:
    """What a key of a method's case calls before it, if its value is a dict of arguments: `new` the class, else another method.

    Args:
        functions: the names of the stub's functions and methods.
    """
    if not is_method(of) or not isinstance(value, dict):
        return ""
    name = f"{class_of(of)}.{CONSTRUCTOR if key == NEW else key}"
    return name if key == NEW or name in functions else ""


def found_in(namespace: Mapping[str, Any], name: str) -> Any:
    """The function, class or method of this name; None where there is none."""
    head, _dot, method = name.partition(".")
    found = namespace.get(head)
    return getattr(found, method, None) if method else found


def replaced(namespace: Mapping[str, Any], of: str, made: Callable[..., Any]) -> dict[str, Any]:
    """A namespace with a wrong version of `of` in its place: of a method, a class with that method, or the method alone."""
    name, _dot, method = of.partition(".")
    if not method or isinstance(made, type):
        return {**namespace, name: made}
    right = namespace[name]
    return {**namespace, name: type(name, (right,), {method: made})}
