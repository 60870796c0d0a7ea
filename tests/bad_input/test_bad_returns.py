"""What a function may return, print, warn of and raise: everything arrives as a verdict, and as text that is safe to show."""

import json
from pathlib import Path

import pytest
from classroom import FULL, exercise, first_lack, grader, honest, scaling, stored, submitted_at

from grader.engine.record import Record
from grader.judge.verdicts import Grade

pytestmark = pytest.mark.slow

Class = dict[tuple[str, str], Record]

LIAR = """\
class Liar(np.ndarray):
    def __eq__(self, other):
        return True
    def __array__(self, *args, **kwargs):
        raise SystemExit
    def __reduce__(self):
        raise SystemExit
    def __len__(self):
        return 0

"""
WRONG = {
    "none": ("return None", "returned", "it is None; is a `return` missing?"),
    "a_string": ('return "six"', "returned", "is the string 'six'"),
    "a_dict": ('return {"y": x}', "returned", "should be an array"),
    "not_a_number": ("return x * np.nan", "returned", "every value of y is not finite"),
    "infinite": ("return x * np.inf", "returned", "every value of y is not finite"),
    "twenty_axes": ("return np.ones((1,) * 20)", "returned", "should have shape (3,)"),
    "object_array": ("return np.array([x, x[:1]], dtype=object)", "bad_return", "an array of dtype object"),
    "structured_array": ('return np.zeros(3, dtype=[("a", float)])', "bad_return", "return an array of plain numbers"),
    "array_of_text": ('return np.array(["1", "2"])', "returned", "should have shape (3,), but has (2,)"),
    "generator": ("return (factor * number for number in x)", "bad_return", "a value of type generator"),
    "the_function_itself": ("return scale", "bad_return", "returned the function scale itself"),
    "integer_of_100_bits": ("return 1 << 100", "returned", "should be an array of shape (3,), but is the int 12676506002282294"),
    "list_in_itself": ("loop = []\nloop.append(loop)\nreturn loop", "bad_return", "nested deeper than 16 levels"),
    "text_of_half_a_character": ('return "\\ud800"', "bad_return", "something that cannot be sent"),
    "sixty_megabytes": ("return np.ones(8 << 20)", "bad_return", "67.1 MB; at most 33.6 MB can be returned"),
    "view_of_terabytes": ("return np.broadcast_to(x[0], 1 << 40)", "bad_return", "shape (1099511627776,), 9 TB; at most"),
    "two_gigabytes": ("return np.ones(1 << 28)", "out_of_memory", "needed more memory than the 537 MB"),
    "ends_the_process": ("import os\nos._exit(0)", "died", "ended the process: exit code 0"),
    "system_exit": ("raise SystemExit(0)", "raised", "raised SystemExit: 0"),
    "keyboard_interrupt": ("raise KeyboardInterrupt", "raised", "raised KeyboardInterrupt"),
    "message_of_half_a_character": ('raise ValueError("\\ud800")', "raised", "raised ValueError: \\ud800"),
    "control_codes": (r'raise ValueError("\x1b[2J\x1b]0;owned\x07\x9b31m [/bold] [red]")', "raised", "raised ValueError"),
}
RIGHT_ALL_THE_SAME = {
    "masked_array": "return np.ma.masked_array(x * factor, mask=x > 0)",
    "other_byte_order": 'return (x * factor).astype(">f8")',
    "column_of_a_table": "return np.stack([x * factor, x], axis=1)[:, 0]",
    "backwards_view": "return (x * factor)[::-1].copy()[::-1]",
    "read_only": "y = x * factor\ny.flags.writeable = False\nreturn y",
    "warns": 'import warnings\nwarnings.warn("careful")\nreturn x * factor',
    "divides_by_zero_aside": "np.ones(3) / 0\nreturn x * factor",
    "prints_megabytes": 'print("x" * 2_000_000)\nreturn x * factor',
    "prints_half_a_character": 'print("\\ud800")\nreturn x * factor',
    "closes_stdout": "import sys\nsys.stdout.close()\nreturn x * factor",
}
SLIPS = {
    "a_list": ("return list(x * factor)", "is a list"),
    "float16": ("return (x * factor).astype(np.float16)", "float16"),
    "matrix": ("return np.matrix(x * factor)", "(1, 3)"),
}
HONEST = ("aaa", "zzz")


@pytest.fixture(scope="module")
def run(small_course: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Class, str, str]:
    """A class in which `scale` returns all sorts of things: its records, and stdout as a table and as JSON."""
    folder = tmp_path_factory.mktemp("returns")
    honest(folder / "class", *HONEST)
    for student, body in {**{name: body for name, (body, *_) in (WRONG | SLIPS).items()}, **RIGHT_ALL_THE_SAME}.items():
        submitted_at(folder / "class", student, "vectors", scaling(body))
        submitted_at(folder / "class", student, "signs")
    submitted_at(
        folder / "class",
        "lying_right",
        "vectors",
        scaling("return (x * factor).view(Liar)", LIAR.join(("import numpy as np\n", ""))),
    )
    submitted_at(
        folder / "class",
        "lying_wrong",
        "vectors",
        scaling("return (x + factor).view(Liar)", LIAR.join(("import numpy as np\n", ""))),
    )
    options = ("--course", small_course, "--out", folder / "out")
    table = grader("grade", folder / "class", *options, cwd=folder)
    again = grader("grade", folder / "class", *options, "--json", cwd=folder)
    assert (table.returncode, again.returncode) == (0, 0), table.stderr + again.stderr
    return stored(folder / "out"), table.stdout, again.stdout


@pytest.fixture(scope="module")
def records(run: tuple[Class, str, str]) -> Class:
    """The records of that class."""
    return run[0]


@pytest.mark.parametrize("student", WRONG)
def test_wrong_kind_of_result_has_its_word_and_reason(records: Class, student: str) -> None:
    """What is not the array that was asked for is told by kind, and costs that exercise only."""
    _, outcome, reason = WRONG[student]
    grade = records[student, "vectors"].grade
    assert (exercise(grade, "scale").score, exercise(grade, "running_total").score) == (0, 2)
    assert first_lack(grade).outcome == outcome
    assert reason in first_lack(grade).message


@pytest.mark.parametrize("student", SLIPS)
def test_right_values_in_a_wrong_form_are_slips(records: Class, student: str) -> None:
    """They cost a part of the exercise, and are told by their form."""
    _, reason = SLIPS[student]
    grade = records[student, "vectors"].grade
    assert 0 < exercise(grade, "scale").score < exercise(grade, "scale").max_score
    assert reason in first_lack(grade).message


@pytest.mark.parametrize("student", RIGHT_ALL_THE_SAME)
def test_right_values_in_odd_clothes_have_full_marks(records: Class, student: str) -> None:
    """Right numbers count, whatever array holds them and whatever is said meanwhile."""
    assert records[student, "vectors"].grade.full_marks, records[student, "vectors"].grade


def test_lying_subclass_arrives_as_a_plain_array(records: Class) -> None:
    """A subclass of ndarray that equals everything is judged by its numbers."""
    wrong = records["lying_wrong", "vectors"].grade
    assert records["lying_right", "vectors"].grade.full_marks
    assert (exercise(wrong, "scale").score, first_lack(wrong).misconception) == (0, "factor_added")


def test_printed_megabytes_are_counted_and_cut(records: Class) -> None:
    """Of what a submission prints, the first 64 KiB are kept and all of it is counted."""
    usage = records["prints_megabytes", "vectors"].run.usage
    assert len(usage.output) == 64 << 10
    assert usage.printed > 2_000_000


def test_no_control_code_reaches_the_table(run: tuple[Class, str, str]) -> None:
    """The table shows control codes of a message as escapes and keeps what looks like markup."""
    row = next(line for line in run[1].splitlines() if line.startswith("control_codes") and "vectors" in line)
    assert r"\x1b[2J\x1b]0;owned\x07\x9b31m [/bold] [red]" in row
    assert not set(run[1]) & {"\x1b", "\x07", "\x9b"}


def test_no_raw_escape_reaches_the_json(run: tuple[Class, str, str]) -> None:
    """JSON carries the message's escape code escaped, never raw."""
    assert not set(run[2]) & {"\x1b", "\x07"}
    lines = [json.loads(line) for line in run[2].splitlines()]
    line = next(line for line in lines if (line["student"], line["assignment"]) == ("control_codes", "vectors"))
    assert "\x1b[2J" in line["exercises"][0]["checks"][0]["message"]


def test_everyone_else_is_unaffected(records: Class) -> None:
    """The honest neighbours, and the other topic of every odd student, have full marks."""
    others: list[Grade] = [found.grade for (student, topic), found in records.items() if student in HONEST or topic == "signs"]
    assert len(others) == 2 * len(HONEST) + len(WRONG | SLIPS) + len(RIGHT_ALL_THE_SAME)
    assert [grade.student for grade in others if grade.score != FULL[grade.assignment]] == []
