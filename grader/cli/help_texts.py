"""What `--help` says, in the language in force: each paragraph, option and heading passes through here on its way to the screen.

The texts stand where they belong, in the docstring of a command and in `help=` of its options. They are collected for the catalogs in the
same way as they are shown (`help_messages`), so nothing is left out.
"""

import re
from collections.abc import Callable, Iterable
from typing import Any

from typer.core import TyperCommand, TyperGroup

from grader.cli.wrong_use import told
from grader.course.spoken_here import speak_as_here
from grader.text.language import gettext as _
from grader.text.language import marked, speak

Say = Callable[[str], str]
EXAMPLE = marked("Example:")
_USAGE = marked("Usage:")
_DEFAULT = marked("default: {value}")
_EXTRA = re.compile(r"^(?P<text>.*?)(?:  \[(?P<extra>.*)\])?$", re.DOTALL)  # what the option is for, and what is added to it
_SENTENCE = re.compile(r"(?<=\.)\s.*", re.DOTALL)  # what follows the first one
_WORDS = re.compile(r"[^\W\d_]{2}")


def first_sentence(text: str) -> str:
    """The first sentence of a command's help, in the language in force."""
    return _SENTENCE.sub("", _(_paragraphs(text)[0]))


class _Told:
    """A command or a group whose help is in the language in force."""

    help: str | None
    formatter_say: Say = staticmethod(_)

    def get_help(self, ctx: Any) -> str:
        """The text of `--help`."""
        ctx.formatter_class = _formatter(type(ctx).formatter_class, self.formatter_say)
        found: str = super().get_help(ctx)  # type: ignore[misc]  # of the command that this is mixed into
        return found

    def get_usage(self, ctx: Any) -> str:
        """The line that wrong use is answered with."""
        ctx.formatter_class = _formatter(type(ctx).formatter_class, self.formatter_say)
        found: str = super().get_usage(ctx)  # type: ignore[misc]
        return found

    def get_short_help_str(self, limit: int = 45) -> str:
        """The first sentence; it is wrapped where it is shown."""
        return first_sentence(self.help or "")


class Command(_Told, TyperCommand):
    """A command."""


class Group(_Told, TyperGroup):
    """A group of commands. Its language is that of the course one is in, else the environment's: `--lang` belongs to the commands."""

    def make_context(self, *given: Any, **extra: Any) -> Any:
        """The context of a call."""
        speak()
        speak_as_here()
        with told():
            return super().make_context(*given, **extra)

    def invoke(self, *given: Any, **extra: Any) -> Any:
        """Run the command that was asked for."""
        with told():
            return super().invoke(*given, **extra)


def help_messages(group: Any) -> list[str]:
    """Every text that `--help` shows, of a group and of its commands, in the order of the help."""
    heard: dict[str, None] = {}

    def hear(text: str) -> str:
        heard[text] = None
        return text

    context = group.context_class(group, info_name="grader", **group.context_settings)
    listed = [group.get_command(context, name).get_short_help_str() for name in group.list_commands(context)]
    for name in ("", *group.list_commands(context)):
        command = group.get_command(context, name) if name else group
        own = command.context_class(command, info_name=name, parent=context, **command.context_settings) if name else context
        command.formatter_say = hear
        try:
            command.get_help(own)
        finally:
            del command.formatter_say
        if not name:
            heard = {text: None for text in heard if text not in listed}  # only the beginning of a command's own help
    return [text for text in heard if _WORDS.search(text)]


def _formatter(base: Any, say: Say) -> Any:
    """A formatter like `base` that says everything in other words."""

    class Told(base):  # type: ignore[misc]
        """Writes what it is given in the language in force."""

        def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
            super().write_usage(prog, args, f"{say(_USAGE)} ")

        def write_heading(self, heading: str) -> None:
            super().write_heading(say(heading))

        def write_text(self, text: str) -> None:
            super().write_text("\n\n".join(_paragraph(part, say) for part in _paragraphs(text)))

        def write_dl(self, rows: Iterable[tuple[str, str]], *given: Any, **more: Any) -> None:
            super().write_dl([(name, _row(text, say)) for name, text in rows], *given, **more)

    return Told


def _paragraphs(text: str) -> list[str]:
    """The paragraphs of a text, each as one line."""
    return [" ".join(part.split()) for part in re.split(r"\n\s*\n", text.strip())]


def _paragraph(text: str, say: Say) -> str:
    """An example keeps its command."""
    if text.startswith(EXAMPLE):
        return say(EXAMPLE) + text.removeprefix(EXAMPLE)
    return say(text)


def _row(text: str, say: Say) -> str:
    """What an option or a command is for, with its default."""
    found = _EXTRA.match(text)
    assert found is not None
    told = say(" ".join(found["text"].split())) if found["text"] else ""
    if found["extra"] is None:
        return told
    parts = (
        say(_DEFAULT).format(value=part.removeprefix("default: ")) if part.startswith("default: ") else say(part)
        for part in found["extra"].split("; ")
    )
    return f"{told}  [{'; '.join(parts)}]".strip()
