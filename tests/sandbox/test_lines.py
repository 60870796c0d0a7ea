"""The lines of a student's text have the numbers that Python gives them."""

import ast

from hypothesis import given, settings
from hypothesis import strategies as st

from grader.sandbox.lines import lines_of

ENDS = st.sampled_from(["\n", "\r\n", "\r"])
PASTED = st.text(st.sampled_from("a \t\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"), max_size=5)


@settings(max_examples=200, derandomize=True, deadline=None)
@given(st.lists(st.tuples(PASTED, ENDS), min_size=1, max_size=6))
def test_each_statement_stands_in_the_line_of_its_number(comments: list[tuple[str, str]]) -> None:
    """Whatever was pasted into the comments, and however lines end."""
    text = "".join(f"name_{place} = 1  # {pasted}{end}" for place, (pasted, end) in enumerate(comments))
    lines = lines_of(text)
    assert len(lines) == len(comments)
    for node in ast.parse(text).body:
        assert isinstance(node, ast.Assign) and lines[node.lineno - 1].startswith(f"{ast.unparse(node.targets[0])} = 1")


def test_an_end_begins_no_line() -> None:
    """A text has as many lines with an end after the last one as without."""
    assert lines_of("a\nb\n") == lines_of("a\nb") == ["a", "b"]
    assert lines_of("") == []
