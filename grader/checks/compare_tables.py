"""Comparing a table with the expected one: kind → columns → rows → labels of the rows → each column."""

from collections.abc import Callable
from typing import Any

from grader.checks.difference import Difference
from grader.checks.tables import columns_text, kind_text, paired_columns, unlike_columns
from grader.checks.words import kind_of
from grader.sandbox.tables import Column, Table


def compare_tables(
    expected: Table, got: Any, path: str, columns: Callable[[Column, Column, str], Difference | None]
) -> Difference | None:
    """The first difference between two tables.

    Args:
        path: which result.
        columns: compares a column with the one that came, called as in the path that is its last argument.
    """
    if not isinstance(got, Table) or got.kind != expected.kind:
        return Difference("type", path, kind_text(expected), kind_of(got))
    missing, extra = map(columns_text, unlike_columns(expected, got))
    if missing or extra:
        return Difference("values", f"{path}.columns", kind_text(expected), kind_text(got), missing=missing, extra=extra)
    if got.rows != expected.rows or len(got.columns) != len(expected.columns):
        return Difference("shape", path, kind_text(expected), kind_text(got))
    if expected.kind == "frame" and got.labels != expected.labels:
        return Difference("shape", f"{path}.columns", columns_text(expected.labels), columns_text(got.labels))
    if len(got.index) != len(expected.index):
        want, have = str(len(expected.index)), str(len(got.index))
        return Difference("values", f"{path}.index.nlevels", want, have, wrong=1, size=1)
    for place, column, other in paired_columns(expected, got):
        where = f"{path}{place}" if place.startswith("[") else f"{path}.{place}"
        if difference := columns(column, other, where):
            return difference
    return None
