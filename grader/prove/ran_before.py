"""Whole submissions, of which only that is run which was not run before: most wrong ones are a right one with an edit in one function.

    full_problems       the solution, the accepted variants      each is run as a whole, and kept by exercise
    rejected_problems   one of them with an edit                 exercises whose code is as it was do what they did

The code of an exercise is the text of everything that its steps use, directly or indirectly, and of all statements of the module that
define no function. Where a name may be meant without standing there, and where a text has more than one file, all is run.
"""

import ast
import hashlib
import re
from collections.abc import Mapping

import msgspec

from grader.checks.methods import class_of
from grader.engine.grade_one import grade_one, grader_error, run_one
from grader.engine.prepare import Prepared
from grader.errors import SandboxError
from grader.judge.judge import judge
from grader.judge.verdicts import Grade
from grader.plan import Plan
from grader.run import Run
from grader.sandbox.backend import Backend, Limits
from grader.sandbox.lines import lines_of
from grader.sandbox.outcome import Outcome, Raised, Returned, Unimplemented
from grader.submissions.submission import Submission
from grader.text.syntax import parse

SHORT = Limits(budget_seconds=30)
UNSEEN = re.compile(r"\b(globals?|locals|vars|exec|eval|modules|__dict__|_getframe|gc)\b")  # reach what is not named
TRIED = "__name__ == '__main__'"  # what only runs when the file is started by itself

Code = tuple[str, bytes]  # the name of an exercise, and the hash of its code


class Runs:
    """The runs of one proof's whole submissions."""

    def __init__(self, ready: Prepared, backend: Backend) -> None:
        self._ready, self._backend = ready, backend
        self._kept: dict[Code, tuple[Outcome, ...]] = {}

    def grade(self, submission: Submission, *, keep: bool = False) -> Grade:
        """The grade of a right submission, or of one with an edit.

        Args:
            keep: what its exercises do, for those that are made of it.
        """
        plan = self._ready.plan
        codes = codes_of(submission, plan)
        known = {name: self._kept[name, code] for name, code in codes.items() if (name, code) in self._kept}
        try:
            ran = self._run(submission, known)
            if known and not isinstance(ran.loaded, Returned):  # a function may not be there
                ran = self._run(submission, {})
        except SandboxError as error:
            return grader_error(submission, plan, f"the sandbox failed: {error}")
        if keep and isinstance(ran.loaded, Returned):
            for planned in plan.exercises:
                name, outcomes = planned.exercise.name, ran.outcomes[planned.seqs.start : planned.seqs.stop]
                if name in codes and all(isinstance(outcome, Returned | Raised | Unimplemented) for outcome in outcomes):
                    self._kept[name, codes[name]] = outcomes
        return judge(plan, ran, self._ready.oracle, submission.student, self._ready.known)

    def grade_whole(self, submission: Submission) -> Grade:
        """The grade of one that only a child reads: a file may be hostile."""
        return grade_one(submission, self._ready, self._backend, SHORT).grade

    def _run(self, submission: Submission, known: Mapping[str, tuple[Outcome, ...]]) -> Run:
        """The run of a submission in which the outcomes of some exercises are known.

        Raises:
            SandboxError: the sandbox failed twice.
        """
        plan = self._ready.plan
        left = tuple(planned for planned in plan.exercises if planned.exercise.name not in known)
        part = msgspec.structs.replace(plan, exercises=left, hash=f"{plan.hash} {len(left)}") if known else plan
        ran = run_one(submission, msgspec.structs.replace(self._ready, plan=part), self._backend, SHORT)
        if not known:
            return ran
        came = iter(ran.outcomes)
        outcomes = [known.get(planned.exercise.name) or [next(came) for _seq in planned.seqs] for planned in plan.exercises]
        return msgspec.structs.replace(ran, outcomes=tuple(outcome for own in outcomes for outcome in own))


def codes_of(submission: Submission, plan: Plan) -> dict[str, bytes]:
    """The hash of the code of each exercise; empty where that is not known."""
    modules = submission.source.modules if submission.source else {}
    text = modules.get(plan.name, "")
    if len(modules) != 1 or UNSEEN.search(text):
        return {}
    try:
        tree = parse(text)
    except SyntaxError:
        return {}
    lines = lines_of(text)
    shared, defined, mentions = list[str](), dict[str, list[str]](), dict[str, set[str]]()
    common = set[str]()
    for node in tree.body:
        names = {item.id for item in ast.walk(node) if isinstance(item, ast.Name)}
        own = "\n".join(lines[_first_line(node) - 1 : node.end_lineno])
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            defined.setdefault(node.name, []).append(own)
            mentions.setdefault(node.name, set()).update(names)
        elif not (isinstance(node, ast.If) and ast.unparse(node.test) == TRIED):
            shared.append(own)
            common |= names
    found = {}
    for planned in plan.exercises:
        used = _reached({planned.exercise.name, *(plan.targets[seq] for seq in planned.seqs)}, common, mentions)
        parts = [*shared, *(own for name, texts in defined.items() if name in used for own in texts)]
        found[planned.exercise.name] = hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).digest()
    return found


def _first_line(node: ast.stmt) -> int:
    decorators: list[ast.expr] = getattr(node, "decorator_list", [])
    return min([node.lineno, *(item.lineno for item in decorators)])


def _reached(targets: set[str], common: set[str], mentions: Mapping[str, set[str]]) -> set[str]:
    """The functions and classes that are used, directly or indirectly."""
    found, waiting = set[str](), [*map(class_of, targets), *common]
    while waiting:
        name = waiting.pop()
        if name in mentions and name not in found:
            found.add(name)
            waiting += mentions[name]
    return found
