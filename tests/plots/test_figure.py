"""Drawings become files: every kind of panel, any finite number, and an SVG that reads on light and dark pages."""

import re
import warnings
from xml.etree import ElementTree

import numpy as np
import pytest

from grader.course.panels import Note, Panel, bars, cells, grid, lines, paths, regions, spread
from grader.plots.answers import Drawing
from grader.plots.colours import DARK
from grader.plots.figure import as_file

pytestmark = pytest.mark.slow

LINE = np.linspace(0, 1, 5)
PLANE = np.outer(LINE, LINE)
KINDS: dict[str, Panel] = {
    "cells": cells("c", PLANE, written=True, frames=((0, 0, 2, 2),), marks=((1, 1),), rows=tuple("abcde"), xlabel="x"),
    "cells signed": cells("c", PLANE - 0.5, scale="signed"),
    "grid": grid("g", np.ones((7, 3, 4)), names=tuple("abcdefg"), columns=3),
    "lines": lines("l", {"a": LINE, "b": LINE**2}, x=LINE, markers=True, level=0.5, level_name="half"),
    "lines log": lines("l", {"a": 10.0 ** -np.arange(5)}, log=True),
    "paths": paths("p", LINE, LINE, PLANE, {"a": np.stack([LINE, LINE], axis=1)}, goal=(0.0, 0.0)),
    "regions": regions("r", LINE, LINE, PLANE, np.stack([LINE, LINE], axis=1), [0, 1, 0, 1, 1]),
    "bars": bars("b", ("one", "two"), {"a": [1, -2], "b": [0, 3]}),
    "spread": spread("s", {"before": LINE, "after": LINE + 1}),
    "note": Note("n", "not implemented yet"),
}


def of(*panels: Panel, title: str = "Is it drawn?", text: str = "It is.") -> Drawing:
    """A drawing of these panels."""
    return Drawing("one", title, panels, text, 3)


@pytest.fixture(scope="module")
def of_all_kinds() -> bytes:
    """The file of a drawing of all of them."""
    return as_file(of(*KINDS.values()), "svg")


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_drawn(kind: str) -> None:
    """Each kind of panel becomes an SVG that is XML, and a PNG, without a warning."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        svg, png = as_file(of(KINDS[kind]), "svg"), as_file(of(KINDS[kind]), "png")
    assert ElementTree.fromstring(svg).tag.endswith("svg")
    assert png.startswith(b"\x89PNG")
    assert b"these numbers cannot be drawn" not in svg


@pytest.mark.parametrize("value", [1e300, -1e300, 5e-324, 0.0])
def test_any_finite_number_makes_a_picture(value: float) -> None:
    """Numbers at the ends of the floats, and none that differ, are drawn or noted, and raise nothing."""
    panels = (
        lines("l", {"a": [value, value, 1.0]}),
        lines("l", {"a": [value, value, 1.0]}, log=True),
        cells("c", [[value, np.inf], [np.nan, value]]),
        spread("s", {"a": [value, value]}),
        paths("p", LINE, LINE, np.full((5, 5), value), {"a": [[value, value], [0, 0]]}),
        bars("b", ("a", "b"), {"one": [value, np.nan]}),
    )
    assert as_file(of(*panels), "svg")


def test_words_are_in_the_picture() -> None:
    """Title and words stand in the SVG for those who do not see it, escaped."""
    svg = as_file(of(KINDS["lines"], title="Is a < b?", text="a & b"), "svg").decode()
    assert "<title>Is a &lt; b?</title>" in svg and "<desc>a &amp; b</desc>" in svg and 'role="img"' in svg


def test_a_students_words_are_text() -> None:
    """Signs that matplotlib or XML would read are only letters."""
    svg = as_file(of(Note("f", "raised ValueError: $\\frac{1}$ </text><script>alert(1)</script>")), "svg").decode()
    assert "<script>" not in svg and "\\frac" in svg


def test_names_keep_their_digits() -> None:
    """The places of an SVG are rounded, and what is written in it is not."""
    svg = as_file(of(lines("rate 0.0005", {"a": LINE, "b 0.00012": LINE})), "svg").decode()
    assert "rate 0.0005" in svg and "b 0.00012" in svg
    assert not re.search(r'd="M \d+\.\d{3}', svg)


def test_one_file_for_light_and_dark(of_all_kinds: bytes) -> None:
    """Each colour that means something has another one on a dark page."""
    style = re.search(r"@media \(prefers-color-scheme:dark\)\{(.*?)\}</style>", of_all_kinds.decode())
    assert style is not None
    for light, dark in DARK.items():
        assert f'[style*="fill: {light}"]{{fill:{dark}!important}}' in style[1]


def test_the_same_drawing_is_the_same_file(of_all_kinds: bytes) -> None:
    """No date, no random name: a picture changes only with its numbers."""
    assert as_file(of(*KINDS.values()), "svg") == of_all_kinds
