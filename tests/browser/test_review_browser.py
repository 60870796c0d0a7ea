"""The review app in a browser: from the queue to a changed mark in the export, with the keyboard alone, in light and dark."""

import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from classroom import grader, scaling, submitted_at
from following import follow, press_to_leave
from running_review import reviewing

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

HOSTILE = '"><img src=x onerror=alert(1)>'
CODE = "raise ValueError('<script>alert(2)</script>')  # </pre><img src=x onerror=alert(3)>"


@pytest.fixture(scope="module")
def hostile(_graded_once: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A graded class with a hostile student and a request."""
    folder = Path(shutil.copytree(_graded_once, tmp_path_factory.mktemp("hostile") / "graded"))
    submitted_at(folder / "class", HOSTILE, "vectors", scaling(CODE))
    done = grader("grade", folder / "class", "--course", folder / "course", "--out", folder / "out", cwd=folder)
    assert done.returncode == 0, done.stderr
    (folder / "requests.csv").write_text("student,topic,text\ncaro,vectors,<b>My</b> sums are right\n")
    return folder


@pytest.fixture
def reviewed(hostile: Path, tmp_path: Path) -> Iterator[tuple[Path, str]]:
    """A copy of that class, and the link of an app that runs on it."""
    folder = Path(shutil.copytree(hostile, tmp_path / "graded"))
    with reviewing(folder, "--submissions", folder / "class", "--requests", "requests.csv") as (_process, link):
        yield folder, link


def enter(page: "Page", link: str) -> None:
    """Open the link, which leads to the queue by itself."""
    page.goto(link)
    page.wait_for_url(re.compile(r"^http://127\.0\.0\.1:\d+/$"))


def exported(graded: Path, student: str) -> str:
    """The score that `grader export` writes."""
    done = grader("export", "vectors", "--wide", "--course", graded / "course", "--out", graded / "out", cwd=graded)
    return next(line for line in done.stdout.splitlines() if line.startswith(student))


def test_look_explain_adjust_export(page: "Page", reviewed: tuple[Path, str]) -> None:
    """A request is read beside the checks and the line that failed, and accepted; the export has the new score; it is taken back."""
    graded, link = reviewed
    enter(page, link)
    follow(page.get_by_role("link", name="caro").first)
    assert page.get_by_text("<b>My</b> sums are right").is_visible()
    assert page.locator(".line.wrong").first.is_visible() and "is no [red]tag" in page.locator("main").inner_text()
    page.get_by_label("Points, + or −").fill("+1.5")
    page.get_by_label("Why; the student may read it").fill("the sums are right")
    follow(page.get_by_role("button", name="Accept the request"))
    assert page.get_by_role("status").inner_text() == "Request accepted. 1: vectors: 2 → 3.5"
    assert "3.5" in exported(graded, "caro")
    follow(page.get_by_role("button", name="Take back 1"))
    assert page.get_by_role("status").inner_text() == "Saved. 2: vectors: 3.5 → 2"
    assert "3.5" not in exported(graded, "caro")


def test_keyboard_alone(page: "Page", reviewed: tuple[Path, str]) -> None:
    """Skip link, rows, a change, the next student, help: without a mouse; letters that are typed are only letters."""
    enter(page, reviewed[1])
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    assert page.evaluate("document.activeElement.textContent") == "caro"
    press_to_leave(page, "Enter")
    assert "/student/" in page.url
    page.keyboard.press("a")
    page.keyboard.type("1")
    page.keyboard.press("Escape")
    page.keyboard.press("c")
    page.keyboard.type("just a quick pun")
    assert page.get_by_label("Why; the student may read it").input_value() == "just a quick pun"
    page.keyboard.press("Tab")
    press_to_leave(page, "Enter")
    assert "Request accepted" in page.get_by_role("status").inner_text()
    before = page.get_by_role("heading", level=1).inner_text()
    press_to_leave(page, "n")
    assert page.get_by_role("heading", level=1).inner_text() != before
    press_to_leave(page, "?")
    assert page.url.endswith("/help")
    press_to_leave(page, "q")
    assert re.search(r":\d+/$", page.url)


def test_focus_is_seen(page: "Page", reviewed: tuple[Path, str]) -> None:
    """Whatever Tab reaches on a student's page has an outline."""
    enter(page, reviewed[1])
    follow(page.get_by_role("link", name="caro").first)
    unseen, reached = [], 0
    page.keyboard.press("Tab")
    while page.evaluate("document.activeElement !== document.body"):
        reached += 1
        if page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "none":
            unseen.append(page.evaluate("document.activeElement.outerHTML.slice(0, 80)"))
        page.keyboard.press("Tab")
    assert unseen == [] and reached > 15


@pytest.mark.parametrize("width", [390, 1280])
def test_no_serious_fault_of_accessibility(
    page: "Page", reviewed: tuple[Path, str], faults: "Callable[[Page], list[str]]", width: int
) -> None:
    """On every kind of page; and nothing is wider than the screen."""
    page.set_viewport_size({"width": width, "height": 900})
    enter(page, reviewed[1])
    base = page.url.rstrip("/")
    student = page.get_by_role("link", name="caro").first.get_attribute("href")
    found = {}
    for path in ("/", "/?all=yes", "/class?topic=vectors", student, "/history", "/assistants", "/help"):
        page.goto(f"{base}{path}")
        found[path] = faults(page)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
        page.evaluate("document.documentElement.dir = 'rtl'")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{path}, from right to left"
    follow(page.get_by_role("link", name="Queue"))
    follow(page.get_by_role("link", name="caro").first)
    page.get_by_label("Points, + or −").fill("1")
    page.get_by_label("Why; the student may read it").fill("x")
    follow(page.get_by_role("button", name="Save without an answer"))
    page.get_by_role("status").wait_for()
    found["changed"] = faults(page)
    assert not any(found.values()), found


def test_code_and_names_of_students_do_nothing(page: "Page", reviewed: tuple[Path, str]) -> None:
    """A hostile name, code and message are read as they were written; the page's own rules would report anything else."""
    enter(page, reviewed[1])
    page.goto(page.url + "class?topic=vectors")
    follow(page.get_by_role("link", name="onerror"))
    assert "onerror=alert(1)" in page.get_by_role("heading", level=1).inner_text()
    assert "</pre><img src=x onerror=alert(3)>" in page.locator("main").inner_text()
    assert page.locator("main img").count() == 0


def test_it_works_without_javascript(browser: "Browser", reviewed: tuple[Path, str]) -> None:
    """The link, the queue, a change and its undoing are links and forms."""
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    enter(page, reviewed[1])
    follow(page.get_by_role("link", name="caro").first)
    page.get_by_label("Points, + or −").fill("1")
    page.get_by_label("Why; the student may read it").fill("x")
    follow(page.get_by_role("button", name="Save without an answer"))
    assert page.get_by_role("status").inner_text() == "Saved. 1: vectors: 2 → 3"
    follow(page.get_by_role("button", name="Take back 1"))
    assert page.get_by_role("status").inner_text() == "Saved. 2: vectors: 3 → 2"
    context.close()


def test_two_assistants_in_two_browsers(browser: "Browser", page: "Page", reviewed: tuple[Path, str]) -> None:
    """The second one's form, opened before, asks again with what was typed, and then is saved."""
    enter(page, reviewed[1])
    follow(page.get_by_role("link", name="Assistants"))
    page.get_by_label("Name of another assistant").fill("bo")
    follow(page.get_by_role("button", name="Make a link"))
    context = browser.new_context()
    other = context.new_page()
    enter(other, page.get_by_label("The link").input_value())
    for one in (page, other):
        one.goto(re.sub(r"(:\d+)/.*", r"\1/", one.url))
        follow(one.get_by_role("link", name="caro").first)
        one.get_by_label("Points, + or −").fill("1")
        one.get_by_label("Why; the student may read it").fill("my own reason")
    follow(page.get_by_role("button", name="Save without an answer"))
    assert page.get_by_role("status").is_visible()
    follow(other.get_by_role("button", name="Save without an answer"))
    assert "was changed while your form was open" in other.get_by_role("alert").inner_text()
    assert other.get_by_label("Why; the student may read it").input_value() == "my own reason"
    follow(other.get_by_role("button", name="Save without an answer"))
    assert other.get_by_role("status").inner_text() == "Saved. 2: vectors: 3 → 4"
    context.close()
