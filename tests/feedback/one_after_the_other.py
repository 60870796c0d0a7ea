"""Submissions one after the other, each with the feedback on the one before: what copying that feedback is worth."""

import re
from collections.abc import Iterable
from pathlib import Path

from copier import Copier

from grader.course.folder import find_course
from grader.engine.grade_one import grade_one
from grader.engine.lockdown import open_sandbox
from grader.engine.prepare import Prepared, prepare
from grader.integrations.gradescope.results import results
from grader.integrations.nbgrader.cell_reports import cell_reports
from grader.judge.verdicts import Grade
from grader.sandbox.backend import Backend, Source
from grader.submissions.submission import Submission

ROOT = Path(__file__).parents[2]
Said = dict[tuple[str, str], str]
_CHECK = re.compile(r"^[✓◐✗–…!] ", re.MULTILINE)


def prepared_topic(topic: str) -> Prepared:
    """An assignment of this course, as a class is graded."""
    return prepare(find_course(ROOT).assignment(topic), "a secret seed of the tests")


def hand_in(ready: Prepared, text: str, backend: Backend) -> Grade:
    """The grade of a submission."""
    topic = ready.plan.name
    return grade_one(Submission("copier", topic, Source(topic, {topic: text}), ""), ready, backend).grade


def feedback(grade: Grade, *, published: bool) -> tuple[Said, Said]:
    """What each system says on each check, by exercise and check: nbgrader's feedback, and Gradescope's tests that are seen at once."""
    return _of_nbgrader(grade, published), _of_gradescope(grade, published)


def scores(topic: str, submissions: int, *, published: bool, public_only: bool = False) -> list[float]:
    """The scores of a copier's submissions of one assignment of this course.

    Args:
        published: whether feedback is as after the grades are published.
        public_only: whether it reads on worked examples and refusals only, which are public.
    """
    ready = prepared_topic(topic)
    classes = {step.target for step in ready.plan.steps if step.op == "new"}
    copier = Copier(planned.exercise.name for planned in ready.plan.exercises if planned.exercise.name not in classes)
    found = []
    with open_sandbox(weak=True) as backend:
        for _ in range(submissions):
            grade = hand_in(ready, copier.program(), backend)
            assert grade.score is not None
            found.append(grade.score)
            public = {(exercise.name, check.name) for exercise in grade.exercises for check in exercise.checks if check.public}
            for said in feedback(grade, published=published):
                copier.read({key: text for key, text in said.items() if not public_only or key in public})
    return found


def _of_nbgrader(grade: Grade, published: bool) -> Said:
    """What feedback of nbgrader says on each check."""
    return {
        (exercise, text.split("  (")[0].split("\n")[0]): text
        for exercise, report in cell_reports(grade, {}, published).items()
        for text in _CHECK.split(report.report)[1:]
    }


def _of_gradescope(grade: Grade, published: bool) -> Said:
    """What Gradescope shows at once on each check."""
    found = results(grade, "visible", published=published)
    tests: Iterable[dict[str, str]] = found["tests"]
    return {("", ""): found["output"]} | {
        (test["name"].partition(": ")[0], test["name"].partition(": ")[2]): re.sub(r"\\([^\w\s])", r"\1", test["output"])
        for test in tests
        if test["visibility"] == "visible"
    }
