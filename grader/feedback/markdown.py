"""A view as Markdown, or as lines of plain text. Nothing that a student wrote is read as markup."""

from collections.abc import Iterable, Iterator

from grader.feedback.view_types import CheckView
from grader.text.escape import code_block, markdown


def check_markdown(check: CheckView) -> str:
    """The full report of a check: the call, what is wrong, and the hint."""
    message = check.message.strip()
    said = [
        block(check.call) if check.call else "",
        block(check.answer) if check.answer else "",
        block(message) if "\n" in message else markdown(message, len(message)),
        f"**→ {markdown(check.hint, len(check.hint))}**" if check.hint else "",
    ]
    return "\n\n".join(text for text in said if text)


def block(text: str) -> str:
    """A text of a view, which is cut already, as a block of code."""
    return code_block(text, len(text))


def check_lines(checks: Iterable[CheckView]) -> Iterator[str]:
    """Checks as plain text: one line each, with the full report indented below it."""
    for check in checks:
        yield f"{check.symbol} {check.name}" + (f"  ({check.note})" if check.note else "")
        if check.full:
            texts = (
                check.call,
                *(f"| {line}" for line in check.answer.splitlines()),
                check.message,
                f"→ {check.hint}" if check.hint else "",
            )
            yield from (f"    {line}" for text in texts for line in text.splitlines())
