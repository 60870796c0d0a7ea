"""A function of a submission that cannot be called like the stub's: what differs, in words for its author.

What a call would do decides, and not how a signature is written: a parameter may have another name where no call uses the name, and
more parameters than the stub's as long as they have defaults.
"""

from collections.abc import Iterator

from grader.plan import Plan
from grader.run import Run
from grader.sandbox.outcome import Outcome, Unimplemented
from grader.sandbox.signature import INSIDE, Signature
from grader.sandbox.wire import Step
from grader.text.language import gettext as _


def signature_text(plan: Plan, run: Run, seq: int) -> str:
    """What is wrong with the signature of a function that step `seq`, or an earlier step of its case, calls ("" for nothing)."""
    return next(filter(None, (_differs(run, name, step, plan) for name, step in _called(plan, seq))), "")


def misplaced(run: Run, outcome: Outcome) -> str:
    """Where a function that is missing at the top of the file stands instead ("" if it is nowhere)."""
    if not (isinstance(outcome, Unimplemented) and outcome.missing):
        return ""
    for name in run.defined:
        outer, dot, inner = name.replace(INSIDE, ".").rpartition(".")
        if dot and inner == outcome.message:
            text = _("`{name}` is defined inside `{outer}`: move it out, so that its `def` begins at the left margin")
            return text.format(name=inner, outer=outer)
    return ""


def _called(plan: Plan, seq: int) -> Iterator[tuple[str, Step]]:
    """The functions that a case calls up to step `seq`, by their names in the stub."""
    classes: dict[str, str] = {}
    first = seq
    while first and plan.steps[first - 1].case == plan.steps[seq].case:
        first -= 1
    for step in plan.steps[first : seq + 1]:
        head, _dot, method = step.target.partition(".")
        if step.op == "new":
            classes[step.save] = step.target
            yield step.target, step
        elif step.op == "call":
            yield (f"{classes[head]}.{method}" if head in classes else step.target), step


def _differs(run: Run, name: str, step: Step, plan: Plan) -> str:
    stub = plan.rubric.signatures.get(name)
    own = run.defined.get(f"{name}.__init__" if step.op == "new" else name)
    if stub is None or own is None or own.open:
        return ""
    if step.op == "new" or "." in name:
        if own.names[:1] in ((), stub.names[:1]):
            return _("`{name}` forgets `self`: the first parameter of a method is the object itself").format(name=name)
        own = Signature(own.names[1:], own.optional)
    if _same_call(step, stub, own):
        return ""
    required = [item for item in stub.optional if item in own.names and item not in own.optional]
    if own.names == stub.names and required:
        text = _("your {name} needs {parameters}, which may be left out in the stub: give it the stub's default")
        return text.format(name=name, parameters=", ".join(f"`{item}`" for item in required))
    text = _("your {name} takes ({own}); the stub has ({stub})")
    return text.format(name=name, own=", ".join(own.names), stub=", ".join(stub.names))


def _same_call(step: Step, stub: Signature, own: Signature) -> bool:
    """Whether the call gives each parameter of `own` what it gives the one of the stub that it stands for."""
    ours, theirs = own.names[: len(step.args)], stub.names[: len(step.args)]
    given = {*ours, *(name for name, _value in step.kwargs)}
    return (
        len(ours) == len(step.args)
        and all(mine == name or mine not in stub.names for mine, name in zip(ours, theirs, strict=False))
        and len(given) == len(ours) + len(step.kwargs)
        and given <= set(own.names)
        and {*own.names} - {*own.optional} <= given
    )
