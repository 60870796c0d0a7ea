"""Modules of nbgrader without the imports of its package.

`import nbgrader.api` takes three seconds: two and a half of them go to a Jupyter server that the package registers itself with and to a
grammar of internationalised addresses for jsonschema. Grading needs neither. Of what is left, half goes to setuptools, which unpacks what
was downloaded, and to requests, which asks a JupyterHub: they are imported when one of their functions is called. nbgrader itself is
unchanged, and used as it is where it has been imported already.
"""

import importlib
import importlib.util
import sys
from collections.abc import Callable
from types import ModuleType
from typing import Any

from grader.errors import UsageError

_LATER = ("setuptools.archive_util", "requests")
_UNUSED = ("rfc3987_syntax", "rfc3987", "isoduration", "webcolors", "fqdn", "uri_template")  # optional to jsonschema


def nbgrader(name: str) -> Any:
    """The module `nbgrader.<name>`; a UsageError if nbgrader is not installed."""
    if "nbgrader" not in sys.modules:
        found = importlib.util.find_spec("nbgrader")
        if found is None or not found.submodule_search_locations:
            raise UsageError("nbgrader is not installed here: pip install 'dl-grader[nbgrader]'")
        package = ModuleType("nbgrader")
        package.__path__ = list(found.submodule_search_locations)
        package.__spec__ = found
        sys.modules["nbgrader"] = package
    blocked = [unused for unused in _UNUSED if unused not in sys.modules]
    sys.modules.update(dict.fromkeys(blocked))  # type: ignore[arg-type]
    later = {name: _later(name) for name in _LATER if name not in sys.modules}
    sys.modules.update(later)
    try:
        return importlib.import_module(f"nbgrader.{name}")
    finally:
        for unused in blocked:
            if sys.modules.get(unused, False) is None:
                del sys.modules[unused]
        for other, module in later.items():
            if sys.modules.get(other) is module:
                del sys.modules[other]


def _later(name: str) -> ModuleType:
    """A module whose functions import the one called `name`, and call its."""

    def function(attribute: str) -> Callable[..., Any]:
        if attribute.startswith("__"):  # what the import itself looks for
            raise AttributeError(attribute)
        return lambda *args, **kwargs: getattr(importlib.import_module(name), attribute)(*args, **kwargs)

    module = ModuleType(name)
    vars(module)["__getattr__"] = function
    return module
