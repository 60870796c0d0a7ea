"""The protocol of every kind of check: a plan and a judgement."""

from typing import Any, ClassVar, Protocol

from grader.checks.draft import Draft
from grader.checks.evidence import Evidence
from grader.checks.findings import Finding


class Check(Protocol):
    """One thing verified about an exercise.

    Attributes:
        kind: its name in the JSON contract.
        published: whether it can be passed by a trivial program: by copying what is published or by refusing everything.
    """

    kind: ClassVar[str]
    published: ClassVar[bool]

    @property
    def name(self) -> str:
        """What students read; unique in its exercise."""

    @property
    def share(self) -> float:
        """Its weight in the exercise's points."""

    @property
    def needs_reference(self) -> bool:
        """Whether it can only be judged where the instructor's files are (on submission)."""

    def plan(self, draft: Draft) -> Any:
        """Plan its steps into `draft`; the return value becomes `Evidence.data`."""

    def judge(self, evidence: Evidence) -> Finding:
        """Judge the outcomes."""
