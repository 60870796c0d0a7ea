"""What several commands do with the records of a class."""

from collections.abc import Sequence
from pathlib import Path

from grader.engine.engine import Engine
from grader.engine.prepare import Prepared
from grader.errors import UsageError
from grader.feedback.terminal import say
from grader.gradebook.store import Store
from grader.text.escape import one_line


def tell_damage(store: Store) -> None:
    """Say which records cannot be read."""
    for damage in store.damage():
        say(one_line(damage.text, 500))


def no_records(out: Path, asked: Sequence[str], held: Sequence[str]) -> UsageError:
    """The error where nothing of the `asked` assignments is recorded, with those that are `held`."""
    return UsageError(
        f"{out} has no records of {', '.join(asked) or 'this course'}; it has {', '.join(held) or 'none'}. "
        "Grade first: grader grade SUBMISSIONS"
    )


def prepared(engine: Engine, topic: str, otherwise: str, student: str = "") -> Prepared | None:
    """An assignment ready to be judged (for one student); else None, after a line with what happens `otherwise` and why."""
    try:
        found = engine.prepare(topic)
        return found.own(student) if student else found
    except UsageError as error:
        say(f"{otherwise}: {error}")
        return None
