"""What grading a single submission costs, in cold imports of numpy: `python benchmarks/one.py [TOPIC …] [--repeat 10]`.

CPU time of `grader grade` with all of its processes, also those that nobody waits for, in turns with `import numpy` in a new process.
"""

import argparse
import shutil
import statistics
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.bench import ENVIRONMENT, GRADER  # noqa: E402
from benchmarks.processes import grading, measured  # noqa: E402
from benchmarks.results import Results  # noqa: E402

MOST = 6  # numpy imports


def main() -> None:
    """Measure the topics and print them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("topics", nargs="*", default=["conv", "losses", "delta_rule"])
    parser.add_argument("--repeat", type=int, default=10, help="of each; the median counts (default: 10)")
    parser.add_argument("--keep", action="store_true", help="in benchmarks/results")
    options = parser.parse_args()
    results = Results("one")
    results.keeping = options.keep
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for topic in options.topics:
            place = folder / topic / "ana" / topic
            place.mkdir(parents=True)
            shutil.copy(ROOT / "solutions" / f"{topic}.py", place)
        units: list[float] = []
        taken: dict[str, list[float]] = {topic: [] for topic in options.topics}
        for _ in range(options.repeat + 1):
            for topic, found in taken.items():
                units.append(_cpu([sys.executable, "-c", "import numpy"], folder))
                found.append(_cpu([*GRADER, *grading(folder / topic, ROOT, folder / "out", topic)], folder))
                shutil.rmtree(folder / "out")
        unit = statistics.median(units[len(taken) :])  # the first ones compile
        print(f"a cold `import numpy`: {1000 * unit:.0f} ms of CPU")
        for topic, found in taken.items():
            cpu = statistics.median(found[1:])
            print(f"{topic}: {1000 * cpu:.0f} ms of CPU, {cpu / unit:.2f} numpy imports (at most {MOST})")
            results.keep({"topic": topic}, {"ms": round(1000 * cpu), "imports": round(cpu / unit, 2), "most": MOST})


def _cpu(command: list[str], folder: Path) -> float:
    took = measured(command, folder, ENVIRONMENT | {"PYTHONPATH": str(ROOT)}, folder / "log")
    if took.code:
        sys.exit(f"{' '.join(command)} failed:\n{took.output}{took.errors}")
    return took.cpu


if __name__ == "__main__":
    main()
