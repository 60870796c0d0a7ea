"""The records of a large class, copied from those of a smaller one that was graded: what reads records does not mind whose they are.

Every student of the large class gets the record of one of the small class, with the student's own name and the hash of the student's own
file, so that the commands which read records, and a run with nothing to do, can be measured without grading everybody.
"""

from collections.abc import Sequence
from pathlib import Path

import msgspec

from grader.course.folder import read_course
from grader.engine.record import Record
from grader.gradebook.open_store import open_store
from grader.gradebook.same_class import Folder
from grader.gradebook.store import WasRead
from grader.submissions.files_hash import files_hash
from grader.submissions.find_class import find_class
from grader.submissions.notebook.scaffold import read_scaffold
from grader.submissions.read import read_here

AT_ONCE = 1000  # records in one transaction


def copy_records(graded: Path, class_: Path, topic: str, out: Path, course: Path) -> int:
    """Make the records of `class_` in `out`; returns how many.

    Args:
        graded: the results folder of the small class.
    """
    found = read_course(course)
    assignment = found.assignment(topic)
    large = find_class(class_, [topic], {topic: read_scaffold(assignment)}, others=[one.name for one in found.assignments])
    with open_store(graded, write=False) as store:
        models = list(store.records())
    with open_store(out, write=True) as store:
        store.keep_folders([Folder(str(class_.resolve()), large.students, (topic,))])
        for start in range(0, len(large.submitted), AT_ONCE):
            with store.together():
                for place, item in enumerate(large.submitted[start : start + AT_ONCE], start):
                    submission = read_here(item).submission
                    store.save(_of(models, place, item.student, submission.hash))
                    store.note_read(files_hash(item), WasRead(submission.hash, bool(submission.problem)))
    return len(large.submitted)


def _of(models: Sequence[Record], place: int, student: str, source_hash: str) -> Record:
    model = models[place % len(models)]
    grade = msgspec.structs.replace(model.grade, student=student)
    return msgspec.structs.replace(model, student=student, grade=grade, source_hash=source_hash, attempt=0)
