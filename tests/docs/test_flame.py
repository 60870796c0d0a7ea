"""Flame graphs say what the samples say."""

import re
from pathlib import Path

from benchmarks.flame import told, without_lines
from benchmarks.flame_chart import WIDTH, drawn
from benchmarks.sampled_threads import read

STACKS = {
    ("main", "a", "b", "line 1"): 0.3,
    ("main", "a", "b", "line 2"): 0.1,
    ("main", "a", "line 3"): 0.4,
    ("main", "c", "line 4"): 0.0001,
}


def widths(picture: str) -> dict[str, float]:
    """How wide each box is."""
    return {name: float(width) for name, width in re.findall(r"<title>(\w+): .*?width=\"([\d.]+)\"", picture)}


def test_lines_of_a_function_are_one() -> None:
    """What was seen at two lines of a function is that function's time."""
    assert without_lines(STACKS)["main", "a", "b"] == 0.4


def test_a_box_is_as_wide_as_its_time() -> None:
    """What is half of the time is half of what it is called by."""
    found = widths(drawn(without_lines(STACKS), "", 1))
    assert abs(found["b"] / found["a"] - 0.5) < 0.01


def test_thin_boxes_are_left_out() -> None:
    """What could not be seen is not drawn."""
    assert "c" not in widths(drawn(without_lines(STACKS), "", 1))


def test_two_pictures_on_one_scale() -> None:
    """What took half as long as the widest picture fills half of it."""
    assert abs(widths(drawn(without_lines(STACKS), "", 1, widest=1.6002))["main"] - WIDTH / 2) < 1


def test_a_line_and_all_that_it_calls() -> None:
    """The list has what a function took by itself and with what it calls, for each submission."""
    lines = [*told(STACKS, 10, 1)]
    assert lines == [
        "main: 80.01 ms a submission",
        "   40.000 ms by itself: a, line 3",
        "   80.000 ms with what it calls: a",
    ]


def test_what_faulthandler_wrote(tmp_path: Path) -> None:
    """Stacks are read with what is called last, and the CPU time from the last line."""
    samples = tmp_path / "main.samples"
    stack = 'Stack (most recent call first):\n  File "/b.py", line 7 in inner\n  File "/a.py", line 2 in outer\n'
    samples.write_text(2 * stack + "1.5\n")
    assert read(samples) == (1.5, {"/a.py:outer;/b.py:inner;7": 2})
