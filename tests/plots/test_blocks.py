"""Small panels on a terminal."""

import numpy as np
import pytest

from grader.course.panels import Note, Panel, bars, cells, grid, lines
from grader.plots.answers import Drawing
from grader.plots.blocks import drawn_in_blocks


def shown(*panels: Panel, text: str = "It is seen.") -> list[str]:
    """The lines of a drawing of these panels, without its title."""
    return drawn_in_blocks(Drawing("one", "Is it seen?", panels, text, 3)).plain.splitlines()[1:]


def test_an_image_in_shades() -> None:
    """Each cell is two shades wide, from paper to ink."""
    assert shown(cells("a diagonal", np.eye(2), scale="ink"))[1:] == ["  a diagonal", "  ██  ", "    ██"]


def test_numbers_that_are_written() -> None:
    """A matrix whose numbers stand in the picture has them here, too, in columns."""
    assert shown(cells("m", [[1, -10], [0.125, 2]], written=True))[1:] == ["  m", "     1  -10", "  0.12    2"]


def test_a_curve_in_one_line() -> None:
    """Its blocks rise with it, and its ends are told."""
    assert shown(lines("l", {"loss": [0, 1, 2, 3, 4, 5, 6, 7]}))[1:] == ["  l", "  loss ▁▂▃▄▅▆▇█ from 0 to 7"]


def test_bars_with_their_numbers() -> None:
    """The longest is thirty blocks."""
    assert shown(bars("b", ("a", "bb"), {"p": [1, 0.5]}))[1:] == ["  b", f"   a {'█' * 30} 1", f"  bb {'█' * 15} 0.5"]


def test_images_side_by_side_fit_a_terminal() -> None:
    """As many as fit into eighty columns."""
    assert max(map(len, shown(grid("g", np.ones((20, 8, 8)), names=["name"] * 20)))) <= 80


@pytest.mark.parametrize("values", [[[np.nan, 1.0]], [[np.inf, 1.0]], [[1.0, 1.0]], [[-1e308, 1e308]]])
def test_numbers_without_a_scale_are_shown(values: list[list[float]]) -> None:
    """What is not finite, or all the same, or as large as floats go, raises nothing."""
    assert len(shown(cells("c", values))) == 3
    assert len(shown(lines("l", {"a": values[0]}))) == 3


def test_nothing_is_claimed_of_what_is_not_drawn() -> None:
    """Where nothing could be drawn, what there would be to see is not told."""
    assert shown(Note("conv2d", "not implemented yet")) == ["  – conv2d: not implemented yet"]


def test_control_codes_are_text() -> None:
    """What a student's exception says cannot steer the terminal."""
    (line,) = shown(Note("f", "raised \x1b[31mE\x07\nnext"))
    assert "\x1b" not in line and "\x07" not in line
