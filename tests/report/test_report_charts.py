"""Charts: images for a light and a dark page, with what they show in words."""

import base64
import sys
import xml.etree.ElementTree as ET
from datetime import UTC, datetime, timedelta

import pytest

from grader.errors import UsageError
from grader.report.charts import STEPS, Arrivals, histogram, progress, require_charts

START = datetime(2027, 3, 1, tzinfo=UTC)


def svg(address: str) -> str:
    """The drawing at an address."""
    head, _comma, data = address.partition(",")
    assert head == "data:image/svg+xml;base64"
    return base64.b64decode(data).decode()


def test_a_histogram_has_its_counts_and_no_script() -> None:
    """The numbers stand above the bars as text."""
    found = histogram((0, 0, 3, 0, 0, 0, 0, 0, 0, 17), "what it shows")
    texts = {"".join(node.itertext()).strip() for node in ET.fromstring(svg(found.light)).iter() if node.tag.endswith("text")}
    assert {"3", "17", "100 %"} <= texts
    assert "<script" not in svg(found.light) and found.text == "what it shows"


def test_the_dark_one_is_the_same_drawing_in_other_colours() -> None:
    """No colour of the light page is left in it."""
    found = histogram((1,) * 10, "")
    light, dark = svg(found.light), svg(found.dark)
    assert len(light) == len(dark) and "#1f2328" in light and "#1f2328" not in dark and "#e6edf3" in dark


def test_the_same_numbers_give_the_same_image() -> None:
    """Neither the day nor chance is in it."""
    assert histogram((1,) * 10, "") == histogram((1,) * 10, "")


def test_a_large_class_makes_no_large_image() -> None:
    """A line has so many steps at most, and an assignment's name is text."""
    times = tuple(START + timedelta(minutes=place) for place in range(5000))
    large = progress([Arrivals("<conv>", times, START)], "")
    small = progress([Arrivals("<conv>", times[:STEPS], START)], "")
    assert len(large.light) < 1.5 * len(small.light)
    assert "&lt;conv&gt;" in svg(large.light)


def test_without_matplotlib_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    """Before anything is written."""
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(UsageError, match=r"pip install 'dl-grader\[report\]'"):
        require_charts()
