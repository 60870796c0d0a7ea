"""`grader similar` beside copydetect and Dolos, on the set of `benchmarks/similar.py`.

    python -m venv tools && tools/bin/pip install copydetect && npm install --prefix tools @dodona/dolos-lib    # with its install scripts
    python benchmarks/similar_tools.py --tools tools [--topics conv pooling …] [--at Dolos=0.75]

Each class is compared by each tool with the stub as given code. The others tell how similar two files are, and the reader chooses where to
begin: so each is shown at the threshold that is best for it on this very set (by F1), which no teacher knows beforehand, and at the highest
recall that it has without any false pair. copydetect has a default as well. `grader similar` has its two thresholds and no others.
"""

import argparse
import csv
import itertools
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from benchmarks.similar import COPIES, COPY, TOPICS, classes, ours, stub, written

Key = tuple[str, str, frozenset[str]]  # topic, kind of copy, two submissions
Similar = dict[Key, float]

DEFAULTS: Mapping[str, float] = {"copydetect": 0.33}
_COPYDETECT = """
import json, sys, warnings
warnings.simplefilter("ignore")
from copydetect import CopyDetector
for line in sys.stdin:
    one = json.loads(line)
    detector = CopyDetector(extensions=["py"], display_t=0, silent=True)
    for file in one["files"]: detector.add_file(file, "testref")
    detector.add_file(one["given"], "boilerplate")
    detector.run()
    found = [[a, b, max(first, second)] for first, second, a, b, *_ in detector.get_copied_code_list()]
    print(json.dumps(found))
"""
_DOLOS = """
import { Dolos } from "@dodona/dolos-lib";
import { createInterface } from "node:readline";
for await (const line of createInterface({ input: process.stdin })) {
  const one = JSON.parse(line);
  const report = await new Dolos({ language: "python" }).analyzePaths(one.files, one.given);
  console.log(JSON.stringify(report.allPairs().map(pair => [pair.leftFile.path, pair.rightFile.path, pair.similarity])));
}
"""


def run(command: list[str], folder: Path, asked: list[tuple[str, str, list[Path]]], given: Path) -> Similar:
    """How similar each two submissions are by a tool that reads a class a line and writes its pairs a line."""
    lines = [
        json.dumps({"files": [str(file) for file in files], "given": str(given / f"{topic}.py")}) for topic, _, files in asked
    ]
    done = subprocess.run(
        command, input="\n".join(lines), cwd=folder, capture_output=True, encoding="utf-8", env={**os.environ, "NO_COLOR": "1"}
    )
    if done.returncode:
        raise SystemExit(f"{command[0]} failed:\n{done.stderr[-2000:]}")
    answers = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("[")]
    return {
        (topic, kind, frozenset((Path(one).stem, Path(two).stem))): share
        for (topic, kind, _), answer in zip(asked, answers, strict=True)
        for one, two, share in answer
    }


def of_grader(asked: Iterable[tuple[str, str, list[Path]]]) -> Similar:
    """1 for what `grader similar` shows."""
    return {(topic, kind, pair): 1.0 for topic, kind, files in asked for pair in ours(topic, files)}


def every_pair(asked: Iterable[tuple[str, str, list[Path]]]) -> dict[Key, bool]:
    """Every two submissions of every class, and whether one is a copy of the other."""
    return {
        (topic, kind, frozenset((one, two))): one.partition(COPY)[0] == two.partition(COPY)[0]
        for topic, kind, files in asked
        for one, two in itertools.combinations([file.stem for file in files], 2)
    }


def counted(truth: Mapping[Key, bool], shown: Callable[[Key], bool]) -> tuple[int, int]:
    """The copies and the honest pairs that are shown."""
    right = sum(shown(key) for key, is_copy in truth.items() if is_copy)
    return right, sum(shown(key) for key, is_copy in truth.items() if not is_copy)


def rows(name: str, found: Similar, truth: Mapping[Key, bool], given: Mapping[str, float]) -> Iterable[tuple[str, str, int, int]]:
    """Tool, threshold, copies found and honest pairs accused; at the threshold that is `given` for a tool, too."""
    if set(found.values()) <= {1.0}:
        yield name, "its own", *counted(truth, lambda key: key in found)
        return
    copies = sum(truth.values())
    at = {limit: counted(truth, lambda key: found.get(key, 0.0) >= limit) for limit in sorted({*found.values()} - {0.0})}  # noqa: B023
    for limit, what in ((DEFAULTS.get(name), "default"), (given.get(name), "given")):
        if limit is not None:
            yield name, f"{limit:.2f}, {what}", *counted(truth, lambda key: found.get(key, 0.0) >= limit)  # noqa: B023
    best = max(at, key=lambda limit: 2 * at[limit][0] / (sum(at[limit]) + copies))
    yield name, f"{best:.2f}, best F1", *at[best]
    clean = min((limit for limit in at if not at[limit][1]), default=None)
    if clean is None:  # an honest pair is as similar as can be
        yield name, "none, no false pair", 0, 0
    else:
        yield name, f"{clean:.2f}, no false pair", *at[clean]


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tools", type=Path, help="where copydetect and Dolos are installed")
    parser.add_argument("--topics", nargs="+", default=TOPICS)
    parser.add_argument(
        "--at", nargs="*", default=[], metavar="TOOL=THRESHOLD", help="also at this one, such as another set's best"
    )
    parser.add_argument("--scores", type=Path, help="also write every similarity to this csv")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        written(folder / "set", options.topics)
        (folder / "given").mkdir()
        for topic in options.topics:
            (folder / "given" / f"{topic}.py").write_text(stub(topic))
        asked = [(topic, kind, files) for topic in options.topics for kind, files in classes(folder / "set", topic)]
        truth = every_pair(asked)
        tools = {"grader": of_grader(asked)}
        if options.tools:
            root = options.tools.resolve()
            commands = {
                "copydetect": [str(root / "bin" / "python"), "-c", _COPYDETECT],
                "Dolos": ["node", "--input-type=module", "-e", _DOLOS],
            }
            tools |= {name: run(command, root, asked, folder / "given") for name, command in commands.items()}
    copies, given = sum(truth.values()), {name: float(limit) for name, _, limit in (one.partition("=") for one in options.at)}
    print(f"{len(asked)} classes of {len(COPIES)} ways of copying; {copies} copies, {len(truth) - copies} honest pairs\n")
    print("| tool | threshold | recall | precision | found | false |\n|---|---|---|---|---|---|")
    for name, found in tools.items():
        for tool, threshold, right, false in rows(name, found, truth, given):
            precision = right / (right + false) if right + false else 1.0
            print(f"| {tool} | {threshold} | {right / copies:.1%} | {precision:.1%} | {right} | {false} |")
    if options.scores:
        with options.scores.open("w", newline="") as file:
            csv.writer(file).writerows(
                (name, topic, kind, *sorted(pair), share)
                for name, found in tools.items()
                for (topic, kind, pair), share in found.items()
            )


if __name__ == "__main__":
    main()
