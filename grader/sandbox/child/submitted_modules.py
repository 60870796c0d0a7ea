"""Importing the modules of a submission, and those that the course gives, from the texts that were sent: never from disk."""

import importlib.abc
import importlib.machinery
import importlib.util
import sys
from collections.abc import Mapping, Sequence
from types import ModuleType
from typing import Any

from grader.sandbox.child.statements import run_file


class SubmittedModules(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Imports them; the `mains` statement by statement.

    Attributes:
        failures: the first statement that failed, by main module.
    """

    def __init__(self, sources: Mapping[str, str], builtins: Mapping[str, Any], mains: Sequence[str] = ()) -> None:
        self._sources, self._builtins, self._mains = sources, builtins, mains
        self._spaces: dict[str, dict[str, Any]] = {}
        self.failures: dict[str, BaseException] = {}

    def execute(self, main: str) -> None:
        """Execute a main module, unless another one has imported it."""
        if main not in self._spaces:
            sys.modules[main] = module = ModuleType(main)
            try:
                self.exec_module(module)
            except BaseException:
                if len(self._mains) > 1:  # who imports it reads why it cannot be
                    sys.modules.pop(main, None)
                raise

    def namespace(self) -> dict[str, Any]:
        """What the main modules define; of a name that several have, the value of the one that defines it."""
        spaces = self._spaces
        if len(self._mains) == 1:
            return spaces.get(self._mains[0], {})
        found: dict[str, Any] = {}
        for place in self._mains:
            for name, value in spaces.get(place, {}).items():
                if name not in found or getattr(value, "__module__", None) == place:
                    found[name] = value
        return found

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        """See `importlib.abc.MetaPathFinder`."""
        if fullname not in self._sources:
            return None
        return importlib.util.spec_from_loader(fullname, self, origin=f"{fullname}.py")

    def exec_module(self, module: ModuleType) -> None:
        """See `importlib.abc.Loader`."""
        name, module.__file__ = module.__name__, f"{module.__name__}.py"
        module.__dict__["__builtins__"] = self._builtins
        if name not in self._mains:
            exec(compile(self._sources[name], module.__file__, "exec"), module.__dict__)
            return
        self._spaces[name] = module.__dict__  # what was defined before it is stopped can be used
        try:
            failure = run_file(self._sources[name], module.__file__, module.__dict__)
        except BaseException as error:
            self.failures[name] = error
            raise
        if failure is not None:
            self.failures[name] = failure
