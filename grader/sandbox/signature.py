"""The signatures of a module's functions and methods, by name: `conv2d`, `Dropout.forward`.

The child reports those of a submission, read from the functions themselves once they are defined. A false report changes what its
own student reads, and nothing else.
"""

from collections.abc import Collection, Iterator, Mapping
from types import CodeType, FunctionType
from typing import Annotated, Any

import msgspec

MOST = 300  # functions of a module
PARAMETERS = 30  # of one function
LETTERS = 100  # of a name
INSIDE = ".<locals>."  # between a function and one that is defined in it, as Python writes it


Name = Annotated[str, msgspec.Meta(max_length=LETTERS)]  # a report may be forged
Names = Annotated[tuple[Name, ...], msgspec.Meta(max_length=PARAMETERS)]


class Signature(msgspec.Struct, frozen=True, array_like=True):
    """The parameters of a function.

    Attributes:
        names: of a method with `self`.
        optional: those that have a default.
        open: whether it takes `*args` or `**kwargs`.
    """

    names: Names = ()
    optional: Names = ()
    open: bool = False


def defined(namespace: Mapping[str, Any], modules: Collection[str]) -> list[tuple[str, Signature]]:
    """The signatures of the functions that come from the text of `modules`; of a function inside of another one only its name."""
    found: list[tuple[str, Signature]] = []
    for name, signature in _defined(namespace, {f"{module}.py" for module in modules}):
        if len(found) == MOST:
            break
        if len(signature.names) <= PARAMETERS and max(map(len, (name, *signature.names))) <= LETTERS:
            found.append((name, signature))
    return found


def _defined(namespace: Mapping[str, Any], files: Collection[str]) -> Iterator[tuple[str, Signature]]:
    for name, value in list(namespace.items()):
        if type(value) is FunctionType and value.__code__.co_filename in files:
            yield name, _signature(value)
            for inner in value.__code__.co_consts:
                if type(inner) is CodeType and inner.co_name.isidentifier():
                    yield f"{name}{INSIDE}{inner.co_name}", Signature()
        elif type(value) is type:
            for method, function in list(vars(value).items()):
                if type(function) is FunctionType and function.__code__.co_filename in files:
                    yield f"{name}.{method}", _signature(function)


def _signature(function: FunctionType) -> Signature:
    code = function.__code__
    positional = code.co_varnames[: code.co_argcount]
    names = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]
    optional = positional[len(positional) - len(function.__defaults__ or ()) :] + tuple(function.__kwdefaults__ or ())
    return Signature(names, optional, bool(code.co_flags & 0x0C))  # CO_VARARGS, CO_VARKEYWORDS
