"""The picture in the README is what a student reads today."""

import pytest
from picture import ROOT, THEMES, draw, report


@pytest.mark.slow
def test_picture_is_drawn_from_todays_report() -> None:
    """Both pictures are those that `make picture` would draw now."""
    shown = report()
    for name, colours in THEMES.items():
        assert (ROOT / "docs" / f"report-{name}.svg").read_text(encoding="utf-8") == draw(shown, colours)
