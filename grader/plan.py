"""The plan: every step of an assignment for one seed, made once for a whole class, without looking at any submission.

The plan's hash covers only what is sent to the child: changing a weight, tolerance or hint leaves it unchanged, so that stored outcomes
can be judged again; changing an input does not.
"""

import functools
import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Set
from typing import Any

import msgspec

from grader.checks.base import Check
from grader.checks.draft import Draft, PlanError
from grader.checks.kept_back import KeptBack, alias, kept
from grader.checks.methods import class_of, exercise_of, is_method
from grader.checks.needed import needed_modules, targets_of
from grader.checks.unsendable import unsendable_text
from grader.course.all_checks import checks_of, exercise_error
from grader.course.authoring import Exercise
from grader.course.folder import PUBLIC_SEED, generator
from grader.course.given import Given
from grader.course.manual import Manual
from grader.course.per_student import hold_names, is_drawn_for_each, own_hash
from grader.course.rubric import Rubric
from grader.sandbox.backend import Source
from grader.sandbox.import_policy.rules import Rules
from grader.sandbox.offer import top
from grader.sandbox.values import UnsendableError
from grader.sandbox.wire import Step, frame


class PlannedCheck(msgspec.Struct, frozen=True, eq=False):
    """A check, the sequence numbers of its steps and the `data` that its judge needs; no steps when it waits for submission.

    Attributes:
        twins: the same steps as every self-check draws them, if there are as many: what is equal in both was not drawn from the secret.
        public: whether all of its inputs are known to students; so is then what it tells, unless it compares with the reference.
        alias: of a hidden check, what it is called until the grades are published.
    """

    check: Check
    seqs: range
    data: Any
    at_hand_in: bool = False
    twins: tuple[Step, ...] = ()
    public: bool = False
    alias: str = ""


class PlannedExercise(msgspec.Struct, frozen=True, eq=False):
    """An exercise, its planned checks, the sequence numbers of all their steps, and what a person decides of it."""

    exercise: Exercise
    checks: tuple[PlannedCheck, ...]
    seqs: range
    manual: tuple[Manual, ...] = ()

    @property
    def points(self) -> float:
        """What the checks share: all but what a person decides."""
        return self.exercise.points - sum(part.points for part in self.manual)


class Plan(msgspec.Struct, frozen=True, eq=False, dict=True):
    """Everything that is run for one assignment.

    Attributes:
        steps: all steps; `frames`: the same steps as bytes, encoded once for the whole class.
        hash: of the frames, the rules and what is given along; two plans are equal if their hashes are.
        targets: what each step uses by its name in the stub: a function, a class, `Class.method` or `Class.attribute`.
    """

    rubric: Rubric
    exercises: tuple[PlannedExercise, ...]
    steps: tuple[Step, ...]
    frames: tuple[bytes, ...]
    hash: str
    targets: tuple[str, ...] = ()

    def __hash__(self) -> int:
        return hash(self.hash)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Plan) and self.hash == other.hash

    @property
    def name(self) -> str:
        """The assignment's name."""
        return self.rubric.assignment.name

    @property
    def rules(self) -> Rules | None:
        """What submissions may not use, if anything is forbidden."""
        policy = self.rubric.policy
        return policy.rules([planned.exercise.name for planned in self.exercises]) if policy else None

    @property
    def offered(self) -> tuple[str, ...]:
        """The third-party modules that submissions may import."""
        return self.rubric.assignment.modules

    @property
    def is_drawn_for_each(self) -> bool:
        """Whether some inputs are drawn for each student."""
        return any(planned.exercise.per_student for planned in self.exercises)

    @property
    def given(self) -> Given:
        """What submissions find beside their own text."""
        return self.rubric.given

    def file_of(self, exercise: str) -> str:
        """The file that students write an exercise in."""
        homes = self.rubric.homes
        return homes.get(exercise.partition(".")[0], ", ".join(dict.fromkeys(homes.values())) or f"{self.name}.py")

    def changed(self, submitted: Source) -> list[str]:
        """The given modules of which a submission holds another version, as file names."""
        given = self.given.helpers
        return [f"{name}.py" for name, text in submitted.modules.items() if name in given and _words(text) != _words(given[name])]

    def source(self, submitted: Source) -> Source:
        """A submission's source, with what the assignment gives along and forbids; its own version of a given module does not count."""
        given = self.given
        return msgspec.structs.replace(
            submitted,
            modules={name: text for name, text in submitted.modules.items() if name not in given.helpers},
            rules=self.rules,
            offered=self.offered,
            helpers=dict(given.helpers),
            data=dict(given.data),
        )

    @property
    def computed(self) -> float:
        """The points that checks decide, of the exercises that count."""
        return sum(planned.points for planned in self.exercises if planned.exercise.counts != "optional")

    @property
    def read(self) -> tuple[str, ...]:
        """The functions that a person reads."""
        return tuple(planned.exercise.name for planned in self.exercises if planned.manual)

    def is_own(self, exercise: str, seq: int) -> bool:
        """Whether step `seq`, in a check of `exercise`, uses that exercise: its function, or an object of its class.

        The methods that are exercises of their own are not their class's. An attribute says something of the exercise that looks at it.
        """
        target, (stub, names) = self.targets[seq], self._names
        cls, _dot, part = target.partition(".")
        if target == exercise or target in names:
            return target == exercise
        if not part:
            return target not in stub or (is_method(exercise) and class_of(exercise) == target)
        return not (target in stub and cls in names) or exercise == cls

    def own(self, exercise: str, seqs: Iterable[int]) -> list[int]:
        """Those of the steps `seqs`, in checks of `exercise`, that use it (see `is_own`)."""
        return [seq for seq in seqs if self.is_own(exercise, seq)]

    def needs(self, exercise: str, seqs: Iterable[int], used: Mapping[str, Set[str]], *others: str) -> set[str]:
        """The other exercises that checks with the steps `seqs` need: those that are called, and those that the code uses.

        Args:
            used: by each exercise; `others`: that are needed, too.
        """
        names = self._names[1]
        called = {*others, *(exercise_of(self.targets[seq], names) for seq in seqs if not self.is_own(exercise, seq))}
        return ((called | set(used.get(exercise, ()))).union(*(used.get(name, ()) for name in called)) & names) - {exercise}

    @functools.cached_property
    def _names(self) -> tuple[Set[str], Set[str]]:
        """The names of the stub's functions, classes and methods, and of the exercises."""
        planned = {planned.exercise.name for planned in self.exercises}  # perhaps one of them alone
        return self.rubric.signatures.keys(), planned | self.rubric.uses.keys()

    def cases(self, planned: PlannedCheck) -> Iterator[range]:
        """The sequence numbers of each case of a check."""
        start = planned.seqs.start
        for seq in planned.seqs:
            if seq + 1 == planned.seqs.stop or self.steps[seq + 1].case != self.steps[seq].case:
                yield range(start, seq + 1)
                start = seq + 1


def _words(text: str) -> list[str]:
    """A text without what editors change by themselves."""
    return text.lstrip("\ufeff").split()


def make_plan(
    rubric: Rubric, seed: str, *, with_reference: bool, locate: bool = False, student: str = "", of_class: str = ""
) -> Plan:
    """Plan every check of `rubric` with inputs drawn from `seed`.

    Args:
        student: whose own inputs are drawn where the rubric says `per_student`; "" for those of nobody.
        of_class: the hash of the class's plan, in whose place this one is for that student.
        with_reference: whether to plan the checks that need the reference (otherwise they wait for submission).
        locate: whether to plan the calls that locate a wrong gradient without the reference.

    Raises:
        RubricError: a check cannot be planned; names the file, the exercise and what to do.
    """
    steps: list[Step] = []
    exercises = []
    for exercise in rubric.exercises:
        first, planned, names, hidden = len(steps), [], set(), Counter[str]()
        for check in checks_of(rubric, exercise):
            of = kept(check)
            if of:
                hidden[of] += 1
            if check.name in names:
                raise exercise_error(rubric, exercise, f"two checks are called {check.name!r}", "rename one")
            names.add(check.name)
            own = (student,) if student and is_drawn_for_each(exercise, check) else ()
            found = _plan_check(rubric, exercise, check, seed, steps, with_reference, locate, own)
            planned.append(msgspec.structs.replace(found, alias=alias(of, hidden[of]), public=False, twins=()) if of else found)
        hold_names(rubric, exercise, names)
        manual = rubric.manual(exercise, has_checks=bool(planned), in_full=with_reference)
        if not planned and not manual:
            raise exercise_error(rubric, exercise, "it yields no check", "yield at least one")
        if same := names & {part.name for part in manual}:
            raise exercise_error(rubric, exercise, f"a check and a manual part are called {min(same)!r}", "rename one")
        exercises.append(PlannedExercise(exercise, tuple(planned), range(first, len(steps)), manual))
    frames = tuple(frame(step) for step in steps)
    targets = tuple(target for planned in exercises for target in targets_of(planned.exercise.name, steps, planned.seqs))
    digest = hashlib.sha256()
    for encoded in frames:
        digest.update(encoded)
    plan = Plan(rubric, tuple(exercises), tuple(steps), frames, "", targets)
    if plan.rules is not None:
        digest.update(msgspec.msgpack.encode(plan.rules))
    if plan.offered or plan.given.helpers or plan.given.data:
        digest.update(msgspec.msgpack.encode((plan.offered, dict(plan.given.helpers), dict(plan.given.data))))
    if plan.read:  # a record of before has not what a person reads
        digest.update(msgspec.msgpack.encode(plan.read))
    return msgspec.structs.replace(plan, hash=own_hash(of_class, student) if of_class else digest.hexdigest())


def _plan_check(
    rubric: Rubric,
    exercise: Exercise,
    check: Check,
    seed: str,
    steps: list[Step],
    with_reference: bool,
    locate: bool,
    own: tuple[str, ...],
) -> PlannedCheck:
    if isinstance(check, KeptBack) and with_reference:
        advice = "a course that grades has the instructor's checks.py and examples.toml"
        raise exercise_error(rubric, exercise, f"{check.name} is kept back: this is a student's copy", advice)
    if check.needs_reference and not with_reference:
        return PlannedCheck(check, range(0), None, at_hand_in=True)

    def draft_of(seed: str, own: tuple[str, ...] = ()) -> Draft:
        return Draft(
            exercise.name,
            exercise.returns,
            generator(seed, rubric.assignment.name, exercise.name, getattr(check, "like", "") or check.name, *own),
            rubric.parameters,
            rubric.filled,
            rubric.examples,
            locate,
            first_seq=len(steps),
            first_case=steps[-1].case + 1 if steps else 0,
            first=exercise.first,
            item=exercise.item,
            helpers=tuple(rubric.given.helpers),
            attributes=exercise.returns if exercise.attributes else (),
        )

    draft, twin = draft_of(seed, own), draft_of(PUBLIC_SEED)
    try:
        data = check.plan(draft)
        if seed != PUBLIC_SEED:
            check.plan(twin)
    except PlanError as error:
        raise exercise_error(rubric, exercise, f"check {check.name!r}: {error}", error.advice) from error
    except UnsendableError as error:
        what = unsendable_text(error.reason, error.values)
        raise exercise_error(rubric, exercise, f"check {check.name!r} passes {what}", "pass arrays and numbers") from error
    except Exception as error:
        raise exercise_error(
            rubric, exercise, f"check {check.name!r}: {type(error).__name__}: {error}", "fix its cases"
        ) from error
    for module in needed_modules(draft.steps):
        if module not in map(top, rubric.assignment.modules):
            problem = f"check {check.name!r} needs {module}, which the course does not name"
            raise exercise_error(rubric, exercise, problem, f'write it into course.toml: modules = ["{module}"]')
    steps += draft.steps
    twins = tuple(draft.steps if seed == PUBLIC_SEED else twin.steps)
    public = twins == tuple(draft.steps) and not check.needs_reference
    alike = [(step.op, step.target) for step in twins] == [(step.op, step.target) for step in draft.steps]
    return PlannedCheck(check, range(draft.first_seq, len(steps)), data, twins=twins if alike else (), public=public)
