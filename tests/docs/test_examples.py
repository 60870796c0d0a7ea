"""What the README, CONTRIBUTING and the documentation show is what happens."""

import re
from pathlib import Path

import pytest
from pages import OWN_COURSE, PAGES, ROOT, examples, languages, pattern, sample_course

KNOWN = {"console", "sh", "python", "toml", "text"}


def _page(path: Path) -> object:
    marks = [pytest.mark.slow] if languages(path) & {"console", "python"} else []
    return pytest.param(path, id=str(path.relative_to(ROOT)), marks=marks)


@pytest.mark.parametrize("page", [_page(page) for page in PAGES if languages(page) - {"text"}])
def test_examples_do_what_the_page_says(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every example of a page, one after the other: commands print what the page says, code runs, files are read."""
    if page not in OWN_COURSE:
        sample_course(tmp_path)
    monkeypatch.chdir(tmp_path)
    for example in examples(page).examples():
        try:
            example.evaluate()
        except Exception as error:
            raise AssertionError(f"{page.relative_to(ROOT)}, line {example.line}: {error}") from error


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_block_says_what_it_is(page: Path) -> None:
    """A fenced block is in one of the languages that are tried here, or is text."""
    assert languages(page) <= KNOWN


@pytest.mark.parametrize(
    ("expected", "shown", "fits"),
    [
        ("one\ntwo\n", "one\ntwo\n", True),
        ("one\ntwo\n", "one\ntwo\nthree\n", False),
        ("one\n…\n", "one\ntwo\nthree\n", True),
        ("…\nthree\n", "one\ntwo\nthree\n", True),
        ("…\ntwo\n", "one\ntwo\nthree\n", False),
        ("o…e\n", "one\n", True),
        ("o…e\n", "one more time!\n", False),
        ("a.c\n", "abc\n", False),
        ("", "", True),
        ("", "one\n", False),
    ],
)
def test_what_a_page_promises_of_an_output(expected: str, shown: str, fits: bool) -> None:
    """A dot promises a dot, … in a line anything in it, … alone any number of lines, and everything else itself."""

    assert bool(re.fullmatch(pattern(expected), shown)) is fits
