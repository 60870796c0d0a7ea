"""What a student reads of a verdict: friendly, short and concrete, always with the call that shows it."""

import re
import sys
from collections.abc import Collection
from typing import assert_never

import msgspec

from grader.checks.unsendable import unsendable_text
from grader.course.given import NOTHING, Given
from grader.course.policy import Policy
from grader.judge.newer_syntax import newer_syntax
from grader.sandbox.outcome import (
    BadReturn,
    Died,
    Kept,
    NotRun,
    Outcome,
    OutOfMemory,
    Raised,
    Returned,
    TimedOut,
    Unimplemented,
    word,
)
from grader.sandbox.values import size_text
from grader.text.language import gettext as _
from grader.text.language import marked

AT_HAND_IN = marked("runs when you hand in")
FILES = 6  # that a message names at most
_LOOKED_AT = 300  # characters of an exception's message
CALLS = 6  # of a script that are shown at most
UNPROVEN = marked("counts once a result is right that cannot be copied or guessed")

_NOT_RUN = {  # by what ended the child earlier
    "timed_out": marked("was not run, because {call} ran out of time"),
    "out_of_memory": marked("was not run, because {call} ran out of memory"),
    "died": marked("was not run, because {call} ended the process"),
}
_UNAVAILABLE = {  # by the exception that its absence raises
    "ModuleNotFoundError": marked("only numpy and Python's own library can be imported here"),
    "PermissionError": marked("your code may not use files or the network here"),
    "EOFError": marked("nobody can answer `input()` here"),
    "BdbQuit": marked("nobody can use a debugger here"),
    "FileNotFoundError": marked("no files can be read here, even if they are on your computer"),
}
_STOPS = {  # by the exception that stops a file outside its functions: what the line does
    "MemoryError": marked("ran out of memory"),
    "NotImplementedError": marked("calls something that is not implemented yet"),
    "SystemExit": marked("ends the program"),
}
_NO_TRIAL = ("import ", "from ", "def ", "class ", "@")  # how lines begin that are needed where they are
_PACKAGES = """
IPython PIL altair autograd bokeh bs4 cupy cv2 cython dask datasets einops fastai flax gensim google graphviz h5py imageio ipywidgets jax
jaxlib joblib jupyter keras lightgbm lightning lxml matplotlib mpl_toolkits networkx nltk notebook numba numexpr opt_einsum optax pandas
patsy plotly polars psutil pyarrow pydantic pygame pytest pytorch_lightning requests rich scipy seaborn setuptools skimage sklearn spacy
statsmodels sympy tabulate tensorboard tensorflow tensorflow_datasets theano tiktoken timm tokenizers torch torchaudio torchinfo
torchmetrics torchsummary torchvision tqdm transformers typer typing_extensions wandb xarray xgboost yaml
"""  # that people have at home; any other name is more probably that of a file of their own
_SHAPES = marked("print the `.shape` of each array in that line, and compare them with the docstring")
_NONE = marked("one of the values in that line is None: an argument, or what a function without `return` gave?")
_ADVICE = (  # by the exception and a pattern of what Python or numpy says, in English: what to look at
    (
        "ValueError",
        r"could not be broadcast|matmul: Input operand|not aligned|setting an array element with a sequence\.$",
        _SHAPES,
    ),
    ("AxisError", r"", _SHAPES),
    ("ValueError", r"inhomogeneous", marked("the rows that are put together there differ in length: print the length of each")),
    (
        "ValueError",
        r"^The truth value of an array",
        marked("`if` needs one True or False, and an array has many: use single numbers, or `np.where`"),
    ),
    ("TypeError", r"'NoneType'", _NONE),
    ("AttributeError", r"^'NoneType'", _NONE),
    (
        "AttributeError",
        r"^'(?!(?:DataFrame|Series|Index|Generator|RandomState|Figure|Axes)')[A-Z]\w*' object has no",  # a class of the student's
        marked("is it set anywhere as `self.…`, and spelt alike?"),
    ),
    ("IndexError", r"out of (?:bounds|range)", marked("indices begin at 0 and end one below the length")),
    ("IndexError", r"^only integers", marked("an index is a whole number: print it")),
)


def outcome_text(
    outcome: Outcome,
    because: str = "",
    main: str = "",
    policy: Policy | None = None,
    given: Given = NOTHING,
    exercises: Collection[str] = (),
) -> str:
    """What happened instead of a result.

    Args:
        because: for a step that was not run, the call that prevented it.
        main: the name of the student's file.
        given: what there is beside that file.
        exercises: the names of all of them, none of which stands for another one.
    """
    match outcome:
        case Raised("ForbiddenError", _bases, name, file, line, text):
            used = _("uses `{name}`, {why} ({file}, line {line})") if line else _("uses `{name}`, {why}")
            return used.format(name=name, why=_why(policy, given, name), file=file, line=_line(line, text))
        case Raised(name, _bases, message, file, line, text):
            error = f"{name}: {message}" if message else name
            if not line:
                more = unavailable(name, message, given)
                return _("raised {error}").format(error=error.removesuffix(".") if more else error) + more
            raised = _("raised {error} ({file}, line {line})").format(error=error, file=file, line=_line(line, text))
            return raised + unavailable(name, message, given)
        case Unimplemented(name, missing, near, file):
            if not missing:
                return _("not implemented yet")
            near_text = _("`{name}` is not defined in {file}; did you mean to call `{near}` that?")
            return (near_text if near and near not in exercises else _("`{name}` is not defined in {file}")).format(
                name=name, file=file or main, near=near
            )
        case BadReturn("printed" | "figures" as reason, values):
            return unsendable_text(reason, values)
        case BadReturn(reason, values, changed):
            what = unsendable_text(reason, values)
            return _("changed an argument into {what}").format(what=what) if changed else _("returned {what}").format(what=what)
        case OutOfMemory(limit) if limit:
            return _("needed more memory than the {limit} it may use").format(limit=size_text(limit))
        case OutOfMemory():
            return _("ran out of memory")
        case TimedOut(_seconds, "cpu"):
            return _late(outcome) + "; " + _("does a loop never end, or is there one too many?")
        case TimedOut(_seconds, "wall"):
            return _late(outcome) + "; " + _("does it wait or sleep, or does a loop never end?")
        case TimedOut(seconds, _clock):
            return _("was stopped: the whole submission may take {seconds} s").format(seconds=f"{seconds:g}")
        case Died(reason, detail):
            return _("ended the process: {reason}").format(reason=_(reason).replace("{detail}", _(detail)))
        case NotRun():
            return _(_NOT_RUN[word(outcome)]).format(call=because or _("a call before it"))
        case Returned() | Kept():
            return ""
        case _:
            assert_never(outcome)


def _line(line: int, text: str) -> str:
    return f"{line}: `{text}`" if text else str(line)


def _late(outcome: TimedOut) -> str:
    """That the time was up, and where."""
    text = _("was still computing after {seconds} s") if outcome.clock == "cpu" else _("did not answer within {seconds} s")
    text = text.format(seconds=f"{outcome.seconds:g}")
    if not outcome.line:
        return text
    return _("{problem} ({file}, line {line})").format(problem=text, file=outcome.file, line=_line(outcome.line, outcome.text))


def _why(policy: Policy | None, given: Given, name: str) -> str:
    """Why something may not be used, and what to do instead."""
    if policy is not None and policy.names(name):
        return _("which is not allowed here: {instead}").format(instead=_(policy.instead))
    module = name.partition(".")[0]
    if module not in _PACKAGES.split() and module not in sys.stdlib_module_names:
        text = _(
            "but {module}.py was not handed in beside your file (files in folders are not read), and no package is called so here"
        )
        return text.format(module=module)
    return _only(policy, given)


def _only(policy: Policy | None, given: Given) -> str:
    modules = (policy or Policy(None, (), "")).importable(given.modules)
    return _("but only {modules} may be imported here").format(modules=modules)


def unavailable(exception: str, message: str = "", given: Given = NOTHING) -> str:
    """A hint for an exception: what the sandbox lacks, or what to look at."""
    if exception == "ModuleNotFoundError" and given.modules:
        return f"; {_only(None, given)}"
    if exception == "FileNotFoundError" and given.files:
        names = ", ".join(given.files[:FILES]) + ", …" * (len(given.files) > FILES)
        return "; " + _("the files that can be read here: {names}").format(names=names)
    text = _UNAVAILABLE.get(exception)
    told = (advice for name, pattern, advice in _ADVICE if name == exception and re.search(pattern, message[:_LOOKED_AT]))
    text = next(told, text)
    return f"; {_(text)}" if text else ""


def load_text(outcome: Outcome, file: str, policy: Policy | None = None, judged: bool = False, given: Given = NOTHING) -> str:
    """What happened when the submission's own file was executed; `judged`: what it had defined by then is."""
    match outcome:
        case Raised("UnreadableSubmission", _bases, message):
            return message
        case Raised(name, bases, message, place, line, text) if "SyntaxError" in bases:
            said = _("{file} cannot be run: {error} in line {line}") if line else _("{file} cannot be run: {error}")
            said = said.format(file=place or file, error=name, line=_line(line, text)) + (f" ({message})" if message else "")
            since = newer_syntax(text, message)
            newer = _("Python {since} and newer may read this; grading uses Python {ours}.")
            ours = f"{sys.version_info.major}.{sys.version_info.minor}"
            return f"{said}. {newer.format(since=since, ours=ours)}" if since else said
        case Raised() | TimedOut() if outcome.line:
            said = _("{file}, line {line}: it {problem}")
            said = said.format(
                file=outcome.file, line=_line(outcome.line, outcome.text), problem=_stop_text(outcome, policy, given)
            )
            more = [_("Everything else in the file is graded.")] if judged else []
            if not outcome.text.startswith(_NO_TRIAL):
                more.append(_('Put what only tries out your code below `if __name__ == "__main__":`, which does not run here.'))
            return " ".join([said + "." * (not said.endswith(".")), *more] if more else [said])
        case _:
            problem = outcome_text(outcome, main=file, policy=policy, given=given)
            return _("{file} cannot be run: executing it {problem}").format(file=file, problem=problem)


def _stop_text(outcome: Raised | TimedOut, policy: Policy | None, given: Given) -> str:
    """What a line outside the functions does, without its place."""
    outcome = msgspec.structs.replace(outcome, file="", line=0, text="")
    if isinstance(outcome, TimedOut):
        return _late(outcome)
    known = next((_STOPS[base] for base in outcome.bases if base in _STOPS), "")
    return _(known) if known else outcome_text(outcome, policy=policy, given=given)
