"""Deciding what a person reads, in a browser: through the queue of one question, with the keyboard alone, and without JavaScript."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from classroom import grader
from following import follow, press_to_leave
from parts_class import class_of_three, copied
from running_review import reviewing

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page


@pytest.fixture
def deciding(tmp_path: Path) -> Iterator[tuple[Path, str]]:
    """A folder with a course and the records of three, and the link of an app that runs on them."""
    copied(tmp_path / "course")
    class_of_three(tmp_path / "out")
    with reviewing(tmp_path) as (_process, link):
        yield tmp_path, link


def enter(page: "Page", link: str) -> None:
    """Open the link, which leads to the queue by itself."""
    page.goto(link)
    page.wait_for_url(re.compile(r"^http://127\.0\.0\.1:\d+/$"))


def shown(folder: Path, student: str) -> str:
    """The row of `grader show`."""
    done = grader("show", "--course", folder / "course", "--out", folder / "out", cwd=folder)
    return next(line for line in done.stdout.splitlines() if line.startswith(student))


def choose_question(page: "Page") -> None:
    """Filter the queue by one question."""
    page.get_by_label("Question").select_option("affine/why_bias/1")
    follow(page.get_by_role("button", name="Show"))
    assert "question=" in page.url


def test_one_question_for_the_whole_class(page: "Page", deciding: tuple[Path, str]) -> None:
    """Choose it, tick items, save and go on: the marks have the points, and say what is still open."""
    folder, link = deciding
    enter(page, link)
    choose_question(page)
    follow(page.get_by_role("link", name="ana"))
    page.get_by_label("names the origin").check()
    page.get_by_label("Comment; the student may read it").fill("clear <b>")
    follow(page.get_by_role("button", name="Save and next"))
    page.get_by_role("heading", name="bea · why_bias").wait_for()
    assert "It moves the line <b>away</b> from 0." in page.get_by_role("region", name="The answer").inner_text()
    page.get_by_label("gives an example").check()
    follow(page.get_by_role("button", name="Save and next"))
    page.get_by_text("0.5 of 1.5").first.wait_for()
    follow(page.get_by_role("link", name="Queue"))
    choose_question(page)
    assert page.get_by_text("Nothing needs a person").is_visible()
    assert "3.5 / 3.5, 0.5 open" in shown(folder, "ana") and "3 / 3.5, 0.5 open" in shown(folder, "bea")


def test_with_the_keyboard_alone(page: "Page", deciding: tuple[Path, str]) -> None:
    """Rows, items by their numbers, the comment, saving, the next one; letters that are typed are only letters."""
    enter(page, deciding[1])
    page.keyboard.press("j")
    press_to_leave(page, "Enter")
    assert "/part/" in page.url
    page.keyboard.press("2")
    assert page.get_by_label("names that mislead").is_checked()
    page.keyboard.press("c")
    page.keyboard.type("1 is sure")
    page.keyboard.press("Escape")
    page.keyboard.press("1")
    assert page.get_by_label("one expression").is_checked()
    page.keyboard.press("s")
    press_to_leave(page, "Enter")
    page.get_by_role("heading", name="bea · affine").wait_for()
    page.keyboard.press("p")  # it is the first one: nothing happens
    press_to_leave(page, "q")
    assert re.search(r":\d+/$", page.url)


@pytest.mark.parametrize("width", [390, 1280])
def test_nothing_serious_for_axe(
    page: "Page", deciding: tuple[Path, str], faults: "Callable[[Page], list[str]]", width: int
) -> None:
    """On the queue, an open part, a decided one, and a student's page; nothing is wider than the screen."""
    page.set_viewport_size({"width": width, "height": 900})
    enter(page, deciding[1])
    found = {"queue": faults(page)}
    follow(page.get_by_role("link", name="ana").first)
    page.get_by_role("heading", name="ana · affine").wait_for()
    found["open"] = faults(page)
    page.get_by_label("names that mislead").check()
    follow(page.get_by_role("button", name="Save", exact=True))
    page.get_by_role("status").wait_for()
    found["decided"] = faults(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    follow(page.get_by_role("link", name="all of ana"))
    page.get_by_role("heading", name="How the score adds up").or_(page.get_by_text("How the score adds up")).first.wait_for()
    found["student"] = faults(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert not any(found.values()), found


def test_without_javascript(browser: "Browser", deciding: tuple[Path, str]) -> None:
    """The queue, a decision and its undoing are links and forms."""
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    enter(page, deciding[1])
    follow(page.get_by_role("link", name="bea").last)
    page.get_by_label("names the origin").check()
    follow(page.get_by_role("button", name="Save", exact=True))
    assert page.get_by_role("status").inner_text() == "Saved. 1: why_bias: 1 of 1.5"
    follow(page.get_by_role("button", name="Take the decision back"))
    assert page.get_by_role("status").inner_text() == "Saved. 2: why_bias: takes back 1"
    context.close()
