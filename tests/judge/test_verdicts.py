"""The JSON contract of a grade, in this version and the one before."""

import msgspec
import pytest

from grader.judge.verdicts import ResultVerdict, Verdict


@pytest.mark.parametrize(("word", "score"), [("passed", 2.0), ("failed", 0.0), ("skipped", 0.0)])
def test_check_of_schema_1(word: str, score: float) -> None:
    """A check without `earned` counts all of its points or none, by its verdict."""
    text = f'{{"name": "random", "kind": "agrees", "verdict": "{word}", "outcome": "returned", "points": 2.0}}'
    found = msgspec.json.decode(text, type=Verdict)
    assert (found.earned, found.score, found.results, found.waits_for) == (None, score, (), ())


def test_check_comes_back_as_it_was() -> None:
    """What was earned, result by result, survives the JSON."""
    results = (ResultVerdict("dx", "failed", 1.0, 0.0), ResultVerdict("dw", "partly", 1.0, 0.75, "axis", "dw has …"))
    found = Verdict("random", "agrees", "partly", "returned", points=2.0, earned=0.75, results=results)
    assert msgspec.json.decode(msgspec.json.encode(found), type=Verdict) == found


def test_mistakes_of_a_check() -> None:
    """A mistake that is recognised in several results is one."""
    results = tuple(ResultVerdict(name, "failed", 1.0, 0.0, misconception="averaged") for name in ("dx", "dw"))
    assert Verdict("random", "agrees", "failed", "returned", misconception="averaged", results=results).mistakes == ("averaged",)
