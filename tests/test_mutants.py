"""Mutants: which slips are made of a reference."""

import pytest

from grader.prove.mutants import mutants


def after(body: str, signature: str = "f(x, y)") -> set[str]:
    """What becomes of a function with this body, one statement at a time."""
    return {mutant.after for mutant in mutants(f"def {signature}:\n    {body}\n")}


@pytest.mark.parametrize(
    ("body", "slips"),
    [
        pytest.param("return x + y", {"return x - y"}, id="sum"),
        pytest.param("return x * y", {"return x / y"}, id="product"),
        pytest.param("return x // y", {"return x * y", "return -(-x // y)"}, id="rounded-up"),
        pytest.param("return x ** y", {"return x * y"}, id="power"),
        pytest.param("return -x", {"return x"}, id="sign"),
        pytest.param("return x < y", {"return x <= y", "return x >= y"}, id="comparison"),
        pytest.param("return x and y", {"return x or y"}, id="and"),
        pytest.param("return x[y]", set(), id="nothing-to-mistake"),
        pytest.param("return f(x, 2)", {"return f(x, 3)", "return f(x, 1)"}, id="integer"),
        pytest.param("return f(x, 0.5)", {"return f(x, 1.0)"}, id="float"),
        pytest.param("return f(x, keepdims=True)", {"return f(x, keepdims=False)"}, id="keepdims"),
        pytest.param(
            "return x.sum(axis=0)", {"return x.mean(axis=0)", "return x.sum(axis=1)", "return x.sum(axis=-1)"}, id="axis"
        ),
        pytest.param("return x.T", {"return x"}, id="transpose"),
        pytest.param("return np.sqrt(x)", {"return x"}, id="root"),
        pytest.param("return np.maximum(x, y)", {"return np.minimum(x, y)"}, id="minimum"),
        pytest.param("return x[y:]", {"return x[y + 1:]", "return x[y:-1]"}, id="slice-begins"),
        pytest.param("return x[:y]", {"return x[1:y]", "return x[:y - 1]"}, id="slice-ends"),
        pytest.param("x += y", {"x = y", "x -= y"}, id="accumulated"),
        pytest.param("np.add.at(x, y)", {"pass"}, id="step-left-out"),
        pytest.param("return x if y else f(x)", {"return x", "return f(x)"}, id="either"),
    ],
)
def test_slips(body: str, slips: set[str]) -> None:
    """Every slip that this statement allows is made, and no other."""
    assert after(body) == slips


def test_condition_is_forgotten() -> None:
    """A refusal may be left out, its condition turned around, its exception be another; its message is left alone."""
    body = "if x > y:\n        raise ValueError(f'{x + 1} is too large')"
    assert after(body) == {
        "if False:",
        "if x >= y:",
        "if x <= y:",
        "raise RuntimeError(f'{x + 1} is too large')",
    }


def test_loop_is_one_off() -> None:
    """A loop may begin late or end early."""
    assert after("for i in range(x):\n        f(i)") == {"for i in range(1, x):", "for i in range(x - 1):", "pass"}


def test_defaults_are_mistaken_and_types_are_not() -> None:
    """The default of a parameter is a constant like others; annotations are not code."""
    assert after("return x", "f(x: Array[2], s: int = 1) -> Array[3]") == {
        "def f(x: Array[2], s: int=2) -> Array[3]:",
        "def f(x: Array[2], s: int=0) -> Array[3]:",
    }


def test_docstrings_are_left_alone() -> None:
    """A docstring is not code, and the module runs without it."""
    assert after('"""1 + 1"""\n    return x') == set()


def test_whole_module_has_one_slip() -> None:
    """The source of a mutant is the module with exactly that slip."""
    (one, other) = mutants("A = 1.0\n\ndef f(x):\n    return A + x\n")
    assert (one.unit, one.source) == ("", "A = 2.0\n\ndef f(x):\n    return A + x")
    assert (other.unit, other.source) == ("f", "A = 1.0\n\ndef f(x):\n    return A - x")
