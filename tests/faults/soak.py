"""A long night: a large class, every tenth submission hostile, and nothing grows.

    python tests/faults/soak.py                     10,000 submissions through `grader grade`
    python tests/faults/soak.py --submissions 2000

Every half second the run is looked at from outside: memory of the supervisor and of the zygotes, their descriptors, the processes of the
run, and what lies in the folders for temporary files. The figures are printed for each tenth of the class, and the last one in which no
more are run side by side than `--jobs` is compared with the first: at the end, those that sleep are run together. Then no process of
the run and no file of a student's may be left, every record has a grade, and that of an honest student is what the same answer gets in a
small class without attacks.
"""

import argparse
import contextlib
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[1] / "cli"), str(Path(__file__).parents[2])]

import msgspec  # noqa: E402
from classroom import command, environment  # noqa: E402
from crowd import Answer, answers, make_class, make_course  # noqa: E402
from processes import below, descriptors, end, known, resident_kib, students, zygotes  # noqa: E402
from record_contents import Key, Row, count, look  # noqa: E402

LOOK_SECONDS = 0.5
GROWTH = 1.1  # how much more the last one may have than the first
SOME_KIB = 4096  # more than which memory must have grown to count
TEMPORARY = tuple(Path(name) for name in ("/tmp", "/var/tmp", "/dev/shm", "/dev/mqueue") if Path(name).is_dir())
NOBODY = 65534


class Sample(msgspec.Struct, frozen=True):
    """One look at a run."""

    records: int
    supervisor_kib: int
    zygote_kib: int
    supervisor_fds: int
    zygote_fds: int
    processes: int
    nobodys: int
    side_by_side: int


FIELDS = Sample.__struct_fields__[1:]
FLAT = FIELDS[:-2]  # files of other programs come and go; what is left is seen at the end


def sample(pid: int, out: Path) -> Sample:
    """Look at the run of the supervisor `pid`; of several zygotes, the largest counts."""
    parents, running = zygotes(pid), len(students(pid))
    return Sample(
        count(out),
        resident_kib(pid),
        max(map(resident_kib, parents), default=0),
        descriptors(pid),
        max(map(descriptors, parents), default=0),
        len(below(pid)) - running,
        len(left_by_nobody()),
        running,
    )


def left_by_nobody() -> set[Path]:
    """Files in the folders for temporary files that belong to the user of the sandbox (as an ordinary user: to that one)."""
    user = NOBODY if os.geteuid() == 0 else os.geteuid()
    return {path for folder in TEMPORARY for path, owner in _entries(folder) if owner == user}


def _entries(folder: Path) -> Iterator[tuple[Path, int]]:
    for path in folder.iterdir():
        with contextlib.suppress(FileNotFoundError):  # somebody else's, gone meanwhile
            yield path, path.lstat().st_uid


def watch(process: "subprocess.Popen[str]", out: Path) -> tuple[list[Sample], set[tuple[int, str]]]:
    """Samples until the run has ended, and every process that was seen."""
    samples, seen = list[Sample](), set[tuple[int, str]]()
    while process.poll() is None:
        seen |= known(below(process.pid))
        found = sample(process.pid, out)
        if found.records and found.zygote_kib:  # not while it begins, or prints the result
            samples.append(found)
            if sys.stderr.isatty():
                print(f"\r{found.records} records", end="", file=sys.stderr, flush=True)
        time.sleep(LOOK_SECONDS)
    return samples, seen


def tenths(samples: list[Sample], submissions: int) -> list[Sample]:
    """The median of each field in each tenth of the class; what comes after the last record is the summary, and no tenth."""
    grading = [item for item in samples if item.records < submissions]
    groups = [
        [item for item in grading if tenth * submissions <= 10 * item.records <= (tenth + 1) * submissions] for tenth in range(10)
    ]
    return [
        Sample(
            max(item.records for item in group),
            *(int(statistics.median(getattr(item, name) for item in group)) for name in FIELDS),
        )
        for group in groups
        if group
    ]


def table(rows: list[Sample]) -> str:
    """The figures, a line for each tenth."""
    head = ("records", *FIELDS)
    return "\n".join(
        "  ".join(f"{value:>{len(name)}}" for name, value in zip(head, line, strict=True))
        for line in (head, *((row.records, *(getattr(row, name) for name in FIELDS)) for row in rows))
    )


def grown(rows: list[Sample], jobs: int) -> list[str]:
    """The fields that are not flat, up to where those that sleep are run side by side."""
    first, last = rows[0], [*rows[:1], *(row for row in rows if row.side_by_side <= jobs)][-1]
    print(f"compared: {first.records} records and {last.records}")
    found = []
    for name in FLAT:
        before, after = getattr(first, name), getattr(last, name)
        limit = max(before * GROWTH, before + SOME_KIB) if name.endswith("kib") else before
        if after > limit:
            found.append(f"{name}: {before} at first, {after} at last")
    return found


def harmed(handed_in: Iterable[Answer], rows: Mapping[Key, Row], alone: Mapping[Key, Row]) -> list[str]:
    """Honest answers that have another score than the same kind of answer `alone`; says how many there are of what was compared."""
    ours, scores = list[str](), Counter[tuple[str, str, float | None]]()
    honest = [item for item in handed_in if not item.hostile]
    right = {
        (item.topic, item.kind): alone[item.student, item.topic].grade.score
        for item in honest
        if (item.student, item.topic) in alone
    }
    for item in honest:
        found, expected = rows.get((item.student, item.topic)), right[item.topic, item.kind]
        scores[item.topic, item.kind, expected] += 1
        if found is None or found.grade.score != expected:
            checks = [check for exercise in found.grade.exercises for check in exercise.checks] if found else []
            why = "; ".join(f"{check.name}: {check.message}" for check in checks if check.verdict != "passed")
            score = found.grade.score if found else None
            ours.append(f"{item.student} {item.topic} ({item.kind}): {score} points, alone {expected}: {why[:300]}")
    counts = ", ".join(f"{kind} {score:g} ({count})" for (_, kind, score), count in scores.items() if score is not None)
    print(f"{len(ours)} of {len(honest)} honest ones have another score than alone: {counts}")
    return ours[:20]


def main() -> None:
    """Grade, look, compare; exits with 1 when something grew, was left or was not graded."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--submissions", type=int, default=10_000)
    parser.add_argument("--hostile", type=int, default=10, help="each so many-th submission is hostile")
    parser.add_argument("--jobs", type=int, default=2)
    given = parser.parse_args()
    faults = []
    before = left_by_nobody()
    with tempfile.TemporaryDirectory(prefix="grader-soak-") as name:
        folder = Path(name)
        handed_in = list(answers(given.submissions, hostile=given.hostile))
        class_, course = make_class(folder / "class", handed_in), make_course(folder / "course")
        arguments = command("grade", class_, "--course", course, "--out", folder / "out", "--jobs", given.jobs)
        started = time.monotonic()
        with subprocess.Popen(
            arguments,
            cwd=folder,
            env=environment(),
            stdout=subprocess.DEVNULL,
            stderr=(folder / "said").open("w"),
            encoding="utf-8",
        ) as process:
            samples, seen = watch(process, folder / "out")
        seconds = time.monotonic() - started
        rows = look(folder / "out")
        statuses = Counter(row.graded for row in rows.values())
        print(
            f"{len(rows)} records of {given.submissions} submissions in {seconds:.0f} s ({len(rows) / seconds:.0f} a second), code "
            f"{process.returncode}, {statuses[False]} grader_error; {len(samples)} looks, {len(seen)} processes seen"
        )
        if process.returncode != 0 or statuses[True] != given.submissions:
            faults.append(f"the run was not well: {(folder / 'said').read_text()[-500:]}")
        honest = {(item.topic, item.kind): item for item in reversed(handed_in) if not item.hostile}
        small = make_class(folder / "small", honest.values())
        subprocess.run(
            command("grade", small, "--course", course, "--out", folder / "alone"),
            cwd=folder,
            env=environment(),
            capture_output=True,
            check=True,
        )
        faults += harmed(handed_in, rows, look(folder / "alone"))
    medians = tenths(samples, given.submissions)
    print(table(medians))
    faults += grown(medians, given.jobs)
    if not end(seen):
        faults.append("processes of the run are left")
    left = left_by_nobody() - before
    if left:  # or is it another program's, at work?
        time.sleep(30)
    faults += [f"left behind: {path}" for path in left & left_by_nobody()]
    print("\n".join(faults) or "flat; no process and no file left")
    sys.exit(bool(faults))


if __name__ == "__main__":
    main()
