"""What of a class was graded already, as it is now: known by the hash of its files, and read only where that is new."""

from collections.abc import Callable, Iterator, Mapping, Sequence

from grader.gradebook.rows import time_that_holds, times_of
from grader.gradebook.store import LastAttempt, Store, WasRead
from grader.submissions.files_hash import files_hash
from grader.submissions.read import SubmittedFiles
from grader.submissions.submitted_at import SubmittedAt

Pairs = set[tuple[str, str]]  # of student and assignment
Hashes = Mapping[tuple[str, str], str]  # of the files of each of these
# What is graded as it is, and its submission time; None where that is to be noted.
Current = dict[tuple[str, str], SubmittedAt | None]
AT_ONCE = 500  # submissions that the store is asked about


def hash_of_files(item: SubmittedFiles, archives: dict[str, str]) -> str:
    """See `files_hash`; "" where the machine failed to open a file."""
    try:
        return files_hash(item, archives)
    except OSError:  # grading it reports what is wrong
        return ""


def current(
    store: Store, submitted: Sequence[SubmittedFiles], hashes: Hashes, plan_hash: Callable[[SubmittedFiles], str], unread: Pairs
) -> Current:
    """What is graded already; it is read only if its files were never read as they are now.

    The store is asked about many at once, and no more than these are in memory: a class may be large.

    Args:
        plan_hash: of the plan that a submission would be graded with.
        unread: those that cannot be read are added.
    """
    found: Current = {}
    for items in _some(submitted):
        candidates = list(_candidates(store, items, plan_hash))
        known = store.were_read(hashes[item.student, item.assignment] for item, _last in candidates)
        for item, last in candidates:
            key = item.student, item.assignment
            was_read = known.get(hashes[key]) or _read(store, item, hashes[key])
            if was_read is None:
                continue
            if was_read.problem:
                unread.add(key)
            if last.source_hash == was_read.source_hash:
                holds, changes = time_that_holds(times_of(last.submitted_at), item.submitted_at)
                found[key] = None if changes else holds
    return found


def _some(submitted: Sequence[SubmittedFiles]) -> Iterator[list[SubmittedFiles]]:
    """The submissions for each assignment, some at a time."""
    of: dict[str, list[SubmittedFiles]] = {}
    for item in submitted:
        of.setdefault(item.assignment, []).append(item)
    for items in of.values():
        yield from (items[start : start + AT_ONCE] for start in range(0, len(items), AT_ONCE))


def _candidates(
    store: Store, items: Sequence[SubmittedFiles], plan_hash: Callable[[SubmittedFiles], str]
) -> Iterator[tuple[SubmittedFiles, LastAttempt]]:
    """Those of one assignment that were graded with the plan of today, whatever they held then."""
    last = {one.student: one for one in store.last_attempts(items[0].assignment, [item.student for item in items])}
    for item in items:
        if (one := last.get(item.student)) and one.is_by(plan_hash(item)):
            yield item, one


def _read(store: Store, item: SubmittedFiles, files: str) -> WasRead | None:
    """What a submission is read as, which is noted; None where the machine failed to read it."""
    try:
        submission = item.read()
    except OSError:
        return None
    was_read = WasRead(submission.hash, bool(submission.problem))
    if files:
        store.note_read(files, was_read)
    return was_read
