"""Catalogs are read as the translators wrote them, and compiled for what is given away."""

import re
from pathlib import Path

import polib
import pytest

from grader.cli.messages import own_texts
from grader.course.folder import read_course
from grader.errors import RubricError
from grader.release.catalogs import left, merged, of_topics, own
from grader.text.language import OWN
from grader.text.translations import compiled, mo_files, translation

pytestmark = pytest.mark.slow

HELP = own_texts()
COURSE = read_course(Path(__file__).resolve().parents[1])
HEADER = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n"Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n\n'


def write(folder: Path, text: str, suffix: str = "po") -> Path:
    """The Spanish catalog `words` with these entries."""
    po = folder / "es" / "LC_MESSAGES" / "words.po"
    po.parent.mkdir(parents=True, exist_ok=True)
    po.write_text(HEADER + text, encoding="utf-8")
    if suffix == "mo":
        po.with_suffix(".mo").write_bytes(compiled(po))
        po.unlink()
    return po.with_suffix(f".{suffix}")


def fields(text: str) -> list[str]:
    """The names in braces of a message; a brace that `format` would not take is none."""
    return sorted(found for found in re.findall(r"\{(\w*)\}", text))


@pytest.mark.parametrize("suffix", ["po", "mo"])
def test_messages_and_plurals(tmp_path: Path, suffix: str) -> None:
    """A .po file and the .mo file that is compiled from it say the same."""
    text = 'msgid "year"\nmsgstr "año"\n\nmsgid "{n} day"\nmsgid_plural "{n} days"\nmsgstr[0] "{n} día"\nmsgstr[1] "{n} días"\n'
    write(tmp_path, text, suffix)
    found = translation("words", tmp_path, "es")
    said = [found.gettext("year"), *(found.ngettext("{n} day", "{n} days", n) for n in (1, 2))]
    assert said == ["año", "{n} día", "{n} días"]


def test_translators_file_comes_first(tmp_path: Path) -> None:
    """What stands in the .po file is said at once, whatever was compiled earlier."""
    write(tmp_path, 'msgid "year"\nmsgstr "anno"\n', "mo")
    write(tmp_path, 'msgid "year"\nmsgstr "año"\n')
    assert translation("words", tmp_path, "es").gettext("year") == "año"


@pytest.mark.parametrize("text", ['msgid "year"\nmsgstr ""\n', '#, fuzzy\nmsgid "year"\nmsgstr "día"\n', ""])
def test_untranslated(tmp_path: Path, text: str) -> None:
    """A message that is not translated, or not for certain, stays as it is."""
    write(tmp_path, text)
    assert translation("words", tmp_path, "es").gettext("year") == "year"


def test_no_catalog(tmp_path: Path) -> None:
    """Where there is no catalog, messages stay as they are."""
    assert translation("words", tmp_path, "es").gettext("year") == "year"


def test_damaged_catalog(tmp_path: Path) -> None:
    """A .po file that cannot be read is a fault of the course; file and line are named."""
    write(tmp_path, 'msgid "year"\nmsgsrt "año"\n')
    with pytest.raises(RubricError, match=r"words\.po: not a valid catalog.*line 7"):
        translation("words", tmp_path, "es")


BROKEN = {
    "no quote at the end": ('msgid "year"\nmsgstr "año\n', r"line 7 is not"),
    "quotes inside": ('msgid "year"\nmsgstr "un "año""\n', r"line 7 is not"),
    "another charset": ('msgid ""\n"Content-Type: text/plain; charset=iso-8859-1\\n"\n', r"line 7 says that it is iso-8859-1"),
}


@pytest.mark.parametrize("what", BROKEN)
def test_a_line_that_cannot_be_read_is_named(tmp_path: Path, what: str) -> None:
    """No parser guesses what stands there: the translators' command and the reader say the same."""
    text, said = BROKEN[what]
    po = write(tmp_path, text)
    for reads in (lambda: translation("words", tmp_path, "es"), lambda: merged(["year"], po, "es")):
        with pytest.raises(RubricError, match=rf"words\.po: not a valid catalog: {said}"):
            reads()


def test_a_file_that_is_not_utf8_is_named_by_its_line(tmp_path: Path) -> None:
    """As an editor of Windows may save it."""
    po = write(tmp_path, 'msgid "year"\nmsgstr "año"\n')
    po.write_bytes(po.read_text(encoding="utf-8").encode("latin-1"))
    for reads in (lambda: compiled(po), lambda: merged(["year"], po, "es")):
        with pytest.raises(RubricError, match="line 7 is not UTF-8"):
            reads()


def test_plural_forms_that_cannot_be_read(tmp_path: Path) -> None:
    """They are a fault of the catalog, too."""
    po = write(tmp_path, 'msgid "year"\nmsgstr "año"\n')
    po.write_text(po.read_text(encoding="utf-8").replace("(n != 1)", "(n !=)"), encoding="utf-8")
    with pytest.raises(RubricError, match=r"words\.po: not a valid catalog: Plural-Forms: "):
        translation("words", tmp_path, "es")


def test_a_translation_with_other_names_in_braces_is_not_said(tmp_path: Path) -> None:
    """Filling them in would fail where a student reads it: the source's text is said, and the translators are told."""
    one = 'msgid "{n} of {most}"\nmsgstr "{n} de {total}"\n\n'
    plural = 'msgid "{n} day"\nmsgid_plural "{n} days"\nmsgstr[0] "{n} día"\nmsgstr[1] "{d} días"\n'
    po = write(tmp_path, one + plural)
    found = translation("words", tmp_path, "es")
    assert (found.gettext("{n} of {most}"), found.ngettext("{n} day", "{n} days", 1)) == ("{n} of {most}", "{n} day")
    assert left(merged(["{n} of {most}", ("{n} day", "{n} days"), "year"], po, "es")).unlike == ("{n} of {most}", "{n} day")


def test_what_is_given_away(tmp_path: Path) -> None:
    """A catalog is given away compiled, from the .po file where that is there."""
    old = write(tmp_path, 'msgid "year"\nmsgstr "anno"\n', "mo").read_bytes()
    assert dict(mo_files(tmp_path, "words")) == {tmp_path / "es/LC_MESSAGES/words.mo": old}
    new = compiled(write(tmp_path, 'msgid "year"\nmsgstr "año"\n'))
    assert dict(mo_files(tmp_path, "words")) == {tmp_path / "es/LC_MESSAGES/words.mo": new} and new != old


def test_every_translation_is_said() -> None:
    """Each message of each catalog of the course and of the framework is said as its translator wrote it."""
    lost = []
    for po, catalog in [*of_topics(COURSE, [], ["es"]), *own(HELP, ["es", "pt"])]:
        language = po.parts[-3]
        found = translation(po.stem, po.parents[2], language)
        for message in catalog:
            match message.id:
                case str(text) if text:
                    lost += [text] if found.gettext(text) != message.string else []
                case [one, many]:
                    lost += [one] if tuple(found.ngettext(one, many, n) for n in (1, 2)) != message.string else []
    assert lost == []


def test_nothing_compiled_lies_beside_the_sources() -> None:
    """A checkout holds .po files alone."""
    assert sorted({path.suffix for folder in (OWN, COURSE.root / "assignments" / "locale") for path in folder.rglob("*.?o")}) == [
        ".po"
    ]


@pytest.mark.parametrize("po", sorted([*OWN.rglob("*.po"), *(COURSE.root / "assignments" / "locale").rglob("*.po")]), ids=str)
def test_placeholders_are_those_of_the_message(po: Path) -> None:
    """Each translation of every catalog has exactly the names in braces that its message has."""
    wrong = []
    for entry in polib.pofile(str(po), encoding="utf-8"):
        wanted = [fields(text) for text in filter(None, (entry.msgid, entry.msgid_plural))]
        wrong += [entry.msgid for text in entry.msgstr_plural.values() or [entry.msgstr] if fields(text) not in wanted]
    assert wrong == []
