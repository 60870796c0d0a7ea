"""A coverage-guided search for a cell that the reader of magics cannot bear.

    python tests/fuzz/fuzz_magics.py --runs 100000       needs atheris (`pip install atheris`); prints what it saw

Some inputs are read once more with one of their pieces repeated: a pattern that reads a text twice shows only in long texts.
What `one_input` raises is a fault. An input that found one belongs into a test of `tests/nbgrader/test_magics.py`.
"""

import sys
import time
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parents[2]), str(Path(__file__).parent)]

from searching import search  # noqa: E402

from grader.submissions.notebook import magics  # noqa: E402
from grader.submissions.notebook.magics import plain, written  # noqa: E402

LONG = 8192  # characters of a repeated piece
SECONDS, SECONDS_A_CHARACTER = 0.1, 10e-6  # of CPU time that any cell may take, and more for each character
FUNCTIONS = ("plain", "written", "_statements", "_dedented", "_indent", "_unix")
SEEDS = [
    *(
        b"%matplotlib inline\nx = 1",
        b"files = !ls\nnp.dot?",
        b"%%time\nx = 1",
        b"%%writefile -a ./helpers.py\nx = 1",
        b"a, b = %who_ls",
    ),
    *(b'grader.check("f", (1, [2])).points ; # mine', b"%load_ext grader  # ours", b"    x = (7\n%2)", b"x = 7 \\\n%2", b"/f x"),
    *(b"text = '''\n%pip\n'''\n!ls", b's = "\\"" + f"{x!r}"', b"grader.check()" + b" " * 60 + b"x", b"%reload_ext" + b"\t " * 30),
]


def one_input(data: bytes) -> str:
    """Read `data` as a cell, one in eight also with a piece of it repeated; the result, in a word or two."""
    text = data.decode("utf-8", "replace")
    if text and sum(data) % 8 == 0:
        start, length = data[0] % len(text), data[-1] % 24 + 1
        piece = text[start : start + length]
        _read(text[:start] + piece * (LONG // len(piece)) + text[start + length :])
    return _read(text)


def _read(text: str) -> str:
    before = time.process_time()
    found, file = plain(text), written(text)
    seconds = time.process_time() - before
    assert seconds < SECONDS + SECONDS_A_CHARACTER * len(text), f"{seconds:.2f} s for {len(text)} characters"
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    assert not found.text or found.text.count("\n") == len(lines) - 1, "another number of lines"
    for line, removed in found.removed:
        assert removed and removed == lines[line - 1].strip(), "a removed line that is not in the cell"
    return f"{'a file' if file else 'Python' if found.text.strip() else 'nothing'}, {min(len(found.removed), 3)} removed"


if __name__ == "__main__":
    search(__doc__, one_input, SEEDS, [(magics, FUNCTIONS)])
