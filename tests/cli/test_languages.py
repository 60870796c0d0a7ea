"""A language is there when its folder is: chosen by --lang, by the course or by the environment, and begun with `grader messages`."""

from pathlib import Path

import polib
import pytest
import typer.main
from classroom import REPO, edit, grader
from typer.testing import CliRunner

from grader.cli.app import app
from grader.cli.help_texts import help_messages
from grader.cli.wrong_use import in_our_words
from grader.course.folder import read_course
from grader.errors import RubricError
from grader.text import language

pytestmark = pytest.mark.slow

VARIABLES = ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")


@pytest.fixture(autouse=True)
def _no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """An environment that asks for no language."""
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
    language.speak()


def galician(course: Path) -> Path:
    """Give a course a language that nobody else speaks: a title in it."""
    po = course / "assignments/locale/gl/LC_MESSAGES/vectors.po"
    po.parent.mkdir(parents=True)
    po.write_text(
        'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\nmsgid "A vector times a number."\nmsgstr "Vezes."\n'
    )
    return course


def said(course: Path, *arguments: str) -> str:
    """What a command says in the course's folder."""
    done = grader(*arguments, cwd=course)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_a_folder_makes_a_language(own_course: Path) -> None:
    """What the course says is in its language, what the grader says in English."""
    assert "Vezes." in said(galician(own_course), "list", "vectors", "--lang", "gl")


def test_the_course_chooses(own_course: Path) -> None:
    """`language` in course.toml is spoken without an option, and --lang outranks it."""
    text = (galician(own_course) / "assignments/course.toml").read_text()
    (own_course / "assignments/course.toml").write_text(f'language = "gl"\n{text}')
    assert "Vezes." in said(own_course, "list", "vectors")
    assert "A vector times a number." in said(own_course, "list", "vectors", "--lang", "en")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("list", "--help"), "Uso: "),
        (("--help",), "Corrige ejercicios"),
        (("lisst",), "Error: No hay ningún comando 'lisst'. ¿Quisiste decir 'list'?"),
        (("list", "--lan"), "Error: No hay ninguna opción --lan."),
        (("list", "--lang"), "Error: La opción '--lang' necesita un valor."),
    ],
)
def test_help_and_wrong_use_in_the_language_of_the_course(own_course: Path, arguments: tuple[str, ...], said: str) -> None:
    """Before the course is read, whatever the environment says."""
    text = (own_course / "assignments/course.toml").read_text()
    (own_course / "assignments/course.toml").write_text(f'language = "es"\n{text}')
    done = grader(*arguments, cwd=own_course)
    assert said in done.stdout + done.stderr
    assert "Usage" not in done.stdout + done.stderr


def test_lang_outranks_the_course_in_the_help(own_course: Path) -> None:
    """As everywhere."""
    text = (own_course / "assignments/course.toml").read_text()
    (own_course / "assignments/course.toml").write_text(f'language = "es"\n{text}')
    assert said(own_course, "list", "--lang", "en", "--help").startswith("Usage: ")


def test_sentences_of_typer_that_are_not_known() -> None:
    """They are said as they came."""
    with language.speaking("es"):
        assert in_our_words("Missing option '--x'. The rest is new.") == "Falta la opción '--x'. The rest is new."


def test_an_unknown_language_names_those_there_are(own_course: Path) -> None:
    """The course's too, and what to do."""
    done = grader("list", "--lang", "xx", cwd=galician(own_course))
    assert done.returncode == 2
    assert "there is no language 'xx'; there are en, es, gl, pt." in done.stderr and "grader messages --lang xx" in done.stderr


def test_an_unknown_language_of_the_course(own_course: Path) -> None:
    """It is a fault of course.toml."""
    path = own_course / "assignments/course.toml"
    path.write_text(f'language = "xx"\n{path.read_text()}')
    with pytest.raises(RubricError, match="there are no texts in 'xx'"):
        read_course(own_course)


@pytest.mark.parametrize(
    ("asked", "known", "found"),
    [
        ("pt", ["en", "pt"], "pt"),
        ("pt-BR", ["en", "pt"], "pt"),
        ("pt_BR.UTF-8", ["pt", "pt_BR"], "pt_BR"),
        ("zh_TW", ["en", "zh_CN"], None),
        ("ES", ["es"], "es"),
    ],
)
def test_regions(asked: str, known: list[str], found: str | None) -> None:
    """A language stands for its regions where they have no folder of their own, and not the other way round."""
    assert language.known_as(asked, known) == found


@pytest.mark.parametrize(("name", "direction"), [("es", "ltr"), ("ar", "rtl"), ("he_IL", "rtl"), ("fa", "rtl"), ("arn", "ltr")])
def test_direction(name: str, direction: str) -> None:
    """A language says in which direction it is written."""
    assert language.direction(name) == direction


# --- grader messages -----------------------------------------------------------------------------------------------------------------


def test_messages_begins_a_language(own_course: Path) -> None:
    """A new folder, with a catalog for each topic and its stub; it says how many are missing, and what else there is to translate."""
    done = grader("messages", "--lang", "pt", cwd=own_course)
    assert done.returncode == 1, done.stderr
    folder = own_course / "assignments/locale/pt/LC_MESSAGES"
    assert {po.name for po in folder.iterdir()} == {
        f"{n}.po" for n in ("course", "vectors", "vectors.stub", "signs", "signs.stub")
    }
    assert "assignments/locale/pt/LC_MESSAGES/vectors.po:" in done.stdout and "missing" in done.stdout
    assert "pt: no statement README.pt.md of" in done.stdout


def test_messages_keeps_what_is_translated_and_guesses_what_changed(own_course: Path) -> None:
    """Of a text that changed, the old translation stays as a guess that is never said."""
    grader("messages", "vectors", "--lang", "gl", cwd=own_course)
    po = own_course / "assignments/locale/gl/LC_MESSAGES/vectors.po"
    edit(po, 'msgid "A vector times a number."\nmsgstr ""', 'msgid "A vector times a number."\nmsgstr "Un vector por un número."')
    edit(own_course / "assignments/vectors/checks.py", "A vector times a number.", "A vector times one number.")
    assert ", 1 fuzzy" in grader("messages", "vectors", cwd=own_course).stdout
    (entry,) = [entry for entry in polib.pofile(str(po)) if entry.fuzzy]
    assert (entry.msgid, entry.msgstr) == ("A vector times one number.", "Un vector por un número.")
    assert "Un vector por" not in said(own_course, "list", "vectors", "--lang", "gl")


def test_messages_only_looks(own_course: Path) -> None:
    """--check writes nothing, not even a folder."""
    done = grader("messages", "--lang", "pt", "--check", cwd=own_course)
    assert done.returncode == 1 and "out of date" in done.stdout
    assert not (own_course / "assignments/locale/pt").exists()


def test_messages_of_the_real_course_are_up_to_date() -> None:
    """One topic of the course that comes with the grader has nothing left, in all of its languages."""
    done = grader("messages", "conv", "--check", cwd=REPO)
    assert (done.returncode, done.stdout.count("complete")) == (0, 2)


@pytest.mark.parametrize("name", ["en", "../es", "qq"])
def test_messages_refuses_what_is_no_language(own_course: Path, name: str) -> None:
    """A folder is made for codes of languages only."""
    done = grader("messages", "--lang", name, cwd=own_course)
    assert done.returncode == 2 and f"--lang {name}:" in done.stderr
    assert not (own_course / "assignments/locale").exists()


# --- help ----------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["es", "pt"])
def test_no_help_is_left_in_english(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every text that --help shows is in the environment's language, in the program and in each command."""
    monkeypatch.setenv("LANG", f"{name}.UTF-8")
    commands = typer.main.get_command(app)
    messages = {" ".join(text.split()) for text in help_messages(commands)}
    left = []
    for arguments in (["--help"], *([command, "--help"] for command in commands.commands)):  # type: ignore[attr-defined]
        shown = CliRunner().invoke(app, arguments, env={"COLUMNS": "1000"}, prog_name="grader", terminal_width=1000).stdout
        left += [line for line in map(str.strip, shown.splitlines()) if line in messages]
    assert left == []


def test_help_in_the_language_that_is_asked_for() -> None:
    """--lang before --help."""
    assert CliRunner().invoke(app, ["check", "--lang", "es", "--help"]).stdout.startswith("Uso: ")
