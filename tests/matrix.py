"""The test suite on every Python that is supported, with the oldest numpy that is allowed and with the newest.

    python tests/matrix.py [--only 3.12] [PYTEST'S OPTIONS…]        make matrix

Each pair gets an environment of its own below `.venv-matrix/`, which is kept for the next run; everything but numpy is as in
`constraints.txt`. Pythons are looked for on the PATH and in pyenv. The exit code is 1 where a pair failed, 2 where a Python is missing.
"""

import argparse
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[1]
PYTHONS = ("3.11", "3.12", "3.13")
OLDEST = {"3.11": "numpy==1.26.0", "3.12": "numpy==1.26.0", "3.13": "numpy==2.1.0"}  # for 3.13, 2.1 is the first
NEWEST = "numpy"
ENVIRONMENTS = ROOT / ".venv-matrix"


class Pair(NamedTuple):
    """A Python and what pip is asked for."""

    python: str
    numpy: str

    @property
    def name(self) -> str:
        """As it is printed, and the name of its folder."""
        return f"{self.python}-{'newest' if self.numpy == NEWEST else 'oldest'}-numpy"


def find_python(version: str) -> Path | None:
    """An interpreter of this version, or None."""
    name = f"python{version}"
    pyenv = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv") / "versions"
    found = [shutil.which(name), *sorted(map(str, pyenv.glob(f"{version}*/bin/{name}")), reverse=True)]
    return next((Path(path) for path in found if path and _is(path, version)), None)


def _is(path: str, version: str) -> bool:
    """Whether it runs, and is what its name says: a shim of pyenv may do neither."""
    command = [path, "-c", "import sys, venv; print('%d.%d' % sys.version_info[:2])"]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip() == version


def environment(pair: Pair, python: Path) -> Path:
    """Make or renew the pair's environment; returns its Python."""
    folder = ENVIRONMENTS / pair.name
    inside = folder / "bin" / "python"
    if not inside.exists():
        subprocess.run([python, "-m", "venv", folder], check=True)
    constraints = folder / "constraints.txt"
    locked = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines(keepends=True)
    constraints.write_text("".join(line for line in locked if not line.startswith("numpy==")), encoding="utf-8")
    install = [inside, "-m", "pip", "install", "-q", "--upgrade", "-c", constraints, "-e", f"{ROOT}[dev]", pair.numpy]
    subprocess.run(install, check=True, cwd=ROOT)
    return inside


def version_of(python: Path) -> str:
    """The numpy that is there."""
    command = [python, "-c", "import numpy, platform; print(platform.python_version(), 'numpy', numpy.__version__)"]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def run(pairs: Iterator[tuple[Pair, Path]], options: list[str]) -> list[tuple[Pair, str, int]]:
    """Test each pair; returns what it was and pytest's exit code."""
    results = []
    for pair, python in pairs:
        inside = environment(pair, python)
        what = version_of(inside)
        print(f"+ {pair.name}: {what}", flush=True)
        code = subprocess.run([inside, "-m", "pytest", "-q", "-n", "auto", *options], cwd=ROOT, check=False).returncode
        results.append((pair, what, code))
    return results


def main() -> int:
    """Run the matrix and print a line on each pair."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--only", choices=PYTHONS, action="append", help="this Python alone (may be repeated)")
    parser.add_argument("--numpy", choices=["oldest", "newest"], help="this numpy alone")
    arguments, options = parser.parse_known_args()
    wanted = arguments.only or list(PYTHONS)
    found = {version: find_python(version) for version in wanted}
    missing = [version for version, path in found.items() if path is None]
    for version in missing:
        print(f"Python {version} is missing: no python{version} on the PATH, none in pyenv", file=sys.stderr)
    pairs = [
        (Pair(version, numpy), path)
        for version, path in found.items()
        for numpy in (OLDEST[version], NEWEST)
        if path and arguments.numpy in (None, "newest" if numpy == NEWEST else "oldest")
    ]
    results = run(iter(pairs), options)
    for pair, what, code in results:
        print(f"{'passed' if code == 0 else 'FAILED'}  {pair.name:20} {what}")
    for version in missing:
        print(f"MISSING {version}")
    return 1 if any(code for _, _, code in results) else 2 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
