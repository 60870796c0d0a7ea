"""Escapes students' text for the place where it is shown."""

import re
import unicodedata
from collections.abc import Sequence
from typing import Any

import msgspec

from grader.text.language import gettext as _

_HARMLESS = {"\n", "\t"}
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")  # how it begins for a spreadsheet
_NUMBER = re.compile(r"[+-]?[\d.,\s]*\d%?")
_MARKDOWN = re.compile(r"([\\`*_{}\[\]()#+\-.!|~>&<$:])")


def plain(text: str, limit: int = 1000) -> str:
    """`text` for a terminal: control codes, bidirectional overrides and lone surrogates are shown as escapes, not obeyed.

    It is cut after `limit` characters, unless what would be left out is no longer than what says so.
    """
    more = _("… ({n} characters more)").format(n=len(text) - limit) if len(text) > limit else ""
    cut = text[:limit] + more if len(text) > limit + len(more) else text
    if cut.isascii() and cut.isprintable():
        return cut
    return "".join(char if _shown(char) else char.encode("unicode_escape").decode() for char in cut)


def one_line(text: str, limit: int = 200) -> str:
    """`plain` text on one line."""
    return plain(" ".join(text.split()), limit)


def listed(names: Sequence[str], most: int = 5, between: str = ", ", limit: int = 60) -> str:
    """The first `most` of some names, each on one line, and how many more there are."""
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return between.join(one_line(name, limit) for name in names[:most]) + more


def csv_safe(text: str, limit: int = 1000) -> str:
    """`plain` text for a cell of a spreadsheet: an apostrophe in front keeps it from being read as a formula."""
    shown = plain(text, limit)
    bare = shown.lstrip(" \u00a0")
    return f"'{shown}" if text.startswith(_FORMULA) or bare.startswith(_FORMULA) else shown


def csv_copied(text: str) -> str:
    """A cell of another system's file as it is, byte for byte, unless a spreadsheet would execute it: then with an apostrophe in front.

    A number stays, and so does a lone dash, which stands for nothing.
    """
    return text if text.strip() in ("", "-") or _NUMBER.fullmatch(text.strip()) or csv_safe(text) == plain(text) else f"'{text}"


def markdown(text: str, limit: int = 1000) -> str:
    """`plain` text on one line of Markdown, shown verbatim: no emphasis, link, picture, formula or tag."""
    return _MARKDOWN.sub(r"\\\1", one_line(text, limit))


def code_block(text: str, limit: int = 1000) -> str:
    """`plain` text as a fenced code block in Markdown that the text itself cannot close."""
    shown = plain(text, limit)
    fence = "`" * max(3, 1 + max((len(run) for run in re.findall("`+", shown)), default=0))
    return f"{fence}text\n{shown}\n{fence}"


def json_line(record: Any) -> str:
    """`record` as one line of JSON that is safe for a terminal: what `plain` would escape is a JSON escape."""
    text = msgspec.json.encode(record).decode()
    if text.isascii() and "\x7f" not in text:  # JSON itself escapes the control codes below 32
        return text
    return "".join(char if _shown(char) else _json_escape(char) for char in text)


def _json_escape(char: str) -> str:
    units = char.encode("utf-16-be").hex()
    return "".join(f"\\u{units[place : place + 4]}" for place in range(0, len(units), 4))


def _shown(char: str) -> bool:
    return char in _HARMLESS or unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
