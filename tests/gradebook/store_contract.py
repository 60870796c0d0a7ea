"""What every store promises, written once: `test_sqlite` runs all of it."""

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime

import pytest
from msgspec.structs import replace

from grader.engine.record import Record
from grader.errors import UsageError
from grader.gradebook.adjustments import Adjustment
from grader.gradebook.review_log import Item, Request, Settled
from grader.gradebook.same_class import Dropped, Folder
from grader.gradebook.sql_notes import AT_ONCE
from grader.gradebook.store import LastAttempt, Store, WasRead
from grader.judge.verdicts import Grade
from grader.run import Run
from grader.sandbox.outcome import Returned
from grader.submissions.submitted_at import SubmittedAt

Opener = Callable[[bool], Store]
NO_TIME = SubmittedAt()
ANA = ("ana", "vectors")


def record(
    source: str, score: float | None, submitted_at: SubmittedAt = NO_TIME, student: str = "ana", plan: str = "plan"
) -> Record:
    """A record of `vectors`; without a score, a fault of the grader."""
    status = "graded" if score is not None else "grader_error"
    grade = Grade(student=student, assignment="vectors", status=status, score=score, max_score=5.0, exercises=())
    return Record(student, "vectors", source, plan, "rubric", Run(Returned(), ()), grade, submitted_at)


def kept(store: Store) -> list[float | None]:
    """The scores of ana's attempts, which are numbered from 1."""
    attempts = store.attempts(*ANA)
    assert [attempt.number for attempt in attempts] == list(range(1, len(attempts) + 1))
    return [attempt.grade.score for attempt in attempts]


def save(opener: Opener, *records: Record) -> None:
    """Save one record after the other."""
    with opener(True) as store:
        for one in records:
            store.save(one)


class StoreContract:
    """Subclasses give the fixture `opener`, which opens the one store of a test: `opener(write)`."""

    @pytest.mark.parametrize(
        ("saved", "scores"),
        [
            pytest.param([("a", 3.0)], [3.0], id="one"),
            pytest.param([("a", 3.0), ("a", 4.0)], [4.0], id="the same text graded again"),
            pytest.param([("a", 3.0), ("b", 4.0)], [3.0, 4.0], id="another text"),
            pytest.param([("a", 3.0), ("b", 4.0), ("a", 3.0)], [3.0, 4.0, 3.0], id="back to the first text"),
            pytest.param([("a", 3.0), ("b", None)], [3.0, None], id="a fault of the grader"),
            pytest.param([("a", 3.0), ("b", None), ("c", None)], [3.0, None], id="two faults of the grader"),
            pytest.param([("a", 3.0), ("b", None), ("b", 4.0)], [3.0, 4.0], id="graded after a fault"),
            pytest.param([("a", 3.0), ("", None), ("a", 3.5)], [3.5], id="the same text, a fault in between"),
            pytest.param([("a", 3.0), ("a", None)], [None], id="the same text, now a fault"),
            pytest.param([("", None), ("a", 3.0)], [3.0], id="a fault first"),
        ],
    )
    def test_what_is_an_attempt(self, opener: Opener, saved: list[tuple[str, float | None]], scores: list[float | None]) -> None:
        """An attempt is a text that was graded; grading the same text again, or after a fault, is none."""
        save(opener, *(record(*one) for one in saved))
        with opener(False) as store:
            assert kept(store) == scores

    def test_record_comes_back_as_it_was(self, opener: Opener) -> None:
        """All that was saved is read again, by whoever opens the store later."""
        saved = record("a", 3.0, SubmittedAt(datetime(2027, 4, 1, 10, 0), "archive", True))
        save(opener, saved)
        with opener(False) as store:
            assert list(store.records()) == [saved]

    def test_last_attempt_is_the_record(self, opener: Opener) -> None:
        """What is not asked about attempts is answered about the last one."""
        save(opener, record("a", 3.0, plan="old"), record("b", 4.0))
        with opener(False) as store:
            assert [found.source_hash for found in store.records()] == ["b"]
            assert [(found.source_hash, found.attempt) for found in store.earlier()] == [("a", 1)]
            assert store.plans() == [("vectors", "plan", 1)]
            assert store.judged_otherwise("vectors", "other") == 1

    def test_lists(self, opener: Opener) -> None:
        """Students and assignments are named once each, in order."""
        save(opener, record("a", 3.0, student="bea"), record("a", 3.0), record("b", 3.0))
        with opener(False) as store:
            assert store.keys() == [ANA, ("bea", "vectors")]
            assert store.assignments() == ["vectors"]
            assert [found.student for found in store.records()] == ["ana", "bea"]

    def test_nothing_was_graded(self, opener: Opener) -> None:
        """A student without a record has no attempts."""
        with opener(True) as store:
            assert (store.attempts(*ANA), store.keys(), store.assignments(), store.plans()) == ([], [], [], [])

    def test_last_attempts(self, opener: Opener) -> None:
        """Of each student that is asked for, the last attempt says which text it is of, the plan, the status and the time."""
        time = SubmittedAt(datetime(2027, 4, 1, tzinfo=UTC), "archive")
        save(
            opener,
            record("a", 3.0, plan="old"),
            record("b", 4.0, time),
            record("c", None, student="bea"),
            record("d", 1.0, student="caro"),
        )
        with opener(False) as store:
            found = {one.student: one for one in store.last_attempts("vectors", ["ana", "bea", "nobody"])}
            assert found == {
                "ana": LastAttempt("ana", "b", "plan", "graded", time),
                "bea": LastAttempt("bea", "c", "plan", "grader_error", NO_TIME),
            }
            assert list(store.last_attempts("other", ["ana"])) == []

    def test_current(self, opener: Opener) -> None:
        """An attempt counts for the plan that it was graded with; another plan is to be used anew, and so is any after a fault."""
        save(opener, record("a", 3.0), record("b", None, student="bea"))
        with opener(True) as store:
            ana, bea = sorted(store.last_attempts("vectors", ["ana", "bea"]), key=lambda one: one.student)
            assert (ana.is_by("plan"), ana.is_by("other"), bea.is_by("plan")) == (True, False, False)

    def test_many_students_at_once(self, opener: Opener) -> None:
        """Who is asked for with many others has the same attempts and history as alone."""
        save(opener, record("a", 3.0), record("b", 4.0), record("c", 1.0, student="bea"))
        with opener(True) as store:
            store.adjust(
                Adjustment(student="ana", assignment="vectors", because="first", by="me", at=datetime(2027, 4, 1, tzinfo=UTC))
            )
            store.adjust(
                Adjustment(student="ana", assignment="vectors", because="second", by="me", at=datetime(2027, 4, 2, tzinfo=UTC))
            )
            many = [*(f"nobody{number}" for number in range(2 * AT_ONCE)), "bea", "ana"]
            assert store.attempts_of("vectors", many) == {name: store.attempts(name, "vectors") for name in ("ana", "bea")}
            assert store.adjustments_of("vectors", many) == {"ana": store.adjustments(*ANA)}
            assert {one.student for one in store.last_attempts("vectors", many)} == {"ana", "bea"}
            assert store.attempts_of("other", many) == store.adjustments_of("other", many) == {}

    def test_what_files_were_read_as(self, opener: Opener) -> None:
        """It is known by the hash of the files, and the first answer stays."""
        with opener(True) as store:
            assert store.were_read(["files"]) == {}
            store.note_read("files", WasRead("text", problem=False))
            store.note_read("files", WasRead("other", problem=True))
            store.note_read("more files", WasRead("more", problem=True))
        with opener(True) as store:
            many = ["files", *map(str, range(AT_ONCE)), "", "more files"]
            assert store.were_read(many) == {"files": WasRead("text", problem=False), "more files": WasRead("more", problem=True)}

    def test_time_of_each_attempt(self, opener: Opener) -> None:
        """Each attempt keeps when it was handed in, with or without an offset."""
        times = [
            SubmittedAt(datetime(2027, 4, 1, 10, 0), "archive"),
            SubmittedAt(datetime(2027, 4, 2, tzinfo=UTC), "timestamp.txt", True),
        ]
        save(opener, record("a", 3.0, times[0]), record("b", 4.0, times[1]))
        with opener(False) as store:
            assert [attempt.submitted_at for attempt in store.attempts(*ANA)] == times

    def test_time_known_later(self, opener: Opener) -> None:
        """A time that is noted is that of the last attempt alone; where there is no record, nothing is noted."""
        save(opener, record("a", 3.0), record("b", 4.0))
        time = SubmittedAt(datetime(2027, 4, 2, tzinfo=UTC), "timestamp.txt")
        with opener(True) as store:
            store.note_submitted_at(*ANA, time)
            store.note_submitted_at("bea", "vectors", time)
            assert [attempt.submitted_at for attempt in store.attempts(*ANA)] == [NO_TIME, time]
            assert store.keys() == [ANA]

    def test_time_of_the_instructor_stays(self, opener: Opener) -> None:
        """A time that the instructor gave outlives what the files say, also when the same text is graded again; a new one replaces it."""
        given = SubmittedAt(datetime(2027, 4, 2, tzinfo=UTC), "times")
        found = SubmittedAt(datetime(2027, 4, 3, tzinfo=UTC), "timestamp.txt")
        save(opener, record("a", 3.0, given))
        with opener(True) as store:
            assert store.note_submitted_at(*ANA, found) == given
            store.save(record("a", 4.0, found))
            assert store.attempts(*ANA)[-1].submitted_at == given
            later = SubmittedAt(datetime(2027, 4, 9, tzinfo=UTC), "times")
            assert store.note_submitted_at(*ANA, later) == later
            assert store.attempts(*ANA)[-1].submitted_at == later

    def test_time_of_the_instructor_is_of_one_attempt(self, opener: Opener) -> None:
        """The next submission has its own time."""
        save(opener, record("a", 3.0, SubmittedAt(datetime(2027, 4, 2, tzinfo=UTC), "times")), record("b", 4.0))
        with opener(False) as store:
            assert [attempt.submitted_at.source for attempt in store.attempts(*ANA)] == ["times", ""]

    def test_folders_of_the_class(self, opener: Opener) -> None:
        """The folders that are kept take the place of those before."""
        one, two = Folder("/u/one", ("ana",), ("vectors",)), Folder("/u/two", ("ana", "bea"), ())
        with opener(True) as store:
            assert store.folders() == []
            store.keep_folders([two, one])
        with opener(True) as store:
            assert store.folders() == [one, two]
            store.keep_folders([two])
            assert store.folders() == [two]

    def test_who_was_dropped(self, opener: Opener) -> None:
        """A dropped student is listed until taken back, and keeps all records."""
        gone = Dropped("bea", "me", datetime(2027, 4, 2, tzinfo=UTC), "left")
        save(opener, record("a", 3.0, student="bea"))
        with opener(True) as store:
            store.drop(gone)
        with opener(True) as store:
            assert (store.dropped(), store.keys()) == ([gone], [("bea", "vectors")])
            store.take_back("bea")
            assert store.dropped() == []

    @pytest.mark.parametrize(("attempt", "scores"), [(0, [3.0, 1.0]), (1, [1.0, 4.0])], ids=["the last", "an earlier one"])
    def test_other_grade(self, opener: Opener, attempt: int, scores: list[float]) -> None:
        """Another grade for one attempt leaves the other alone."""
        save(opener, record("a", 3.0), record("b", 4.0))
        with opener(True) as store:
            store.regrade(record("", 1.0).grade, "other", attempt)
            assert kept(store) == scores
            assert store.judged_otherwise("vectors", "rubric") == (attempt == 0)

    def test_all_or_nothing(self, opener: Opener) -> None:
        """What is written in a block that fails is taken back, that of a block inside it too."""
        save(opener, record("a", 3.0))
        with opener(True) as store:
            with suppress(KeyboardInterrupt), store.together():
                store.regrade(record("a", 1.0).grade, "other")
                with store.together():
                    store.save(record("b", 4.0))
                assert kept(store) == [1.0, 4.0]
                raise KeyboardInterrupt
            assert kept(store) == [3.0]

    def test_readers_see_what_was_saved(self, opener: Opener) -> None:
        """A reader beside the writer sees each record as soon as it is saved, and none of an open block."""
        with opener(True) as writer, opener(False) as reader:
            writer.save(record("a", 3.0))
            assert kept(reader) == [3.0]
            with writer.together():
                writer.save(record("b", 4.0))
                assert kept(reader) == [3.0]
            assert kept(reader) == [3.0, 4.0]

    def test_nothing_to_read(self, opener: Opener) -> None:
        """Reading where nothing was graded is wrong use."""
        with pytest.raises(UsageError, match="has no records"):
            opener(False)

    def test_adjustments_are_numbered_and_kept(self, opener: Opener) -> None:
        """The history is in order, numbered from 1, of everybody or of one student and assignment, and survives a new record."""
        made = [
            Adjustment(
                student=student, assignment=topic, because="why", by="marta", at=datetime(2027, 5, 3, tzinfo=UTC), points=1.0
            )
            for student, topic in (ANA, ("bea", "vectors"), ("ana", "signs"))
        ]
        with opener(True) as store:
            assert [store.adjust(one) for one in made] == [1, 2, 3]
        save(opener, record("a", 3.0))
        with opener(False) as store:
            assert [(one.number, one.student, one.assignment) for one in store.adjustments("ana")] == [
                (1, *ANA),
                (3, "ana", "signs"),
            ]
            assert [one.number for one in store.adjustments(*ANA)] == [1]
            assert len(store.adjustments()) == 3

    def test_adjustments_join_a_transaction(self, opener: Opener) -> None:
        """In a block that fails, none of them is kept."""
        one = Adjustment(student="ana", assignment="vectors", because="why", by="marta", at=datetime(2027, 5, 3, tzinfo=UTC))
        with opener(True) as store:
            with suppress(ZeroDivisionError), store.together():
                store.adjust(one)
                raise ZeroDivisionError
            assert store.adjustments() == []

    def test_one_attempt_is_read_by_its_number(self, opener: Opener) -> None:
        """A record is found by its number; there is none beyond the last."""
        save(opener, record("a", 3.0), record("b", 4.0))
        with opener(False) as store:
            found = [store.record(*ANA, number) for number in (1, 2, 3)]
        assert [one.source_hash if one else None for one in found] == ["a", "b", None]

    def test_reviews_are_numbered_and_kept(self, opener: Opener) -> None:
        """What was noted is read again in its order; a store in which nobody noted anything has an empty log."""
        item = Item("attempts", "ana", "vectors", "2")
        asked = Request(student="ana", assignment="vectors", text="why?", by="marta", at=datetime(2027, 5, 1, tzinfo=UTC))
        done = Settled(item=item, answer="done", by="marta", at=datetime(2027, 5, 2, tzinfo=UTC))
        save(opener, record("a", 3.0))
        with opener(True) as store:
            assert store.logged() == []
            assert [store.log(one) for one in (asked, done)] == [1, 2]
        with opener(False) as store:
            assert [(type(one), one.number) for one in store.logged()] == [(Request, 1), (Settled, 2)]
            assert store.logged()[1] == replace(done, number=2)

    def test_version_of_the_attempts(self, opener: Opener) -> None:
        """It changes when an attempt is saved or judged again, and not with an adjustment."""
        with opener(True) as store:
            versions = [store.version()]
            store.save(record("a", 3.0))
            versions.append(store.version())
            store.save(record("b", 3.0))
            versions.append(store.version())
            store.regrade(record("b", 3.0).grade, "another rubric")
            versions.append(store.version())
            assert len(set(versions)) == 4
            store.adjust(
                Adjustment(student="ana", assignment="vectors", because="x", by="marta", at=datetime(2027, 5, 1, tzinfo=UTC))
            )
            assert store.version() == versions[-1]
        with opener(False) as store:
            assert store.version() == versions[-1]

    def test_notes_are_kept_until_they_are_forgotten(self, opener: Opener) -> None:
        """What was written elsewhere is noted by key; a store in which nothing was noted has none."""
        save(opener, record("a", 3.0))
        with opener(False) as store:
            assert store.notes() == {}
        with opener(True) as store:
            store.note({"gradebook": "a", "cell": "1"})
            store.note({"gradebook": "b", "cell": ""})
        with opener(False) as store:
            assert store.notes() == {"gradebook": "b"}
