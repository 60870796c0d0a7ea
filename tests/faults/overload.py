"""A busy machine costs nobody anything: a class graded quietly, and with other processes beside it that want all CPUs.

    python tests/faults/overload.py                 8 busy processes, in sessions of their own
    python tests/faults/overload.py --busy 16 --jobs 4

1. examples/class, and a class of submissions near the limits (endless, nearly too long, sleeping, …): the same records, timings apart.
2. With next to no patience for a busy machine (and the wall clock at once beyond the CPU's): what was starved has `grader_error` and no
   score, nothing else has another score, and the next run, on the quiet machine, grades those again and only those.
"""

import argparse
import contextlib
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[2])]

import msgspec  # noqa: E402
from crowd import make_course, make_slow_class  # noqa: E402
from determinism import ROOT, Class  # noqa: E402
from record_contents import Key, content  # noqa: E402

from grader.course.folder import find_course  # noqa: E402
from grader.engine.grade_all import grade_all  # noqa: E402
from grader.engine.record import Record  # noqa: E402
from grader.gradebook.open_store import open_store  # noqa: E402
from grader.gradebook.store import Store  # noqa: E402
from grader.sandbox.backend import Limits  # noqa: E402
from grader.sandbox.linux.backend import LinuxBackend  # noqa: E402
from grader.submissions.read import SubmittedFiles  # noqa: E402

IMPATIENT = msgspec.structs.replace(Limits(), wall_factor=1.2, wall_floor=0.0, patience=1.0)


@contextlib.contextmanager
def busy(count: int) -> Iterator[None]:
    """So many processes that want a CPU all the time; each in a session of its own, because schedulers share time among sessions."""
    command = [sys.executable, "-S", "-c", "while True: pass"]
    processes = [subprocess.Popen(command, start_new_session=True) for _ in range(count)]
    try:
        yield
    finally:
        for process in processes:
            process.kill()
            process.wait()


def graded(class_: Class, handed: Sequence[SubmittedFiles], jobs: int, limits: Limits = Limits()) -> dict[Key, Record]:  # noqa: B008 - frozen
    """The records of `handed`."""
    return {(made.student, made.assignment): made for made in grade_all(handed, class_.prepared, LinuxBackend, limits, jobs)}


def plain(records: dict[Key, Record]) -> dict[Key, bytes]:
    """Records without timings."""
    return {key: content(record.source_hash, record.run, record.grade) for key, record in records.items()}


def same(name: str, class_: Class, count: int, jobs: int) -> bool:
    """Whether a busy machine gives the records of a quiet one."""
    started = time.monotonic()
    quiet = graded(class_, class_.submitted, jobs)
    between = time.monotonic()
    with busy(count):
        crowded = graded(class_, class_.submitted, jobs)
    ended = time.monotonic()
    different = [key for key, kept in plain(quiet).items() if plain(crowded)[key] != kept]
    errors = sum(record.grade.status != "graded" for record in crowded.values())
    scores = sum(crowded[key].grade.score != record.grade.score for key, record in quiet.items())
    print(
        f"{name}: {len(quiet)} submissions, quiet {between - started:.1f} s, beside {count} busy processes {ended - between:.1f} s: "
        f"{scores} other scores, {len(different)} other records, {errors} grader_error"
    )
    for key in different:
        print(f"  {key}: {quiet[key].grade.score} quiet, {crowded[key].grade.score} busy {crowded[key].grade.message}")
    return not different and not errors


def is_current(records: Store, item: SubmittedFiles, plan_hash: str) -> bool:
    """Whether the last attempt is of this text, by this plan, and without a fault of the grader."""
    last = records.last_attempts(item.assignment, [item.student])
    return any(one.is_by(plan_hash) and one.source_hash == item.read().hash for one in last)


def starved(class_: Class, count: int, jobs: int, out: Path) -> bool:
    """Whether what was starved is a fault of the grader, and graded again by the next run."""
    quiet = plain(graded(class_, class_.submitted, jobs))
    with busy(count):
        impatient = graded(class_, class_.submitted, jobs, IMPATIENT)
    errors = {key for key, record in impatient.items() if record.grade.status == "grader_error"}
    with open_store(out, write=True) as records:
        for record in impatient.values():
            records.save(record)
        again = [item for item in class_.submitted if not is_current(records, item, class_.prepared[item.assignment].plan.hash)]
        for record in graded(class_, again, jobs).values():
            records.save(record)
        kept = {(record.student, record.assignment): record for record in records.records()}
    scores = {key: record.grade.score for key, record in kept.items()}
    expected = {key: record.grade.score for key, record in graded(class_, class_.submitted, jobs).items()}
    with_score = [key for key in errors if impatient[key].grade.score is not None]
    print(
        f"without patience beside {count} busy processes: {len(errors)} of {len(quiet)} are grader_error ({len(with_score)} with a score); "
        f"the next run graded {len(again)} again, then {sum(scores[key] != expected[key] for key in expected)} scores differ"
    )
    print(f"  for example: {next((impatient[key].grade.message for key in errors), '-')}")
    return (
        bool(errors) and not with_score and {(item.student, item.assignment) for item in again} == errors and scores == expected
    )


def main() -> None:
    """Compare; exits with 1 when a busy machine changed anything."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--busy", type=int, default=8)
    parser.add_argument("--jobs", type=int, default=2)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="grader-overload-") as name:
        folder = Path(name)
        examples = Class(find_course(ROOT), ROOT / "examples" / "class")
        slow = Class(find_course(make_course(folder / "course")), make_slow_class(folder / "class", 2))
        well = [
            same("examples/class", examples, given.busy, given.jobs),
            same("near the limits", slow, given.busy, given.jobs),
            starved(slow, given.busy, given.jobs, folder / "out"),
        ]
    sys.exit(not all(well))


if __name__ == "__main__":
    main()
