"""The language that students read: English as in the code, others from gettext catalogs.

`grader/locale` has the framework's messages; a course has its own next to its assignments:

    assignments/locale/<language>/LC_MESSAGES/<topic>.po     titles, names of checks, messages of laws, hints, docstrings of stubs
    assignments/locale/<language>/LC_MESSAGES/course.po      titles of the course and of its assignments

A language is there when its folder is: nothing in the code lists them. It is chosen once for a process, as with gettext's own `textdomain`:
by name (`--lang`), else by the course (`language` in course.toml), else by the environment. `grader messages` writes the catalogs,
`grader.text.translations` reads them.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from grader.errors import UsageError
from grader.text.variants import MESSAGES, variants

if TYPE_CHECKING:
    from gettext import NullTranslations

SOURCE = "en"
OWN = Path(__file__).parents[1] / "locale"
_VARIABLES = ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")  # in gettext's order
_RIGHT_TO_LEFT = frozenset({"ar", "ckb", "dv", "fa", "he", "ks", "ps", "sd", "syr", "ug", "ur", "yi"})

Source = Literal["environment", "course", "name"]
_spoken = SOURCE
_chosen: Source = "environment"  # what decided
_catalogs: "dict[tuple[str, Path], NullTranslations]" = {}


def speak(language: str | None = None, *folders: Path) -> str:
    """Choose the language of all messages from now on, by default the environment's; returns it.

    Args:
        language: a name like `pt`, `pt_BR` or `pt-BR.UTF-8`; where there is no folder for the region, that of the language will do.
        folders: a course's catalogs, whose languages are known as well.

    Raises:
        UsageError: there is no catalog for `language`.
    """
    known = languages(*folders)
    if language:
        return _switch(known_as(language, known) or _refuse(language, known), "name")
    asked = next(filter(None, map(os.environ.get, _VARIABLES)), "").split(":")
    return _switch(next((found for name in asked if (found := known_as(name, known))), SOURCE), "environment")


def ask(language: str | None) -> None:
    """Choose the language before the course is known: one that the framework does not speak may still be the course's (see `settle`)."""
    if language and known_as(language, languages()) is None:
        _switch(language, "name")
    else:
        speak(language)


def settle(folder: Path, own: str) -> None:
    """A course is read: speak its `own` language, unless another was asked for by name.

    Args:
        folder: its catalogs.
        own: `language` in its course.toml; "" for none.

    Raises:
        UsageError: nobody speaks the language that was asked for.
    """
    if _chosen == "name":
        known = languages(folder)
        found = known_as(_spoken, known) or _refuse(_spoken, known)
        if found != _spoken:
            _switch(found, "name")
    elif own and own != _spoken:
        _switch(own, "course")
    elif own:
        _mark("course")
    elif _chosen == "course":  # of the folder that one is in, and this is another course
        speak()


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Speak another language for a while, whether or not there are catalogs of it."""
    global _spoken, _chosen
    before, catalogs = (_spoken, _chosen), dict(_catalogs)
    _switch(language, "name")
    try:
        yield
    finally:
        _spoken, _chosen = before
        _catalogs.clear()
        _catalogs.update(catalogs)


def spoken() -> str:
    """The language in force."""
    return _spoken


def decided() -> str | None:
    """The language in force where it was asked for by name or is the course's; None where the environment or nothing decided."""
    return None if _chosen == "environment" else _spoken


def languages(*folders: Path) -> list[str]:
    """The languages that the framework speaks, and those of catalogs in `folders`."""
    found = {path.parent.name for folder in (OWN, *folders) for path in folder.glob(f"*/{MESSAGES}") if path.is_dir()}
    return sorted({SOURCE, *found})


def known_as(name: str, known: list[str]) -> str | None:
    """The one of `known` that `name` stands for (`es` or `es_AR` for `es_AR.UTF-8`); None if there is none."""
    return next((found for wanted in variants(name) for found in known if found.lower() == wanted.lower()), None)


def direction(language: str) -> Literal["ltr", "rtl"]:
    """In which direction the language is written, as HTML's `dir` says it."""
    return "rtl" if variants(language)[-1].lower() in _RIGHT_TO_LEFT else "ltr"


def tag(language: str) -> str:
    """The language as HTML's `lang` says it: `pt-BR`."""
    return language.replace("_", "-")


def unknown(language: str, known: list[str]) -> str:
    """What to say of a language that nobody speaks."""
    return (
        f"there is no language {language!r}; there are {', '.join(known)}. Choose one of them, or add it to the course: "
        f"grader messages --lang {language}"
    )


def _refuse(language: str, known: list[str]) -> str:
    raise UsageError(f"--lang {language}: {unknown(language, known)}")


def _switch(language: str, chosen: Source) -> str:
    global _spoken
    own = _catalogs.get(("grader", OWN)) if language == _spoken else None  # reading it again takes a while
    _spoken = language
    _mark(chosen)
    _catalogs.clear()
    if own is not None:
        _catalogs["grader", OWN] = own
    add_catalog("grader", OWN)
    return _spoken


def _mark(chosen: Source) -> None:
    global _chosen
    _chosen = chosen


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
