"""What is said of wrong use of the command line, in the language in force: typer, which finds it, speaks English.

Its sentences are known by how they begin; one that is not known is said as it came.
"""

import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

from grader.text.language import gettext as _
from grader.text.language import marked

_TRY = marked("Try '{command}' for help.")
_ERROR = marked("Error: {message}")
_SENTENCES = (
    marked("No such command {name}."),
    marked("No such option: {name}"),
    marked("Did you mean {names}?"),
    marked("(Possible options: {names})"),
    marked("Missing argument {name}."),
    marked("Missing option {name}."),
    marked("Option {name} requires an argument."),
    marked("Option {name} does not take a value."),
    marked("Got unexpected extra argument(s) ({arguments})"),
    marked("Invalid value for {name}:"),
    marked("{value} is not one of {names}."),
    marked("{value} is not a valid {kind}."),
    marked("{value} is not in the range {range}."),
)


@contextmanager
def told() -> Iterator[None]:
    """What typer raises in here about wrong use is shown in the language in force."""
    try:
        yield
    except Exception as error:
        if hasattr(error, "format_message") and type(error).__name__ != "NoArgsIsHelpError":  # whose message is the help itself
            error.show = partial(_show, error)  # type: ignore[attr-defined]
        raise


def _show(error: Any, file: Any = None) -> None:
    """The usage, where to find help, and what is wrong."""
    context = getattr(error, "ctx", None)
    message = _(_ERROR).format(message=in_our_words(error.format_message()))
    help_ = _(_TRY).format(command=f"{context.command_path} -h") if context else ""
    print(f"{context.get_usage()}\n{help_}\n\n{message}" if context else message, file=file or sys.stderr)


def in_our_words(text: str) -> str:
    """Typer's sentences, one after the other, as far as they are known."""
    for sentence in _SENTENCES:
        pattern = re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>.+?)", re.escape(sentence))
        if found := re.fullmatch(rf"{pattern}(?:\s+(?P<rest_>.+))?", text, re.DOTALL):
            parts = found.groupdict()
            rest = parts.pop("rest_")
            return " ".join(filter(None, (_(sentence).format(**parts), rest and in_our_words(rest))))
    return text
