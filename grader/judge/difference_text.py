"""How one result differs from the expected one, in words."""

from typing import assert_never

from grader.checks.difference import Difference, Index
from grader.text.language import gettext as _
from grader.text.language import ngettext


def difference_text(difference: Difference) -> str:
    """How one result differs from the expected one."""
    name = difference.path or _("the result")
    parts = {"name": name, "expected": difference.expected, "got": difference.got}
    if difference.missing or difference.extra:
        return _unpaired(difference)
    match difference.stage:
        case "type" if difference.got == "None":
            return _("{name} should be {expected}, but it is None; is a `return` missing?").format(**parts)
        case "shape" if difference.expected == "()":
            return _("{name} should be one number, but has shape {got}").format(**parts)
        case "shape" if difference.expected.startswith("("):
            return _("{name} should have shape {expected}, but has {got}").format(**parts)
        case "type" | "shape":
            return _("{name} should be {expected}, but is {got}").format(**parts)
        case "dtype":
            return _("{name} should be of dtype {expected}, but is {got}").format(**parts) + _dtype_hint(difference)
        case "finite" if difference.first:
            return not_finite(difference) + "; " + _("first {place}").format(place=_at(difference, difference.first_got))
        case "finite" | "values":
            pass
        case _:
            assert_never(difference.stage)
    if not difference.first:
        return _("{name} is {got}, but should be {expected}").format(**parts)
    shown = _("first {place} (should be {expected})").format(
        place=_at(difference, difference.first_got), expected=difference.first_expected
    )
    text = f"{wrong_text(difference)}; {shown}"
    if difference.wrong > 1 and difference.worst != difference.first:
        worst = _at(difference, difference.got, difference.worst)
        text += ", " + _("worst {place} (should be {expected})").format(place=worst, expected=difference.expected)
    return text


def _unpaired(difference: Difference) -> str:
    """What a set, or a dict among its keys, lacks and should not have."""
    keys, missing, extra = difference.stage == "shape", difference.missing, difference.extra
    if missing and extra:
        text = (
            _("{name} lacks {missing} among its keys, and should not have {extra}")
            if keys
            else _("{name} lacks {missing}, and should not have {extra}")
        )
    elif missing:
        text = _("{name} lacks {missing} among its keys") if keys else _("{name} lacks {missing}")
    else:
        text = _("{name} should not have {extra} among its keys") if keys else _("{name} should not have {extra}")
    return text.format(name=difference.path or _("the result"), missing=missing, extra=extra)


def wrong_text(difference: Difference) -> str:
    """How many values are wrong: "6 of 9 values of O are wrong"."""
    some = ngettext(
        "{wrong} of {size} values of {name} is wrong", "{wrong} of {size} values of {name} are wrong", difference.wrong
    )
    return _counted(difference, some, _("every value of {name} is wrong"), _("the value of {name} is wrong"))


def not_finite(difference: Difference) -> str:
    """How many values are not finite."""
    some = ngettext(
        "{wrong} of {size} values of {name} is not finite", "{wrong} of {size} values of {name} are not finite", difference.wrong
    )
    return _counted(difference, some, _("every value of {name} is not finite"), _("the value of {name} is not finite"))


def _counted(difference: Difference, some: str, every: str, only: str) -> str:
    """The text for some, every or the only value of the result, filled in."""
    text = some if difference.wrong < difference.size else every if difference.size > 1 else only
    return text.format(wrong=difference.wrong, size=difference.size, name=difference.path or _("the result"))


def _at(difference: Difference, value: str, index: Index | None = None) -> str:
    return f"{difference.path}[{','.join(map(str, difference.first if index is None else index))}] = {value}"


def _dtype_hint(difference: Difference) -> str:
    if difference.expected.startswith("float") and "int" in difference.got and difference.wrong == 0 < difference.size:
        return "; " + _("were the results put into an array of integers, which cuts them off?")
    if difference.expected.startswith("float") and difference.got == "float16":
        return "; " + _("it keeps three digits only")
    return ""
