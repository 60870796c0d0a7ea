"""The page of an exercise is in one language: its own words, and what was told, in whatever language the class was graded."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from parts_class import SOLUTION, keep, ready, record

from grader.gradebook.lateness import LatePolicy
from grader.gradebook.open_store import open_store
from grader.gradebook.said_again import grade_again, said_again
from grader.gradebook.term import Term
from grader.report.exercise_page import exercise_pages
from grader.report.facts import SLIPS, fact_of
from grader.report.names import Names
from grader.report.page import page
from grader.text import language

ENGLISH = re.compile(
    r"\b(the|of|and|students?|mean|checks?|failed|passed|nobody|right|points?|lost|begun|waits|report|skip|content|how|many|it|is|are|"
    r"should|but|every|value|result|more|lines?|slip|by|person|decided|stopped|here|sorted|ascending)\b",
    re.IGNORECASE,
)
OWN = (
    "random vectors",
    "how it is written",
    "x minus its mean.",
    "A vector without its mean.",
    "A layer, and why",
    "What a person decides",
)


@pytest.fixture(autouse=True)
def _english_again() -> Iterator[None]:
    """Whatever a test speaks, the next one speaks English."""
    yield
    language.speak("en")


def test_a_record_of_another_language_is_told_again(tmp_path: Path) -> None:
    """Graded in English, read in Spanish; the points are the same."""
    wrong = record(SOLUTION.replace("x - x.mean()", "[1, 2]"))
    language.speak("es")
    again = grade_again(wrong, ready())
    assert again.score == wrong.grade.score
    assert "debería ser un arreglo" in again.exercises[3].checks[0].message


def test_no_english_word_is_left_on_the_spanish_page_of_an_exercise(tmp_path: Path) -> None:
    """But those of the course itself, and names."""
    out = keep(tmp_path, record(), record(SOLUTION.replace("x - x.mean()", "[1, 2]"), "bea"))
    language.speak("es")
    topic = ready()
    with open_store(out, write=False) as store:
        entries = [said_again(store, one, topic)[0] for one in Term(store, LatePolicy()).entries(["affine"])]
    facts = [fact_of(one) for one in entries]
    pages = [
        page(
            "exercise.html.j2", scripted=True, course="What a person decides", exercise=one, language="es", skip=one.words.skip
        ).decode()
        for one in exercise_pages("A layer, and why", facts, {}, Names(["ana", "bea"], anonymous=True), lambda _fact, _name: None)
    ]
    text = re.sub(r"<style>.*?</style>|<script>.*?</script>", "", pages[3], flags=re.DOTALL)
    said = " ".join([*re.findall(r'(?:aria-label|data-up|data-down)="([^"]*)"', text), re.sub(r"<[^>]+>", " ", text)])
    for own in OWN:
        said = said.replace(own, "")
    assert ENGLISH.findall(said) == []
    assert 'lang="es"' in text and "estudiante 2" in said


def test_every_slip_is_said_in_spanish() -> None:
    """None of them stands there in English."""
    language.speak("es")
    assert not [what for what in SLIPS.values() if language.gettext(what) == what]
