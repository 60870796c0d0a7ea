"""What of a class was graded already, as it is now: known by the hash of its files, and read only where that is new."""

from collections.abc import Mapping

from grader.gradebook.store import Store, WasRead
from grader.submissions.files_hash import files_hash
from grader.submissions.read import SubmittedFiles

Pairs = set[tuple[str, str]]  # of student and assignment
Hashes = Mapping[tuple[str, str], str]  # of the files of each of these


def hash_of_files(item: SubmittedFiles, archives: dict[str, str]) -> str:
    """See `files_hash`; "" where the machine failed to open a file."""
    try:
        return files_hash(item, archives)
    except OSError:  # grading it reports what is wrong
        return ""


def is_current(store: Store, item: SubmittedFiles, hashes: Hashes, plan_hash: str, unread: Pairs) -> bool:
    """Whether this is graded already; it is read only if its files were never read as they are now."""
    files = hashes[item.student, item.assignment]
    was_read = store.was_read(files)
    if was_read is None:
        try:
            submission = item.read()
        except OSError:
            return False
        was_read = WasRead(submission.hash, bool(submission.problem))
        if files:
            store.note_read(files, was_read)
    if was_read.problem:
        unread.add((item.student, item.assignment))
    return store.is_current(item.student, item.assignment, was_read.source_hash, plan_hash)
