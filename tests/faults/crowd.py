"""Classes of any size on the small course: what a night of a deadline brings, a few kinds over and over.

The course is that of `tests/cli/course`, with a second of CPU time for each exercise, so that what hangs is found soon.
"""

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec

sys.path[:0] = [str(Path(__file__).parents[1] / "cli"), str(Path(__file__).parents[2])]

from classroom import RIGHT, TOPICS, copy_course, edit, scaling, submitted_at  # noqa: E402

HONEST: tuple[tuple[str, str], ...] = (
    *(("right", RIGHT["vectors"]),) * 5,
    ("rounded", scaling("return np.round(x * factor, 2)")),
    ("half done", scaling("raise NotImplementedError('scale')")),
    ("raising", scaling("raise ValueError('no')")),
    ("changing", scaling("x *= factor\nreturn x")),
    ("printing", scaling("print('x' * 3000)\nreturn x * factor")),
    ("slow", scaling("import time\ntime.sleep(0.02)\nreturn x * factor")),
    ("no python", "def scale(x, factor=\n"),
    ("ends itself", scaling("import os\nos._exit(3)")),
    ("large", scaling("return np.arange(2000.0)")),
    ("addresses", scaling("print(scale, object())\nraise ValueError(f'{scale} is no {object()}')")),
    ("chance", scaling("import random\nreturn np.random.rand(3) + random.random() + x[0]")),
    ("order of a set", scaling("return [hash('factor') % 1000, *map(ord, {'a', 'b', 'c', 'd'})]")),
)
_FORGE = (
    "import os\nfrom grader.sandbox.wire import Reply, frame\nfrom grader.sandbox.outcome import Returned\n"
    "for n in range(99):\n    os.write(3, frame(Reply(n, Returned(None))))\nreturn x * factor"
)
HOSTILE: tuple[tuple[str, str], ...] = (
    ("forged answers", scaling(_FORGE)),
    ("garbage on the wire", scaling("import os\nos.write(3, os.urandom(5000))\nreturn x * factor")),
    ("closed wire", scaling("import os\nos.close(3)\nwhile True: pass")),
    ("descriptors", scaling("import os\nkept = []\nwhile True: kept.append(os.dup(1))")),
    ("fork bomb", scaling("import os\nwhile True: os.fork()")),
    ("threads", scaling("import threading\nwhile True: threading.Thread(target=input).start()")),
    ("memory", scaling("kept = []\nwhile True: kept.append(np.zeros(1 << 23))")),
    ("flood of output", scaling("import os\nfor n in range(200): os.write(1, b'x' * 65536)\nreturn x * factor")),
    ("deep recursion", scaling("def f(n): return f(n + 1)\nreturn f(0)")),
    ("crash", scaling("import ctypes\nctypes.string_at(0)")),
    ("kills everybody", scaling("import os\nos.kill(-1, 9)\nreturn x * factor")),
    ("leaves files", scaling("open('/tmp/left-by-a-student', 'w').write('x' * 999)\nreturn x * factor")),
    ("many large results", scaling("return [np.zeros(1 << 13) for _ in range(4)]")),
    ("exits late", "import atexit, os\natexit.register(os.fork)\n" + RIGHT["vectors"]),
    ("deep nesting", "x = " + "(" * 5000 + ")" * 5000 + "\n"),
)
# what a limit on CPU time must tell apart, however busy the machine is; the limit is a second
LIMITS: tuple[tuple[str, str], ...] = (
    ("endless", scaling("while True: pass")),
    ("sleeping for ever", scaling("import time\ntime.sleep(600)")),
    ("sleeping a while", scaling("import time\ntime.sleep(0.3)\nreturn x * factor")),
    (
        "nearly too long",
        scaling("import time\nend = time.process_time() + 0.6\nwhile time.process_time() < end: pass\nreturn x * factor"),
    ),
    (
        "too long",
        scaling("import time\nend = time.process_time() + 1.4\nwhile time.process_time() < end: pass\nreturn x * factor"),
    ),
    ("slow to load", "import time\nend = time.process_time() + 1\nwhile time.process_time() < end: pass\n" + RIGHT["vectors"]),
)


def make_course(folder: Path) -> Path:
    """A copy of the small course in `folder`."""
    course = copy_course(folder)
    for topic, points in (("vectors", "points=3"), ("vectors", "points=2"), ("signs", "points=1")):
        edit(course / "assignments" / topic / "checks.py", points, f"{points}, seconds=1.0")
    return course


class Answer(msgspec.Struct, frozen=True):
    """What a student hands in for a topic."""

    student: str
    topic: str
    kind: str
    text: str
    hostile: bool = False


def answers(submissions: int, *, hostile: int = 0) -> Iterator[Answer]:
    """So many different submissions, two for each student; each `hostile`-th of them is hostile (0: none)."""
    assert hostile % 2 == 0, "the attacks are answers to `vectors`, every second topic"
    for number in range(submissions):
        student, topic = f"student{number // 2:05}", TOPICS[number % 2]
        is_hostile = hostile > 0 and number % hostile == 0
        if is_hostile:
            kind, text = HOSTILE[number // hostile % len(HOSTILE)]
        else:
            kind, text = ("right", RIGHT["signs"]) if topic == "signs" else HONEST[number // 2 % len(HONEST)]
        yield Answer(student, topic, kind, f"{text}\n# {student}\n", is_hostile)


def make_class(folder: Path, handed_in: Iterable[Answer]) -> Path:
    """A class in `folder`."""
    for item in handed_in:
        submitted_at(folder, item.student, item.topic, item.text)
    return folder


def make_slow_class(folder: Path, times: int = 1) -> Path:
    """A class in `folder` of those who are near a limit, and of one honest student beside each."""
    for number, (_, text) in enumerate(LIMITS * times):
        submitted_at(folder, f"slow{number:03}", "vectors", text)
        submitted_at(folder, f"honest{number:03}", "vectors")
    return folder


def make_every_kind(folder: Path, kinds: tuple[tuple[str, str], ...] = HONEST) -> Path:
    """A class in `folder` with one submission of every kind."""
    for number, (_, text) in enumerate(dict(kinds).items()):
        submitted_at(folder, f"student{number:02}", "vectors", text)
    return folder
