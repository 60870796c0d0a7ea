"""What a person decides: waiting until somebody did, about one answer, by the rubric's items, and taken back."""

from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest
from parts_class import ARGUMENT, SOLUTION, STUB, answering, copied, grade, keep, part, record

from grader.course.folder import read_course
from grader.engine.prepare import prepare
from grader.errors import UsageError
from grader.gradebook.adjustments import Adjustment
from grader.gradebook.decide import Asked, decision_asked
from grader.gradebook.decisions import decided, items_asked
from grader.gradebook.lateness import LatePolicy, course_policy
from grader.gradebook.open_store import open_store
from grader.gradebook.rejudge import rejudge
from grader.gradebook.term import Term
from grader.judge.verdicts import Grade

NOW = datetime(2027, 5, 3, tzinfo=UTC)


def decision(*items: str, text: str = SOLUTION, exercise: str = "why_bias", number: int = 1, because: str = "") -> Adjustment:
    """A decision about the answer in a submission."""
    check = part(grade(text), exercise)
    assert check.by_hand is not None
    about = {"student": "ana", "assignment": "affine", "exercise": exercise, "part": check.name, "answer": check.by_hand.digest}
    return Adjustment(**about, items=items, because=because, by="marta", at=NOW, number=number)  # type: ignore[arg-type]


def test_nothing_is_a_silent_zero() -> None:
    """What nobody has decided waits, and the grade says how much that is."""
    found = grade()
    assert (found.score, found.open, found.undecided, found.max_score) == (2.5, 2.0, 2, 3.5)
    assert part(found).verdict == "waits" and "1.5 points are decided by a person" in part(found).message
    assert not found.full_marks and found.right


def test_what_was_not_written_is_not_to_decide() -> None:
    """The stub earns nothing, and asks nobody."""
    found = grade(STUB)
    assert (found.score, found.open, found.undecided) == (0.0, 0.0, 0)
    assert part(found).verdict == "skipped" and part(found).message == "nothing is written here yet"


def test_bonus_is_in_the_score_and_optional_is_not() -> None:
    """1.5 of checks and 1 of a bonus; the optional exercise is right, and counts nothing."""
    found = grade()
    assert [(one.name, one.score, one.counts) for one in found.exercises[2:]] == [
        ("leaky", 1.0, "bonus"),
        ("centred", 1.0, "optional"),
    ]
    assert (found.score, found.bonus) == (2.5, 1.0)


@pytest.mark.parametrize(
    ("items", "score", "word"),
    [
        (("names the origin", "gives an example"), 1.5, "passed"),
        (("names the origin",), 1.0, "partly"),
        ((), 0.0, "failed"),
        (("names the origin", "copied from somewhere"), 0.0, "failed"),
    ],
)
def test_a_part_is_worth_the_items_that_apply(items: tuple[str, ...], score: float, word: str) -> None:
    """Those that take something off too."""
    found = decided(grade(), [decision(*items)])
    assert (part(found).score, part(found).verdict, found.open, found.score) == (score, word, 0.5, 2.5 + score)


def test_what_is_taken_off_is_taken_off_the_exercise() -> None:
    """And never more than it earned."""
    found = decided(grade(), [decision("copied from somewhere"), decision("names that mislead", exercise="affine", number=2)])
    assert [one.score for one in found.exercises[:2]] == [1.25, 0.0]


def test_each_item_is_told_with_its_points() -> None:
    """A penalty that does not apply is not; the comment is at the end."""
    found = decided(grade(), [decision("names the origin", because="clear")])
    assert part(found).message == "+1  names the origin\n0 of 0.5  gives an example\nclear"


def test_the_last_decision_counts_and_can_be_taken_back() -> None:
    """Then the one before holds, and without one the part is open again."""
    first, second = decision(), decision("names the origin", number=2)
    undo = msgspec.structs.replace(second, part="", items=(), undoes=2, number=3)
    last = msgspec.structs.replace(undo, undoes=1, number=4)
    scores = [part(decided(grade(), history)).score for history in ([first, second], [first, second, undo])]
    assert scores == [1.0, 0.0]
    assert part(decided(grade(), [first, second, undo, last])).is_open


def test_the_same_answer_keeps_its_decision_and_another_is_open() -> None:
    """Whatever else the attempt changes; the old decision is shown."""
    made = decision("names the origin")
    same = decided(grade(SOLUTION.replace("x - x.mean()", "x")), [made])
    other = decided(grade(answering("Because.")), [made])
    assert part(same).score == 1.0
    assert part(other).is_open
    assert part(other).by_hand.before.items == ("names the origin",)  # type: ignore[union-attr]


def test_a_decision_by_an_item_that_is_gone_is_open_again() -> None:
    """Nobody can say what it would be worth."""
    assert part(decided(grade(), [decision("was an item last year")])).is_open


def test_a_change_of_the_mark_decides_nothing() -> None:
    """Points for the exercise are beside what is decided, and are counted once."""
    change = Adjustment(
        student="ana", assignment="affine", exercise="why_bias", points=1.0, because="x", by="m", at=NOW, number=1
    )
    assert decided(grade(), [change]) == grade()


def entry_of(out: Path, policy: LatePolicy = LatePolicy()) -> tuple[float | None, float, Grade]:  # noqa: B008 (frozen)
    """The final score, the open points and the grade of ana."""
    with open_store(out, write=False) as store:
        found = Term(store, policy).entry("ana", "affine")
    assert found is not None
    return found.final, found.grade.open, found.grade


def decide(out: Path, exercise: str, *items: str, course: Path | None = None) -> None:
    """Decide a part of ana's submission."""
    from parts_class import COURSE

    found = read_course(course or COURSE)
    with open_store(out, write=True) as store:
        asked = Asked("ana", "affine", exercise, "", items)
        store.adjust(decision_asked(found, store, course_policy(found), asked, "", "marta", NOW))


def test_an_entry_has_what_was_decided(tmp_path: Path) -> None:
    """In the score that counts, beside no adjustment."""
    out = keep(tmp_path, record())
    decide(out, "why_bias", "1")
    assert entry_of(out)[:2] == (3.5, 0.5)
    with open_store(out, write=False) as store:
        found = Term(store, LatePolicy()).entry("ana", "affine")
        assert found is not None and found.adjustments == ()


def test_a_decision_outlives_a_new_attempt_with_the_same_answer(tmp_path: Path) -> None:
    """And not one with another."""
    out = keep(tmp_path, record())
    decide(out, "why_bias", "1")
    keep(out, record(SOLUTION.replace("x - x.mean()", "x")))
    assert entry_of(out)[0] == 3.5
    keep(out, record(answering("Because.")))
    assert entry_of(out)[:2] == (2.5, 2.0)


def test_the_best_attempt_is_the_best_with_what_was_decided(tmp_path: Path) -> None:
    """A decided answer beats one that nobody has looked at."""
    out = keep(tmp_path, record())
    decide(out, "why_bias", "1", "2")
    keep(out, record(answering("Because.")))
    assert entry_of(out, LatePolicy(attempts="best"))[0] == 4.0


def test_other_points_are_applied_to_what_was_decided(tmp_path: Path) -> None:
    """`grader rejudge` shows the difference, and decides nothing anew."""
    course = copied(tmp_path / "course")
    out = keep(tmp_path / "out", record())
    decide(out, "why_bias", "1", course=course)
    checks = course / "assignments" / "affine" / "checks.py"
    text = checks.read_text().replace(
        '"names the origin": 1, "gives an example": 0.5', '"names the origin": 0.5, "gives an example": 1'
    )
    checks.write_text(text)
    topic = prepare(read_course(course).assignment("affine"), "the same inputs in every test")
    with open_store(out, write=False) as store:
        (change,) = rejudge(store, {"affine": topic})
    assert change.moved and [found.score for found in change.seen] == [3.5, 3.0]


@pytest.mark.parametrize(
    ("asked", "problem"),
    [
        (Asked("ana", "affine", "leaky", "", ("1",)), "no part of 'leaky' is decided by a person"),
        (Asked("ana", "affine", "", "", ("1",)), "say which exercise: --exercise affine or why_bias"),
        (Asked("ana", "affine", "why_bias", "style", ("1",)), "has no part 'style'"),
        (Asked("ana", "affine", "why_bias", "", ("4",)), "no item of this part, whose items are 1: names the origin"),
        (Asked("caro", "affine", "why_bias", "", ("1",)), "nothing to decide in why_bias «the argument»: nothing is written"),
        (Asked("zoe", "affine", "why_bias", "", ("1",)), "there are no records of 'zoe'"),
    ],
)
def test_a_decision_about_what_there_is_not_is_refused(tmp_path: Path, asked: Asked, problem: str) -> None:
    """The message says what there is."""
    from parts_class import COURSE

    out, course = keep(tmp_path, record(), record(STUB, "caro")), read_course(COURSE)
    with open_store(out, write=False) as store, pytest.raises(UsageError, match=problem.replace(".", r"\.")):
        decision_asked(course, store, course_policy(course), asked, "", "marta", NOW)


@pytest.mark.parametrize(
    ("words", "items"),
    [
        (["2", "1"], ("names the origin", "gives an example")),
        (["names"], ("names the origin",)),
        (["none"], ()),
        (["copied from somewhere"], ("copied from somewhere",)),
    ],
)
def test_items_are_meant_by_number_beginning_or_text(words: list[str], items: tuple[str, ...]) -> None:
    """In the rubric's order."""
    check = part(grade())
    assert check.name == ARGUMENT and check.by_hand is not None
    assert items_asked(check.by_hand, words) == items
