"""A class of any size for one topic, every file different: `python benchmarks/crowd.py FOLDER --topic losses --count 100000`.

Who hands in what is drawn for each student by itself, so that a class of 1,000 is the beginning of one of 100,000 with the same seed, and
nothing but the families is in memory:

    right      the solution and the accepted variants
    wrong      the misconceptions and wrong submissions that the rubric is proved with, as edits
    broken     what cannot be read or run: half a file, other encodings, nothing
    hostile    what is refused, or ends its own process at little cost
    slow       what never ends, waits or fills the memory: one in 5,000, because each costs as much as hundreds of others
"""

import argparse
import random
import sys
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path

import msgspec

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from grader.course.edits import edited  # noqa: E402
from grader.course.folder import Assignment, read_course  # noqa: E402
from grader.course.misconceptions import TITLED, whole_submissions  # noqa: E402
from grader.course.rubric import read_rubric  # noqa: E402

SHARES = {"right": 7000, "wrong": 2600, "broken": 98, "hostile": 300, "slow": 2}  # of 10,000
BROKEN: Mapping[str, bytes] = {
    "nothing but comments": b"",
    "half a line": b"import numpy as np\n\n\ndef half(x, \n",
    "latin-1": "# Pérez\n".encode("latin-1"),
    "a zero byte": b"x = 0\n\0\n",
    "deep nesting": b"x = " + b"(" * 5000 + b")" * 5000 + b"\n",
    "raises when it is loaded": b"import numpy as np\n\nx = np.zeros(3)[7]\n",
}
# What stands in the place of the first exercise's body.
HOSTILE: Mapping[str, str] = {
    "a forbidden module": "return __import__('os').getpid()",
    "looks for classes": "return ().__class__.__base__.__subclasses__()",
    "endless recursion": "def deeper(n):\n    return deeper(n + 1)\nreturn deeper(0)",
    "a large result": "return np.ones((2000, 3000))",
    "a deep result": "found = []\nfor _ in range(3000):\n    found = [found]\nreturn found",
    "many results": "return [0] * 300000",
    "a flood of lines": "for n in range(20000):\n    print('x' * 50)\nreturn n",
    "ends the program": "raise SystemExit(0)",
    "an exception that lies": "class Lie(Exception):\n    def __str__(self):\n        raise self\nraise Lie",
    "control codes": r"raise ValueError('\x1b[2J\x1b]0;passed\x07' + '=1+1')",
}
SLOW: Mapping[str, str] = {
    "endless": "while True:\n    pass",
    "waits": "import time\ntime.sleep(3600)",
    "memory": "kept = []\nwhile True:\n    kept.append(np.ones(1 << 22))",
}


class Answer(msgspec.Struct, frozen=True):
    """What one student hands in, and of which family and kind it is."""

    student: str
    family: str
    kind: str
    data: bytes


class Crowd:
    """The families of one topic, from which a class is drawn."""

    def __init__(self, assignment: Assignment) -> None:
        solution = assignment.solution.read_text(encoding="utf-8")
        first = next(exercise.name for exercise in read_rubric(assignment, filled=True).exercises)
        accepted = sorted(assignment.submissions.glob("accepted/*.py"))
        wrong = sorted(assignment.submissions.glob("wrong/*.py"))
        edits = [
            pair
            for file, texts in ((assignment.misconceptions, TITLED), (assignment.submissions / "wrong.toml", ()))
            for pair in whole_submissions(file, texts, assignment.solution)
        ]
        self.topic = assignment.name
        self.families: dict[str, Sequence[tuple[str, bytes]]] = {
            "right": [("the solution", solution.encode()), *((path.stem, path.read_bytes()) for path in accepted)],
            "wrong": [*((name, text.encode()) for name, text in edits), *((path.stem, path.read_bytes()) for path in wrong)],
            "broken": [*BROKEN.items()],
        }
        for family, bodies in (("hostile", HOSTILE), ("slow", SLOW)):
            self.families[family] = [(kind, edited(solution, {first: (f"\n{body}",)}).encode()) for kind, body in bodies.items()]

    def answers(self, count: int, seed: int = 0) -> Iterator[Answer]:
        """`count` different answers, by student."""
        for number in range(count):
            draw = random.Random(f"{seed} {number}")
            (family,) = draw.choices([*SHARES], [*SHARES.values()])
            kind, data = draw.choice(self.families[family])
            yield Answer(f"student{number:06}", family, kind, _signed(data, number, draw))

    def write(self, folder: Path, count: int, seed: int = 0, without: Collection[str] = ()) -> dict[str, int]:
        """A class in `folder`, in the layout <student>/<topic>/<topic>.py; returns how many there are of each family.

        Args:
            without: families that are left out; there are as many students less.
        """
        counts = dict.fromkeys(SHARES, 0)
        for answer in self.answers(count, seed):
            if answer.family in without:
                continue
            place = folder / answer.student / self.topic
            place.mkdir(parents=True)
            (place / f"{self.topic}.py").write_bytes(answer.data)
            counts[answer.family] += 1
        return counts


def crowd_of(topic: str, root: Path = ROOT) -> Crowd:
    """The crowd of a topic of a course."""
    return Crowd(read_course(root).assignment(topic))


def _signed(data: bytes, number: int, draw: random.Random) -> bytes:
    """The file as this student has it: a comment of their own in front, another one among the lines, and a constant at the end."""
    lines = data.split(b"\n")
    tops = [place for place, line in enumerate(lines) if line.startswith((b"def ", b"class "))]
    if tops:
        lines.insert(draw.choice(tops), b"# tried %d times" % draw.randrange(1000))
        lines.append(b"_NOTED = %d\n" % draw.getrandbits(48))
    return b"# student %06d, %016x\n" % (number, draw.getrandbits(64)) + b"\n".join(lines)


def main() -> None:
    """Write a class."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--topic", default="losses")
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    counts = crowd_of(options.topic).write(options.folder, options.count, options.seed)
    print(", ".join(f"{count} {family}" for family, count in counts.items()))


if __name__ == "__main__":
    main()
