"""Ten students hand in: `python hand_in.py COURSE_DIR` makes COURSE_DIR/submitted out of the released notebook and `students/*.txt`.

A student's file is what they do to the cells of the notebook, which are called as nbgrader calls them:

    # %% conv2d              the answer in this cell
    # %% after setup         a new cell behind that one
    # %% copy conv2d         the cell once more behind itself, metadata and all; this is what then stands in the copy
    # %% markdown conv2d     the answer, in a cell that is no code any more
    # %% points conv2d       the number of points in its metadata
    # %% delete conv2d       the cell is gone
    # %% first conv2d        it becomes the first cell
    # %% cut off             half of the notebook's file is lost
    # %% handed in           the time, for timestamp.txt
    # %% conv.py             no notebook but this file
"""

import copy
import json
import re
import sys
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
TOPIC = "conv"
IN_TIME = "2027-04-20 15:30:00.000000 UTC"


def main() -> None:
    """Hand in for every student."""
    if len(sys.argv) != 2:
        sys.exit("usage: python hand_in.py COURSE_DIR")
    folder = Path(sys.argv[1])
    released = folder / "release" / TOPIC / f"{TOPIC}.ipynb"
    if not released.is_file():
        sys.exit(f"{released} is not there. Release it first: grader release {TOPIC} --nbgrader {folder}")
    for path in sorted((HERE / "students").glob("*.txt")):
        place = folder / "submitted" / path.stem / TOPIC
        place.mkdir(parents=True, exist_ok=True)
        for name, content in handed_in(path.read_text(encoding="utf-8"), released.read_text(encoding="utf-8")).items():
            (place / name).write_text(content, encoding="utf-8")


def handed_in(deeds: str, released: str) -> dict[str, str]:
    """The files of one student, by name."""
    notebook, time, half, module = json.loads(released), IN_TIME, False, ""
    for what, text in re.findall(r"^# %% (.+)\n((?:(?!# %% ).*(?:\n|\Z))*)", deeds, re.MULTILINE):
        text = text.strip("\n")
        if what == "cut off":
            half = True
        elif what == "handed in":
            time = text
        elif what == f"{TOPIC}.py":
            module = text + "\n"
        else:
            change(notebook["cells"], *(what.split() if " " in what else ("answer", what)), text)
    written = json.dumps(notebook, indent=1, ensure_ascii=False) + "\n"
    work = {f"{TOPIC}.py": module} if module else {f"{TOPIC}.ipynb": written[: len(written) // 2] if half else written}
    return work | {"timestamp.txt": time + "\n"}


def change(cells: list[dict[str, Any]], deed: str, name: str, text: str) -> None:
    """What a student does to one cell."""
    place = next(place for place, cell in enumerate(cells) if cell["metadata"].get("nbgrader", {}).get("grade_id") == name)
    cell = cells[place]
    if deed == "delete":
        del cells[place]
    elif deed == "first":
        cells.insert(0, cells.pop(place))
    elif deed == "after":
        new = {
            "cell_type": "code",
            "id": f"own-{len(cells)}",
            "metadata": {},
            "source": text,
            "outputs": [],
            "execution_count": None,
        }
        while place + 1 < len(cells) and str(cells[place + 1].get("id", "")).startswith("own-"):
            place += 1
        cells.insert(place + 1, new)
    elif deed == "copy":
        cells.insert(place + 1, {**copy.deepcopy(cell), "id": f"copy-{len(cells)}", "source": text})
    elif deed == "points":
        cell["metadata"]["nbgrader"]["points"] = float(text)
    elif deed == "markdown":
        cells[place] = {"cell_type": "markdown", "id": cell["id"], "metadata": cell["metadata"], "source": text}
    else:
        cell["source"] = text


if __name__ == "__main__":
    main()
