"""What a submission costs that returns as much as it can: time, memory of this process, and the size of its record.

    python benchmarks/bombs.py            a table, one kind of bomb a row

Each kind answers every call itself, on the wire, so that no limit in the child's own code holds it back. Each is graded in a process
of its own, whose peak of resident memory is the supervisor's.
"""

import json
import resource
import subprocess
import sys
import tempfile
import textwrap
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
COURSE = ROOT / "tests" / "attacks" / "course"

# An expression for the msgpack of an outcome, with the helpers of `_TAKE_OVER`.
BOMBS = {
    "honest": "",
    "empty lists": "returned(items(b'\\x93\\xa5items\\xa4list\\x90' * 60_000, 60_000))",
    "lists of empty lists": "returned(items(items(b'\\x93\\xa5items\\xa4list\\x90' * 240, 240) * 240, 240))",
    "nested lists": "returned(items((b'\\x93\\xa5items\\xa4list\\x91' * 14 + b'\\x00') * 30_000, 30_000))",
    "empty tuples": "returned(items(b'\\x93\\xa5items\\xa5tuple\\x90' * 60_000, 60_000))",
    "empty dicts": "returned(items(b'\\x92\\xa7mapping\\x90' * 80_000, 80_000))",
    "keys of a dict": "returned(b'\\x92\\xa7mapping\\xdd' + size(80_000) + b''.join(b'\\x92\\xa6%06d\\xc0' % n for n in range(80_000)))",
    "empty arrays": "returned(items(b'\\x94\\xa5array\\xa3<f8\\x91\\x00\\xc4\\x00' * 40_000, 40_000))",
    "few empty arrays": "returned(items(b'\\x94\\xa5array\\xa3<f8\\x91\\x00\\xc4\\x00' * 5_000, 5_000))",
    "small arrays": "returned(items(b'\\x94\\xa5array\\xa3|u1\\x91\\x02\\xc4\\x02ab' * 20_000, 20_000))",
    "numbers": "returned(items(b'\\xcb' + bytes(8) + (b'\\xcb@' + bytes(7)) * 99_998, 99_999))",
    "numbers that change": "returned(items((b'\\xcb@' + bytes(7)) * 99_998 + b'\\xcb@' + bytes(6) + size(seq)[3:], 99_999))",
    "nothing": "returned(items(b'\\xc0' * 99_999, 99_999))",
    "small strings": "returned(items(b'\\xa1x' * 99_999, 99_999))",
    "one string": "returned(b'\\xdb' + size(30_000_000) + b'<' * 30_000_000)",
    "strings of 8 MB": "returned(b'\\xdb' + size(8_000_000) + b'<' * 8_000_000)",
    "emoji": "returned(b'\\xdb' + size(8_000_000) + '\\U0001f600'.encode() + b'<' * 7_999_996)",
    "a dtype's name": "returned(b'\\x94\\xa5array\\xdb' + size(8_000_000) + b'f' * 8_000_000 + b'\\x91\\x00\\xc4\\x00')",
    "large arrays": "returned(b'\\x94\\xa5array\\xa3|u1\\x91\\xce' + size(30_000_000) + b'\\xc6' + size(30_000_000) + bytes(30_000_000))",
    "arguments": "returned(b'\\xc0', b'\\xdd' + size(250_000) + b'\\xc3' * 250_000)",
    "messages": "raised(2000)",
    "announced lists": "returned(b'\\x93\\xa5items\\xa4list\\xdd\\xff\\xff\\xff\\xff')",
}

_TAKE_OVER = """\
import os, sys, numpy as np
def doubled(x): return x
def size(n): return n.to_bytes(4, "big")
def items(body, n): return b"\\x93\\xa5items\\xa4list\\xdd" + size(n) + body
def text(b): return b"\\xdb" + size(len(b)) + b
def returned(value, after=b"\\x90"): return b"\\x84\\xa4type\\xa8returned\\xa5value" + value + b"\\xa5after" + after + b"\\xa8warnings\\x90"
def raised(n): return (
    b"\\x87\\xa4type\\xa6raised\\xa4name" + text(b"E" * 300) + b"\\xa5bases\\x9a" + text(b"B" * 300) * 10 + b"\\xa7message" + text(b"m" * n)
    + b"\\xa4file" + text(b"f" * 300) + b"\\xa4line\\x01\\xa4text" + text(b"t" * 300))
def vault(x):
    frame = sys._getframe()
    while "request" not in frame.f_locals: frame = frame.f_back
    seq = frame.f_locals["request"].seq
    while True:
        body = b"\\x82\\xa3seq\\xce" + size(seq) + b"\\xa7outcome" + @BODY@
        data = memoryview(len(body).to_bytes(4, "little") + body)
        while data: data = data[os.write(3, data):]
        head = os.read(3, 4)
        request = b""
        while len(request) < int.from_bytes(head, "little"): request += os.read(3, 65536)
        place = request.find(b"\\xa3seq") + 4
        width = {0xCC: 1, 0xCD: 2, 0xCE: 4}.get(request[place], 0)
        seq = int.from_bytes(request[place + 1:place + 1 + width], "big") if width else request[place]
"""


def submission(kind: str) -> str:
    """The text of a submission of this kind."""
    if kind == "honest":
        return (COURSE / "solutions" / "vault.py").read_text(encoding="utf-8")
    return _TAKE_OVER.replace("@BODY@", BOMBS[kind])


def grade(kind: str) -> None:
    """Grade one submission in this process, and print a line of JSON."""
    from grader.course.folder import find_course
    from grader.engine.engine import Engine
    from grader.gradebook.open_store import open_store
    from grader.gradebook.sqlite import FILE
    from grader.sandbox.backend import Source
    from grader.submissions.submission import Submission

    with tempfile.TemporaryDirectory() as folder, Engine(find_course(COURSE, COURSE)) as engine:
        ready = engine.prepare("vault")
        engine.grade(Submission("warm", "vault", Source("vault", {"vault": submission("honest")})), ready)
        before, started = _peak_mib(), time.perf_counter()
        record = engine.grade(Submission("bomb", "vault", Source("vault", {"vault": submission(kind)})), ready)
        seconds = time.perf_counter() - started
        with open_store(Path(folder), write=True) as store:
            store.save(record)
        stored = sum(path.stat().st_size for path in Path(folder).glob(f"{FILE}*"))
        outcomes = " ".join(sorted({check.outcome or "" for exercise in record.grade.exercises for check in exercise.checks}))
        print(json.dumps([record.grade.status, seconds, before, _peak_mib(), stored / 1e6, outcomes]))


def _peak_mib() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10


def main() -> None:
    """Print the table."""
    print(f"{'':22}{'s':>7}{'MiB before':>12}{'MiB peak':>10}{'MB stored':>11}")
    for kind in sys.argv[1:] or BOMBS:
        run = subprocess.run([sys.executable, __file__, "--grade", kind], capture_output=True, encoding="utf-8", check=False)
        if run.returncode:
            print(textwrap.indent(run.stderr, "  "))
            continue
        status, seconds, before, peak, stored, outcomes = json.loads(run.stdout)
        print(f"{kind:22}{seconds:7.2f}{before:12d}{peak:10d}{stored:11.2f}  {status}: {outcomes}", flush=True)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--grade"]:
        grade(sys.argv[2])
    else:
        main()
