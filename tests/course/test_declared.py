"""What a stub declares to return decides whether a worked example is compared as floats or exactly."""

import ast

import pytest

from grader.course.declared import FLOATS, Declared, declared_parameters, declared_results

EXACT = Declared("exact")


@pytest.mark.parametrize(
    ("annotation", "declared"),
    [
        ("float", FLOATS),
        ("NDArray[np.floating]", FLOATS),
        ("np.ndarray[Any, np.dtype[np.float64]]", FLOATS),
        ("Floats", FLOATS),
        ("int | float", FLOATS),
        ("np.ndarray", FLOATS),
        ("int", EXACT),
        ("bool", EXACT),
        ("str", Declared("text")),
        ("str | None", Declared("text")),
        ("list[str]", Declared("text", form="list")),
        ("NDArray[np.str_]", Declared("text")),
        ("dict[str, int]", Declared("exact", (Declared("exact"),), "dict", "text")),
        ("dict[tuple[int, int], float] | None", Declared("float", (Declared(),), "dict", "exact")),
        ("Counter[str]", Declared("text", form="dict")),
        ("dict", Declared(form="dict")),
        ("set[str]", Declared("text", form="set")),
        ("frozenset[int]", Declared("exact", form="set")),
        ("NDArray[np.int64]", EXACT),
        ("list[NDArray[np.integer]]", Declared("exact", form="list")),
        ("Labels", EXACT),
        ("'Labels | None'", EXACT),
        ("'not Python ('", FLOATS),
        ("tuple[float, int]", Declared(items=(FLOATS, EXACT))),
        ("tuple[list[tuple[int, int]], Floats]", Declared(items=(Declared("exact", form="list"), FLOATS))),
        ("tuple[int, ...]", EXACT),
        ("Itself", FLOATS),
    ],
)
def test_declared(annotation: str, declared: Declared) -> None:
    """The annotation, names of types that the module makes included."""
    aliases = "Floats = NDArray[np.floating]\nLabels: TypeAlias = NDArray[np.integer]\nItself = Itself\n"
    tree = ast.parse(f"{aliases}def f(x) -> {annotation}: ...")
    assert declared_results(tree)["f"] == declared


def test_declared_parameters() -> None:
    """Parameters are declared as results are; those without an annotation are not there."""
    tree = ast.parse("def f(text: str, words: list[str], x, *, n: int = 1): ...")
    found = declared_parameters(tree)["f"]
    assert found == {"text": Declared("text"), "words": Declared("text", form="list"), "n": EXACT}


def test_without_annotation_nothing_is_declared() -> None:
    """Such a function counts as one that returns floats."""
    assert declared_results(ast.parse("def f(x): ...")) == {}


def test_more_results_than_declared_are_floats() -> None:
    """`returns=` may name more results than the annotation."""
    assert [Declared(items=(EXACT,)).of(place) for place in (0, 1)] == [EXACT, FLOATS]
