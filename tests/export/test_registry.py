"""Formats of scores and systems of submissions, as the registry lists them."""

import sys
from subprocess import run

import pytest
from classroom import environment
from typer.testing import CliRunner

from grader.cli.app import app
from grader.cli.format_help import either
from grader.integrations.formats import ExportFormat
from grader.integrations.registry import EXPORTS, IMPORTS, options


def _help(command: str) -> str:
    return " ".join(CliRunner().invoke(app, [command, "--help"], env={"COLUMNS": "80"}).output.split())


def test_names_are_unique() -> None:
    """A name is one format's and one system's."""
    for listed in (EXPORTS, IMPORTS):
        names = [entry.name for entry in listed]
        assert len(set(names)) == len(names)


@pytest.mark.parametrize("form", EXPORTS, ids=lambda form: form.name)
def test_help_tells_of_every_format(form: ExportFormat) -> None:
    """The help of `export` says what each format is, which options it has and what its class list is for."""
    told = _help("export")
    assert f"{form.name}: {form.help}" in told
    assert not form.roster or f"{form.name}: {form.roster}" in told
    assert all(f"--{option.name} {either(options()[option.name][1])}: {option.help}" in told for option in form.options)


def test_help_tells_of_every_system() -> None:
    """The help of `import` names each system."""
    assert "--from SYSTEM canvas, gradescope, moodle or classroom50." in _help("import")


def test_options_are_of_their_formats() -> None:
    """Each option of a single format is listed with the formats that have it."""
    assert {name: forms for name, (_, forms) in options().items()} == {
        "wide": ("csv",),
        "total": ("csv", "xlsx", "canvas", "json"),
        "raw": ("canvas",),
        "published": ("moodle", "gradescope"),
        "autograder": ("gradescope",),
    }


def test_registry_is_light() -> None:
    """The help of commands reads the registry: that imports neither numpy nor the vendors' own modules."""
    code = "import sys, grader.cli.format_help; print(*sorted({'numpy', 'csv', 'grader.gradebook.entries'} & sys.modules.keys()))"
    done = run([sys.executable, "-c", code], env=environment(), capture_output=True, text=True, check=True)
    assert done.stdout == "\n"
