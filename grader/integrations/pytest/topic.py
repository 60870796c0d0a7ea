"""A stub as a file of tests: its checks are items, and the first one that runs runs the whole topic in the sandbox, once.

assignments/conv/conv.py::conv2d: a padding of 1, stride 1     passed, failed with the report as its text, or skipped

A check that earned a part of its points failed, and says how many; one that waits (for another exercise, for submission) is skipped and
says why; one of what is not written yet failed in words of its own. A fault of the grader is an error, and no failure.
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from grader.checks.base import Check
from grader.course.all_checks import checks_of
from grader.course.folder import find_course
from grader.course.rubric import Rubric, read_rubric
from grader.engine.engine import Engine
from grader.engine.last_checks import remember
from grader.engine.lockdown import open_sandbox
from grader.engine.self_check import self_check, stub_work
from grader.errors import UsageError
from grader.feedback.places import Places, lines_of, places
from grader.feedback.score import score_of
from grader.feedback.summary import points
from grader.feedback.view import view_of
from grader.feedback.view_types import CheckView, View
from grader.judge.by_hand import waiting_text
from grader.judge.verdicts import Grade, Verdict
from grader.text.escape import one_line, plain
from grader.text.language import gettext as _
from grader.text.language import speak

LONG = 120  # characters of a check in an id
_NO_BRACKETS = str.maketrans("[]", "()")  # pytest takes what is in brackets for parameters


class Checks:
    """The courses of one run of pytest, each with one engine, and one sandbox for all of them."""

    def __init__(self, config: pytest.Config) -> None:
        speak()
        self._sandbox = open_sandbox(weak=True)
        if not config.getoption("collectonly"):
            self._sandbox.start()
        self._engines: dict[Path, Engine] = {}

    def collected(self, path: Path, parent: pytest.Collector, others: list[Any]) -> list[Any]:
        """What is collected of a Python file in the folder of a topic.

        The file of tests for the stub, or for the first of several; nothing for the other ones, and what others found for any other file.
        """
        try:
            stubs = self.engine(path.parents[2]).course.assignment(path.parent.name).stub_files
        except UsageError:  # told when the topic is collected
            stubs = (path.parent / f"{path.parent.name}.py",)
        own = [stub for stub in stubs if stub.is_file() and path.samefile(stub)]  # `Conv.py` and `conv.py` may be one file
        if not own:
            return others
        if own[0] != stubs[0]:
            return []
        topic: Topic = Topic.from_parent(parent, path=path)
        topic.checks = self
        return [topic]

    def engine(self, root: Path) -> Engine:
        """The engine of the course in `root`."""
        if root not in self._engines:
            self._engines[root] = Engine(find_course(root, root), self_check=True, sandbox=self._sandbox)
        return self._engines[root]

    def close(self) -> None:
        """End the sandbox."""
        for engine in self._engines.values():
            engine.close()
        self._sandbox.close()


class Result(NamedTuple):
    """What a check of a topic found, and how it is reported."""

    grade: Grade
    view: View
    places: Places


class Topic(pytest.File):
    """A stub, which a student fills."""

    checks: Checks
    _result: "Result | Exception | None" = None

    def collect(self) -> Iterator["CheckItem"]:
        """The checks of its rubric."""
        try:
            rubric = read_rubric(self._engine.course.assignment(self.path.parent.name), filled=True)
            checks = [(exercise, [*checks_of(rubric, exercise)]) for exercise in rubric.exercises]
        except UsageError as error:
            raise self.CollectError(plain(str(error), 4000)) from None
        assignment = self._engine.course.assignment(self.path.parent.name)
        defined = {name: (stub, line) for stub in reversed(assignment.stub_files) for name, line in lines_of(stub).items()}
        seen = dict[str, int]()
        for place, (exercise, found) in enumerate(checks):
            for number, check in enumerate(found):
                name = f"{exercise.name}: {_called(check, rubric)}"
                seen[name] = seen.get(name, 0) + 1
                if seen[name] > 1:
                    name = f"{name} ({seen[name]})"
                item: CheckItem = CheckItem.from_parent(self, name=name)
                item.where = (place, number)
                item.file, item.line = defined.get(exercise.name, (self.path, 1))
                yield item

    @property
    def _engine(self) -> Engine:
        return self.checks.engine(self.path.parents[2])

    def result(self) -> Result:
        """What a check of the topic found; it is run when this is first asked for.

        Raises:
            UsageError: the course is wrong.
        """
        if self._result is None:
            try:
                self._result = self._checked()
            except Exception as error:
                self._result = error
        if isinstance(self._result, Exception):
            raise self._result
        return self._result

    def _checked(self) -> Result:
        work = stub_work(self._engine.course.assignment(self.path.parent.name))
        checked = self_check(work, self._engine)
        remember(self._engine.course.root, [(self.path, checked.grade)])
        where = places(checked.grade, checked.run, work.modules)
        return Result(checked.grade, view_of(checked.grade, "", checked.plan, checked.run), where)


class CheckItem(pytest.Item):
    """One check of an exercise."""

    parent: Topic
    where: tuple[int, int]
    file: Path
    line: int

    def setup(self) -> None:
        """Run the topic, if no item did; what goes wrong here is not the student's."""
        grade = self.parent.result().grade
        if grade.status == "grader_error":
            raise GraderFaultError(grade.message)

    def runtest(self) -> None:
        """Pass, fail or skip by the verdict."""
        grade, view, where = self.parent.result()
        place, number = self.where
        exercise = grade.exercises[place]
        verdict = exercise.checks[number]
        found = [("grader_verdict", verdict.verdict), ("grader_points", verdict.score), ("grader_most", verdict.points)]
        self.user_properties += [
            *found,
            ("grader_later", verdict.at_hand_in or verdict.is_open),
            ("grader_counts", exercise.counts),
        ]
        if verdict.at_hand_in or verdict.verdict == "waits":
            pytest.skip(one_line(verdict.message, 1000) or waiting_text(verdict.points))
        if verdict.verdict != "passed":
            at = where.checks.get((exercise.name, verdict.name))
            raise FailedCheckError(failure(verdict, view.exercises[place].checks[number], str(at or "")))

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """The report in the grader's words, without a traceback of its code."""
        match excinfo.value:
            case FailedCheckError() | GraderFaultError() | UsageError():
                return str(excinfo.value)
        if self.config.getoption("tbstyle", "auto") == "native":
            return super().repr_failure(excinfo)
        said = _("the grader failed: {error}. Please report it; `pytest --tb=native` shows where.")
        return plain(said.format(error=f"{type(excinfo.value).__name__}: {excinfo.value}"), 4000)

    def reportinfo(self) -> tuple[Path, int, str]:
        """The exercise in the student's file, where an editor opens it."""
        return self.file, self.line - 1, self.name


class FailedCheckError(Exception):
    """A check that did not pass; its text is what the student reads."""


class GraderFaultError(Exception):
    """The grader failed; its text says how."""


def failure(verdict: Verdict, seen: CheckView, place: str) -> str:
    """What a student reads of a check that failed: first what is wrong, at last the line to look at."""
    if verdict.verdict == "skipped":
        said = [plain(verdict.message, 4000)]
    elif seen.full:
        said = [seen.message, seen.call, f"→ {seen.hint}" if seen.hint else ""]
    else:
        said = [plain(verdict.message, 4000) or seen.note, plain(verdict.call, 1200)]
    if verdict.score:
        said.append(_("{score} of {most} points").format(score=points(verdict.score), most=points(verdict.points)))
    return "\n".join(filter(None, (*said, place)))


def points_text(worth: Sequence[Mapping[str, Any]]) -> str:
    """The points of the checks that ran, as they count: of those that could be decided, and how many wait for submission."""
    score = sum(one["grader_points"] for one in worth if one["grader_counts"] != "optional")
    required = [one for one in worth if one["grader_counts"] == "required"]
    later = sum(one["grader_most"] for one in required if one["grader_later"])
    found = score_of(score, sum(one["grader_most"] for one in required), later)
    return f"{found.text}{found.open}"


def _called(check: Check, rubric: Rubric) -> str:
    """What people call a check, as a part of an id: a worked example by its place in the statement."""
    said = (rubric.places.get(check.name) if check.kind == "example" else None) or _(check.name)
    return one_line(said, LONG).replace("::", ":").translate(_NO_BRACKETS)
