"""A language that nobody speaks, written from right to left: the grader's messages in Arabic letters. What is still Latin is English."""

import re
from pathlib import Path

import polib
from markupsafe import escape

LETTERS = dict(zip("abcdefghijklmnopqrstuvwxyz", "ابتثجحخدذرزسشصضطظعغفقكلمنه", strict=True))
KEPT = re.compile(r"(\{\w*(?:!r)?\}|`[^`]*`|<[^>]*>|--\w+|\w+\.\w+)")  # placeholders, code, options and names of files
_UNSAID = re.compile(  # what is the same in every language
    r"""\{\w+\}|<div[^>]*grader-answer.*?</div>|<td dir="ltr" class="code.*?</td>|<(style|script|code|kbd|pre)\b.*?</\1>|<input[^>]*>"""
    r"|\S+\.(?:py|csv)",
    re.DOTALL,
)
_LABELS = re.compile(r'(?:aria-label|placeholder|title|alt|data-up|data-down|data-shown)="([^"]*)"')


def pseudo(text: str) -> str:
    """A text of Arabic letters with the same placeholders, a fifth longer."""
    parts = KEPT.split(text)
    return "".join(
        part if n % 2 else "".join(LETTERS.get(c.lower(), c) for c in part) for n, part in enumerate(parts)
    ) + " هو" * (len(text) // 15)


def pseudo_language(folder: Path, like: Path) -> Path:
    """Arabic below `folder`, with the messages of the Spanish catalogs below `like`."""
    for spanish in sorted(like.glob("es/LC_MESSAGES/*.po")):
        catalog = polib.pofile(str(spanish), encoding="utf-8")
        for entry in catalog:
            entry.msgstr = "" if entry.msgid_plural else pseudo(entry.msgid)
            entry.msgstr_plural = {n: pseudo(entry.msgid_plural) for n in entry.msgstr_plural}
        place = folder / "ar" / "LC_MESSAGES"
        place.mkdir(parents=True, exist_ok=True)
        catalog.save(str(place / spanish.name))
    return folder


def latin(page: str, *own: str) -> list[str]:
    """The Latin words that a page says, its labels too, but for texts of a course's `own`."""
    text = _UNSAID.sub(" ", page)
    said = " ".join([*_LABELS.findall(text), re.sub(r"<[^>]+>", " ", text)])
    for message in sorted(own, key=len, reverse=True):
        said = said.replace(str(escape(message)), " ")
    return re.findall(r"[A-Za-z]{2,}", re.sub(r"&\w+;", " ", said))
