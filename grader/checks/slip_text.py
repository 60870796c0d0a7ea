"""The slips, and what a student reads of each."""

from collections.abc import Mapping
from typing import Literal, assert_never

from grader.text.language import gettext as _

Slip = Literal[
    "axis", "list", "dtype", "single", "order", "rounded", "transposed", "kind", "zone", "index", "columns", "printed", "returned"
]  # fmt: skip
FEW_DIGITS: tuple[Slip, ...] = ("single", "rounded")


def slip_text(slip: Slip, name: str, form: Mapping[str, str]) -> str:
    """A slip, for the student.

    Args:
        form: what is expected and what came: the shape, the dtype or the kind.
    """
    match slip:
        case "axis":
            text = _("{name} has the right values, but the shape {got} instead of {expected}")
        case "list":
            text = _("{name} has the right values, but is {got}; return {expected}")
        case "dtype":
            text = _("{name} has the right values, but the dtype {got} instead of {expected}")
        case "single":
            text = _("{name} is right to the digits of float32 only; compute in float64")
        case "order":
            text = _("{name} is right, but stands in another place: mind the order of the results")
        case "rounded":
            text = _("{name} is right, but rounded; return all digits")
        case "transposed":
            text = _("{name} has the right values, but is transposed")
        case "kind":
            text = _("{name} is right, but is {got}; return {expected}")
        case "zone":
            text = _("{name} is right, but is given in {got} instead of {expected}")
        case "index":
            text = _("{name} has the right values, but its rows have other labels: mind the index")
        case "columns":
            text = _("{name} has the right values, but its columns are in another order: {got} instead of {expected}")
        case "printed":
            text = _("{name} is right, but is printed; return it")
        case "returned":
            text = _("the right text is returned, but not printed; print it")
        case _:
            assert_never(slip)
    return text.format(name=name or _("the result"), **form)
