"""Figures are judged by what they show: the data of lines, points, bars and images, texts, scales; never by pixels."""

from collections.abc import Callable, Iterator
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.figure import Figure
from toys import exercise_of, prepared, verdict

from grader.checks.draws import draws
from grader.errors import RubricError
from grader.judge.verdicts import Verdict
from grader.sandbox.outcome import BadReturn


def losses(rng: np.random.Generator) -> Iterator[dict[str, Any]]:
    """Two curves."""
    for n in (4, 6):
        yield dict(train=rng.random(n) + 0.1, test=rng.random(n) + 0.2)


def curves(train: Any, test: Any) -> None:
    """The losses of training and testing, on a logarithmic scale."""
    _, axes = plt.subplots()
    axes.plot(train, label="train")
    axes.plot(test, label="test")
    axes.set(xlabel="epoch", ylabel="loss", yscale="log", title="Learning")
    axes.legend()


def other_way(train: Any, test: Any) -> Any:
    """The same by pyplot's functions, drawn the other way round, and shown."""
    plt.figure(figsize=(10, 8))
    plt.semilogy(np.arange(len(test)), test, "r--", label="of the test set")
    plt.plot(range(len(train)), list(train), marker="o", label="of the training set")
    plt.xlabel("Epoch")
    plt.ylabel("Loss")
    plt.suptitle("Loss curves")
    plt.legend(loc="best")
    plt.grid(True)
    plt.axhline(0.5, color="grey")
    plt.tight_layout()
    plt.savefig("losses.png")
    plt.show()
    return plt.gcf()


def without_pyplot(train: Any, test: Any) -> Any:
    """A figure that only the caller knows."""
    figure = Figure()
    axes = figure.add_subplot()
    axes.plot(np.stack([train, test], axis=1), label=["a", "b"])
    axes.set_yscale("log")
    axes.set_xlabel("x")
    axes.set_ylabel("y")
    axes.set_title("t")
    axes.legend()
    return axes


WHAT = ("lines", "has labels", "has titles", "has legends", "scales")


def judged(student: Callable[..., Any], *what: Any, reference: Callable[..., Any] = curves, cases: Any = losses) -> Verdict:
    """The verdict on a figure."""
    ready = prepared(
        exercise_of("curves", draws("the figure", what or WHAT, cases=cases)),
        functions={"curves": reference},
        modules=("matplotlib",),
    )
    return verdict(ready, {"curves": student})


@pytest.mark.parametrize("student", [curves, other_way, without_pyplot])
def test_the_same_figure_passes(student: Callable[..., Any]) -> None:
    """However it is drawn, and whatever colours, words and helping lines it has."""
    found = judged(student)
    assert found.verdict == "passed", found.message


def changed(change: Callable[[Any], object]) -> Callable[..., Any]:
    """A figure with something done to its axes."""

    def student(train: Any, test: Any) -> None:
        curves(train, test)
        change(plt.gca())

    return student


@pytest.mark.parametrize(
    ("student", "wrong", "message"),
    [
        pytest.param(changed(lambda a: a.set_yscale("linear")), {"scales"}, "the scales are 'linear', 'linear'", id="scale"),
        pytest.param(changed(lambda a: a.set_ylabel("")), {"has labels"}, "a label of an axis is missing", id="label"),
        pytest.param(changed(lambda a: a.set_title("")), {"has titles"}, "the title is missing", id="title"),
        pytest.param(changed(lambda a: a.get_legend().remove()), {"has legends"}, "the legend is missing", id="legend"),
        pytest.param(
            changed(lambda a: a.lines[0].remove()), {"lines"}, "1 line is drawn, but 2 lines are expected", id="one-line"
        ),
        pytest.param(changed(lambda a: a.plot([1, 2])), {"lines"}, "3 lines are drawn", id="one-more"),
        pytest.param(
            changed(lambda a: a.lines[0].set_ydata(a.lines[0].get_ydata() ** 2)), {"lines"}, "the data of the lines", id="data"
        ),
        pytest.param(
            lambda train, test: curves(train[1:], test), {"lines"}, "an array of shape (3, 2), but should be", id="shorter"
        ),
        pytest.param(lambda train, test: None, set(WHAT), "nothing is drawn", id="nothing"),
        pytest.param(lambda train, test: plt.subplots(2), set(WHAT), "axes drawn: 2; expected: 1", id="two-axes"),
    ],
)
def test_each_property_is_paid_by_itself(student: Callable[..., Any], wrong: set[str], message: str) -> None:
    """What is wrong costs its part, and is said in words."""
    found = judged(student)
    assert {item.name for item in found.results if item.verdict != "passed"} in (wrong, set()), found
    assert found.verdict == ("failed" if wrong == set(WHAT) else "partly")
    assert message in found.message, found.message


def test_what_is_hidden_is_told_without_data() -> None:
    """Until the grades are published, the words tell the property and no value."""
    told = judged(changed(lambda a: a.set_yscale("linear"))).told
    assert told is not None and told.message == "the scales differ"


def bars(train: Any, test: Any) -> None:
    """A figure of all that is not a line."""
    _, (left, middle, right) = plt.subplots(1, 3)
    left.bar(["a", "b", "c", "d"], train[:4])
    middle.scatter(train[:4], test[:4])
    right.imshow(np.outer(train, test))


def bars_again(train: Any, test: Any) -> None:
    """The same bars by their places, points in another order and as markers, and a mesh in place of an image."""
    _, (left, middle, right) = plt.subplots(1, 3)
    left.bar([3, 2, 1, 0], train[:4][::-1], width=0.3)
    middle.plot(train[:4][::-1], test[:4][::-1], "o")
    plt.colorbar(right.pcolormesh(np.outer(train, test)))


def transposed(train: Any, test: Any) -> None:
    """An image with its axes exchanged, and a bar too high."""
    bars(train, test)
    figure = plt.gcf()
    figure.axes[2].images[0].set_data(np.outer(train, test).T)
    figure.axes[0].patches[0].set_height(9)


@pytest.mark.parametrize(
    ("student", "outcomes"),
    [(bars, "passed"), (bars_again, "passed"), (transposed, "partly")],
)
def test_bars_points_and_images(student: Callable[..., Any], outcomes: str) -> None:
    """The data count, and not by what they are drawn."""
    found = judged(student, "bars", "points", "images", "axes", reference=bars)
    assert found.verdict == outcomes, found.message
    if outcomes == "partly":
        states = {item.name: (item.verdict, item.slip) for item in found.results}
        assert states["bars"][0] == "failed"
        assert states["points"] == states["axes"] == ("passed", None)
        assert states["images"] == ("partly", "transposed")


def test_too_much_is_not_looked_at() -> None:
    """A figure of thousands of lines is refused before it is sent."""
    found = judged(lambda train, test: plt.plot(np.zeros((2, 600))))
    assert (found.verdict, "drew what cannot be looked at (600 lines)" in found.message) == ("failed", True)


def test_figures_do_not_stay() -> None:
    """What one call has drawn is not seen in the next."""
    judged(curves)
    assert plt.get_fignums() == []


@pytest.mark.parametrize("what", [(), ("colours",)], ids=["nothing", "unknown"])
def test_a_wrong_property_is_refused(what: Any) -> None:
    """The author reads which properties there are."""
    with pytest.raises(ValueError, match="titles, labels, legends"):
        draws("x", what, cases=losses)


def test_without_matplotlib_there_is_nothing_to_see() -> None:
    """Its absence is not an exception in the judge."""
    ready = prepared(
        exercise_of("curves", draws("figure", ("axes",), cases=losses)), functions={"curves": curves}, modules=("matplotlib",)
    )
    from toys import find, judge_outcomes

    found = find(judge_outcomes(ready, (BadReturn("figures", ("matplotlib",)),)))
    assert found.verdict == "failed"


def test_a_course_that_draws_names_matplotlib() -> None:
    """Without it, no student could draw: that is said before anything runs."""
    with pytest.raises(RubricError, match=r'(?s)needs matplotlib.*modules = \["matplotlib"\]'):
        prepared(exercise_of("curves", draws("figure", ("axes",), cases=losses)), functions={"curves": curves})
