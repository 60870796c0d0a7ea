"""The command line. Its commands are `MODULES`, in the order of the help.

stdout carries the result, stderr the progress. Exit codes: 0 all well, 1 something failed its checks, 2 wrong use, 3 the grader's own
fault, 130 stopped by Ctrl-C. A command is the function `command` of its module, which returns its exit code; the module is imported when
the command is used, so that `grader check` starts fast.
"""

import gc
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from types import CodeType
from typing import Annotated, Any, NoReturn

import typer

from grader.cli.help_texts import Command, Group, first_sentence

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

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """The commands, each with the first sentence of its docstring; none of them is imported for that."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, first_sentence(_docstring(module))) for name, module in MODULES.items()])


def _docstring(module: str) -> str:
    """What a command says of itself, read from its compiled module without executing it: together they import half of the grader."""
    path = f"grader.cli.{module}"
    get_code = getattr(getattr(find_spec(path), "loader", None), "get_code", None)
    if get_code is None:  # a loader of another kind
        return import_module(path).command.__doc__ or ""
    (function,) = (code for code in get_code(path).co_consts if isinstance(code, CodeType) and code.co_name == "command")
    text = function.co_consts[0]
    return text if isinstance(text, str) else ""  # with -OO there is none


@cache
def _load(name: str, module: str) -> Any:
    app = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)
    app.command(name, cls=Command, context_settings=_HELP)(import_module(f"grader.cli.{module}").command)
    if name != "check" and not gc.isenabled():  # that imports more before it does
        gc.freeze()
        gc.enable()
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
