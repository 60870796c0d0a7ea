"""Asking a submission's functions what a picture needs: the picture's script runs, and its calls are answered.

Who answers is given: the sandbox where the code is a student's (`engine.asking`), the solution itself where a statement is drawn.
"""

import warnings
from collections.abc import Callable, Mapping
from typing import Any, Protocol

import msgspec
import numpy as np

from grader.checks.uses import Use, step_of
from grader.course.panels import NotDrawableError, Note, Panel
from grader.course.pictures import Elsewhere, Picture, Told, UnansweredError
from grader.judge.messages import outcome_text
from grader.sandbox.child.execute import Executor
from grader.sandbox.outcome import Outcome, Returned
from grader.sandbox.values import decode
from grader.text.escape import one_line
from grader.text.language import gettext as _


class Ask(Protocol):
    """Answers the calls of pictures."""

    def __call__(self, use: Use, place: int, seconds: float, topic: str = "") -> Outcome:
        """What a use gives, for the picture of this number, within these seconds; `topic`: of another topic's functions."""


class Drawing(msgspec.Struct, frozen=True):
    """A picture with its numbers, ready to be drawn.

    Attributes:
        text: what is to be seen, in words ("" where the picture does not say).
        lacking: how many parts of it could not be drawn.
    """

    name: str
    title: str
    panels: tuple[Panel, ...]
    text: str
    columns: int

    @property
    def lacking(self) -> int:
        """How many parts could not be drawn; notes stand in their places."""
        return sum(isinstance(panel, Note) for panel in self.panels)


def drawing(picture: Picture, place: int, ask: Ask) -> Drawing:
    """The picture with the answers of a submission's functions. Nothing that these return, and no call that fails, is an error here.

    Args:
        place: the picture's number: its calls share what they keep, and no other picture's do.
    """
    panels: list[Panel] = []
    words: list[str] = []
    script = picture.script()
    answer: Any = None
    failure: UnansweredError | None = None
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            while True:
                item = script.send(answer) if failure is None else script.throw(failure)
                answer, failure = None, None
                match item:
                    case Use() | Elsewhere():
                        topic, use = ("", item) if isinstance(item, Use) else (item.topic, item.use)
                        try:
                            answer = _answer(use, ask(use, place, picture.seconds, topic))
                        except UnansweredError as error:
                            failure = error
                    case Told(text):
                        words.append(text)
                    case _:
                        panels.append(item)
        except StopIteration:
            pass
        except UnansweredError as error:
            panels.append(Note(error.target, error.text))
        except NotDrawableError as error:
            panels.append(Note("", str(error)))
        except Exception as error:  # what came back has another form than the picture expects
            what = one_line(f"{type(error).__name__}: {error}", 120)
            panels.append(Note("", _("what came back does not fit this picture ({what})").format(what=what)))
        finally:
            script.close()
    return Drawing(picture.name, _(picture.title), tuple(panels), " ".join(words), picture.columns)


def _answer(use: Use, outcome: Outcome) -> Any:
    if isinstance(outcome, Returned):
        return _plain(decode(outcome.value))
    raise UnansweredError(use.target, outcome_text(outcome))


def _plain(value: Any) -> Any:
    """The value with plain numbers for numpy's: passed on to the next call, `z = b` and `z += 1` must not change b."""
    match value:
        case np.ndarray() if value.ndim == 0:
            return value.item()
        case tuple() | list():
            return type(value)(map(_plain, value))
    return value


def of_namespace(namespace: Mapping[str, Any], elsewhere: Callable[[str], Mapping[str, Any]] = lambda topic: {}) -> Ask:
    """Answers by trusted functions in this process, as those of the solution.

    Args:
        elsewhere: the functions of another topic.
    """
    executors = {"": Executor(namespace)}

    def ask(use: Use, place: int, seconds: float, topic: str = "") -> Outcome:
        if topic not in executors:
            executors[topic] = Executor(elsewhere(topic))
        return executors[topic].run(step_of(use, 0, place))

    return ask
