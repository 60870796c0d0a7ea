"""What students read is there in every language: chosen by an option or by the environment, and complete."""

import io
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from babel.messages import Catalog
from babel.messages.pofile import read_po
from classroom import edit, grader, lines, submitted_at

from grader.cli.messages import own_texts
from grader.course.folder import CATALOGS, read_course
from grader.errors import UsageError
from grader.release.catalogs import left, of_topics, own, stale
from grader.text import language
from grader.text.language import OWN, SOURCE

COURSE = read_course(Path(__file__).resolve().parents[1])
HELP = own_texts()
VARIABLES = ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")


@cache
def all_catalogs() -> "tuple[tuple[Path, Catalog], ...]":
    """Every catalog that is there, with its up-to-date content: a folder makes a language."""
    topics = of_topics(COURSE, [], [path.name for path in (COURSE.root / CATALOGS).iterdir()])
    return (*topics, *own(HELP, [name for name in language.languages() if name != SOURCE]))


@pytest.fixture(autouse=True)
def _english_again() -> Iterator[None]:
    """Whatever a test speaks, the next one speaks English."""
    yield
    language.speak("en")


@pytest.fixture
def no_environment(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """An environment that asks for no language."""
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
    return monkeypatch


@pytest.mark.parametrize(
    ("variable", "value", "spoken"),
    [
        ("LANG", "es_AR.UTF-8", "es"),
        ("LC_ALL", "es", "es"),
        ("LC_MESSAGES", "es_ES@euro", "es"),
        ("LANGUAGE", "fr:es:en", "es"),
        ("LANG", "C.UTF-8", "en"),
        ("LANG", "fr_FR.UTF-8", "en"),
        ("LANG", "", "en"),
    ],
)
def test_environment_chooses(no_environment: pytest.MonkeyPatch, variable: str, value: str, spoken: str) -> None:
    """The environment's language is spoken where there is a catalog for it, English elsewhere."""
    no_environment.setenv(variable, value)
    assert language.speak() == spoken


def test_option_comes_before_the_environment(no_environment: pytest.MonkeyPatch) -> None:
    """A language that is asked for by name is spoken whatever the environment says."""
    no_environment.setenv("LANG", "es_AR.UTF-8")
    assert language.speak("en") == "en"


def test_unknown_language_is_refused() -> None:
    """A language that was asked for and is not there is wrong use; the message names those there are."""
    with pytest.raises(
        UsageError, match=r"--lang fr: there is no language 'fr'; there are en, es, pt\. Choose one of them, or add it"
    ):
        language.speak("fr")


def test_english_loads_no_catalog() -> None:
    """English is what stands in the code."""
    language.speak("en")
    assert language.gettext("all right") == "all right"


@pytest.mark.parametrize(("n", "text"), [(1, "1 fila"), (2, "2 filas"), (0, "0 filas")])
def test_plural(n: int, text: str) -> None:
    """Numbers choose the plural form of the language."""
    language.speak("es")
    assert language.ngettext("{n} row", "{n} rows", n).format(n=n) == text


@pytest.mark.slow
def test_all_catalogs_are_complete() -> None:
    """Every message has a translation with the same placeholders, and no catalog has one too many."""
    wrong = []
    for po, catalog in all_catalogs():
        wrong += [f"{po}: {message}" for message in left(catalog).all]
        wrong += [f"{po} is out of date; run `make messages`"] if stale(po, catalog) else []
    assert wrong == []


@pytest.mark.slow
def test_every_catalog_belongs_to_something() -> None:
    """No catalog is left of a topic that is gone."""
    known = {po for po, _ in all_catalogs()}
    assert {po for folder in (OWN, COURSE.root / CATALOGS) for po in folder.rglob("*.po")} <= known


@pytest.mark.parametrize(
    ("text", "lacking"),
    [
        ('msgid "{n} of {most}"\nmsgstr "{n} de {most}"', []),
        ('msgid "{n} of {most}"\nmsgstr "{n} de {mas}"', ["{n} of {most}"]),
        ('msgid "all"\nmsgstr ""', ["all"]),
        ('#, fuzzy\nmsgid "all"\nmsgstr "todo"', ["all"]),
    ],
)
def test_what_counts_as_translated(text: str, lacking: list[str]) -> None:
    """A translation that is empty, marked as fuzzy, or loses a placeholder, is none."""
    assert [*left(read_po(io.StringIO(text), locale="es")).all] == lacking


def test_check_speaks_spanish(own_course: Path, tmp_path: Path) -> None:
    """`grader check --lang es` says its own words in Spanish."""
    edit(
        own_course / "assignments" / "vectors" / "vectors.py",
        'raise NotImplementedError("scale: A vector times a number.")',
        "pass",
    )
    done = grader("check", "vectors", "--course", own_course, "--lang", "es", cwd=tmp_path)
    assert "0 de 5 puntos" in done.stdout
    assert "pero es None; ¿falta un `return`?" in done.stdout


def test_grade_keeps_what_it_said(own_course: Path, tmp_path: Path) -> None:
    """The messages of a class are kept in the language in which it was graded."""
    submitted_at(tmp_path / "class", "ana", text="def scale(x, factor): return x + factor\n")
    done = grader("grade", tmp_path / "class", "--course", own_course, "--lang", "es", "--json", cwd=tmp_path)
    (line,) = lines(done)
    assert "el primero:" in line["exercises"][0]["checks"][0]["message"]
