"""Executing a module and its steps, turning whatever happens into an outcome.

This code runs next to the student's, in the child: it holds no expected value, and nothing it reports is trusted. The trusted process uses
the same class, with the reference's functions, to compute the expected values.
"""

import contextlib
import difflib
import importlib
import importlib.abc
import importlib.machinery
import importlib.util
import inspect
import itertools
import random
import re
import sys
import warnings
from collections import ChainMap
from collections.abc import Iterable, Iterator, Mapping
from types import ModuleType
from typing import Any

import msgspec
import numpy as np

from grader.sandbox.child.drawn import looking
from grader.sandbox.child.interactive import install
from grader.sandbox.child.printed import listening
from grader.sandbox.child.sent import aside, sent
from grader.sandbox.child.statements import UNBOUND
from grader.sandbox.child.submitted_modules import SubmittedModules
from grader.sandbox.given_files import install_for_good
from grader.sandbox.import_policy.enforce import enforce
from grader.sandbox.import_policy.libraries import OFFERED
from grader.sandbox.import_policy.rules import ForbiddenError, Rules
from grader.sandbox.import_policy.scan import find_uses
from grader.sandbox.import_policy.stand_in import Deciding, name_of
from grader.sandbox.lines import lines_of
from grader.sandbox.outcome import (
    MAX_NAME,
    MAX_TEXT,
    BadReturn,
    ChildOutcome,
    OutOfMemory,
    OutOfTimeError,
    Raised,
    Returned,
    Unimplemented,
    without_addresses,
)
from grader.sandbox.signature import defined
from grader.sandbox.values import Function, Items, Ref, UnsendableError, Value, collected, decode, encode
from grader.sandbox.values import Mapping as WireMapping
from grader.sandbox.wire import Load, Step

MAX_WARNINGS = 5
# In a text that may use the state which everybody shares. It begins with a letter, not with `\b`: that takes two hundred times as long.
_DRAWS = re.compile(r"random\b(?!\.default_rng\b)")


class Executor:
    """Runs steps against one namespace and keeps the results that they save under handles."""

    def __init__(self, namespace: Mapping[str, Any] | None = None, given: Mapping[str, ModuleType] | None = None) -> None:
        """Run in this process what the course itself has written.

        Args:
            namespace: its functions; `given`: its modules that hold those that are arguments.
        """
        self._namespace = namespace if namespace is not None else {}
        self._given = given
        self._sources: dict[str, str] = {}
        self._mains: tuple[str, ...] = ()
        self._handles: dict[str, Any] = {}
        self._case = -1
        self._warnings: list[str] = []
        self._running = False
        self._draws = True

    def stop(self, *_: object) -> None:
        """End the student's code that is running, if any: a handler of signals."""
        if self._running:
            self._running = False
            raise OutOfTimeError("its time was up")

    def load(self, request: Load) -> ChildOutcome:
        """Execute the submission's main module, statement by statement; `Returned` with what `run.Report` is.

        Whatever stops it altogether, steps can use what was defined before.
        """
        self._mains, self._sources = request.parts or (request.main,), dict(request.modules)
        install(self._sources)
        uses = []
        if request.rules is not None:
            found = (use for main in self._mains for use in find_uses(main, request.modules, request.rules))
            uses = [msgspec.structs.astuple(use) for use in {use.exercise: use for use in found}.values()]
        install_for_good(request.data)
        modules = ChainMap(request.helpers, self._sources)  # a cell may add to these
        self._draws = {"numpy"} != OFFERED or any(map(_DRAWS.search, modules.values()))
        builtins = enforce(request.rules or Rules(), modules)
        warnings.simplefilter("always")
        warnings.showwarning = self._note_warning
        finder = SubmittedModules(modules, builtins, self._mains)
        sys.meta_path.insert(0, finder)
        self._running = True
        stopped: BaseException | None = None
        for main in self._mains:
            try:
                finder.execute(main)
            except BaseException as error:
                stopped = stopped or error
            if not self._running:
                break
        self._running = False
        self._namespace = finder.namespace()
        failure = stopped or next(iter(finder.failures.values()), None)
        failed = self._raised(failure, *self._place(failure, functions=False)) if failure else None
        if failed is not None and (isinstance(failure, OutOfTimeError) or (stopped and len(self._mains) == 1)):
            return failed
        names = [(name, msgspec.structs.astuple(signature)) for name, signature in defined(self._namespace, request.modules)]
        told = msgspec.structs.astuple(failed) if failed else None
        return Returned(encode((uses, names, told)), warnings=tuple(self._warnings))

    def run(self, step: Step) -> ChildOutcome:
        """The outcome of one step. Its arguments are decoded anew, its result is serialised before the next step starts."""
        if step.case != self._case:
            self._case, self._handles = step.case, {}
            if self._draws:
                self._seed()
        self._warnings.clear()
        self._running = Deciding.now = True
        try:
            target = self._resolve(step.target)
            if isinstance(target, Unimplemented):
                return target
            args = tuple(self._fill(value) for value in step.args)
            kwargs = {name: self._fill(value) for name, value in step.kwargs}
            if step.op == "call" and step.target in self._handles and not callable(target):
                return BadReturn("no_function", (type(target).__name__[:100],))
            with self._muted() if step.quiet else listening() as heard, looking(step.sent) as looked:
                result = target if step.op == "get" else target(*args, **kwargs)
                returned = result
                if step.first is not None and isinstance(result, Iterable):
                    returned = list(itertools.islice(result, step.first))
                if step.item is not None and isinstance(result, tuple | list) and len(result) > step.item:
                    returned = result[step.item]
                if step.attributes:
                    returned = self._attributes(step)
        except BaseException as error:
            self._running = False
            return self._failure(error)
        self._running = False
        if step.save:
            self._handles[step.save] = result
        changed = False
        try:
            if step.reply and not step.sent and step.item is not None and returned is result:
                raise UnsendableError("one_result", type(result).__name__)
            value = sent(step, returned, heard, looked) if step.reply else None
            changed = True
            after = (*map(_after, args), *map(_after, kwargs.values())) if step.after else ()
            instead = aside(step, returned, heard)
        except UnsendableError as error:
            if name := next(filter(None, map(name_of, _inside(result))), ""):
                return self._raised(ForbiddenError(name), "", 0)
            return BadReturn(error.reason, error.values, changed)
        except BaseException as error:
            return self._failure(error)
        return Returned(value, after, tuple(self._warnings), instead)

    def _attributes(self, step: Step) -> Any:
        """What the object has after the call; several are a tuple."""
        owner = self._resolve(step.target.rpartition(".")[0])
        found = tuple(getattr(owner, name) for name in step.attributes or ())
        return found[0] if len(found) == 1 else found

    @contextlib.contextmanager
    def _muted(self) -> Iterator[None]:
        """Without the main modules' `print`, unless they have one of their own; nobody hears anything."""
        spaces = [vars(sys.modules[main]) for main in self._mains if main in sys.modules]
        muted = [names for names in spaces if "print" not in names]
        for names in muted:
            names["print"] = lambda *_args, **_kwargs: None
        try:
            yield None
        finally:
            for names in muted:
                names.pop("print", None)

    def _resolve(self, target: str) -> Any:
        head, *path = target.split(".")
        if head in self._handles:
            found = self._handles[head]
        elif head in self._namespace:
            found = self._namespace[head]
        else:
            names = [name for name in self._namespace if not name.startswith("_")]
            near = difflib.get_close_matches(head, names, n=1, cutoff=0.7)
            return Unimplemented(head[:MAX_NAME], missing=True, near=near[0][:MAX_NAME] if near else "")
        for name in path:
            found = getattr(found, name)
        return found

    def _fill(self, value: Value) -> Any:
        if isinstance(value, Ref):
            found = self._handles[value.handle]
            return found if value.item is None else found[value.item]
        if isinstance(value, Function):
            return self._function(value.name)
        if isinstance(value, Items):
            return collected(value.kind, (self._fill(item) for item in value.items))
        if isinstance(value, WireMapping):
            return {decode(key): self._fill(item) for key, item in value.items}
        return decode(value, writable=True)

    def _seed(self) -> None:
        """The same random numbers in every run, others when the same call is made again; it takes longer than many a call."""
        np.random.seed(self._case)
        random.seed(self._case)

    def _function(self, name: str) -> Any:
        """A function of the course or of a library, as an argument."""
        module, _, own = name.rpartition(".")
        found = (self._given or {}).get(module)
        if "random" in name:
            self._seed()
        return getattr(importlib.import_module(module) if found is None else found, own)

    def _failure(self, error: BaseException) -> ChildOutcome:
        if isinstance(error, NotImplementedError):
            return Unimplemented(_text(error))
        if isinstance(error, MemoryError):
            return OutOfMemory()
        raised = self._raised(error, *self._place(error))
        if isinstance(error, NameError) and error.name in UNBOUND:
            return msgspec.structs.replace(raised, message=f"{raised.message} ({UNBOUND[error.name]})"[:MAX_TEXT])
        return raised

    def _raised(self, error: BaseException, file: str, line: int) -> Raised:
        name = file.removesuffix(".py")
        lines = lines_of(self._sources.get(name, ""))
        text = lines[line - 1].strip()[:200] if 0 < line <= len(lines) else ""
        message = str(error.msg) if isinstance(error, SyntaxError) else _text(error)
        bases = tuple(base.__name__[:100] for base in type(error).__mro__[:-1])
        return Raised(type(error).__name__[:100], bases[:10], message[:MAX_TEXT], file[:300], line, text)

    def _place(self, error: BaseException, functions: bool = True) -> tuple[str, int]:
        """File and line of the innermost frame in the submission's own code, or of the innermost that is in no function."""
        if isinstance(error, SyntaxError) and error.filename and error.filename.removesuffix(".py") in self._sources:
            return error.filename, error.lineno or 0
        place, trace = ("", 0), error.__traceback__
        while trace is not None:
            code = trace.tb_frame.f_code
            file = code.co_filename
            if file.removesuffix(".py") in self._sources and (functions or not code.co_flags & inspect.CO_OPTIMIZED):
                place = (file, trace.tb_lineno)
            trace = trace.tb_next
        return place

    def _note_warning(self, message: Any, category: Any, *_: Any, **__: Any) -> None:
        if len(self._warnings) < MAX_WARNINGS:
            self._warnings.append(without_addresses(f"{category.__name__}: {message}")[:200])


def _after(argument: Any) -> Value:
    """An argument as it is after the call; a generator is meant to change, and is not sent."""
    return None if isinstance(argument, np.random.Generator) else encode(argument)


def _inside(value: object) -> Iterable[object]:
    """A value and what it holds."""
    items = value.values() if isinstance(value, dict) else value if isinstance(value, list | tuple | set | frozenset) else ()
    return (value, *items)


def _text(error: BaseException) -> str:
    try:
        return without_addresses(str(error)[:MAX_TEXT]).encode("utf-8", "backslashreplace").decode()[:MAX_TEXT]
    except BaseException:
        return "(its message cannot be shown)"
