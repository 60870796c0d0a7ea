"""Who hands in together, by a CSV file; what is wrong with it is said with its line."""

from pathlib import Path

import pytest

from grader.errors import UsageError
from grader.gradebook.groups import Groups, parse_groups, read_groups

TOPICS = ("conv", "mlp")


def groups(text: str) -> Groups:
    """The groups in a text."""
    return parse_groups(text, Path("groups.csv"), TOPICS)


@pytest.mark.parametrize(
    "text",
    [
        "team,student\nred,ana\nred,bea\n",
        "\ufeffTeam;Student;\r\nred;ana;\r\n;;\r\nred;bea;\r\n",
        '"student"\t"group"\n"ana"\t"red"\n"bea"\t" red "\n',
        "equipo,estudiante\nred,ana\nred,bea",
    ],
)
def test_ways_to_write_it(text: str) -> None:
    """Commas, semicolons or tabs, quotes, a byte order mark, empty lines, English or Spanish."""
    found = groups(text)
    assert found.members("bea", "conv") == found.members("ana", "mlp") == ("ana", "bea")
    assert found.members("caro", "conv") == ("caro",)


def test_team_for_one_topic() -> None:
    """A row for one topic takes the place of the student's other row there, and only there."""
    found = groups("team,student,topic\nred,ana,\nred,bea,\nblue,ana,conv\nblue,caro,conv\n")
    assert found.members("ana", "conv") == ("ana", "caro")
    assert found.members("bea", "conv") == ("bea",)
    assert found.members("ana", "mlp") == ("ana", "bea")
    assert found.members("caro", "mlp") == ("caro",)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("team,student\nred,ana\nred,\n", "line 3: the team 'red' has no student here"),
        ("team,student\n,ana\n", "line 2: ana has no team here"),
        ("team,student\nred,ana\nblue,ana\n", "line 3: ana is in the team 'red' by line 2 and in 'blue' by this one"),
        ("team,student\nred,ana\nred,ana\n", "line 3: ana is in the team 'red' by line 2. Remove one"),
        ("team,student,topic\nred,ana,con\n", "line 2: 'con' is not a topic. Did you mean 'conv'?"),
        ("team,student,topic\nred,ana,x\n", "line 2: 'x' is not a topic. The topics are conv, mlp."),
        ("name,student\nred,ana\n", "groups.csv has the columns name, student. "),
        ("", "groups.csv is empty. "),
        ('team,student\n"red,ana\n', "is not a CSV file: unexpected end of data in line 2"),
    ],
)
def test_mistakes(text: str, said: str) -> None:
    """A mistake is named with its line and what to do; no student is left without a team by accident."""
    with pytest.raises(UsageError) as found:
        groups(text)
    assert said in str(found.value)


def test_file_that_is_not_there(tmp_path: Path) -> None:
    """It is said which setting names it."""
    with pytest.raises(UsageError, match=r"cannot be read: No such file or directory. \[groups\] in course.toml names"):
        read_groups(tmp_path / "groups.csv", TOPICS)
