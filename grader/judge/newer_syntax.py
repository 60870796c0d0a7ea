"""Lines that this Python does not read and a newer one may: what to tell a student whose own is newer than the grader's."""

import re
import sys

_NEWER = (  # since when Python reads it, and how an error's message and the line look until then
    ((3, 12), r"f-string expression part cannot include"),
    ((3, 12), r".*\n(?:type\s+\w+.*=|(?:async\s+)?(?:def|class)\s+\w+\[)"),
    ((3, 14), r"multiple exception types must be parenthesized|.*\n.*=\s*t[\"']"),
)


def newer_syntax(line: str, message: str) -> str:
    """The first version of Python that may read a line which this one does not; "" if that is not known to be so.

    Args:
        message: of the SyntaxError.
    """
    known = [since for since, pattern in _NEWER if re.match(pattern, f"{message}\n{line}")]
    if message.startswith("f-string: ") and nests_quotes(line):
        known.append((3, 12))
    return next((".".join(map(str, since)) for since in known if sys.version_info[:2] < since), "")


def nests_quotes(line: str) -> bool:
    """Whether an f-string of the line has, inside of its braces, a text in the quotes that it begins with, and closes all that it opens."""
    found = re.search(r"\b[rR]?[fF][rR]?([\"'])", line)
    if found is None:
        return False
    quote, depth, nested, place = found[1], 0, False, found.end()
    while place < len(line):
        letter = line[place]
        if depth and letter in "\"'":  # a text in an expression
            end = line.find(letter, place + 1)
            if end < 0:
                return False
            nested, place = nested or letter == quote, end
        elif depth:
            depth += (letter in "{[(") - (letter in "}])")
        elif letter == quote:
            return nested
        elif letter == "{":
            depth = 1
        place += 1
    return False
