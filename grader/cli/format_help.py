"""What `grader export --help` and `grader import --help` say of formats, and the options of single formats, from the registry."""

import inspect
from collections.abc import Callable, Sequence
from typing import Annotated

import typer

from grader.integrations.registry import EXPORTS, IMPORTS, options


def either(names: Sequence[str]) -> str:
    """Names as alternatives: "a, b or c"."""
    return " or ".join(filter(None, (", ".join(names[:-1]), names[-1])))


FORMAT = "; ".join(f"{form.name}: {form.help}" for form in EXPORTS) + "."
TO = f"Where to (default: stdout; for {either([form.name for form in EXPORTS if form.folder])} a folder of that name)."
ROSTER = "The class list. " + "; ".join(f"{form.name}: {form.roster}" for form in EXPORTS if form.roster) + "."
SYSTEM = f"{either([system.name for system in IMPORTS])}."


def with_options_of_formats(command: Callable[..., int]) -> Callable[..., int]:
    """`command` with a flag for each option of a single format in place of its `**options`."""
    signature = inspect.signature(command)
    flags = [
        inspect.Parameter(
            name,
            inspect.Parameter.KEYWORD_ONLY,
            default=False,
            annotation=Annotated[bool, typer.Option(f"--{name}", help=f"{either(forms)}: {option.help}.")],
        )
        for name, (option, forms) in options().items()
    ]
    *own, _options = signature.parameters.values()
    command.__signature__ = signature.replace(parameters=[*own, *flags])  # type: ignore[attr-defined]
    return command
