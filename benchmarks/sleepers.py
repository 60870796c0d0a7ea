"""What a class of slow submissions costs, as a multiple of an honest one in the same run: `python benchmarks/sleepers.py [--of 2000]`.

Each kind is a whole class of conv: honest, asleep, busy for ever, forking, and one in which every tenth is one of those.
"""

import argparse
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.bench import ENVIRONMENT, GRADER  # noqa: E402

HONEST = (ROOT / "solutions" / "conv.py").read_text(encoding="utf-8")
SLEEP = """
def _rest():
    import time
    time.sleep(600)
"""
AWAKE = """
def _rest():
    import time
    while True:
        try:
            time.sleep(600)
        except BaseException:
            pass
"""
BURN = """
def _rest():
    while True:
        pass
"""
FORK = """
def _rest():
    import os
    while True:
        try:
            os.fork()
        except OSError:
            pass
"""
EVERYWHERE = """
for _name, _found in list(globals().items()):
    if callable(_found) and _name != "_rest":
        globals()[_name] = lambda *_, **__: _rest()
"""
ONCE = "\nconv_forward = lambda *_, **__: _rest()\n"
KINDS = {
    "asleep at import": SLEEP + "_rest()\n",
    "asleep in one function": HONEST + SLEEP + ONCE,
    "asleep everywhere": HONEST + SLEEP + EVERYWHERE,
    "asleep, whatever it is sent": HONEST + AWAKE + EVERYWHERE,
    "busy in one function": HONEST + BURN + ONCE,
    "busy everywhere": HONEST + BURN + EVERYWHERE,
    "forking": HONEST + FORK + EVERYWHERE,
}
SLEEPERS = [name for name in KINDS if name.startswith("asleep")]


def main() -> None:
    """Grade a class of each kind and print what it took."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--of", type=int, default=200, help="submissions in each class")
    parser.add_argument(
        "--kind", action="append", choices=[*KINDS, "mixed"], help="only these (default: those that sleep, and mixed)"
    )
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        honest = _grade(folder / "honest", [HONEST] * given.of)
        print(f"honest, {given.of} submissions: {honest:.1f} s", flush=True)
        for kind in given.kind or [*SLEEPERS, "mixed"]:
            texts = [KINDS[kind]] * given.of if kind != "mixed" else _mixed(given.of)
            seconds = _grade(folder / kind.replace(" ", "-").replace(",", ""), texts)
            print(f"{kind}: {seconds:.1f} s, {seconds / honest:.1f} times honest", flush=True)


def _mixed(count: int) -> list[str]:
    kinds = list(KINDS.values())
    return [HONEST if number % 10 else kinds[number // 10 % len(kinds)] for number in range(count)]


def _grade(folder: Path, texts: list[str]) -> float:
    """Seconds of `grader grade` on a class of `texts`."""
    for number, text in enumerate(texts):
        topic = folder / f"student{number:05}" / "conv"
        topic.mkdir(parents=True)
        (topic / "conv.py").write_text(text, encoding="utf-8")
    started = time.monotonic()
    command = [*GRADER, "grade", str(folder), "--course", str(ROOT), "--out", f"{folder}.out", "--topic", "conv"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, env=ENVIRONMENT, check=False)
    seconds = time.monotonic() - started
    if done.returncode:
        print(f"  code {done.returncode}: {done.stderr[-500:]}")
    for line in done.stderr.splitlines():
        if "slow submissions" in line:
            print(f"  {line}")
    return seconds


if __name__ == "__main__":
    main()
