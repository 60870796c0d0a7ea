"""The statements of the course are short, ask first, and have the same parts in each language."""

import re

import pytest
from toys import ROOT

from grader.course.folder import read_course

COURSE = read_course(ROOT)
TOPICS = [assignment.name for assignment in COURSE.assignments]
MOST = 900  # words that somebody wrote: what docstrings and checks say is said there
WRITTEN_BY_OTHERS = re.compile(
    r"<!-- \w+: .*?<!-- end -->"  # drawn from data
    r"|^```.*?^```|^    .*?$"  # code
    r"|\$\$.*?\$\$|\$[^$]*\$"  # formulas
    r"|</?(?:details|summary)>",
    re.DOTALL | re.MULTILINE,
)
PARTS = re.compile(r"^(?:#+ |<details>|<!-- .*? -->|```)", re.MULTILINE)
BESIDE_TEXT = re.compile(r"^(?:\d+[.)] |: ).*", re.MULTILINE)


def statement(topic: str, language: str) -> str:
    """A statement as it is released."""
    return (COURSE.assignment(topic).folder / f"README{language}.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("language", ["", ".es"])
@pytest.mark.parametrize("topic", TOPICS)
def test_it_is_short(topic: str, language: str) -> None:
    """It is read in a few minutes."""
    words = [word for word in WRITTEN_BY_OTHERS.sub(" ", statement(topic, language)).split() if re.search(r"\w", word)]
    assert len(words) <= MOST


@pytest.mark.parametrize("language", ["", ".es"])
@pytest.mark.parametrize("topic", TOPICS)
def test_it_asks_first(topic: str, language: str) -> None:
    """Its first section is a question with a folded answer."""
    _before, first, *_rest = re.split(r"^## ", statement(topic, language), flags=re.MULTILINE)
    question, folded, _answer = first.partition("<details>")
    assert folded and question.strip().endswith("?")


@pytest.mark.parametrize("topic", TOPICS)
def test_both_languages_have_the_same_parts(topic: str) -> None:
    """Headings, folded answers, examples and pictures follow each other alike."""
    assert PARTS.findall(statement(topic, ".es")) == PARTS.findall(statement(topic, ""))


@pytest.mark.parametrize("language", ["", ".es"])
@pytest.mark.parametrize("topic", TOPICS)
def test_no_line_becomes_a_list_by_chance(topic: str, language: str) -> None:
    """No line of a text begins with `0. ` or `: `, which Markdown takes for a list or a definition."""
    text = re.sub(r"^```.*?^```", "", statement(topic, language), flags=re.DOTALL | re.MULTILINE)
    assert BESIDE_TEXT.findall(text) == []
