"""What the tests of pages rest on."""

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Page


def test_a_picture_without_text_is_a_serious_fault(page: "Page", faults: "Callable[[Page], list[str]]") -> None:
    """The check of accessibility can fail."""
    page.set_content('<html lang="en"><title>x</title><main><h1>x</h1><img src="data:image/png;base64,"></main></html>')
    assert [fault.partition(" (")[0] for fault in faults(page)] == ["light: image-alt"]


def test_what_cannot_be_read_in_the_dark_is_a_serious_fault(page: "Page", faults: "Callable[[Page], list[str]]") -> None:
    """Colours are looked at in both schemes."""
    dark = "<style>@media (prefers-color-scheme: dark) { body { background: #000; color: #222 } }</style>"
    page.set_content(f'<html lang="en"><title>x</title>{dark}<main><h1>words</h1></main></html>')
    assert [fault.partition(" (")[0] for fault in faults(page)] == ["dark: color-contrast"]


def test_a_page_with_a_heading_and_a_language_has_none(page: "Page", faults: "Callable[[Page], list[str]]") -> None:
    """And it can pass."""
    page.set_content('<html lang="en"><title>x</title><main><h1>x</h1></main></html>')
    assert faults(page) == []
