"""Modules of nbgrader without the imports of its package.

`import nbgrader.api` takes three seconds: two and a half of them go to a Jupyter server that the package registers itself with and to a
grammar of internationalised addresses for jsonschema. Grading needs neither. nbgrader itself is unchanged, and used as it is where it has
been imported already.
"""

import importlib
import importlib.util
import sys
from types import ModuleType
from typing import Any

from grader.errors import UsageError

_UNUSED = ("rfc3987_syntax", "rfc3987")  # optional to jsonschema


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
    try:
        return importlib.import_module(f"nbgrader.{name}")
    finally:
        for unused in blocked:
            if sys.modules.get(unused, False) is None:
                del sys.modules[unused]
