"""The language that students read: English as in the code, others from gettext catalogs.

`grader/locale` has the framework's messages; a course has its own next to its assignments:

    assignments/locale/<language>/LC_MESSAGES/<topic>.po     titles of exercises, names of checks, messages of laws, hints
    assignments/locale/<language>/LC_MESSAGES/course.po      titles of the course and of its assignments

The language is chosen once for a process, as with gettext's own `textdomain`. `grader.release.catalogs` writes the catalogs,
`grader.text.translations` reads them.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from grader.errors import UsageError

if TYPE_CHECKING:
    from gettext import NullTranslations

SOURCE = "en"
OWN = Path(__file__).parents[1] / "locale"
_VARIABLES = ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")  # in gettext's order

_spoken = SOURCE
_catalogs: "dict[tuple[str, Path], NullTranslations]" = {}


def speak(language: str | None = None) -> str:
    """Choose the language of all messages from now on, by default the environment's; returns it.

    Raises:
        UsageError: there is no catalog for `language`.
    """
    global _spoken
    known = languages()
    asked = [language] if language else next(filter(None, map(os.environ.get, _VARIABLES)), "").split(":")
    found = next((short for name in asked if (short := _short(name)) in known), None)
    if language and found is None:
        raise UsageError(f"--lang {language}: there are {' and '.join(known)}.")
    _spoken = found or SOURCE
    _catalogs.clear()
    add_catalog("grader", OWN)
    return _spoken


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Speak another language for a while."""
    global _spoken
    before, catalogs = _spoken, dict(_catalogs)
    speak(language)
    try:
        yield
    finally:
        _spoken = before
        _catalogs.clear()
        _catalogs.update(catalogs)


def spoken() -> str:
    """The language in force."""
    return _spoken


def languages() -> list[str]:
    """The languages that the framework speaks."""
    return sorted({SOURCE, *(folder.name for folder in OWN.iterdir() if folder.is_dir())}) if OWN.is_dir() else [SOURCE]


def add_catalog(domain: str, folder: Path) -> None:
    """Add the messages of `<folder>/<language>/LC_MESSAGES/<domain>`, if it exists."""
    if _spoken != SOURCE and (domain, folder) not in _catalogs:
        from grader.text.translations import translation  # takes milliseconds that English can do without

        _catalogs[domain, folder] = translation(domain, folder, _spoken)


def gettext(message: str) -> str:
    """`message` in the language in force, or itself if no catalog has it."""
    for catalog in _catalogs.values() if message else ():
        said = catalog.gettext(message)
        if said != message:
            return said
    return message


def ngettext(singular: str, plural: str, n: int) -> str:
    """The form for `n` things, in the language in force."""
    for catalog in _catalogs.values():
        said = catalog.ngettext(singular, plural, n)
        if said not in (singular, plural):
            return said
    return singular if n == 1 else plural


def marked(message: str) -> str:
    """`message` unchanged: marked for the catalogs, translated where it is shown."""
    return message


def _short(name: str) -> str:
    """`es` for `es_AR.UTF-8`."""
    return name.replace("-", "_").partition(".")[0].partition("_")[0].lower()
