"""Tools that are only measured, or measured with: each in a virtual environment of its own, apart from what we need."""

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path


class NotInstalledError(Exception):
    """A tool cannot be had here; why."""


def python_with(name: str, packages: Sequence[str]) -> Path:
    """The Python of an environment with these packages, which is made at the first use and kept in the user's cache.

    Raises:
        NotInstalledError: they cannot be installed.
    """
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    python = cache / "grader-benchmarks" / name / "bin" / "python"
    done = python.parent.parent / "installed"
    wanted = "\n".join(packages)
    if not (done.exists() and done.read_text("utf-8") == wanted):
        _run("venv", [sys.executable, "-m", "venv", "--clear", str(python.parent.parent)])
        _run("pip", [str(python), "-m", "pip", "install", "-q", "--disable-pip-version-check", *packages])
        done.write_text(wanted, encoding="utf-8")
    return python


def version_of(python: Path, package: str) -> str:
    """The version of an installed package."""
    code = f"import importlib.metadata as found; print(found.version({package!r}))"
    return subprocess.run([str(python), "-c", code], capture_output=True, text=True, check=True).stdout.strip()


def _run(what: str, command: Sequence[str]) -> None:
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except OSError as error:
        raise NotInstalledError(f"{what}: {error}") from None
    if done.returncode:
        said = (done.stderr or done.stdout).strip().splitlines() or ["no reason given"]
        raise NotInstalledError(f"{what}: {said[-1][:200]}")
