"""Commands in forks of one process that has imported what they need: each is a process of its own, and starts in milliseconds.

Importing is most of what a short command does, and the suite runs thousands. What depends on how a process begins (`python -m`, a terminal,
a signal, the interpreter's own variables) starts one by itself.
"""

import multiprocessing
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from importlib import import_module
from multiprocessing.reduction import DupFd
from pathlib import Path
from typing import Any

from _pytest.config import default_plugins

MAINS = {
    "grader": ("grader.cli.entry", "main"),
    "nbgrader": ("nbgrader.apps.nbgraderapp", "main"),
    "pytest": ("pytest", "console_main"),
}
PYTEST = (*(f"_pytest.{name}" for name in default_plugins), "xdist.plugin", "_hypothesis_pytestplugin", "anyio.pytest_plugin")
_CONTEXT = multiprocessing.get_context("forkserver")
_CONTEXT.set_forkserver_preload(
    [
        "numpy",
        "rich.table",
        "grader.cli.app",
        *(f"grader.cli.{path.stem}" for path in sorted(Path(__file__).parents[2].glob("grader/cli/[a-z]*.py"))),
        "grader.sandbox.linux.backend",
        "grader.report.report",
        "matplotlib.figure",  # imported when something is drawn
        "matplotlib.backends.backend_agg",
        "matplotlib.backends.backend_svg",
        "tests.cli.lean",
        "nbgrader.apps.nbgraderapp",
        *PYTEST,
        "grader.integrations.pytest.topic",
        "tests.cli.warm",
    ]
)


def run(
    arguments: Sequence[str], folder: Path, environment: Mapping[str, str], seconds: float
) -> "subprocess.CompletedProcess[str]":
    """Run a command to its end, with nothing to read; one that does not begin with a name of `MAINS` as a process from its beginning.

    Raises:
        TimeoutExpired: it went on for longer.
    """
    if arguments[0] not in MAINS:
        return subprocess.run(
            arguments,
            cwd=folder,
            env=environment,
            capture_output=True,
            encoding="utf-8",
            stdin=subprocess.DEVNULL,
            timeout=seconds,
        )
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as errors:
        fds = (_Passed(out.fileno()), _Passed(errors.fileno()))
        process = _CONTEXT.Process(target=_command, args=(tuple(arguments), str(folder), dict(environment), fds))
        process.start()
        process.join(seconds)
        if process.exitcode is None:
            process.kill()
            process.join()
            raise subprocess.TimeoutExpired(arguments, seconds)
        texts = [_text(file) for file in (out, errors)]
    return subprocess.CompletedProcess(arguments, process.exitcode, *texts)


class _Passed:
    """A descriptor that goes along when a process is started."""

    def __init__(self, fd: int) -> None:
        self.fd = fd

    def __reduce__(self) -> tuple[Any, ...]:
        return _same, (DupFd(self.fd),)


def _same(duplicate: Any) -> Any:
    return duplicate


def _text(file: Any) -> str:
    file.seek(0)
    text: str = file.read().decode("utf-8")
    return text.replace("\r\n", "\n")


def _command(arguments: tuple[str, ...], folder: str, environment: dict[str, str], fds: Sequence[Any]) -> None:
    """In the fork: become the command."""
    for fd, duplicate in zip((1, 2), fds, strict=True):
        given = duplicate.detach()
        os.dup2(given, fd)
        os.close(given)
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    os.close(null)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115 - until it ends
    sys.stdout = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
    sys.stderr = open(2, "w", encoding="utf-8", errors="backslashreplace", buffering=1, closefd=False)  # noqa: SIM115
    sys.path[0] = folder
    module, main = MAINS[arguments[0]]
    sys.argv = [str(Path(sys.executable).with_name(arguments[0])), *arguments[1:]]
    sys.exit(getattr(import_module(module), main)())
