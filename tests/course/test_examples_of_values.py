"""Worked examples of what is printed, of dates and of tables: read from `examples.toml`, judged at home, drawn in the statement."""

import datetime as dt
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest
from toys import exercise_grade, grade, write_course

from grader.course.folder import Assignment
from grader.course.rubric import read_rubric
from grader.engine.prepare import prepare
from grader.errors import RubricError
from grader.release.statement import rendered
from grader.sandbox.tables import Table

STUB = """
import datetime
import numpy as np
import pandas as pd

def table(n: int) -> None: ...
def later(day: datetime.date, days: int) -> datetime.date: ...
def workdays(days: np.ndarray) -> np.ndarray: ...
def by_shop(sales: pd.DataFrame) -> pd.DataFrame: ...
"""
EXAMPLES = '''
[squares]
exercise = "table"
inputs.n = 2
printed = """
0 0\\t
1 1
"""

[leap]
exercise = "later"
inputs.day = 2024-02-28
inputs.days = 1
expected = 2024-02-29

[week]
exercise = "workdays"
inputs.days = [2024-02-29, 2024-03-02]
expected = [2024-02-29]

[two-shops]
exercise = "by_shop"
inputs.sales = { shop = ["a", "b", "a"], units = [1, 2, 3] }
expected = { "" = ["a", "b"], units = [4, 2] }
'''.replace('printed = """\n', 'printed = """')
CHECKS = """
from grader.course.authoring import examples, exercise
""" + "".join(
    f'''
@exercise(points=1)
def {name}():
    """An exercise."""
    yield from examples()
'''
    for name in ("table", "later", "workdays", "by_shop")
)


def course(root: Path, reference: str | None = None, text: str = EXAMPLES) -> Assignment:
    """A course of these examples, whose submissions may import pandas."""
    return msgspec.structs.replace(write_course(root, CHECKS, STUB, text, reference), modules=("pandas",))


def right() -> dict[str, Any]:
    """What passes."""
    return {
        "table": lambda n: print("\n".join(f"{i} {i * i}" for i in range(n))),
        "later": lambda day, days: day + dt.timedelta(days=days),
        "workdays": lambda days: days[np.is_busday(days)],
        "by_shop": lambda sales: sales.groupby("shop")[["units"]].sum(),
    }


def test_they_are_read_as_what_they_are(tmp_path: Path) -> None:
    """A printed text is tidied, a date of TOML is a date, a list of them an array, a table of columns a DataFrame."""
    found = read_rubric(course(tmp_path)).examples
    assert (found["squares"].printed, found["squares"].expected) == (True, "0 0\n1 1")
    assert (found["leap"].inputs["day"], found["leap"].expected) == (dt.date(2024, 2, 28), dt.date(2024, 2, 29))
    assert found["week"].inputs["days"].dtype == np.dtype("datetime64[D]")
    assert list(found["two-shops"].inputs["sales"].columns) == ["shop", "units"]
    assert isinstance(found["two-shops"].expected, Table)


@pytest.mark.parametrize("with_reference", [True, False], ids=["submission", "at-home"])
def test_they_are_judged(tmp_path: Path, with_reference: bool) -> None:
    """With the reference and without it, the right results pass, and wrong ones are told apart."""
    reference = "".join(f"def {name}(*args): return None\n" for name in right()) if with_reference else None
    ready = prepare(course(tmp_path, reference), "seed")
    graded = grade(ready, right())
    assert [check.verdict for exercise in graded.exercises for check in exercise.checks] == ["passed"] * 4
    wrong = grade(
        ready,
        {
            "table": lambda n: "0 0\n1 1",
            "later": lambda day, days: day,
            "workdays": lambda days: days,
            "by_shop": lambda sales: sales.groupby("shop", as_index=False)[["units"]].sum(),
        },
    )
    said = {exercise.name: exercise.checks[0] for exercise in wrong.exercises}
    assert "the right text is returned, but not printed" in said["table"].message
    assert "2024-02-28, but should be 2024-02-29" in said["later"].message
    assert "should have shape (1,), but has (2,)" in said["workdays"].message
    assert "its rows have other labels" in said["by_shop"].message
    assert exercise_grade(wrong, "later").score == 0


def test_another_text_is_shown_line_by_line(tmp_path: Path) -> None:
    """Worked examples are public: the expected text is told at once."""
    ready = prepare(course(tmp_path), "seed")
    found = grade(ready, right() | {"table": lambda n: print("0 0\n1 2")}).exercises[0].checks[0]
    assert found.message == "the printed text differs (- expected, + yours):\n  1  0 0\n- 2  1 1\n+ 2  1 2"
    assert found.told is None or found.told.message == found.message


def test_the_statement_draws_them(tmp_path: Path) -> None:
    """A printed text stands below the arguments, dates as they are written, tables in rows."""
    assignment = course(tmp_path)
    readme = assignment.folder / "README.md"
    readme.write_text("".join(f"<!-- example: {name} -->\n<!-- end -->\n" for name in ("squares", "leap", "two-shops")))
    text = rendered(readme, read_rubric(assignment))
    assert "n = 2\n\nprints:\n  0 0\n  1 1\n" in text
    assert "day = 2024-02-28, days = 1, result = 2024-02-29" in text
    assert "sales =  shop units     result =       units\n            a     1                  a     4\n" in text


def test_printed_takes_the_place_of_expected(tmp_path: Path) -> None:
    """An example has one of both."""
    both = EXAMPLES.replace("printed =", "expected = 1\nprinted =", 1)
    with pytest.raises(RubricError, match="in place of `expected`"):
        read_rubric(course(tmp_path, text=both))
