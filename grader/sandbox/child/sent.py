"""What a step sends back: its result, what it printed, or what it drew."""

from typing import Any

import msgspec
import numpy as np

from grader.sandbox.child.drawn import Looked
from grader.sandbox.child.printed import MAX_PRINTED, Heard
from grader.sandbox.outcome import MAX_TEXT
from grader.sandbox.tables import loosened
from grader.sandbox.values import Items, Table, UnsendableError, Value, encode
from grader.sandbox.wire import Sent, Step


def sent(step: Step, returned: Any, heard: Heard | None, looked: Looked) -> Value:
    """The value of a step.

    Raises:
        UnsendableError: something of it cannot be sent.
    """
    if not step.sent:
        return _result(step, returned)
    found = [_one(step, word, returned, heard, looked) for word in step.sent]
    return found[0] if len(found) == 1 else Items("tuple", tuple(found))


def _one(step: Step, word: Sent, returned: Any, heard: Heard | None, looked: Looked) -> Value:
    if word == "result":
        return _result(step, returned)
    if word != "printed":
        return encode(looked.of(word, returned))
    if heard is None:
        return ""
    if heard.size > MAX_PRINTED:
        raise UnsendableError("printed", heard.size, MAX_PRINTED)
    return heard.text


def _result(step: Step, returned: Any) -> Value:
    value = encode(returned)
    return value if isinstance(step.loosely, msgspec.UnsetType) else _loosened(value, step)


def _loosened(value: Value, step: Step) -> Value:
    """A table, or each of several, in the one form that all those have that count as the same."""
    if isinstance(value, Items):
        return msgspec.structs.replace(value, items=tuple(_loosened(item, step) for item in value.items))
    return loosened(value, step.loosely or ()) if isinstance(value, Table) else value


def aside(step: Step, returned: Any, heard: Heard | None) -> str | msgspec.UnsetType:
    """The text that went the other way: printed where nothing was returned, or returned where nothing was printed."""
    if heard is None or not step.reply:
        return msgspec.UNSET
    text = ""
    if "printed" not in step.sent:
        text = heard.text if returned is None and heard.size <= MAX_TEXT else ""
    elif not heard.text:
        text = _text(returned)
    return text if 0 < len(text) <= MAX_TEXT else msgspec.UNSET


def _text(returned: Any) -> str:
    """A result as a text, where it is one, a list of lines, or a number."""
    if isinstance(returned, list | tuple) and all(type(item) is str for item in returned):
        returned = "\n".join(returned)
    if type(returned) in (str, int, float, bool) or isinstance(returned, np.number):
        whole = Heard()
        whole.add(str(returned)[: MAX_TEXT + 1].encode("utf-8", "backslashreplace"))
        return whole.text
    return ""
