"""The call graph of a module: what a slip or a mistake reaches."""

import ast

from grader.course.calls import closed, users, uses


def test_users_are_found_through_others() -> None:
    """A helper's slip reaches whoever uses it, directly or not; a constant's may reach all."""
    source = "def a(x): return x\ndef b(x): return a(x)\ndef c(x): return b(x)\ndef d(x): return x\n"
    assert users(source) == {
        "a": {"a", "b", "c"},
        "b": {"b", "c"},
        "c": {"c"},
        "d": {"d"},
        "": {"a", "b", "c", "d"},
    }


def test_uses_are_found_through_others() -> None:
    """A function uses what it calls, and what that calls; a class what its methods call."""
    source = "def a(x): return x\ndef b(x): return a(x)\nclass C:\n    def f(self, x): return b(x)\n"
    assert uses(ast.parse(source)) == {"a": frozenset(), "b": {"a"}, "C": {"a", "b"}}


def test_functions_that_call_each_other() -> None:
    """Functions that call each other use each other, and not themselves."""
    assert uses(ast.parse("def a(x): return b(x)\ndef b(x): return a(x)\n")) == {"a": {"b"}, "b": {"a"}}


def test_what_an_author_adds_is_followed() -> None:
    """What is said to be used brings with it what that one uses."""
    assert closed({"c": {"b"}, "b": {"a"}, "a": set()})["c"] == {"a", "b"}


def test_methods_that_are_exercises() -> None:
    """They stand beside their class, and use its others through `self`; who makes an object uses the methods that it calls."""
    source = """
def helper(x): return x
class C:
    def __init__(self): self.x = helper(1)
    def fit(self): return self.x
    def predict(self): return self.fit()
def f(): return C().predict()
"""
    found = uses(ast.parse(source), ["C.fit", "C.predict"])
    assert found["C.predict"] == {"C.fit"} and found["C.fit"] == frozenset() and found["C"] == {"helper"}
    assert found["f"] == {"C", "helper", "C.fit", "C.predict"}
