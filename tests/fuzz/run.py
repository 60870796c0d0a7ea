"""All searches for what a reader cannot bear, one after the other, and a table: `make fuzz`, or `make fuzz ARGS="--runs 1000"`.

Each is a process of its own, at low priority, and holds every input to its own bound on time. It needs atheris (`pip install atheris`).
"""

import argparse
import os
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).parent
PARTS = {"fuzz_readers.py": ("notebook", "zip")}  # searches that share a file
OTHER = {"fuzz_judge.py"}  # without coverage to guide it


def searches() -> list[tuple[str, ...]]:
    """The file of each search, and its part."""
    files = sorted(path.name for path in HERE.glob("fuzz_*.py") if path.name not in OTHER)
    return [(name, *part) for name in files for part in ([(part,) for part in PARTS[name]] if name in PARTS else [()])]


def main() -> None:
    """Run them; exits with 1 when one found a fault."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=1_000_000, help="inputs for each")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    faults = 0
    for search in searches():
        started = time.monotonic()
        command = [sys.executable, str(HERE / search[0]), *search[1:], "--runs", str(given.runs), "--seed", str(given.seed)]
        done = subprocess.run(command, capture_output=True, encoding="utf-8", errors="replace", preexec_fn=lambda: os.nice(10))
        faults += done.returncode != 0
        name = search[-1].removeprefix("fuzz_").removesuffix(".py")
        said = (
            done.stdout.strip().splitlines()[:2] if done.returncode == 0 else ["FAULT", *done.stderr.strip().splitlines()[-12:]]
        )
        print(f"{name:10} {time.monotonic() - started:6.0f} s  {said[0] if said else ''}", flush=True)
        for line in said[1:]:
            print(f"{'':20}{line}", flush=True)
    sys.exit(faults > 0)


if __name__ == "__main__":
    main()
