"""A coverage-guided search for a notebook or a zip file that the readers cannot bear.

    python tests/fuzz/fuzz_readers.py notebook --runs 1000000       needs atheris (`pip install atheris`); prints what it saw
    python tests/fuzz/fuzz_readers.py zip --runs 1000000

seeds ──► damage, or grow another ──► TestOneInput ──► UnreadableError, or something within limits
    ▲                                      │
    └───── kept when it is new ◄───────────┘          and never more CPU time than its bytes pay for

What `TestOneInput` raises is a fault. An input that found one belongs into a test of `tests/nbgrader/test_ipynb.py` or
`tests/test_submissions.py`.
"""

import argparse
import functools
import io
import json
import os
import random
import sys
import time
import zipfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))

import msgspec

from grader.submissions import files, zip_members
from grader.submissions.files import Held, UnreadableError, size_limit
from grader.submissions.listing import Archive, listed
from grader.submissions.notebook import ipynb
from grader.submissions.notebook.ipynb import MAX_NAME, MAX_TAGS, MAX_TEXT, MAX_TEXTS, read_notebook

MAX_LENGTH = 20_000
SECONDS, SECONDS_A_BYTE = 0.2, 20e-6  # of CPU time that any input may take, and more for each byte

# --- notebooks --------------------------------------------------------------------------------------------------------------------------


def one_notebook(data: bytes) -> str:
    """Read `data` as a notebook; the result, in a word or two.

    Raises:
        Exception: a fault of the reader.
    """
    try:
        notebook = read_notebook("x.ipynb", data)
    except UnreadableError as error:
        return f"no: {str(error)[:60]}"
    ids = [cell.id for cell in notebook.cells]
    assert len(set(ids)) == len(ids) and all(name and name.isascii() for name in ids), "ids"
    for cell in notebook.cells:
        cell.source.encode()
        tags = cell.metadata.get("tags", [])
        assert cell.cell_type in ("code", "markdown", "raw"), cell.cell_type
        assert len(tags) <= MAX_TAGS and all(len(tag) <= MAX_NAME and tag.isascii() for tag in tags), tags
        assert cell.metadata.keys() <= {"nbgrader", "tags", "deletable", "editable"}, cell.metadata
        assert cell.is_code or len(cell.source) <= MAX_TEXT, len(cell.source)
    assert sum(len(cell.source) for cell in notebook.cells if not cell.is_code) <= MAX_TEXTS + 200 * len(ids)
    again = read_notebook("x.ipynb", msgspec.json.encode(notebook))
    assert [cell.source for cell in again.cells] == [cell.source for cell in notebook.cells], "not the same after a second trip"
    return f"{len(ids) > 0} {sorted({cell.cell_type for cell in notebook.cells})} {bool(notebook.metadata)}"


def notebooks() -> list[bytes]:
    """Notebooks of all formats, and what is nearly one."""
    cell = {"cell_type": "code", "source": ["x = 1\n", "y"], "metadata": {"tags": ["a"]}, "outputs": [], "id": "a"}
    marks = {"nbgrader": {"grade_id": "f", "solution": True, "cell_type": "code", "schema_version": 3}, "deletable": False}
    text = {"cell_type": "markdown", "source": "@@", "metadata": marks, "attachments": {"a.png": {"image/png": "AAAA"}}}
    new = {"nbformat": 4, "nbformat_minor": 5, "metadata": {"kernelspec": {"name": "python3"}}, "cells": [cell, text, cell]}
    old = {
        "nbformat": 3,
        "worksheets": [{"cells": [{"cell_type": "code", "input": ["x"]}, {"cell_type": "heading", "source": "a"}]}],
    }
    whole = [json.dumps(item).encode() for item in (new, old, {"nbformat": 4, "cells": []}, [], 1)]
    return [
        *whole,
        b"\xef\xbb\xbf" + whole[0],
        whole[0].replace(b"@@", b"\\ud83d"),
        whole[0].replace(b"@@", b"x" * 19_000),
        b"NaN",
        b"",
    ]


_WORDS = (
    "nbformat",
    "cells",
    "cell_type",
    "source",
    "metadata",
    "id",
    "attachments",
    "nbgrader",
    "tags",
    "worksheets",
    "input",
    "code",
)
_LEAVES: tuple[Any, ...] = (
    None,
    True,
    3,
    4,
    -1,
    0.5,
    float("nan"),
    1 << 70,
    "",
    "x",
    "\ud800",
    "markdown",
    "<b>",
    "a\nb",
    "é" * 99,
    "code",
)


def grown_notebook(rng: random.Random) -> bytes:
    """JSON with the right words, in places where they may not belong."""

    def value(depth: int) -> Any:
        kind = rng.randrange(6 if depth < 5 else 2)
        if kind < 2:
            return rng.choice(_LEAVES)
        if kind < 4:
            return [value(depth + 1) for _ in range(rng.randrange(4))]
        return {rng.choice(_WORDS): value(depth + 1) for _ in range(rng.randrange(5))}

    cells = (
        [
            {"cell_type": rng.choice(("code", "markdown", "raw", "x")), "source": value(5), "metadata": value(2), "id": value(5)}
            for _ in range(3)
        ]
        if rng.random() < 0.6
        else value(0)
    )
    return json.dumps({"nbformat": rng.choice((4, 4, 4, 3, value(5))), "cells": cells, "metadata": value(2)}).encode()


# --- zip files --------------------------------------------------------------------------------------------------------------------------


def one_zip(data: bytes) -> str:
    """List and read `data` as a zip file; the result, in a word or two.

    Raises:
        Exception: a fault of the reader.
    """
    found = listed(Archive(Held(data), ("x",), ("x", "x")))
    said = set()
    for file in found:
        assert ".." not in file.parts and not any(part.startswith("/") for part in file.parts), file.parts
        try:
            said.add(f"read {len(file.read()) > 0}")
            assert len(file.read()) <= size_limit(file.parts[-1])
        except UnreadableError as error:
            said.add(f"no: {str(error)[:30]}")
    return f"{'' if any(what.startswith('read') for what in said) else 'no: '}{min(len(found), 3)} {sorted(said)[:3]}"


@functools.cache
def zips() -> list[bytes]:
    """Zip files of all kinds, and what is nearly one. To pack them takes longer than to read them."""
    found = [b"", b"PK\5\6" + bytes(18)]
    for method in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA):
        data = io.BytesIO()
        with zipfile.ZipFile(data, "w", method) as archive:
            for name in ("x/x.py", "x/é.py", "__MACOSX/._x.py", "../y.py", "x/folder/"):
                archive.writestr(name, "x = 1\n" * 20)
        found.append(data.getvalue())
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("x.zip", found[2])
    return [*found, inner.getvalue(), b"\0" * 99 + found[3], found[3] + b"more"]


def grown_zip(rng: random.Random) -> bytes:
    """A zip file whose headers lie here and there."""
    data = bytearray(rng.choice(zips()[2:]))
    for mark in (b"PK\1\2", b"PK\3\4", b"PK\5\6"):
        place = data.find(mark)
        while place >= 0:
            if rng.random() < 0.5:
                at = place + rng.randrange(4, 46)
                if at < len(data):
                    data[at] = rng.choice((0, 1, 8, 9, 12, 14, 0x7F, 0xFF, rng.randrange(256)))
            place = data.find(mark, place + 1)
    return bytes(data)


# --- the search -------------------------------------------------------------------------------------------------------------------------

READERS: dict[str, tuple[Callable[[bytes], str], Callable[[], list[bytes]], Callable[[random.Random], bytes]]] = {
    "notebook": (one_notebook, notebooks, grown_notebook),
    "zip": (one_zip, zips, grown_zip),
}


def search(reader: str, runs: int, seed: int) -> None:
    """Hand `runs` inputs to a reader, guided by coverage; ends the process."""
    import atheris

    one, seeds, grown = READERS[reader]
    modules: tuple[Any, ...] = (ipynb,) if reader == "notebook" else (zip_members, files, zipfile)
    for module in modules:
        for function in list(vars(module).values()):
            if getattr(function, "__code__", None) is not None and function.__module__ == module.__name__:
                atheris.instrument_func(function)
    answers: Counter[str] = Counter()
    slowest = (0.0, 0)
    started = time.monotonic()

    def TestOneInput(data: bytes) -> None:  # noqa: N802 - the fuzzers' name for it
        nonlocal slowest
        before = time.process_time()
        answer = one(data)
        seconds = time.process_time() - before
        assert seconds < SECONDS + SECONDS_A_BYTE * len(data), f"{seconds:.2f} s for {len(data)} bytes"
        slowest = max(slowest, (seconds, len(data)))
        answers[answer] += 1
        if answers.total() == runs:
            took = time.monotonic() - started
            fine = sum(count for answer, count in answers.items() if not answer.startswith("no: "))
            print(f"{reader}: {runs} inputs in {took:.0f} s, {fine} read, {len(answers)} different answers, no fault")
            print(f"the slowest took {slowest[0] * 1000:.1f} ms of CPU time for {slowest[1]} bytes", flush=True)
            os._exit(0)

    def mutator(data: bytes, max_size: int, seed: int) -> bytes:
        rng = random.Random(seed)
        if rng.random() < 0.3:
            data = grown(rng)
        elif not data or rng.random() < 0.05:
            data = rng.choice(start)
        return bytes(atheris.Mutate(data, max_size))[:max_size] if rng.random() < 0.7 else data[:max_size]

    start = seeds()
    for data in start:
        TestOneInput(data)
    options = [f"-seed={seed}", f"-max_len={MAX_LENGTH}", "-len_control=0", "-rss_limit_mb=2048", "-timeout=10", "-verbosity=0"]
    atheris.Setup([sys.argv[0], *options], TestOneInput, custom_mutator=mutator)
    atheris.Fuzz()


def main() -> None:
    """Search."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("reader", choices=READERS)
    parser.add_argument("--runs", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    search(given.reader, given.runs, given.seed)


if __name__ == "__main__":
    main()
