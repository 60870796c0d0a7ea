"""Output where the console cannot show every character, as on Windows when it is piped (cp1252): signs get a spelling, no traceback."""

import codecs
import sys

_SPELLED = {
    "✓": "+",
    "✗": "x",
    "◐": "~",
    "…": "...",
    "→": "->",
    "−": "-",
    "–": "-",
    "⋮": ":",
    "⋯": "...",
    "─": "-",
    "·": "-",
    "≥": ">=",
    "≤": "<=",
    "≠": "!=",
    "×": "x",
    "“": '"',
    "”": '"',
    "«": '"',
    "»": '"',
}


def spell(error: UnicodeError) -> tuple[str, int]:
    """What stands for the characters that an encoding lacks: their spelling, else a question mark."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return "".join(_SPELLED.get(char, "?") for char in error.object[error.start : error.end]), error.end


def tolerate() -> None:
    """Let stdout and stderr print every text; does nothing where they can."""
    codecs.register_error("grader-spelled", spell)
    for stream in (sys.stdout, sys.stderr):
        encoding = (getattr(stream, "encoding", None) or "utf-8").lower().replace("-", "")
        if not encoding.startswith("utf") and hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="grader-spelled")
