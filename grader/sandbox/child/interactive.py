"""What Python and IPython offer to people at a keyboard, and a program may therefore mention: none of it does anything here.

exit, quit, help, copyright, credits, license, display
get_ipython()      of a script that was exported from a notebook: the Python in its magics runs
grader.check(…)    the self-check of a notebook
os.chdir           to the folder in which one is
breakpoint()
"""

import builtins
import contextlib
import os
import sys
from collections.abc import MutableMapping
from pathlib import Path
from typing import Any

from grader.sandbox.import_policy.stand_in import stand_in

_RUN = ("time", "timeit", "prun", "capture")


def install(modules: MutableMapping[str, str]) -> None:
    """Make them available to the modules of a submission, to which a cell with `%%writefile` adds one."""
    shell = _Shell(modules)
    vars(builtins).update(
        dict.fromkeys(("help", "copyright", "credits", "license", "display"), _nothing),
        exit=sys.exit,
        quit=sys.exit,
        get_ipython=lambda: shell,
        grader=stand_in("grader"),
    )
    sys.breakpointhook = _nothing
    go = os.chdir

    def chdir(path: Any) -> None:
        with contextlib.suppress(OSError, TypeError):
            if Path(path).absolute() == Path.cwd():
                return
        go(path)

    os.chdir = chdir


def _nothing(*_args: Any, **_kwargs: Any) -> None:
    pass


class _Shell:
    """IPython's shell, as far as an exported notebook uses it."""

    def __init__(self, modules: MutableMapping[str, str]) -> None:
        self._modules = modules

    def run_line_magic(self, name: str, line: str, *_more: Any) -> None:
        """`%time x = f()` runs the statement."""
        if name in _RUN:
            space = sys._getframe(1).f_globals
            exec(compile(line, f"%{name}", "exec"), space)

    def run_cell_magic(self, name: str, line: str, cell: str) -> None:
        """`%%time` runs the cell, `%%writefile helpers.py` makes a module of it."""
        if name in _RUN:
            exec(compile(cell, f"%%{name}", "exec"), sys._getframe(1).f_globals)
        elif name in ("writefile", "file") and line.strip().endswith(".py"):
            self._modules[line.split()[-1].removeprefix("./").removesuffix(".py")] = cell

    def __getattr__(self, name: str) -> Any:
        return getattr(stand_in("get_ipython"), name)
