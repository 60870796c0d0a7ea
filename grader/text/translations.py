"""Reading gettext catalogs: the translators' own .po file where there is one, a compiled .mo file where there is none.

A checkout and an instructor's course contain .po files only, so no compiled file can be out of date. What is distributed (the wheel,
a bundle, an autograder) contains .mo files, compiled when it is built.
"""

import io
from collections.abc import Iterator, Set
from functools import lru_cache
from gettext import GNUTranslations, NullTranslations
from gettext import translation as installed
from pathlib import Path

from grader.errors import RubricError
from grader.text.variants import MESSAGES, variants


def translation(domain: str, folder: Path, language: str) -> NullTranslations:
    """The messages of `<folder>/<language>/LC_MESSAGES/<domain>`; of a region without such a catalog, those of its language, or none.

    Raises:
        RubricError: the .po file cannot be read.
    """
    for name in variants(language):
        po = folder / name / MESSAGES / f"{domain}.po"
        if po.is_file():
            return _messages(compiled(po))
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
        return _compiled(po, po.read_bytes(), frozenset(without))
    except (OSError, UnicodeDecodeError) as error:
        raise RubricError(po, "", f"not a valid catalog: {error}", "correct the line that it names") from None


@lru_cache(maxsize=32)  # parsing takes a tenth of a second, and a command needs the same catalog for many texts
def _compiled(po: Path, _text: bytes, without: frozenset[str]) -> bytes:
    """The .mo file of a .po file that holds `_text`, by which a file that was changed is told from what it was."""
    import polib  # not needed where catalogs are already compiled

    catalog = polib.pofile(str(po), encoding="utf-8")
    for entry in [entry for entry in catalog if entry.msgid in without]:
        catalog.remove(entry)
    content: bytes = catalog.to_binary()
    return content


def mo_files(folder: Path, domain: str, without: Set[str] = frozenset()) -> Iterator[tuple[Path, bytes]]:
    """Every language's catalog of `domain` below `folder`: the path of its .mo file, and its content, without some texts."""
    for po in sorted(folder.glob(f"*/{MESSAGES}/{domain}.po")):
        yield po.with_suffix(".mo"), compiled(po, without)
    for mo in sorted(folder.glob(f"*/{MESSAGES}/{domain}.mo")):
        if not mo.with_suffix(".po").is_file():
            yield mo, mo.read_bytes()
