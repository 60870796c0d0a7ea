"""What `grader validate` prints, on a wide and on a narrow screen."""

import io

from msgspec.structs import replace
from rich.console import Console

from grader.cli.validate import _fitting
from grader.prove.trivial import Earned
from grader.prove.validate import Proof

PROOF = Proof(
    assignment="delta_rule", points=10.0, exercises=7, checks=50, calls=111, misconceptions=91, named=91, accepted=0, wrong=46, mutants=30,
    killed=28, equivalent=2, seconds=12.34, trivial=Earned("zeros", 0.0), prices=(), problems=(),
)  # fmt: skip


def printed(width: int, *proofs: Proof) -> str:
    """The proofs on a screen of so many columns."""
    out = Console(file=io.StringIO(), width=width)
    out.print(_fitting(proofs, out))
    assert isinstance(out.file, io.StringIO)
    return out.file.getvalue()


def test_a_wide_screen_has_a_table() -> None:
    """A row for each assignment, and one for all together."""
    assert [line.split()[0] for line in printed(160, PROOF, replace(PROOF, assignment="conv")).splitlines() if line.strip()] == [
        "assignment",
        "delta_rule",
        "conv",
        "all",
    ]


def test_80_columns_have_lines_with_the_same_numbers() -> None:
    """Where the table does not fit, each number stands with its name, whole."""
    assert printed(80, PROOF).splitlines() == [
        "✓ delta_rule",
        "  points 10, exercises 7, checks 50, calls 111, seconds 12.3",
        "  misconceptions named 91 of 91, accepted 0, rejected 46",
        "  mutants killed 28 of 28, equivalent 2",
    ]


def test_a_problem_stands_first() -> None:
    """An assignment that is not proved says so in its first line."""
    assert printed(80, replace(PROOF, problems=("the stub earns 3 of 10",))).splitlines()[0] == "✗ delta_rule: 1 problem"
