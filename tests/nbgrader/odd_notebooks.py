"""Students whose notebooks are not as they were released: each hands in the right answers, and one thing is odd."""

import copy
import importlib.util
import json
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

from both_ways import BIG, SAMPLE

Notebook = dict[str, Any]


def sample() -> ModuleType:
    """The script of the sample course."""
    spec = importlib.util.spec_from_file_location("hand_in_sample", SAMPLE / "hand_in.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def right(released: str) -> Notebook:
    """The notebook with the right answers."""
    files = sample().handed_in((SAMPLE / "students" / "ana.txt").read_text(), released)
    found: Notebook = json.loads(files["conv.ipynb"])
    return found


def named(notebook: Notebook, name: str) -> dict[str, Any]:
    """The cell that nbgrader calls `name`."""
    return next(cell for cell in notebook["cells"] if cell["metadata"].get("nbgrader", {}).get("grade_id") == name)


def odd(change: Callable[[Notebook], None]) -> Callable[[str], dict[str, bytes]]:
    """The files of a student, made from the released notebook."""

    def make(released: str) -> dict[str, bytes]:
        notebook = right(released)
        change(notebook)
        return {"conv.ipynb": json.dumps(notebook).encode()}

    return make


def two_answers_deleted(notebook: Notebook) -> None:
    """An answer, and the points of another one."""
    for name in ("conv_backward", "conv2d-points"):
        notebook["cells"].remove(named(notebook, name))


def all_cells_doubled(notebook: Notebook) -> None:
    """Every cell appears twice."""
    notebook["cells"] = [
        again for cell in notebook["cells"] for again in (cell, {**copy.deepcopy(cell), "id": f"{cell['id']}-2"})
    ]


def upside_down(notebook: Notebook) -> None:
    """The last cell first."""
    notebook["cells"].reverse()


def ids_changed(notebook: Notebook) -> None:
    """Other cell ids, and another name of an answer."""
    for place, cell in enumerate(notebook["cells"]):
        cell["id"] = f"other{place}"
    named(notebook, "conv_backward")["metadata"]["nbgrader"]["grade_id"] = "my_backward"


def id_of_another(notebook: Notebook) -> None:
    """An answer under the name of another one's points."""
    named(notebook, "conv2d_valid")["metadata"]["nbgrader"]["grade_id"] = "conv_forward-points"


def answer_as_text(notebook: Notebook) -> None:
    """An answer as markdown, and another one as raw text."""
    for name, kind in (("conv2d", "markdown"), ("conv_forward", "raw")):
        cell = named(notebook, name)
        cell["cell_type"] = kind
        del cell["outputs"], cell["execution_count"]


def no_metadata(notebook: Notebook) -> None:
    """Saved by a program that keeps no metadata."""
    for cell in notebook["cells"]:
        cell["metadata"] = {}


def huge_outputs(notebook: Notebook) -> None:
    """Somebody printed in an endless loop."""
    named(notebook, "conv2d")["outputs"] = [{"output_type": "stream", "name": "stdout", "text": "0.1234567890 " * (BIG // 13)}]


def stderr_everywhere(notebook: Notebook) -> None:
    """Warnings while it runs, and outputs on stderr from before."""
    cell = named(notebook, "conv2d")
    cell["source"] = "import sys, warnings\nwarnings.warn('careful')\nprint('careful', file=sys.stderr)\n" + cell["source"]
    cell["outputs"] = [{"output_type": "stream", "name": "stderr", "text": "careful"}]


def nothing_as_cells(notebook: Notebook) -> None:
    """No cell at all."""
    notebook["cells"] = []


def older_format(notebook: Notebook) -> None:
    """From before cells had ids."""
    notebook["nbformat_minor"] = 4
    for cell in notebook["cells"]:
        del cell["id"]


def lines_that_fail(notebook: Notebook) -> None:
    """What runs in Jupyter only, or is an attempt that fails, is above the functions."""
    for name, line in (
        ("conv2d", "print(conv2d('text'))"),
        ("conv_forward", "ip = get_ipython()\nip.run_line_magic('matplotlib', 'inline')"),
        ("conv_backward", "who = input('name: ')"),
    ):
        cell = named(notebook, name)
        cell["source"] = f"{line}\n" + "".join(cell["source"])


def module_written(notebook: Notebook) -> None:
    """A module of one's own, written by a cell."""
    cell = named(notebook, "conv2d")
    helper = {**copy.deepcopy(cell), "id": "helper", "metadata": {}, "source": "%%writefile helper.py\nNOTHING = 0.0\n"}
    notebook["cells"].insert(0, helper)
    cell["source"] = "from helper import NOTHING\n" + "".join(cell["source"]).replace("return ", "return NOTHING + ")


def old_format(released: str) -> dict[str, bytes]:
    """Saved by a program that writes format 3."""
    from nbformat import from_dict, v3, v4

    return {"conv.ipynb": v3.writes_json(v4.downgrade(from_dict(right(released)))).encode()}


def two_notebooks(released: str) -> dict[str, bytes]:
    """The notebook, and a copy under another name in which nothing was done."""
    return {**odd(lambda _: None)(released), "conv-Copy1.ipynb": released.encode()}


def another_version(version: int) -> Callable[[str], dict[str, bytes]]:
    """Of another format."""
    return odd(lambda notebook: notebook.update(nbformat=version))


def strange_names(notebook: Notebook) -> None:
    """Ids twice, and with markup and line breaks; tags too."""
    for place, cell in enumerate(notebook["cells"]):
        cell["id"] = ("same", '<b id="x">\n', "é" * 80)[place % 3]
        cell["metadata"]["tags"] = ["<script>", "a\nb", "fine"]


def large_metadata(notebook: Notebook) -> None:
    """Much that nobody reads, in a cell and in the notebook."""
    much = {f"key{place}": [place] * 20 for place in range(2_000)}
    notebook["metadata"]["much"] = much
    notebook["cells"][1]["metadata"]["much"] = much


def long_text(notebook: Notebook) -> None:
    """A text cell that takes a renderer long."""
    text = {"cell_type": "markdown", "id": "long", "metadata": {}, "source": "\\begin{a}" * 20_000}
    notebook["cells"].append(text)


def without_minor_version(released: str) -> dict[str, bytes]:
    """Saved by a program that does not say the minor version."""
    return odd(lambda notebook: notebook.pop("nbformat_minor"))(released)


def with_bom(released: str) -> dict[str, bytes]:
    """Saved by an editor that puts a byte order mark in front."""
    return {name: b"\xef\xbb\xbf" + data for name, data in odd(lambda _: None)(released).items()}


def half_character(released: str) -> dict[str, bytes]:
    """Half of an emoji in a text cell."""
    text = {"cell_type": "markdown", "id": "half", "metadata": {}, "source": "so @@"}
    files = odd(lambda notebook: notebook["cells"].insert(1, text))(released)
    return {name: data.replace(b"so @@", b"so \\ud83d") for name, data in files.items()}


ODD: dict[str, Callable[[str], dict[str, bytes]]] = {
    "odd-answers-as-text": odd(answer_as_text),
    "odd-bom": with_bom,
    "odd-copy-beside": two_notebooks,
    "odd-deleted": odd(two_answers_deleted),
    "odd-doubled": odd(all_cells_doubled),
    "odd-empty": lambda _: {"conv.ipynb": b""},
    "odd-format-3": old_format,
    "odd-future-version": another_version(7),
    "odd-half-character": half_character,
    "odd-huge": odd(huge_outputs),
    "odd-id-of-another": odd(id_of_another),
    "odd-ids-changed": odd(ids_changed),
    "odd-large-metadata": odd(large_metadata),
    "odd-lines-that-fail": odd(lines_that_fail),
    "odd-long-text": odd(long_text),
    "odd-minor-negative": odd(lambda notebook: notebook.update(nbformat_minor=-1)),
    "odd-module-written": odd(module_written),
    "odd-no-cells": odd(nothing_as_cells),
    "odd-no-minor": without_minor_version,
    "odd-no-metadata": odd(no_metadata),
    "odd-no-notebook": lambda _: {"notes.txt": b"I forgot it"},
    "odd-older": odd(older_format),
    "odd-other-notebook": lambda released: {"homework.ipynb": released.encode()},
    "odd-stderr": odd(stderr_everywhere),
    "odd-strange-names": odd(strange_names),
    "odd-text": lambda _: {"conv.ipynb": b"\xff\xfe\x00 PK this is a picture"},
    "odd-upside-down": odd(upside_down),
    "odd-a-list": lambda _: {"conv.ipynb": b"[1, 2, 3]"},
}


def hand_in_odd_notebooks(room: Path) -> None:
    """Hand them in."""
    released = (room / "release" / "conv" / "conv.ipynb").read_text()
    for student, make in ODD.items():
        folder = room / "submitted" / student / "conv"
        folder.mkdir(parents=True)
        for name, content in make(released).items():
            (folder / name).write_bytes(content)
