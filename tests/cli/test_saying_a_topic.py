"""One way to say a topic in every command, help by -h, and names that are nearly right."""

from typing import Any

import pytest
import typer.main
from typer.testing import CliRunner

from grader.cli.app import MODULES, app
from grader.cli.options import topic_asked, topics_asked
from grader.errors import UsageError
from grader.text.near import near

BEFORE = {"grade": ["class"], "similar": ["class"], "show": ["ana"], "adjust": ["ana"], "history": ["ana"], "import": ["all.zip"]}
WITHOUT_TOPIC = {
    "doctor",
    "drop",
    "help",
    "import-course",
    "new",
    "records",
    "review",
    "try",
}  # try: a topic and its file, in this order
COMMANDS: Any = typer.main.get_command(app)


def parsed(name: str, *arguments: str) -> dict[str, Any]:
    """The parameters that a command gets."""
    command = COMMANDS.commands[name]
    found: dict[str, Any] = command.make_context(name, [*BEFORE.get(name, ()), *arguments]).params
    return found


@pytest.mark.parametrize("name", sorted(MODULES.keys() - WITHOUT_TOPIC))
def test_a_topic_is_said_by_its_place_or_as_an_option(name: str) -> None:
    """Every command that is about assignments takes `conv`, `-t conv` and `--topic conv`."""
    for arguments in (["conv"], ["-t", "conv"], ["--topic", "conv"]):
        values = [
            value if isinstance(value, str) else [*(value or ())]
            for value in parsed(name, *arguments).values()
            if isinstance(value, str | list | tuple)
        ]
        assert "conv" in values or ["conv"] in values


def test_both_ways_together_name_each_topic_once() -> None:
    """`grader export conv -t mlp -t conv` is about conv and mlp."""
    assert topics_asked(["conv"], ["mlp", "conv"]) == ["conv", "mlp"]
    assert topics_asked(None, None) == []


def test_two_topics_where_one_is_meant_are_wrong_use() -> None:
    """`grader show ana conv -t mlp` is refused, and the same topic twice is that topic."""
    assert topic_asked("conv", "conv") == topic_asked(None, "conv") == "conv"
    with pytest.raises(UsageError, match="two topics were given, conv and --topic mlp"):
        topic_asked("conv", "mlp")


@pytest.mark.parametrize("arguments", [["-h"], ["--help"], *([name, "-h"] for name in MODULES)], ids=" ".join)
def test_help_by_one_letter(arguments: list[str]) -> None:
    """-h is --help, of the program and of each command."""
    done = CliRunner().invoke(app, arguments)
    assert done.exit_code == 0, done.output
    assert done.stdout.startswith("Usage: grader")


def test_version() -> None:
    """--version prints the name and the version, and nothing else."""
    done = CliRunner().invoke(app, ["--version"])
    assert done.exit_code == 0
    assert done.stdout.startswith("grader 0.") and done.stdout.count("\n") == 1


def test_a_name_that_is_nearly_right() -> None:
    """What was meant is proposed whatever its case; a name like no other gets those that there are."""
    assert near("Cnv", ["conv", "mlp"]) == "Did you mean 'conv'?"
    assert near("history", ["conv", "mlp"]) == "There are: conv, mlp."
    assert near("droput", ["dropout", "mlp", "Dropout"]) == "Did you mean 'dropout' or 'Dropout'?"
    assert near("x", []) == "There are: none."


def test_long_lists_of_names_end_between_two_names() -> None:
    """A list of names is cut behind a name, and says that it is cut."""
    assert near("x", [f"topic_{n:03}" for n in range(100)]).endswith("topic_017, ….")
