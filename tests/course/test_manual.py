"""Manual parts, bonus and optional exercises in a rubric: what an author can write, and what is refused."""

from pathlib import Path
from typing import Any

import pytest
from toys import CHECKS, write_course

from grader.course.authoring import exercise, manual
from grader.course.rubric import read_rubric
from grader.engine.prepare import prepare
from grader.errors import RubricError
from grader.release.public import cut_rubric

HEAD = CHECKS.replace("import agrees,", "import agrees, manual,")
MANUAL = '    yield manual("why", points=0.5, items={"says why": 0.5, "is copied": -0.25})\n'


def refusal(tmp_path: Path, checks: str) -> str:
    """Why a rubric of these checks cannot be planned."""
    with pytest.raises(RubricError) as found:
        prepare(write_course(tmp_path, checks), "seed")
    return str(found.value)


def test_what_a_person_decides_is_taken_off_what_checks_share(tmp_path: Path) -> None:
    """Of one point, half is a person's, and the checks share the other half."""
    ready = prepare(write_course(tmp_path, HEAD + MANUAL), "seed")
    (planned,) = ready.plan.exercises
    assert (planned.exercise.points, planned.points, planned.manual[0].points) == (1.0, 0.5, 0.5)


@pytest.mark.parametrize(
    ("part", "problem"),
    [
        ('manual("why", points=0.5, items={"a": 0.25})', "add up to 0.25, and the part is worth 0.5"),
        ('manual("why", points=0.5)', "has no items"),
        ('manual("", points=0.5, items={"a": 0.5})', "has no name"),
        ('manual("why", points=0.5, items={" ": 0.5})', "has no text"),
        ('manual("why", points=0.5, items={"a": 0.5, "b": 0})', "has 0 points"),
        ('manual("why", points=float("nan"), items={"a": 0.5})', "has points=nan"),
        ('manual("why", points=-1, items={"a": -1})', "has points=-1"),
        ('manual("why", points=1, items={"a": 1})', "leaves nothing for its checks"),
        ('manual("random vectors", points=0.5, items={"a": 0.5})', "a check and a manual part are called"),
        ('manual("why", points=0.5, items={"a": 0.5}, answer="essay")', "answer='essay'"),
    ],
)
def test_points_and_texts_that_do_not_go_together_are_refused(tmp_path: Path, part: str, problem: str) -> None:
    """The message names the part and what is wrong with it."""
    assert problem in refusal(tmp_path, f"{HEAD}    yield {part}\n")


def test_two_parts_of_one_name_are_refused(tmp_path: Path) -> None:
    """A decision would be about both."""
    assert "two manual parts have one name" in refusal(tmp_path, HEAD + MANUAL.replace("0.5", "0.1") * 2)


def test_an_exercise_of_manual_parts_alone_is_worth_their_points(tmp_path: Path) -> None:
    """Else some of its points could be earned by nothing."""
    only = HEAD.replace('    yield agrees("random vectors", cases=cases)\n', MANUAL)
    assert "its manual parts are worth 0.5, and the exercise 1" in refusal(tmp_path, only)


def test_a_part_that_only_takes_off_is_worth_nothing(tmp_path: Path) -> None:
    """Penalties alone are a part of 0 points."""
    ready = prepare(write_course(tmp_path, HEAD + '    yield manual("style", points=0, items={"dead code": -0.5})\n'), "seed")
    assert ready.plan.exercises[0].points == 1.0


def test_students_do_not_get_the_items(tmp_path: Path) -> None:
    """What earns points would give the answer away; how many points it is worth stays."""
    assignment = write_course(tmp_path, HEAD + MANUAL)
    cut = cut_rubric(assignment)
    assert "says why" not in cut and 'manual("why", points=0.5)' in cut
    rubric = read_rubric(assignment, text=cut)
    (part,) = rubric.manual(rubric.exercises[0], has_checks=True, in_full=False)
    assert (part.points, part.items) == (0.5, ())


def test_a_manual_part_changes_what_is_kept_of_a_run_and_its_items_do_not(tmp_path: Path) -> None:
    """A record from before has no answer to read, so it is graded again; other items are judged again without that."""
    plans = [
        prepare(write_course(tmp_path / str(number), text), "seed").plan.hash
        for number, text in enumerate([HEAD, HEAD + MANUAL, HEAD + MANUAL.replace("says why", "tells why")])
    ]
    assert plans[0] != plans[1] == plans[2]


@pytest.mark.parametrize("how", ["bonus", "optional"])
def test_the_maximum_is_that_of_the_required_exercises(tmp_path: Path, how: str) -> None:
    """Bonus points are above it, and optional ones count nothing."""
    more = CHECKS + CHECKS[CHECKS.index("@exercise") :].replace("def f", "def g").replace("points=1", f"points=3, {how}=True")
    stub = "def f(x, factor=2.0):\n    raise NotImplementedError('f')\n\n\ndef g(x, factor=2.0):\n    raise NotImplementedError('g')\n"
    rubric = read_rubric(write_course(tmp_path, more, stub))
    assert (rubric.points, [one.counts for one in rubric.exercises]) == (1.0, ["required", how])


def test_a_topic_without_a_required_exercise_is_refused(tmp_path: Path) -> None:
    """Its maximum would be 0."""
    assert "all of its exercises are bonus or optional" in refusal(tmp_path, CHECKS.replace("points=1", "points=1, bonus=True"))


def test_an_exercise_is_not_bonus_and_optional() -> None:
    """The two say different things."""
    with pytest.raises(ValueError, match="leave one out"):
        exercise(points=1, bonus=True, optional=True)


def test_items_keep_their_order() -> None:
    """As the author wrote them, penalties too."""
    found: Any = manual("why", points=1, items={"b": 1, "a": -1})
    assert [(item.text, item.points) for item in found.items] == [("b", 1), ("a", -1)]
