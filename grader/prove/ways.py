"""The ways to call a function with the arguments of another's call: in order, some of them, by name, as one case, lists item by item."""

import functools
import inspect
import itertools
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import msgspec
import numpy as np

from grader.prove.telling_laws import Function

Way = Callable[["Probe"], tuple[Any, Any]]  # of passing a probe's arguments: those in order, and those by name


class Probe(msgspec.Struct, frozen=True):
    """A call of an unpublished check: its arguments in order and by name, and the results that are wanted, with the numbers of each."""

    args: tuple[Any, ...]
    case: dict[str, Any]
    wanted: tuple[Any, ...]
    numbers: tuple[Any, ...]


def ways(function: Function, probe: Probe) -> Iterator[tuple[Way, Any, Any]]:
    """The ways to call a function with a probe's arguments that its parameters allow, each with what is passed."""
    if (taken := takes(function)) is None:
        return
    for way in _orders([*taken.signature.parameters.values()], probe):
        args, kwargs = way(probe)
        if _fits(taken, args, kwargs):
            yield way, args, kwargs


class Taken(msgspec.Struct, frozen=True):
    """What a function takes: of arguments in order alone at least, and at most."""

    signature: inspect.Signature
    least: float
    most: float


@functools.lru_cache(maxsize=2000)  # each function is tried on every check
def takes(function: Function) -> Taken | None:
    """What a function takes; None where that cannot be known."""
    try:
        signature = inspect.signature(function)
    except (TypeError, ValueError):
        return None
    listed = [*signature.parameters.values()]
    if any(item.kind is item.KEYWORD_ONLY and item.default is item.empty for item in listed):
        return Taken(signature, np.inf, 0)
    in_order = [item for item in listed if item.kind in (item.POSITIONAL_ONLY, item.POSITIONAL_OR_KEYWORD)]
    endless = any(item.kind is item.VAR_POSITIONAL for item in listed)
    return Taken(signature, sum(item.default is item.empty for item in in_order), np.inf if endless else len(in_order))


def _fits(taken: Taken, args: Any, kwargs: Any) -> bool:
    if not kwargs:
        return taken.least <= len(args) <= taken.most
    try:
        taken.signature.bind(*args, **kwargs)
    except TypeError:
        return False
    return True


def _orders(parameters: Sequence[inspect.Parameter], probe: Probe) -> Iterator[Way]:
    """The ways to pass a probe's arguments, or some of them."""
    needed = [item.name for item in parameters if item.default is item.empty and item.kind is item.POSITIONAL_OR_KEYWORD]
    named = [item.name for item in parameters if item.name in probe.case]
    yield lambda probe: (probe.args, {})
    yield lambda probe: ((probe.case,), {})
    yield lambda probe: ((), probe.case)
    if named and set(needed) <= set(named) and len(named) < len(probe.case):
        yield lambda probe: ((), {name: probe.case[name] for name in named})
    size, everything = len(probe.args), (*range(len(probe.args)),)
    for count in range(max(1, len(needed)), min(size, len(parameters)) + 1):
        choose = itertools.permutations if size <= 4 else itertools.combinations
        for order in choose(range(size), count):
            if order != everything:
                yield lambda probe, order=order: ([probe.args[i] for i in order], {})  # type: ignore[misc]
    for i in range(size):  # weights as one list
        yield lambda probe, i=i: (([*probe.args[:i], *probe.args[i + 1 :]], probe.args[i]), {})  # type: ignore[misc]
        yield lambda probe, i=i: ((probe.args[i], [*probe.args[:i], *probe.args[i + 1 :]]), {})  # type: ignore[misc]
    if any(isinstance(value, list | tuple) for value in probe.args):  # or each by itself
        flat = sum(len(value) if isinstance(value, list | tuple) else 1 for value in probe.args)
        for count in range(max(1, len(needed)), min(flat, len(parameters)) + 1):
            for order in itertools.combinations(range(flat), count):
                yield lambda probe, order=order: (_flat(probe.args, order), {})  # type: ignore[misc]


def _flat(args: Iterable[Any], order: Sequence[int]) -> list[Any]:
    """Some of the arguments, of which the items of lists are arguments by themselves."""
    flat = [item for value in args for item in (value if isinstance(value, list | tuple) else [value])]
    return [flat[i] for i in order]
