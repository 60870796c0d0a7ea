"""Reading gettext catalogs: the translators' own .po file where there is one, a compiled .mo file where there is none.

A checkout and an instructor's course contain .po files only, so no compiled file can be out of date. What is distributed (the wheel,
a bundle, an autograder) contains .mo files, compiled when it is built.
"""

import codecs
import io
import re
from collections.abc import Iterator, Sequence, Set
from functools import lru_cache
from gettext import GNUTranslations, NullTranslations
from gettext import translation as installed
from pathlib import Path
from typing import Any

from grader.errors import RubricError
from grader.text.variants import MESSAGES, variants

_LINE = re.compile(  # of a .po file, but for comments
    r'(?:(?:msgctxt|msgid|msgid_plural|msgstr|msgstr\[\d+\])\s*)?"(?:[^"\\]|\\.)*"'
)
_CHARSET = re.compile(r'"Content-Type:.*charset=([\w-]+)')


def translation(domain: str, folder: Path, language: str) -> NullTranslations:
    """The messages of `<folder>/<language>/LC_MESSAGES/<domain>`; of a region without such a catalog, those of its language, or none.

    Raises:
        RubricError: the .po file cannot be read.
    """
    for name in variants(language):
        po = folder / name / MESSAGES / f"{domain}.po"
        if po.is_file():
            try:
                return _messages(compiled(po))
            except (ValueError, SyntaxError, RecursionError) as error:
                raise _damaged(po, f"Plural-Forms: {error}") from None
    return installed(domain, folder, variants(language), fallback=True)


@lru_cache(maxsize=32)
def _messages(mo: bytes) -> GNUTranslations:
    return GNUTranslations(io.BytesIO(mo))


def compiled(po: Path, without: Set[str] = frozenset()) -> bytes:
    """The .mo file of a .po file, without fuzzy entries, and without those of some texts.

    Raises:
        RubricError: the .po file cannot be read.
    """
    try:
        return _compiled(po, text_of(po), frozenset(without))
    except OSError as error:
        raise _damaged(po, str(error)) from None


def text_of(po: Path) -> bytes:
    """The content of a .po file in which every line can be read: parsers guess where a quote is missing, and lose a letter.

    Raises:
        RubricError: one cannot; its number is named.
    """
    try:
        content = po.read_bytes().removeprefix(codecs.BOM_UTF8)
    except OSError as error:
        raise _damaged(po, str(error)) from None
    for number, line in enumerate(content.split(b"\n"), start=1):
        try:
            text = line.decode().strip()
        except UnicodeDecodeError:
            raise _damaged(po, f"line {number} is not UTF-8") from None
        if text and not text.startswith("#") and not _LINE.fullmatch(text):
            raise _damaged(po, f'line {number} is not msgid "…", msgstr "…" or "…", with a \\ before quotes inside')
        if (charset := _CHARSET.match(text)) and charset[1].lower() not in ("utf-8", "utf8"):
            raise _damaged(po, f"line {number} says that it is {charset[1]}, but catalogs are UTF-8")
    return content


def _damaged(po: Path, problem: str) -> RubricError:
    return RubricError(po, "", f"not a valid catalog: {problem}", "correct the line that it names")


def is_usable(messages: Sequence[str], translations: Sequence[str]) -> bool:
    """Whether the translations (of a message, or of its plurals) are there, and each has the names in braces of one of the messages.

    With other names, filling them in would fail where a student reads the text.
    """
    wanted = [placeholders(message) for message in messages]
    return bool(translations) and all(text and placeholders(text) in wanted for text in translations)


def placeholders(text: str) -> set[str]:
    """The names in braces."""
    return {part.partition("}")[0] for part in text.split("{")[1:]}


@lru_cache(maxsize=32)  # parsing takes a tenth of a second, and a command needs the same catalog for many texts
def _compiled(po: Path, _text: bytes, without: frozenset[str]) -> bytes:
    """The .mo file of a .po file that holds `_text`, by which a file that was changed is told from what it was."""
    import polib  # not needed where catalogs are already compiled

    catalog = polib.pofile(str(po), encoding="utf-8")
    for entry in [entry for entry in catalog if entry.msgid in without or not _is_said(entry)]:
        catalog.remove(entry)
    content: bytes = catalog.to_binary()
    return content


def _is_said(entry: Any) -> bool:
    """Whether an entry of a catalog is said, rather than the text in the source's language."""
    if entry.msgid_plural:
        return is_usable((entry.msgid, entry.msgid_plural), list(entry.msgstr_plural.values()))
    return is_usable((entry.msgid,), (entry.msgstr,))


def mo_files(folder: Path, domain: str, without: Set[str] = frozenset()) -> Iterator[tuple[Path, bytes]]:
    """Every language's catalog of `domain` below `folder`: the path of its .mo file, and its content, without some texts."""
    for po in sorted(folder.glob(f"*/{MESSAGES}/{domain}.po")):
        yield po.with_suffix(".mo"), compiled(po, without)
    for mo in sorted(folder.glob(f"*/{MESSAGES}/{domain}.mo")):
        if not mo.with_suffix(".po").is_file():
            yield mo, mo.read_bytes()
