"""What running a notebook tells of its cells: the notes of those that failed, and why a name is not there."""

import re
from collections.abc import Sequence

import msgspec

from grader.sandbox.outcome import MAX_TEXT, Outcome, Raised, Returned, Unimplemented
from grader.submissions.notebook.source import Note
from grader.text.escape import one_line

_UNKNOWN = re.compile(r"name '(\w{1,100})' is not defined")
_NOTE = re.compile(r"CellNote: (\d{1,4}) (\d{1,7}) (.*)", re.DOTALL)


def notes_of(loaded: Outcome) -> tuple[Note, ...]:
    """The driver's notes on cells that failed. They come from the student's process, so they are untrusted text."""
    found = [_NOTE.fullmatch(warning) for warning in loaded.warnings] if isinstance(loaded, Returned) else []
    return tuple(Note(int(note[1]), int(note[2]), one_line(note[3])) for note in found if note)


def explained(outcome: Outcome, notes: Sequence[Note]) -> Outcome:
    """The outcome; if a name is undefined because its line was removed, the message says so."""
    if isinstance(outcome, Raised) and outcome.name == NameError.__name__ and (unknown := _UNKNOWN.match(outcome.message)):
        for note in notes:
            if re.search(rf"\b{unknown[1]}\b", note.removed):
                return msgspec.structs.replace(outcome, message=f"{outcome.message}: {note.text}"[:MAX_TEXT])
    if isinstance(outcome, Unimplemented) and outcome.missing:
        for note in notes:
            if not note.cell:
                return msgspec.structs.replace(outcome, file=note.text)
    return outcome
