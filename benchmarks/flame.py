"""Where the processes of `grader grade` spend their CPU time: `python benchmarks/flame.py [TOPIC …] [--before COMMIT] [--keep]`.

Writes `flame-TOPIC.folded` (a stack and its microseconds a line, as flame graph tools read it) and `flame-TOPIC.svg`; with `--before`, also
of an earlier commit, drawn on the same scale. The processes look at themselves (see `sampled.py` and `sampled_threads.py`), because a child
of the sandbox lives too shortly for others to find it.
"""

import argparse
import os
import re
import shutil
import signal
import struct
import subprocess
import sys
import sysconfig
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.flame_chart import drawn  # noqa: E402
from benchmarks.results import Results  # noqa: E402
from benchmarks.sampled import OWN, SLOT, SLOTS  # noqa: E402
from benchmarks.sampled_threads import read  # noqa: E402

ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
Stack = tuple[str, ...]
Stacks = dict[Stack, float]  # CPU seconds
ROLES = ("main", "zygote", "children", "readers' zygote", "readers")
PICTURES = ROOT / "docs" / "performance"
RESULTS = Results("flame")
TRIES = 4
_HEAD, _LENGTH = struct.Struct("<Qddd"), struct.Struct("<H")
_ROLES = {"children": ("zygote", "children"), "readers": ("readers' zygote", "readers")}
_BEGINS, _ENDS = "the process begins", "the process ends"


def main() -> None:
    """Grade classes, and draw them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("topics", nargs="*", default=["losses", "conv"])
    parser.add_argument("--count", type=int, default=100, help="copies of the solution, with a comment of its own each")
    parser.add_argument("--repeat", type=int, default=2, help="classes of each, of which the cheapest counts")
    parser.add_argument("--before", metavar="COMMIT", help="to compare with")
    parser.add_argument("--out", type=Path, default=Path())
    parser.add_argument("--keep", action="store_true", help="in benchmarks/results and docs/performance")
    parser.add_argument("--top", type=int, default=8, help="print so many functions of each process")
    asked = parser.parse_args()
    if asked.count > SLOTS - OWN - 100:
        parser.error(f"at most {SLOTS - OWN - 100}")
    RESULTS.keeping = asked.keep
    out = PICTURES if asked.keep else asked.out
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        trees = {"": ROOT} | ({"before": _checkout(asked.before, Path(name))} if asked.before else {})
        for topic in asked.topics or parser.get_default("topics"):
            found: dict[str, Stacks] = {}
            for _ in range(asked.repeat):
                for when, tree in trees.items():  # in turns, for what else runs makes all of it dearer
                    stacks = sampled(tree, topic, asked.count)
                    found[when] = min(found.get(when, stacks), stacks, key=lambda stacks: sum(stacks.values()))
            widest = max(sum(stacks.values()) for stacks in found.values())
            for when, stacks in found.items():
                title = (
                    f"{topic}{f' at {asked.before}' if when else ''}: {asked.count} submissions, CPU time by process; each takes"
                )
                place = out / "-".join(filter(None, ("flame", topic, when)))
                place.with_suffix(".svg").write_text(drawn(without_lines(stacks), title, asked.count, widest), encoding="utf-8")
                if not asked.keep:
                    folded = "".join(f"{';'.join(stack)} {1e6 * seconds:.0f}\n" for stack, seconds in sorted(stacks.items()))
                    place.with_suffix(".folded").write_text(folded, encoding="utf-8")
                roles = {role: round(1000 * _of(stacks, role) / asked.count, 2) for role in ROLES}
                RESULTS.keep(
                    {"topic": topic, "when": when or "now"},
                    {"commit": asked.before if when else "", "count": asked.count, "ms": roles},
                )
                print(title, f"{1000 * sum(stacks.values()) / asked.count:.1f} ms")
                for line in told(stacks, asked.count, asked.top):
                    print(line)


def _checkout(commit: str, folder: Path) -> Path:
    """Another commit of this repository."""
    folder.chmod(0o755)
    subprocess.run(["git", "clone", "-q", "--no-checkout", str(ROOT), str(folder / "tree")], check=True)
    subprocess.run(["git", "checkout", "-q", commit], check=True, cwd=folder / "tree")
    return folder / "tree"


def sampled(tree: Path, topic: str, count: int) -> Stacks:
    """CPU seconds of each stack: the process's role, then its functions, and last the line."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        for number in range(count):
            place = folder / "class" / f"student{number:04d}" / topic
            shutil.copytree(tree / "solutions" / topic, place) if (tree / "solutions" / topic).is_dir() else place.mkdir(
                parents=True
            )
            file = place / f"{topic}.py"
            file.write_text(f"{(tree / 'solutions' / f'{topic}.py').read_text('utf-8')}\n# {number}\n", encoding="utf-8")
        command = [
            sys.executable,
            str(ROOT / "benchmarks" / "sampled.py"),
            str(folder / "samples"),
            "grade",
            str(folder / "class"),
        ]
        command += ["--course", str(tree), "--out", str(folder / "out"), "--topic", topic, "--jobs", "1"]
        for _ in range(TRIES):
            for left in ("samples", "out"):
                shutil.rmtree(folder / left, ignore_errors=True)
            (folder / "samples").mkdir()
            environment = ENVIRONMENT | {"PYTHONPATH": str(ROOT)}
            done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tree, env=environment)
            if not done.returncode:
                return of_files(folder / "samples")
            if done.returncode != -signal.SIGSEGV:  # once in a while, `faulthandler` looks at a frame that is not complete
                break
        raise SystemExit(f"nothing was sampled:\n{done.stdout[-1000:]}{done.stderr[-2000:]}")


def of_files(folder: Path) -> Stacks:
    """What the processes left."""
    found: dict[Stack, float] = defaultdict(float)
    for file in folder.glob("*.samples"):
        for role, seconds, seen in _of_main(file) if file.stem == "main" else _of_zygote(file):
            each = seconds / (seen.total() or 1)
            for stack, count in seen.items():
                found[role, *stack] += each * count
    return found


_STARTING = re.compile(r"runpy|/sampled(_threads)?\.py:|<string>:<module>|/threading\.py:(_bootstrap|_bootstrap_inner|run)$")
_WRAPPED = re.compile(r"<string>:_sample\.<locals>\.(\w+)")  # `sampled.py` has wrapped these
Part = tuple[str, float, Counter[Stack]]  # a role, its CPU seconds, and how often each stack was seen


def _of_main(file: Path) -> Iterator[Part]:
    seconds, seen = read(file)
    frames: Counter[Stack] = Counter()
    for stack, count in seen.items():
        frames[_frames(stack)] += count
    yield "main", seconds, frames


def _of_zygote(file: Path) -> Iterator[Part]:
    own, forked = _ROLES[file.stem.split("-")[0]]
    begins = runs = ends = 0.0
    seen: Counter[Stack] = Counter()
    with file.open("rb") as slots:
        for slot in (0, *range(OWN, SLOTS)):
            slots.seek(slot * SLOT)
            size, started, answered, total = _HEAD.unpack(slots.read(_HEAD.size))
            samples = Counter(_samples(slots.read(size)))
            if slot:
                seen += samples
                begins, runs, ends = begins + started, runs + answered - started, ends + max(total - answered, 0)
            else:
                yield own, answered, samples
    yield forked, begins, Counter({(_BEGINS, "line 0"): 1})
    yield forked, runs, seen
    yield forked, ends, Counter({(_ENDS, "line 0"): 1})


def _samples(data: bytes) -> Iterator[Stack]:
    place = 0
    while place < len(data):
        (length,) = _LENGTH.unpack_from(data, place)
        place += _LENGTH.size + length
        yield _frames(data[place - length : place].decode("utf-8", "replace"))


def _frames(stack: str) -> Stack:
    *frames, line = stack.split(";")
    found = []
    for place, frame in enumerate(frames):
        if wrapped := _WRAPPED.search(frame):  # what is beneath it is not worth a box, or comes right after it
            found.append(f"os: {wrapped[1]}")
            break
        if (place > 12 or not _STARTING.search(frame)) and found[-1:] != [short := _short(frame)]:
            found.append(short)
    return *found, f"line {line}"


def _short(frame: str) -> str:
    """`judge.judge: judge` of a file and a function: paths that say nothing are left out."""
    file, _, function = frame.rpartition(":")
    if file.startswith("<frozen importlib"):
        return "import"  # all of its frames are one
    if file.startswith("<"):
        return f"{file.strip('<>').removeprefix('frozen ')}: {function}".replace("<", "(").replace(">", ")")
    path = file.removesuffix(".py").removesuffix("/__init__")
    for part in ("/grader/", "/site-packages/"):
        if part in path:
            path = path.rpartition(part)[2]
            break
    else:
        path = path.removeprefix(sysconfig.get_path("stdlib") + "/")
        path = path.rpartition("/")[2] if path.startswith("/") else path
    return f"{path.replace('/', '.')}: {function}".replace("<", "(").replace(">", ")").replace(";", ",")


def without_lines(stacks: Mapping[Stack, float]) -> Stacks:
    """The same by function."""
    found: dict[Stack, float] = defaultdict(float)
    for stack, seconds in stacks.items():
        found[stack[:-1]] += seconds
    return found


def told(stacks: Mapping[Stack, float], count: int, top: int) -> Iterator[str]:
    """Milliseconds a submission of each process, and of its functions: the lines of `top`, and of those with what they call."""
    for role in sorted({stack[0] for stack in stacks}, key=lambda role: -_of(stacks, role)):
        yield f"{role}: {1000 * _of(stacks, role) / count:.2f} ms a submission"
        own: dict[str, float] = defaultdict(float)
        whole: dict[str, float] = defaultdict(float)
        for stack, seconds in stacks.items():
            if stack[0] == role:
                own[", ".join(stack[-2:])] += seconds
                for frame in {*stack[1:-1]}:
                    whole[frame] += seconds
        for what, found in (("by itself", own), ("with what it calls", whole)):
            for frame, seconds in sorted(found.items(), key=lambda item: -item[1])[:top]:
                yield f"  {1000 * seconds / count:7.3f} ms {what}: {frame}"


def _of(stacks: Mapping[Stack, float], role: str) -> float:
    return sum(seconds for stack, seconds in stacks.items() if stack[0] == role)


if __name__ == "__main__":
    main()
