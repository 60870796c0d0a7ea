"""Students' text made safe for the place where it is shown."""

import html
import re
import unicodedata

_HARMLESS = {"\n", "\t"}
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")  # what spreadsheets read as the beginning of one
_MARKDOWN = re.compile(r"([\\`*_{}\[\]()#+\-.!|~>&<$:])")


def plain(text: str, limit: int = 1000) -> str:
    """`text` for a terminal: control codes, bidirectional overrides and lone surrogates are shown as escapes, not obeyed."""
    cut = text if len(text) <= limit else text[:limit] + f"… ({len(text) - limit} characters more)"
    return "".join(char if _shown(char) else char.encode("unicode_escape").decode() for char in cut)


def one_line(text: str, limit: int = 200) -> str:
    """`plain` text on one line."""
    return plain(" ".join(text.split()), limit)


def markup(text: str, limit: int = 1000) -> str:
    """`plain` text for HTML, between tags or in a quoted attribute."""
    return html.escape(plain(text, limit), quote=True)


def csv_safe(text: str, limit: int = 1000) -> str:
    """`plain` text for a cell of a spreadsheet: what would be a formula gets an apostrophe in front and is shown as it is.

    Numbers are written as numbers by whoever writes the table; this is for text.
    """
    shown = plain(text, limit)
    bare = shown.lstrip(" \u00a0")
    return f"'{shown}" if text.startswith(_FORMULA) or bare.startswith(_FORMULA) else shown


def markdown(text: str, limit: int = 1000) -> str:
    """`plain` text on one line of Markdown, shown as it is: no emphasis, link, picture, formula or tag."""
    return _MARKDOWN.sub(r"\\\1", one_line(text, limit))


def code_block(text: str, limit: int = 1000) -> str:
    """`plain` text as a block of code in Markdown, that no line of it can end."""
    shown = plain(text, limit)
    fence = "`" * max(3, 1 + max((len(run) for run in re.findall("`+", shown)), default=0))
    return f"{fence}text\n{shown}\n{fence}"


def _shown(char: str) -> bool:
    return char in _HARMLESS or unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
