"""The pages of a report in a browser: sorted, filtered, followed to a student and back, readable for everybody, and hurt by nobody."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from following import follow
from written_class import HOSTILE, hostile_class, written_report

if TYPE_CHECKING:
    from playwright.sync_api import Page

MANY = 1000


@pytest.fixture(scope="module")
def few(small_course: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The first page of a report of some hostile students."""
    return written_report(small_course, tmp_path_factory.mktemp("few"), hostile_class(2 * len(HOSTILE)))


@pytest.fixture(scope="module")
def many(small_course: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The first page of a report of a large class."""
    return written_report(small_course, tmp_path_factory.mktemp("many"), hostile_class(MANY))


def kind_of(report: Path, kind: str) -> Path:
    """One page of a kind: of the class, of an exercise, of a student, of all pairs, or of one."""
    if kind.endswith(".html"):
        return report.parent / kind
    return next(iter(sorted((report.parent / kind).glob("*.html"))))


def students(page: "Page") -> list[str]:
    """The students in the table that are shown, from above."""
    return page.locator("section[aria-labelledby=students] tbody tr:visible th").all_inner_texts()


def said(page: "Page") -> str:
    """What the table of students told screen readers last."""
    return page.locator("section[aria-labelledby=students] [role=status]").inner_text()


@pytest.mark.parametrize("kind", ["index.html", "exercises", "students", "similar.html", "similar"])
def test_a_page_has_no_serious_fault_of_accessibility(
    few: Path, page: "Page", faults: "Callable[[Page], list[str]]", kind: str
) -> None:
    """Contrast, names, landmarks, tables: as axe finds them, on a light and on a dark page."""
    page.goto(kind_of(few, kind).as_uri())
    assert faults(page) == []


@pytest.mark.parametrize("direction", ["ltr", "rtl"])
@pytest.mark.parametrize("kind", ["index.html", "exercises", "students", "similar.html", "similar"])
def test_a_page_fits_a_phone(few: Path, page: "Page", kind: str, direction: str) -> None:
    """What is wide is scrolled in its own place, and the page itself is not, in whichever direction its language is written."""
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto(kind_of(few, kind).as_uri())
    page.evaluate("(direction) => { document.documentElement.dir = direction }", direction)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_from_the_class_to_a_student_and_back(few: Path, page: "Page") -> None:
    """Sort by a click on a heading, find by name, read a student, and come back."""
    page.goto(few.as_uri())
    everybody = students(page)
    assert len(everybody) == 2 * len(HOSTILE)
    heading = page.locator("section[aria-labelledby=students] th", has_text="total")
    heading.get_by_role("button").click()
    assert heading.get_attribute("aria-sort") == "ascending" and "ascending" in said(page)
    values = page.locator("section[aria-labelledby=students] tbody tr td:nth-child(2)").evaluate_all(
        "cells => cells.map((cell) => Number(cell.dataset.v))"
    )
    assert values == sorted(values) and len({*values}) > 1
    heading.get_by_role("button").click()
    assert heading.get_attribute("aria-sort") == "descending"

    page.get_by_label("Find a student").fill("jose")  # without the accent
    assert len(students(page)) == 4 and all("Jos" in name for name in students(page))
    assert said(page) == f"4 of {len(everybody)} students"
    follow(page.locator("section[aria-labelledby=students] tbody tr:visible a").first)
    assert page.get_by_role("heading", level=1).inner_text().startswith("Jos")
    page.go_back()
    assert page.get_by_role("heading", level=2, name="Students").is_visible()


def test_it_is_sorted_and_left_by_the_keyboard(few: Path, page: "Page") -> None:
    """The first stop skips to the content; a heading's button is reached and pressed by keys."""
    page.goto(few.as_uri())
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    button = page.locator("section[aria-labelledby=students] th button").first
    button.focus()
    page.keyboard.press("Enter")
    assert page.locator("section[aria-labelledby=students] th").first.get_attribute("aria-sort") == "ascending"


def test_only_some_students_are_shown(few: Path, page: "Page") -> None:
    """The list beside the name leaves who has something of a kind; here nobody is excused."""
    page.goto(few.as_uri())
    page.get_by_label("Show").select_option("excused")
    assert students(page) == []
    page.get_by_label("Show").select_option("")
    assert len(students(page)) == 2 * len(HOSTILE)


def test_the_line_that_failed_is_reached_from_above_the_code(few: Path, page: "Page") -> None:
    """The link leads to the line, which is marked and says why."""
    one = next(path for path in sorted((few.parent / "students").glob("*.html")) if "checks failed in" in path.read_text())
    page.goto(one.as_uri())
    follow(page.get_by_role("link", name="line 2").first)
    assert "raised" in page.locator(".line:target").inner_text()


def test_every_page_runs_nothing_of_a_student(few: Path, page: "Page") -> None:
    """No script, no image and no handler of theirs is in any page: what they wrote is text. A dialog fails any test."""
    for path in few.parent.rglob("*.html"):
        page.goto(path.as_uri())
        assert page.evaluate("window.hurt") is None
        assert page.locator("img[src=x], [onerror], [onmouseover], b, a[href^=javascript]").count() == 0
        assert page.locator("script").count() <= 1


def test_a_class_of_a_thousand_is_sorted_and_filtered(many: Path, page: "Page") -> None:
    """All are in one page, hostile names too. The times are printed, not judged: a busy machine must not fail them."""
    started = time.monotonic()
    page.goto(many.as_uri())
    loaded = time.monotonic()
    times = page.evaluate(
        """() => [0, 1, 2].map((place) => {
            const started = performance.now();
            document.querySelectorAll("section[aria-labelledby=students] th button")[place].click();
            document.body.offsetHeight;
            return Math.round(performance.now() - started);
        })"""
    )
    started_to_find = time.monotonic()
    page.get_by_label("Find a student").fill("&lt;b&gt; 264")
    found = students(page)
    print(
        f"{MANY} students: loaded in {loaded - started:.2f} s, sorted in {times} ms, found in {time.monotonic() - started_to_find:.2f} s"
    )
    assert found == ["&lt;b&gt; 264"]
    assert page.evaluate("window.hurt") is None
    assert page.locator("section[aria-labelledby=students] tbody tr").count() == MANY
