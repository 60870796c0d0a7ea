"""What `%load_ext grader` adds: the name `grader`, and the magics `%grader_course FOLDER` and `%grader_language es`."""

from pathlib import Path
from types import ModuleType
from typing import Any

from grader.course.folder import find_course
from grader.errors import UsageError
from grader.integrations.jupyter import check
from grader.text.language import gettext as _


def load(shell: Any, grader: ModuleType) -> None:
    """Add the name and the magics to an IPython shell."""
    if check.session.language is None:
        check.session.speak()
    shell.push({"grader": grader})
    shell.register_magic_function(choose_course, magic_kind="line", magic_name="grader_course")
    shell.register_magic_function(choose_language, magic_kind="line", magic_name="grader_language")


def choose_language(line: str) -> None:
    """`%grader_language es`: the language of everything shown; by default the environment's."""
    try:
        check.session.speak(line.strip() or None)
    except UsageError as error:
        print(error)


def choose_course(line: str) -> None:
    """`%grader_course FOLDER`: where the exercises are; without a folder, search from the notebook upwards again."""
    given = line.strip().strip("\"'")
    if not given:
        check.session.course = None
        return
    folder = (check.HOME / Path(given).expanduser()).resolve()
    try:
        find_course(check.HOME, folder)
    except UsageError as error:
        print(error)
        return
    check.session.course = folder
    print(_("The exercises are taken from {folder}.").format(folder=folder))
