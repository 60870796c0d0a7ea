"""Agreement with the reference in what is printed: all of it, or line by line."""

from collections.abc import Iterator, Sequence
from typing import ClassVar, Literal

import msgspec

from grader.checks.draft import Cases, Draft, wrong_case
from grader.checks.evidence import Evidence
from grader.checks.findings import PASSED, Finding, ResultFinding, result_findings
from grader.checks.printing import apart, apart_text, public_text
from grader.checks.uses import Use
from grader.sandbox.outcome import Returned
from grader.sandbox.wire import Sent


class Printing(msgspec.Struct, frozen=True):
    """See `prints`."""

    kind: ClassVar[str] = "prints"
    needs_reference: ClassVar[bool] = True
    published: ClassVar[bool] = False
    name: str
    cases: Cases
    n: int | None
    share: float
    by: Literal["text", "line"]
    result: bool

    def plan(self, draft: Draft) -> tuple[int, ...]:
        """One call for every case, or the steps of a scripted one, of which each call that sends something back is looked at."""
        sends: tuple[Sent, ...] = ("printed", "result") if self.result else ("printed",)
        watched = []
        for case in draft.take(self.cases, self.n):
            draft.case()
            if isinstance(case, dict):
                watched.append(draft.call(draft.exercise, case, sends=sends))
            elif isinstance(case, list) and all(isinstance(use, Use) for use in case):
                watched += [seq for use in case if (seq := draft.use(use, sends=sends)) >= 0 and use.op == "call" and use.reply]
            else:
                raise wrong_case(self.cases, case, "dict(…) of arguments, or a list of new/call/get")
        return tuple(watched)

    def judge(self, evidence: Evidence) -> Finding:
        """Every text is the reference's, but for blanks at the ends of lines and empty lines at the end."""
        if trouble := evidence.trouble(evidence.data):
            return trouble
        found = [item for seq in evidence.data for item in self._results(evidence, seq)]
        if all(item.verdict == "passed" and not item.slip for item in found):
            return PASSED
        lines = [item.credit for item in found if item.name == "printed"]
        if self.by == "line" and not self.result and not any(item.slip for item in found) and sum(lines) > 0:
            worst = next(item for item in found if item.verdict != "passed")
            return Finding(
                "partly", worst.seq, worst.difference, worst.message, partly=sum(lines) / len(lines), public=worst.public
            )
        return msgspec.structs.replace(evidence, names=("printed", "result")).finding(found)

    def shows_work(self, evidence: Evidence) -> bool:
        """Whether lines are right that are not in every text: different ones in two cases, which no constant prints."""
        texts = [set(_text(evidence.expected(seq)).split("\n")) for seq in evidence.data]
        everywhere = set.intersection(*texts) if len(texts) > 1 else set()
        right: list[set[str]] = []
        for seq in evidence.data:
            if isinstance(evidence.outcomes[seq], Returned):
                want, have = (_text(value).split("\n") for value in (evidence.expected(seq), evidence.value(seq)))
                right.append({one for one, other in zip(want, have, strict=False) if one == other and one.strip()} - everywhere)
        return sum(map(bool, right)) > 1 and len(set().union(*right)) > 1

    def _results(self, evidence: Evidence, seq: int) -> Iterator[ResultFinding]:
        expected, got = _text(evidence.expected(seq)), _text(evidence.value(seq))
        for item in result_findings(seq, evidence.compared(seq, evidence.tolerance(seq))):
            if item.name in ("printed", "") and item.verdict != "passed":
                found = apart(expected, got)
                yield msgspec.structs.replace(
                    item, name="printed", message=apart_text(found), public=public_text(found), credit=found.right
                )
            else:
                yield item


def _text(value: object) -> str:
    """What was printed, alone or before the result."""
    first = value[0] if isinstance(value, Sequence) and not isinstance(value, str) and value else value
    return first if isinstance(first, str) else ""


def prints(
    name: str,
    *,
    cases: Cases,
    n: int | None = None,
    share: float = 1.0,
    by: Literal["text", "line"] = "text",
    result: bool = False,
) -> Printing:
    """Agreement with the reference in what the function prints, to standard output. At most 50,000 bytes of one call are compared.

    Args:
        cases: as for `agrees`.
        by: `"line"` pays for each line that is right.
        result: whether what it returns is judged by the same calls; otherwise an `agrees` of the exercise can judge it.
    """
    if by not in ("text", "line"):
        raise ValueError(f'by={by!r}, but it is "text" or "line"')
    return Printing(name, cases, n, share, by, result)
