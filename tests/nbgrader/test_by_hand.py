"""What people gave in nbgrader is told from what the grader wrote there, and becomes adjustments exactly once."""

from datetime import UTC, datetime

import pytest
from msgspec.structs import replace

from grader.gradebook.adjustments import Adjustment, adjusted, standing
from grader.gradebook.entries import Entry
from grader.gradebook.lateness import Late
from grader.integrations.nbgrader.by_hand import ByHand, Held, Written, by_hand, taken_in, to_write, with_remark
from grader.judge.verdicts import ExerciseGrade, Grade

NOW = datetime(2027, 5, 1, tzinfo=UTC)
REMARK = "    +1: the second stride is right"


def entry(score: float = 1.0, *adjustments: Adjustment) -> Entry:
    """ana's entry of an assignment with one exercise of 2 points, computed as `score`."""
    exercise = ExerciseGrade(name="scale", title="", score=score, max_score=2.0, checks=())
    grade = Grade(student="ana", assignment="vectors", status="graded", score=score, max_score=2.0, exercises=(exercise,))
    return Entry(grade, Late(None, None, 0, 0.0, score), adjustments=adjustments)


def ours(points: float, **more: object) -> Adjustment:
    """An adjustment by a person, of ana's exercise."""
    about = Adjustment(
        student="ana",
        assignment="vectors",
        exercise="scale",
        points=points,
        because="the second stride is right",
        by="eva",
        at=NOW,
    )
    return replace(about, **more)


def history_of(*hands: ByHand, score: float = 1.0) -> list[Adjustment]:
    """The history after each of these was taken in, one after the other."""
    history: list[Adjustment] = []
    for hand in hands:
        new = taken_in(hand, entry(score), history, "assignment", NOW)
        history += [replace(one, number=len(history) + place) for place, one in enumerate(new, 1)]
    return history


def given(score: float | None = None, extra: float = 0.0, comment: str = "") -> ByHand:
    """What a person gave for the exercise."""
    return ByHand("scale", score, extra, comment)


@pytest.mark.parametrize(
    ("held", "hand"),
    [
        pytest.param(Held("scale"), given(), id="nothing"),
        pytest.param(Held("scale", 1.5, 0.25, "Well tried."), given(1.5, 0.25, "Well tried."), id="all of it"),
        pytest.param(Held("scale", comment=""), given(), id="a comment that was erased"),
        pytest.param(Held("scale", float("inf"), float("nan")), given(), id="not numbers of points"),
    ],
)
def test_what_a_person_gave(held: Held, hand: ByHand) -> None:
    """Where the grader wrote nothing, all of it is a person's."""
    assert by_hand(held, ()) == hand


@pytest.mark.parametrize(
    ("extra", "of_a_person"),
    [
        pytest.param(1.0, 0.0, id="as written"),
        pytest.param(1.25, 0.25, id="a person gave more"),
        pytest.param(0.0, -1.0, id="a person took it away"),
    ],
)
def test_extra_credit_of_both(extra: float, of_a_person: float) -> None:
    """Of extra credit, what the grader did not write is a person's."""
    assert by_hand(Held("scale", extra=extra), [Written(1.0, 1.0)]).extra == of_a_person


def test_negative_extra_credit_that_formgrader_made_zero_is_still_ours() -> None:
    """Formgrader shows no negative extra credit and saves 0 in its place: nobody gave a point."""
    assert by_hand(Held("scale", extra=0.0), [Written(-0.5, -0.5)]).extra == 0.0


@pytest.mark.parametrize("extra", [0.25, 1.25], ids=["before", "after"])
def test_write_that_may_have_failed(extra: float) -> None:
    """Where it is unknown whether the last write was kept, what stands there says which of the two it is."""
    assert by_hand(Held("scale", extra=extra), [Written(1.25, 1.0), Written(0.25, 0.0)]).extra == 0.25


@pytest.mark.parametrize("comment", [f"Well tried.\n\n{REMARK}", f"{REMARK}\n\nWell tried.", "Well tried."])
def test_remark_is_not_a_persons_comment(comment: str) -> None:
    """Wherever a person wrote around it, a remark of ours is not theirs."""
    assert by_hand(Held("scale", comment=comment), [Written(1.0, 1.0, REMARK)]).comment == "Well tried."


def test_manual_score_becomes_the_difference() -> None:
    """A score by hand counts instead of the computed one, whatever that is."""
    (one,) = history_of(given(1.5, comment="Well tried."))
    assert (one.points, one.because, one.by, one.exercise) == (0.5, "Well tried.", "nbgrader", "scale")


def test_extra_credit_adds_up() -> None:
    """Extra credit is added to the score by hand."""
    (one,) = history_of(given(1.5, 0.25))
    assert (one.points, one.because) == (0.75, "changed in nbgrader")


def test_comment_alone_is_a_remark() -> None:
    """It changes no points."""
    (one,) = history_of(given(comment="Nice."))
    assert (one.points, one.because) == (0, "Nice.")


def test_twice_is_once() -> None:
    """The same again changes nothing."""
    assert len(history_of(given(1.5), given(1.5), given(1.5))) == 1


@pytest.mark.parametrize(
    ("second", "points"),
    [
        pytest.param(given(2.0), [1.0], id="another score"),
        pytest.param(given(1.5, comment="Well tried."), [0.5], id="another comment"),
        pytest.param(given(), [], id="erased"),
    ],
)
def test_changed_one_replaces_the_earlier_one(second: ByHand, points: list[float]) -> None:
    """What stands is the last one; the history keeps both."""
    history = history_of(given(1.5), second)
    assert [one.points for one in standing(history)] == points and history[0].points == 0.5 and history[1].undoes == 1


def test_what_came_back_is_taken_in_again() -> None:
    """A score that was erased and given again counts again."""
    history = history_of(given(1.5), given(), given(1.5))
    assert [one.points for one in standing(history)] == [0.5] and len(history) == 3


def test_score_by_hand_stays_when_the_computed_one_moves() -> None:
    """After judging again, the score is still the one that was given."""
    history = history_of(given(1.5))
    history += taken_in(given(1.5), entry(1.2), history, "assignment", NOW)
    assert adjusted(1.2, standing([replace(one, number=place) for place, one in enumerate(history, 1)])) == 1.5


def test_what_a_person_took_back_stays_so() -> None:
    """Taking it back in the records is the later decision, and nbgrader gets it."""
    history = history_of(given(1.5))
    history.append(ours(0, number=2, undoes=1))
    assert taken_in(given(1.5), entry(), history, "assignment", NOW) == []
    assert to_write(given(1.5), entry(), ()) == Written(-0.5, -0.5)


def test_new_attempt_where_changes_go_with_attempts() -> None:
    """What still stands in nbgrader counts for the new attempt as well, as it does there."""
    history = history_of(given(1.5))
    (again,) = taken_in(given(1.5), replace(entry(), attempt=2), history, "attempt", NOW)
    assert (again.points, again.attempt) == (0.5, 2)


def test_ours_is_extra_credit_with_a_remark() -> None:
    """An adjustment of the records is extra credit, beside that of a person, and its reason ends the comment."""
    reason = "    +1 (scale): the second stride is right"
    assert to_write(given(extra=0.25), entry(), [ours(1.0), *history_of(given(extra=0.25))]) == Written(1.25, 1.0, reason)


def test_what_came_from_nbgrader_does_not_go_back() -> None:
    """An adjustment that was taken in is not written."""
    assert to_write(given(1.5), entry(), history_of(given(1.5))) == Written()


def test_remark_replaces_the_earlier_one() -> None:
    """A comment keeps its text, and has one remark: today's."""
    before = with_remark("Well tried.", (), REMARK)
    assert before == f"Well tried.\n\n{REMARK}"
    assert with_remark(before, [Written(1, 1, REMARK)], "    +2: better") == "Well tried.\n\n    +2: better"
    assert with_remark(before, [Written(1, 1, REMARK)], "") == "Well tried."
