"""Messages about values that cannot pass between the grader and a student's process."""

from grader.sandbox.values import Unsendable
from grader.text.language import gettext as _
from grader.text.language import marked

_UNSENDABLE: dict[Unsendable, str] = {
    "nested": marked("something nested deeper than {0} levels"),
    "large_integer": marked("an integer of {0} bits; at most {1} can be returned"),
    "many_items": marked("a {0} of {1} items; return an array"),
    "many_keys": marked("a {0} of {1} numbers or tuples of numbers; at most {2} can be returned"),
    "dict_key": marked("a dict with a key of type {0}; keys can be strings, numbers, None, and tuples of them"),
    "set_item": marked("a set with an item of type {0}; items can be strings, numbers, None, and tuples of them"),
    "type": marked("a value of type {0}; return arrays, numbers, strings, dates, or lists, tuples, dicts and sets of them"),
    "object_array": marked(
        "an array of dtype object (rows of different lengths?); return an array of plain numbers or of strings"
    ),
    "dtype": marked("an array of dtype {0}; return an array of plain numbers"),
    "large_array": marked("an array of shape {0}, {1}; at most {2} can be returned"),
    "large_message": marked("so much at once that it takes more than {0} of memory"),
    "all_together": marked("so much that all results together take more memory than there is for them"),
    "function": marked("the function {0} itself; return what it gives"),
    "no_function": marked("a value of type {0}, which cannot be called as a function"),
    "printed": marked("printed {0} bytes; at most {1} can be judged"),
    "column": marked("a table with {1} in column {0}; columns can hold numbers, texts, dates and truth values"),
    "columns": marked("a table of {0} columns; at most {1} can be returned"),
    "figures": marked("drew what cannot be looked at ({0})"),
    "one_result": marked("a single value of type {0}; the docstring asks for several results"),
    "unknown": marked("something that cannot be sent ({0})"),
}


def unsendable_text(reason: Unsendable, values: tuple[str, ...]) -> str:
    """A description of a value that cannot be sent back. `values` may come from a student's process: they are inserted verbatim."""
    text = _(_UNSENDABLE[reason])
    for place, value in enumerate(values):
        text = text.replace(f"{{{place}}}", value, 1)
    return text
