"""What a person decides, in nbgrader: manually graded cells, scores of formgrader as decisions and back, bonus as extra credit."""

from datetime import UTC, datetime

import pytest
from parts_class import COURSE, SOLUTION, grade, part

from grader.course.folder import read_course
from grader.course.rubric import read_rubric
from grader.gradebook.adjustments import NBGRADER, Adjustment
from grader.gradebook.decisions import decided
from grader.gradebook.entries import Entry
from grader.gradebook.lateness import Late
from grader.integrations.nbgrader.by_hand import ByHand, Held, read_by_hand, to_write
from grader.integrations.nbgrader.cell_points import cell_points, checked_points, read_points
from grader.integrations.nbgrader.cell_reports import cell_reports
from grader.integrations.nbgrader.release_notebook import cells_called, topic_notebook
from grader.judge.verdicts import Grade

NOW = datetime(2027, 5, 3, tzinfo=UTC)


def entry(found: Grade) -> Entry:
    """An entry of this grade, on time."""
    return Entry(found, Late(None, None, 0, 0.0, found.score), by="ana")


def given(score: float | None, comment: str | None = None, *history: Adjustment) -> list[Adjustment]:
    """What is taken in of a score of formgrader for the text."""
    return read_by_hand(Held("why_bias", score, None, comment), entry(decided(grade(), history)), history, NOW)


def numbered(made: list[Adjustment], first: int = 1) -> list[Adjustment]:
    """As they stand in the history."""
    from msgspec.structs import replace

    return [replace(one, number=number) for number, one in enumerate(made, first)]


@pytest.fixture(scope="module")
def cells() -> dict[str, dict[str, object]]:
    """nbgrader's metadata of the released notebook's cells."""
    points, people = cell_points(read_rubric(read_course(COURSE).assignment("affine")))
    notebook = topic_notebook(SOLUTION, COURSE / "solutions" / "affine.py", "# A layer", points, "en", people)
    return {name: dict(cell.metadata.nbgrader, source=cell.source) for name, cell in cells_called(notebook)}


@pytest.mark.parametrize(("name", "points"), [("why_bias", 1.5), ("affine", 0.5)])
def test_what_a_person_reads_is_a_manually_graded_answer(cells: dict[str, dict[str, object]], name: str, points: float) -> None:
    """With the points of that, and no others."""
    assert {key: cells[name][key] for key in ("grade", "solution", "locked", "points")} == {
        "grade": True,
        "solution": True,
        "locked": False,
        "points": points,
    }


def test_checks_have_their_own_cell(cells: dict[str, dict[str, object]]) -> None:
    """An exercise without any has none; bonus and optional ones are worth 0 there."""
    found = {name: cell["points"] for name, cell in cells.items() if name.endswith("-points")}
    assert found == {"affine-points": 1.5, "leaky-points": 0.0, "centred-points": 0.0}


def test_the_answers_cell_says_how_to_write_it(cells: dict[str, dict[str, object]]) -> None:
    """nbgrader cuts the solution, and leaves the comment above it."""
    source = str(cells["why_bias"]["source"])
    assert source.index("# Write your answer") < source.index("# BEGIN SOLUTION")


def test_reports_leave_out_what_is_read() -> None:
    """The points of a cell are those of its checks; a text alone has no such cell."""
    found = cell_reports(grade(), {}, published=True)
    assert [(report.points, report.most) for report in found.values()] == [(1.5, 1.5), (0.0, None), (0.0, 0.0), (0.0, 0.0)]


def test_a_score_of_formgrader_is_a_decision() -> None:
    """By nbgrader, with the comment as its reason, about the answer that stands there."""
    (made,) = given(1.25, "nice")
    assert (made.by, made.part, made.given, made.because) == (NBGRADER, "the argument", 1.25, "nice")
    found = decided(grade(), numbered([made]))
    assert (part(found).score, part(found).message, found.score) == (1.25, "nice", 3.75)


def test_the_same_score_is_taken_in_once() -> None:
    """Another one replaces it, and none takes it back."""
    history = numbered(given(1.25))
    assert given(1.25, None, *history) == []
    (other,) = given(1.0, None, *history)
    assert other.given == 1.0
    (back,) = given(None, None, *history)
    assert back.undoes == 1


def test_a_decision_is_the_cells_score_and_does_not_go_back_to_where_it_came_from() -> None:
    """What was given in formgrader stands there already."""
    check = part(grade())
    assert check.by_hand is not None
    about = {"student": "ana", "assignment": "affine", "exercise": "why_bias", "part": check.name, "answer": check.by_hand.digest}
    ours = Adjustment(**about, items=("names the origin",), because="", by="marta", at=NOW, number=1)  # type: ignore[arg-type]
    assert read_points(decided(grade(), [ours]).exercises[1]) == 1.0
    assert read_points(decided(grade(), numbered(given(1.25))).exercises[1]) is None
    assert read_points(grade().exercises[1]) is None


def test_bonus_is_extra_credit() -> None:
    """Of the cell that is worth 0, so that both have the same final score."""
    written = to_write(ByHand("leaky", None, 0.0, ""), entry(grade()), ())
    assert (written.total, written.extra) == (1.0, 1.0)
    assert checked_points(grade().exercises[2]) == (0.0, 0.0)


def test_a_score_by_hand_for_a_bonus_takes_its_place() -> None:
    """Half a point in formgrader instead of the one that was computed."""
    hand = ByHand("leaky", 0.5, 0.0, "")
    assert hand.points(entry(grade())) == -0.5
    change = Adjustment(
        student="ana", assignment="affine", exercise="leaky", points=-0.5, because="x", by=NBGRADER, at=NOW, number=1
    )
    assert to_write(hand, entry(grade()), [change]).total == 0.0


def test_an_optional_exercise_gives_nothing() -> None:
    """Neither points nor extra credit."""
    assert to_write(ByHand("centred", None, 0.0, ""), entry(grade()), ()).total == 0.0
