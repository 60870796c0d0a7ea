"""nbgrader's gradebook, for a whole class at once: its own methods, which ask the database for nothing that is known, in one transaction.

Each of nbgrader's methods asks for the student, the assignment and its cells again, and commits. For a class, who is there already is asked
once, and what is new reaches the database in bulk, some submissions at a time.
"""

import functools
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from grader.integrations.nbgrader.fast_import import nbgrader

TOGETHER = 50  # submissions whose rows are in memory, until they are written


def open_gradebook(url: str, course: str) -> Any:
    """nbgrader's `Gradebook`, with `one_transaction` and `entered`."""
    return _class()(url, course)


@functools.cache
def _class() -> Any:
    api = nbgrader("api")
    base: Any = api.Gradebook
    from sqlalchemy.orm import Session, scoped_session, sessionmaker
    from sqlalchemy.orm.attributes import set_committed_value

    class Whole(Session):
        def commit(self) -> None:
            """Nothing: the transaction of the whole class is committed at its end, by who began it."""

    class WholeClass(base):
        """A gradebook that knows, within its transaction, who and what is there."""

        db: Any
        _students: set[str] | None = None
        _submissions: frozenset[tuple[str, str]] = frozenset()

        def __init__(self, url: str, course: str) -> None:
            super().__init__(url, course)
            self._new: dict[str, Any] = {}
            self._assignments: dict[str, Any] = {}
            self._waiting = 0

        @contextmanager
        def one_transaction(self) -> Iterator[None]:
            """Write the whole class or nothing. Committing each student to disk would take most of the time."""
            before = self.db
            with self.engine.begin() as connection:
                self.db = scoped_session(sessionmaker(bind=connection, class_=Whole, expire_on_commit=False, future=True))
                try:
                    self._students = {found for (found,) in self.db.query(api.Student.id)}
                    handed_in = self.db.query(api.Assignment.name, api.SubmittedAssignment.student_id)
                    about = api.SubmittedAssignment.assignment_id == api.Assignment.id
                    self._submissions = frozenset(map(tuple, handed_in.join(api.SubmittedAssignment, about)))
                    yield
                    self.write_out()
                finally:
                    self._students = None
                    self._new.clear()
                    self._assignments.clear()
                    self.db.remove()
                    self.db = before

        def entered(self) -> None:
            """One more submission is complete."""
            self._waiting += 1
            if self._waiting >= TOGETHER:
                self.write_out()

        def write_out(self) -> None:
            """Write what is in memory, and forget it."""
            self.db.flush()
            self.db.expunge_all()
            self._new.clear()
            self._assignments.clear()
            self._waiting = 0

        def find_student(self, student_id: str) -> Any:
            """See nbgrader's."""
            if self._students is not None:
                if student_id in self._new:
                    return self._new[student_id]
                if student_id not in self._students:
                    raise api.MissingEntry(f"No such student: {student_id}")
            with self.db.no_autoflush:  # it is in the database, and what is new goes there in bulk
                return super().find_student(student_id)

        def add_student(self, student_id: str, **kwargs: Any) -> Any:
            """See nbgrader's."""
            found = super().add_student(student_id, **kwargs)
            if self._students is not None:
                self._students.add(student_id)
                self._new[student_id] = found
            return found

        def find_assignment(self, name: str) -> Any:
            """See nbgrader's."""
            if self._students is None:
                return super().find_assignment(name)
            if name not in self._assignments:
                self._assignments[name] = super().find_assignment(name)
            return self._assignments[name]

        def add_submission(self, assignment: str, student: str, **kwargs: Any) -> Any:
            """See nbgrader's; it can be read before it is in the database."""
            found = super().add_submission(assignment, student, **kwargs)
            if self._students is not None:
                found.student_id = student
                self._knows_cells(found, assignment)
            return found

        def find_submission(self, assignment: str, student: str) -> Any:
            """See nbgrader's; what is handed in within a transaction is handed in once."""
            if self._students is None:
                return super().find_submission(assignment, student)
            if (assignment, student) not in self._submissions:
                raise api.MissingEntry(f"No such submission: {assignment} for {student}")
            with self.db.no_autoflush:
                found = super().find_submission(assignment, student)
                self._knows_cells(found, assignment)
            return found

        def _knows_cells(self, found: Any, assignment: str) -> None:
            """Give a submission's grades and comments their cells, which are those of everybody: else each is looked for by itself."""
            about = self.find_assignment(assignment)
            if found.assignment_id is not None:
                set_committed_value(found, "assignment", about)
            released = {one.id: one for one in about.notebooks}
            for one in found.notebooks:
                if one.notebook_id is not None:  # it is in the database already
                    set_committed_value(one, "notebook", released[one.notebook_id])
                cells = {
                    cell.id: cell for cell in (*one.notebook.grade_cells, *one.notebook.solution_cells, *one.notebook.task_cells)
                }
                for row in (*one.grades, *one.comments):
                    if row.cell_id in cells:
                        set_committed_value(row, "cell", cells[row.cell_id])

    return WholeClass
