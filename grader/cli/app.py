"""The command line. Its commands are `MODULES`, in the order of the help.

stdout carries the result, stderr the progress. Exit codes: 0 all well, 1 something failed its checks, 2 wrong use, 3 the grader's own
fault, 130 stopped by Ctrl-C. A command is the function `command` of its module, which returns its exit code; the module is imported when
the command is used, so that `grader check` starts fast.
"""

from collections.abc import Iterator, Mapping
from functools import cache
from importlib import import_module
from typing import Annotated, Any, NoReturn

import typer

from grader.cli.help_texts import Command, Group

_NAMES = (
    "list",
    "check",
    "plot",
    "grade",
    "show",
    "adjust",
    "history",
    "drop",
    "review",
    "feedback",
    "report",
    "similar",
    "rejudge",
    "records",
    "new",
    "try_",
    "validate",
    "release",
    "messages",
    "export",
    "import_",
    "import_course",
    "doctor",
    "help",
)
_HELP = {"help_option_names": ["-h", "--help"]}
MODULES = {name.rstrip("_").replace("_", "-"): name for name in _NAMES}


class _LazyCommands(Mapping[str, Any]):
    """The commands by name, in the order of the help."""

    def __getitem__(self, name: str) -> Any:
        return _load(name, MODULES[name])

    def __iter__(self) -> Iterator[str]:
        return iter(MODULES)

    def __len__(self) -> int:
        return len(MODULES)


class _LazyGroup(Group):
    def __init__(self, **attributes: Any) -> None:
        super().__init__(**attributes)
        self.commands = _LazyCommands()  # type: ignore[assignment]  # it is only read


@cache
def _load(name: str, module: str) -> Any:
    app = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)
    app.command(name, cls=Command, context_settings=_HELP)(import_module(f"grader.cli.{module}").command)
    return typer.main.get_command(app)


def _exit(code: int, **_: object) -> NoReturn:
    raise typer.Exit(code)


def _tell_version(asked: bool) -> None:
    if asked:
        from importlib.metadata import version

        print(f"grader {version('dl-grader')}")
        raise typer.Exit


def _options(
    _version: Annotated[
        bool, typer.Option("--version", callback=_tell_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    """The options of `grader` itself."""


app = typer.Typer(
    name="grader",
    cls=_LazyGroup,
    callback=_options,
    context_settings=_HELP,
    result_callback=_exit,
    help="Grades deep-learning exercises in numpy.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
