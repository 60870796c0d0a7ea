"""Syntax trees in threads."""

import ast
import contextlib
import gc
import sys
import threading
import warnings
from collections.abc import Iterator

import pytest

from grader.text.syntax import literal, parse

pytestmark = pytest.mark.slow


class _Garbage:
    """What the collector finalizes in Python, in the middle of whatever runs: another thread may take over there."""

    def __init__(self) -> None:
        self.itself = self

    def __del__(self) -> None:
        sum(range(50))


@pytest.fixture
def _restless() -> Iterator[None]:
    """Threads that take turns, and a collector that runs, as often as they can."""
    interval, threshold = sys.getswitchinterval(), gc.get_threshold()
    sys.setswitchinterval(1e-6)
    gc.set_threshold(50)
    yield
    sys.setswitchinterval(interval)
    gc.set_threshold(*threshold)


@pytest.mark.usefixtures("_restless")
def test_threads_may_parse_at_once():
    """With `ast.parse` itself, about twenty of these 120 fail in CPython 3.11: «AST constructor recursion depth mismatch»."""
    text = "def f(x):\n    return " + "+".join(["(x * [1, (2, x)])"] * 200)
    read: list[str] = []

    def work() -> None:
        for _ in range(30):
            _Garbage()
            read.append(type(parse(text).body[0]).__name__)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert read == ["FunctionDef"] * 120


@pytest.mark.usefixtures("_restless")
def test_another_library_may_parse_meanwhile():
    """It knows nothing of our lock."""
    text, over = "def f(x):\n    return " + "+".join(["(x * [1, (2, x)])"] * 200), threading.Event()

    def library() -> None:
        while not over.is_set():
            _Garbage()
            with contextlib.suppress(SystemError):
                ast.parse(text)

    thread = threading.Thread(target=library)
    thread.start()
    try:
        for _ in range(60):
            _Garbage()
            assert type(parse(text).body[0]).__name__ == "FunctionDef"
    finally:
        over.set()
        thread.join()


def test_text_with_a_stray_backslash_is_no_warning():
    """It is the student's, in a text that is only read."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        parse('"\\d"')


def test_literal_is_a_value_and_nothing_else():
    """Nothing of the text is executed."""
    assert literal(" {'a': (1, 2)}") == {"a": (1, 2)}
    with pytest.raises(ValueError, match="malformed"):
        literal("open('x')")
