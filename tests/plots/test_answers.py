"""A picture's script is answered call by call; nothing that a function does or returns is an error of the grader."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from grader.checks.uses import Use
from grader.course.panels import Cells, Note
from grader.course.pictures import Script, apart, call, cells, get, new, numbers, of, picture, told
from grader.plots.answers import Drawing, drawing, of_namespace
from grader.sandbox.outcome import Died, Outcome, OutOfMemory, Raised, TimedOut, Unimplemented


def drawn(script: Callable[[], Script], **functions: Any) -> Drawing:
    """The drawing of a script with these functions."""
    return drawing(picture("What is it?")(script), 0, of_namespace(functions))


def square_of() -> Script:
    """A picture of the square of a matrix."""
    answer = yield call("square", np.arange(4.0).reshape(2, 2))
    yield cells("the square", answer)
    yield told("It is square.")


def test_answers_are_drawn_as_they_are() -> None:
    """What came back is in the panel, right or wrong."""
    one = drawn(square_of, square=lambda x: -x)
    assert (one.title, one.text, one.lacking) == ("What is it?", "It is square.", 0)
    (panel,) = one.panels
    assert isinstance(panel, Cells) and panel.values.tolist() == [[0, -1], [-2, -3]]


def not_written(x: np.ndarray) -> np.ndarray:
    """A hole."""
    raise NotImplementedError("square: the square.")


def test_what_is_not_written_is_said() -> None:
    """A hole is a note with its name, and the script ends there."""
    (note,) = drawn(square_of, square=not_written).panels
    assert note == Note("square", "not implemented yet")


@pytest.mark.parametrize(
    ("returned", "problem"),
    [
        (None, "got None, which cannot be drawn"),
        ("text", "got the string 'text', which cannot be drawn"),
        (np.zeros(3), "the shape is 3, and …×… is needed"),
        (np.full((2, 2), np.inf), "no number in it is finite"),
    ],
)
def test_what_does_not_fit_is_said(returned: Any, problem: str) -> None:
    """A value of another kind is a note, and no error."""
    (note,) = drawn(square_of, square=lambda x: returned).panels
    assert isinstance(note, Note) and problem in note.text


def unpacking() -> Script:
    """A script that trusts what comes back."""
    first, _second = yield call("pair")
    yield cells("first", first)


@pytest.mark.parametrize("returned", [3, (1, 2, 3), None, "ab"])
def test_a_script_that_trips_over_an_answer_is_a_note(returned: Any) -> None:
    """Whatever the script raises on a student's value, the student reads what came, and the grader goes on."""
    (note,) = drawn(unpacking, pair=lambda: returned).panels
    assert isinstance(note, Note)


def two_parts() -> Script:
    """Two functions that do without each other."""
    for name in ("first", "second"):
        yield from apart(part(name))


def part(name: str) -> Script:
    """One of them."""
    yield cells(name, (yield call(name)))


def test_parts_do_without_each_other() -> None:
    """Where the first is not written, the second is drawn, in its place."""
    first, second = drawn(two_parts, first=lambda: not_written(np.ones(1)), second=lambda: np.eye(2)).panels
    assert first == Note("first", "not implemented yet")
    assert isinstance(second, Cells)


@pytest.mark.parametrize(
    ("outcome", "said"),
    [
        (Unimplemented("square", missing=True, file="conv.py"), "`square` is not defined"),
        (Raised("ValueError", ("ValueError",), "no"), "raised ValueError: no"),
        (TimedOut(20.0), "does a loop never end"),
        (OutOfMemory(), "ran out of memory"),
        (Died("signal {detail}", "9"), "ended the process: signal 9"),
    ],
)
def test_every_way_to_give_nothing_has_words(outcome: Outcome, said: str) -> None:
    """What happened instead of a result stands in the note, in the words of `grader check`."""

    def ask(use: Use, place: int, seconds: float, topic: str = "") -> Outcome:
        return outcome

    (note,) = drawing(picture("What is it?")(square_of), 0, ask).panels
    assert isinstance(note, Note) and said in note.text


def handed_on() -> Script:
    """A number that a function returned is an argument of the next call."""
    b = yield call("bias")
    for _again in range(2):
        yield cells("sum", (yield call("add", b)))


def test_a_number_of_numpy_is_handed_on_as_a_number() -> None:
    """`z = b; z += 1` changes no number of the caller's: what came as numpy's own goes on as a plain one."""

    def add(z: Any) -> np.ndarray:
        z += 1
        return np.full((1, 1), z)

    first, second = drawn(handed_on, bias=lambda: np.float64(2), add=add).panels
    assert isinstance(first, Cells) and isinstance(second, Cells)
    assert first.values.item() == second.values.item() == 3


class Counter:
    """An object with a state."""

    def __init__(self, start: int) -> None:
        self.count = start

    def step(self) -> int:
        """One more."""
        self.count += 1
        return self.count


def stateful() -> Script:
    """An object that is made, used and looked at."""
    yield new("Counter", 3, save="it")
    yield call("it.step", reply=False)
    yield cells("count", numbers([[(yield get("it.count"))]], 1, 1))


def test_objects_live_as_long_as_their_picture() -> None:
    """A script makes objects and looks at them, as a case of a check does."""
    (panel,) = drawn(stateful, Counter=Counter).panels
    assert isinstance(panel, Cells) and panel.values.item() == 4


def from_two_topics() -> Script:
    """A number goes from one topic's function to another's."""
    x = yield call("first")
    yield cells("both", (yield of("other", call("second", x))))


def test_layers_of_several_topics_work_together() -> None:
    """Each topic has functions of its own, also of the same name."""
    ask = of_namespace({"first": lambda: np.eye(2)}, lambda topic: {"second": lambda x: x + len(topic)})
    (panel,) = drawing(picture("What is it?", topics=("other",))(from_two_topics), 0, ask).panels
    assert isinstance(panel, Cells) and panel.values.tolist() == [[6, 5], [5, 6]]


def test_what_another_topic_lacks_is_said() -> None:
    """A function that was not written there is named."""
    (note,) = drawn(from_two_topics, first=lambda: np.eye(2)).panels
    assert isinstance(note, Note) and note.title == "second"
