"""What steps need: third-party modules, and functions of the submission."""

from collections.abc import Iterator, Sequence

from grader.checks.methods import class_of, is_method
from grader.sandbox.values import Items, Table, Value
from grader.sandbox.values import Mapping as Dict
from grader.sandbox.wire import Step


def targets_of(exercise: str, steps: Sequence[Step], seqs: range) -> Iterator[str]:
    """What each step uses: a method or an attribute by its class. An object that was made by something else is of the exercise's class."""
    classes: dict[tuple[int, str], str] = {}
    for step in (steps[seq] for seq in seqs):
        handle, dot, part = step.target.partition(".")
        if step.op == "new":
            classes[step.case, step.save] = step.target
        yield (
            f"{classes.get((step.case, handle), class_of(exercise) if is_method(exercise) else handle)}.{part}" if dot else handle
        )


def needed_modules(steps: Sequence[Step]) -> Iterator[str]:
    """The third-party modules that steps cannot do without: for tables among the arguments, and for figures."""
    if any(_holds_table(value) for step in steps for value in (*step.args, *(value for _name, value in step.kwargs))):
        yield "pandas"
    if any(set(step.sent) - {"result", "printed"} for step in steps):
        yield "matplotlib"


def _holds_table(value: Value) -> bool:
    items = value.items if isinstance(value, Items) else (item for _key, item in value.items) if isinstance(value, Dict) else ()
    return isinstance(value, Table) or any(map(_holds_table, items))
