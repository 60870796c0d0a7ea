"""What every process of the sandbox needs, without numpy: the one in which submissions are only read has none."""

import importlib
import sys

from grader.sandbox.child.printed import open_output


def restrict_import_path() -> None:
    """Leave only the standard library on the import path: nothing more can be imported from this package or other installed ones."""
    own = {entry for entry in sys.path if "site-packages" in entry or "dist-packages" in entry}
    stdlib = importlib.import_module("sysconfig").get_paths()
    keep = {stdlib["stdlib"], stdlib["platstdlib"]}
    sys.path[:] = [entry for entry in sys.path if entry not in own and any(entry.startswith(root) for root in keep)]
    sys.modules["grader"].__path__ = []
    sys.argv[:] = sys.orig_argv[:] = [""]
    sys.dont_write_bytecode = True


def renew_streams() -> None:
    """Make streams for printed text where descriptors 1 and 2 are pipes: those of before were made for another file."""
    sys.stdout = open_output(1)
    sys.stderr = open(2, "w", encoding="utf-8", errors="backslashreplace", closefd=False)  # noqa: SIM115 - for good
