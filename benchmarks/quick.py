"""The most important figures in about two minutes: `python benchmarks/quick.py`. Nothing is kept.

On two cores that nobody else uses; a busy machine takes longer, and its CPU time too.
"""

import os
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.processes import measured  # noqa: E402

PARTS = (
    ("bench.py", "--quick"),
    ("limit.py", "conv", "delta_rule", "--repeat", "1"),
    ("references.py", "--quick"),
    ("scale.py", "--topic", "delta_rule", "--count", "100", "--only", "grade", "--only", "resume", "--only", "report"),
)
ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def main() -> int:
    """Run the parts, and tell what each took."""
    seconds = cpu = 0.0
    for script, *options in PARTS:
        command = [sys.executable, str(ROOT / "benchmarks" / script), *options]
        with tempfile.NamedTemporaryFile() as log:
            taken = measured(command, ROOT, ENVIRONMENT, Path(log.name))
        print(f"{taken.output.rstrip()}\n  ({script}: {taken.seconds:.0f} s, {taken.cpu:.0f} s of CPU)", flush=True)
        if taken.code:
            print(taken.errors[-2000:], file=sys.stderr)
            return taken.code
        seconds, cpu = seconds + taken.seconds, cpu + taken.cpu
    print(
        f"all: {seconds:.0f} s, {cpu:.0f} s of CPU; 1, 5 and 15 minutes' load {', '.join(f'{load:.1f}' for load in os.getloadavg())}"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
