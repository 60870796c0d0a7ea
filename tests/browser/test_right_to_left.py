"""Feedback in a language that is written from right to left: a language of pseudo texts, made of a folder, in a browser."""

import os
import re
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from parts_class import COURSE, STUB, WRONG, class_of_two, copied, ready, record
from pseudo import pseudo, pseudo_language
from reviewing import Review
from toys import ROOT
from written_class import written_report

from grader.course.folder import CATALOGS, read_course
from grader.engine.engine import Engine
from grader.feedback.html import render
from grader.feedback.pages import About
from grader.feedback.view import view_of
from grader.report.page import own
from grader.sandbox.backend import Source
from grader.submissions.submission import Submission
from grader.text import language

if TYPE_CHECKING:
    from playwright.sync_api import Page


PICTURES = os.environ.get("PICTURES")  # a folder for pictures of the pages (not set: none are made)


@pytest.fixture(scope="module")
def feedback(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The feedback page of a flipped kernel, in Arabic from the first word to the last."""
    folder = tmp_path_factory.mktemp("arabic")
    for name in ("assignments/conv", "reference"):
        shutil.copytree(ROOT / name, folder / name)
    shutil.copytree(ROOT / "solutions", folder / "solutions")
    (folder / "assignments/course.toml").write_text('title = "Course"\nlanguage = "ar"\n')
    pseudo_language(folder / CATALOGS, ROOT / CATALOGS)
    pseudo_language(folder / "own", language.OWN)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(language, "OWN", folder / "own")
        course = read_course(folder)
        text = (ROOT / "tests/submissions/conv/wrong/flipped_kernel.py").read_text()
        with Engine(course, weak=True) as engine:
            ready = engine.prepare("conv")
            record = engine.grade(Submission("مريم", "conv", Source("conv", {"conv": text})), ready)
        view = view_of(record.grade, "conv", ready.plan, record.run)
        about = About(pseudo("Deep learning"), pseudo("Convolution"), "مريم", "8.89 / 10", ("4.5 − 1",), "", language.spoken())
        page = folder / "feedback.html"
        page.write_text(render("page.html.j2", view=view, about=about), encoding="utf-8")
    language.speak("en")
    return page


@pytest.fixture(scope="module")
def reviewed(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Pages of the review app, and of a report, in Arabic."""
    folder = tmp_path_factory.mktemp("review")
    with pytest.MonkeyPatch.context() as patch, ThreadPoolExecutor(1) as beside:  # the browser has the event loop of this thread
        patch.setattr(language, "OWN", pseudo_language(folder / "own", language.OWN))
        with language.speaking("ar"):
            return beside.submit(written_pages, folder).result()


def written_pages(folder: Path) -> list[Path]:
    """The first page of a report and, without its script, each kind of page of the review app that is read for long."""
    review = Review(copied(folder / "course"), class_of_two(folder / "out"))
    student, someone = review.address("ana", "affine"), review.assistant()
    read = {"queue": "/", "student": student, "part": f"{student.replace('/student/', '/part/')}/why_bias/1", "help": "/help"}
    style = f"<style>{own('review.css')}</style>"
    for name, path in read.items():
        text = someone.read(path).replace('<link rel="stylesheet" href="/static/review.css">', style)
        (folder / f"{name}.html").write_text(re.sub("<script.*?</script>", "", text), encoding="utf-8")
    review.desk.close()
    submissions = [
        (name, text, Submission(name, "affine", Source("affine", {"affine": text})))
        for name, text in (("ana", WRONG), ("bea", STUB))
    ]
    made = [(record(text, name), submission) for name, text, submission in submissions]
    report = written_report(COURSE, folder / "written", made, {"affine": ready()}, ["caro"])
    return [report, *(folder / f"{name}.html" for name in read)]


@pytest.mark.parametrize("width", [1280, 390])
def test_the_review_app_and_a_report_from_right_to_left(reviewed: list[Path], page: "Page", width: int) -> None:
    """They say so, stay within the window, and begin at its right; code is from left to right."""
    page.set_viewport_size({"width": width, "height": 900})
    for one in reviewed:
        page.goto(one.as_uri())
        if PICTURES:
            page.screenshot(path=f"{PICTURES}/rtl-{one.stem}-{width}.png")
        assert page.evaluate("document.documentElement.dir") == "rtl"
        assert page.evaluate("document.documentElement.scrollWidth") <= width, one
        heading = page.locator("h1").first.bounding_box()
        assert heading and heading["x"] + heading["width"] > 0.8 * width
        assert {
            *page.locator("pre:not(.prose), code, kbd, .grader-name").evaluate_all(
                "all => all.map((one) => getComputedStyle(one).direction)"
            )
        } <= {"ltr"}


def test_the_page_is_from_right_to_left(feedback: Path, page: "Page") -> None:
    """It says its language and its direction, and its own words are those of the catalogs."""
    page.goto(feedback.as_uri())
    assert page.evaluate("[document.documentElement.lang, document.documentElement.dir]") == ["ar", "rtl"]
    assert page.locator(".grader-check").get_attribute("dir") == "rtl"
    assert re.search(r"\b(points|should|yours|wrong|the)\b", page.inner_text("main")) is None


@pytest.mark.parametrize("selector", ["code", "table.grader-array", ".grader-name"])
def test_code_and_numbers_are_from_left_to_right(feedback: Path, page: "Page", selector: str) -> None:
    """A call, a matrix and the name of a function stand as they are typed."""
    page.goto(feedback.as_uri())
    found = page.locator(selector)
    assert found.count() > 0
    assert {*found.evaluate_all("all => all.map((one) => getComputedStyle(one).direction)")} == {"ltr"}


@pytest.mark.parametrize("width", [1280, 390])
def test_nothing_stands_beyond_the_page(feedback: Path, page: "Page", width: int) -> None:
    """The page is as wide as the window, on a desk and on a phone."""
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(feedback.as_uri())
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_points_stand_at_the_end_of_a_line(feedback: Path, page: "Page") -> None:
    """What is at the right of an English page is at the left of this one."""
    page.goto(feedback.as_uri())
    row = page.locator("table.grader-list > tbody > tr").first
    sign, points = (row.locator("> td").nth(n).bounding_box() for n in (0, -1))
    assert sign and points and points["x"] < sign["x"]
