"""What `grader grade` does about whose records they are: one results folder is one class."""

from pathlib import Path

from grader.feedback.terminal import say
from grader.gradebook.same_class import Folder, other_class, same_class, students_of, who_left, with_folder
from grader.gradebook.store import Store
from grader.text.escape import listed


def admit(store: Store, folder: Folder, out: Path, is_same: bool) -> None:
    """Note the folder in the records of its class.

    Args:
        is_same: by the instructor's word.

    Raises:
        UsageError: the records are of another class.
    """
    recorded = students_of(store.keys())
    known = store.folders() if recorded else []
    if not is_same and not same_class(known, recorded, folder):
        raise other_class(known, folder, out)
    if known and all(old.path != folder.path for old in known):
        say(f"{folder.path} is taken for the class in {out}" + ("" if is_same else ": the students are the same"))
    store.keep_folders(with_folder(known, folder, {old.path for old in known if not Path(old.path).exists()}))


def tell_who_left(store: Store, out: Path) -> None:
    """Say who has records and is not in the class's folder any more."""
    dropped = {one.student for one in store.dropped()}
    left = who_left(store.folders(), students_of(store.keys()) - dropped)
    if left:
        say(
            f"no longer in the class, but still in the records: {listed(left)}; "
            f"leave out of everything: grader drop --absent{'' if out == Path('results') else f' --out {out}'}"
        )
