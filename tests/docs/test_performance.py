"""The page of figures says what the benchmarks kept, and its arithmetic is right."""

import re

import pytest

from benchmarks.page import FOLDER, files
from benchmarks.results import load

DRAWN = files()


@pytest.mark.parametrize("name", DRAWN)
def test_page_and_figures_agree(name: str) -> None:
    """The page and its pictures are those that `make performance` would draw now."""
    assert (FOLDER / name).read_text(encoding="utf-8") == DRAWN[name]


def test_nothing_is_left_to_fill_in() -> None:
    """Every place of the words got its figures."""
    assert not re.findall(r"\{\w+\}", DRAWN["performance.md"])


def test_a_million() -> None:
    """Core-hours are the CPU seconds of each submission more, times a million, in hours."""
    rows = [row for row in load("scale")["rows"] if (row["command"], row["way"]) == ("grade", "here")]
    few, many = (pick(rows, key=lambda row: row["count"]) for pick in (min, max))
    each = (many["cpu"] - few["cpu"]) / (many["count"] - few["count"])
    assert f"| core-hours of 10⁶ submissions | {each * 1e6 / 3600:.1f} |" in DRAWN["performance.md"]


@pytest.mark.parametrize("row", [row for row in load("references")["rows"] if row.get("layer", "").startswith("conv")], ids=str)
def test_conv_is_within_three_times_of_pytorch(row: dict[str, float]) -> None:
    """What was kept of the reference of conv holds what the page promises."""
    assert row["reference_ms"] <= 3 * row["torch_ms"]


def test_a_second_worker_is_worth_it() -> None:
    """What was kept of two workers, each with its own share of a core, is at least 1.8 times what one grades."""
    (two,) = (row for row in load("workers")["rows"] if row["workers"] == 2)
    assert two["times"] >= 1.8
