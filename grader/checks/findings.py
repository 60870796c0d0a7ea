"""What a check found out about a submission: of each result, and of all of them."""

from collections.abc import Iterable, Iterator
from typing import Literal

import msgspec

from grader.checks.difference import Difference
from grader.checks.slip_text import Slip
from grader.checks.slips import Compared

NEARLY = 0.1  # of a number: what is off by more is not a matter of tolerance


ANY = ""  # in place of a result's name: of a check that failed as a whole
FindingWord = Literal["passed", "partly", "failed", "skipped"]


class ResultFinding(msgspec.Struct, frozen=True):
    """The finding on one result of a check, or on one method of an object in a script.

    Attributes:
        name: of the result ("" for an only one without a name) or of the method.
        slip: right values in a wrong form; `message` says which.
        weight: its part of the check; `credit`: the part of that which it earns.
        seq, difference, message, note, calls, public: as in `Finding`.
    """

    name: str
    verdict: Literal["passed", "failed", "skipped"]
    slip: Slip | None = None
    seq: int | None = None
    difference: Difference | None = None
    message: str = ""
    note: str = ""
    calls: tuple[int, ...] = ()
    weight: float = 1.0
    credit: float = 1.0
    public: str = ""

    def with_note(self, note: str) -> "ResultFinding":
        """The same, with a remark on how far off a number may be, where one is nearly right: elsewhere it explains nothing."""
        return msgspec.structs.replace(self, note=note) if note and self.difference and _is_near(self.difference) else self


def _is_near(difference: Difference) -> bool:
    """Whether the worst number is off by a small part of itself."""
    try:
        want, have = float(difference.expected), float(difference.got)
    except ValueError:
        return False
    return difference.stage == "values" and abs(have - want) <= NEARLY * max(abs(want), abs(have))


class Finding(msgspec.Struct, frozen=True):
    """The result of a check.

    Attributes:
        verdict: passed, partly (some results, or a slip), failed, or skipped (not implemented).
        seq: the step that decided (None: none in particular).
        difference: how the value differs, if that is the reason.
        message: the check's own message; `judge.messages` writes the rest from the outcome and the difference.
        note: a remark after the message.
        calls: the steps that show it together, where a single one does not.
        results: each result by itself, where there are several or a slip.
        partly: the part of the check's points that is earned where the verdict is `partly`.
        carried: the function whose own, perhaps wrong, results it agrees with.
        public: the message without numbers, for students until the grades are published ("": written from outcome and difference).
    """

    verdict: FindingWord
    seq: int | None = None
    difference: Difference | None = None
    message: str = ""
    note: str = ""
    calls: tuple[int, ...] = ()
    results: tuple[ResultFinding, ...] = ()
    partly: float = 0.0
    carried: str = ""
    public: str = ""

    @property
    def credit(self) -> float:
        """The part of the check's points that is earned."""
        return 1.0 if self.verdict == "passed" else self.partly if self.verdict == "partly" else 0.0


PASSED = Finding("passed")


def result_findings(seq: int, results: Iterable[Compared], name: str = "") -> Iterator[ResultFinding]:
    """The findings on the results of one step; on the step itself, if it has a `name`: that of a method."""
    if not name:
        for item in results:
            verdict: Literal["passed", "failed"] = "failed" if item.difference else "passed"
            slip = None if item.difference else item.slip
            text = item.text() if slip else ""
            yield ResultFinding(item.name, verdict, slip, seq, item.difference, text, public=text)
        return
    found = list(results)
    bad = next((item for item in found if item.difference), next((item for item in found if item.slip), None))
    if bad is None:
        yield ResultFinding(name, "passed", seq=seq)
    else:
        (first,) = result_findings(seq, [bad])
        yield msgspec.structs.replace(first, name=name)


def failed_results(finding: Finding) -> list[str]:
    """The names of the results that failed or have a slip; `ANY` where the check failed as a whole."""
    found = [item.name for item in finding.results if item.verdict == "failed" or item.slip]
    return found or ([ANY] if finding.verdict in ("failed", "partly") else [])
