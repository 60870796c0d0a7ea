"""Students' text made safe for the place where it is shown."""

import unicodedata

_HARMLESS = {"\n", "\t"}


def plain(text: str, limit: int = 1000) -> str:
    """`text` for a terminal: control codes, bidirectional overrides and lone surrogates are shown as escapes, not obeyed."""
    cut = text if len(text) <= limit else text[:limit] + f"… ({len(text) - limit} characters more)"
    return "".join(char if _shown(char) else char.encode("unicode_escape").decode() for char in cut)


def one_line(text: str, limit: int = 200) -> str:
    """`plain` text on one line."""
    return plain(" ".join(text.split()), limit)


def _shown(char: str) -> bool:
    return char in _HARMLESS or unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
