"""The same class gives the same records, byte for byte (timings apart), however it is graded.

    python tests/faults/determinism.py                      examples/class, all topics of it
    python tests/faults/determinism.py --class DIR --course DIR

For each backend: twice in a row, for several --jobs, and with the students in other orders. Between backends too, where the outcomes
that a backend is bound to name otherwise (which clock ended a step) are counted and shown.
"""

import argparse
import random
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[2])]

from record_contents import Key, content  # noqa: E402

from grader.course.folder import Course, find_course  # noqa: E402
from grader.engine.grade_all import grade_all  # noqa: E402
from grader.engine.prepare import Prepared, prepare  # noqa: E402
from grader.sandbox.backend import Backend, Limits  # noqa: E402
from grader.sandbox.linux.backend import LinuxBackend  # noqa: E402
from grader.sandbox.subprocess.backend import SubprocessBackend  # noqa: E402
from grader.submissions.find_class import read_class  # noqa: E402
from grader.submissions.read import SubmittedFiles  # noqa: E402

ROOT = Path(__file__).parents[2]
BACKENDS: dict[str, Callable[[], Backend]] = {
    "landlock": lambda: LinuxBackend("landlock"),
    "closed-fs": lambda: LinuxBackend("closed-fs"),
    "rlimits-only": lambda: LinuxBackend("rlimits-only"),
    "landlock, no namespaces": lambda: LinuxBackend("landlock", namespaces=("none",)),
    "subprocess": SubprocessBackend,
}


class Class:
    """A class and what it is graded by."""

    def __init__(
        self,
        course: Course,
        folder: Path,
        secret: str = "the same inputs every time",
        limits: Limits = Limits(),  # noqa: B008
    ) -> None:
        self.limits = limits
        names = [assignment.name for assignment in course.assignments]
        self.submitted, _ = read_class(folder, names)
        wanted = {item.assignment for item in self.submitted}
        self.prepared: dict[str, Prepared] = {name: prepare(course.assignment(name), secret) for name in names if name in wanted}

    def records(self, backend: Callable[[], Backend], jobs: int, submitted: Sequence[SubmittedFiles]) -> dict[Key, bytes]:
        """The records of `submitted`, in any order, without timings."""
        made = grade_all(submitted, self.prepared, backend, self.limits, jobs)
        return {(record.student, record.assignment): content(record.source_hash, record.run, record.grade) for record in made}

    def orders(self, rng: random.Random) -> Iterator[tuple[str, list[SubmittedFiles]]]:
        """Names of orders of the students, and the students in that order."""
        yield "as they come", list(self.submitted)
        yield "as they come", list(self.submitted)
        yield "backwards", list(reversed(self.submitted))
        yield "shuffled", rng.sample(self.submitted, len(self.submitted))


def main() -> None:
    """Grade the class in all these ways; exits with 1 when two runs in one backend differ."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--class", dest="folder", type=Path, default=ROOT / "examples" / "class")
    parser.add_argument("--course", type=Path, default=ROOT)
    parser.add_argument("--jobs", type=int, nargs="*", default=[1, 2, 5])
    parser.add_argument("--backends", nargs="*", default=list(BACKENDS), choices=list(BACKENDS))
    given = parser.parse_args()
    class_ = Class(find_course(given.course), given.folder)
    print(f"{len(class_.submitted)} submissions to {len(class_.prepared)} assignments")
    rng, first, failed = random.Random(1), dict[str, dict[Key, bytes]](), False
    for name in given.backends:
        started, runs, different = time.monotonic(), 0, set[Key]()
        for jobs in given.jobs:
            for order, submitted in class_.orders(rng):
                records = class_.records(BACKENDS[name], jobs, submitted)
                runs += 1
                wrong = {key for key, kept in first.setdefault(name, records).items() if records.get(key) != kept}
                if wrong:
                    print(f"  {name}, {jobs} jobs, {order}: {len(wrong)} records differ: {sorted(wrong)[:4]}")
                different |= wrong
        failed |= bool(different)
        print(f"{name:24} {runs:3} runs, {len(different)} records that differ between them, {time.monotonic() - started:.0f} s")
    reference = next(iter(first.values()))
    for name, records in first.items():
        other = sorted(key for key in reference if records[key] != reference[key])
        print(f"{name:24} against {next(iter(first))}: {len(other)} records differ{': ' if other else ''}{other[:6] or ''}")
    sys.exit(failed)


if __name__ == "__main__":
    main()
