"""Agreement with the reference in what is drawn with matplotlib: chosen properties of the figures, each judged and paid by itself."""

from collections.abc import Iterator, Sequence
from typing import Any, ClassVar, get_args

import msgspec
import numpy as np

from grader.checks.draft import Cases, Draft, wrong_case
from grader.checks.evidence import Evidence
from grader.checks.findings import PASSED, Finding, ResultFinding, result_findings
from grader.checks.words import array_text
from grader.sandbox.wire import Sent
from grader.text.language import gettext as _
from grader.text.language import ngettext

PROPERTIES = tuple(word for word in get_args(Sent) if word not in ("result", "printed"))


_FORMS = ("axis", "list", "dtype", "single")  # slips of how arrays come, which is not the student's choice here


class Drawing(msgspec.Struct, frozen=True):
    """See `draws`."""

    kind: ClassVar[str] = "draws"
    needs_reference: ClassVar[bool] = True
    published: ClassVar[bool] = False
    name: str
    what: tuple[Sent, ...]
    cases: Cases
    n: int | None
    share: float
    rtol: float | None

    def plan(self, draft: Draft) -> tuple[int, ...]:
        """One call for every case."""
        found = []
        for case in draft.take(self.cases, self.n):
            draft.case()
            if not isinstance(case, dict):
                raise wrong_case(self.cases, case, "dict(…) of arguments")
            found.append(draft.call(draft.exercise, case, sends=self.what))
        return tuple(found)

    def judge(self, evidence: Evidence) -> Finding:
        """Each property is the reference's in every case."""
        if trouble := evidence.trouble(evidence.data):
            return trouble
        found = [item for seq in evidence.data for item in self._results(evidence, seq)]
        if all(item.verdict == "passed" and not item.slip for item in found):
            return PASSED
        return msgspec.structs.replace(evidence, names=self.what).finding(found)

    def _results(self, evidence: Evidence, seq: int) -> Iterator[ResultFinding]:
        expected, got = (self._by_name(value) for value in (evidence.expected(seq), evidence.value(seq)))
        for item in result_findings(seq, evidence.compared(seq, evidence.tolerance(seq, self.rtol))):
            if item.verdict == "passed":
                is_form = item.slip in _FORMS
                yield msgspec.structs.replace(item, slip=None, message="", public="") if is_form else item
                continue
            for name in [item.name] if item.name in expected else self.what:  # all of them, where one cannot be told from another
                text = differs(name, expected[name], got.get(name), exact=True)
                public = differs(name, expected[name], got.get(name), exact=False)
                yield msgspec.structs.replace(item, name=name, slip=None, difference=None, message=text, public=public)

    def _by_name(self, value: Any) -> dict[str, Any]:
        if len(self.what) == 1:
            return {self.what[0]: value}
        return dict(zip(self.what, value, strict=False)) if isinstance(value, tuple) else {}


def differs(name: str, expected: Any, got: Any, exact: bool) -> str:
    """How a property of the figures differs, for the student; without what was drawn unless `exact`."""
    if name == "axes":
        return _count_of_axes(expected, got)
    if not isinstance(expected, list) or not isinstance(got, list):
        return _("nothing can be said of the {name}").format(name=_property(name))
    if not got:
        return _("nothing is drawn")
    if len(got) != len(expected):
        return _count_of_axes(len(expected), len(got))
    place = next((place for place, (one, other) in enumerate(zip(expected, got, strict=True)) if not _same(one, other)), 0)
    where = _("axes {n}: ").format(n=place + 1) if len(expected) > 1 else ""
    return where + _in_axes(name, expected[place], got[place], exact)


def _count_of_axes(expected: int, got: Any) -> str:
    return _("axes drawn: {got}; expected: {expected}").format(got=got if type(got) is int else "?", expected=expected)


def _in_axes(name: str, want: Any, have: Any, exact: bool) -> str:
    if name.startswith("has "):
        texts = {
            "has titles": (_("the title is missing"), _("there should be no title")),
            "has labels": (_("a label of an axis is missing"), _("an axis should have no label")),
            "has legends": (_("the legend is missing, or has no text"), _("there should be no legend")),
        }
        return texts[name][0 if want else 1]
    if name in ("titles", "labels", "legends", "scales"):
        shown = _property(name)
        if not exact:
            return _("the {name} differ").format(name=shown)
        return _("the {name} are {got}, but should be {expected}").format(name=shown, got=_texts(have), expected=_texts(want))
    if name == "limits":
        return _("the limits of the axes differ")
    if not isinstance(want, list) or not isinstance(have, list) or len(want) != len(have):
        count = len(have) if isinstance(have, list) else 0
        return _("{got} drawn, but {expected} expected").format(got=_counted(name, count), expected=_counted(name, len(want)))
    shape = next(((one, other) for one, other in zip(want, have, strict=True) if np.shape(one) != np.shape(other)), None)
    if shape and all(isinstance(array, np.ndarray) for array in shape):
        text = _("one of the {name} is {got}, but should be {expected}")
        return text.format(name=_property(name), got=array_text(shape[1]), expected=array_text(shape[0]))
    return _("the data of the {name} differ").format(name=_property(name))


def _same(one: Any, other: Any) -> bool:
    """Whether two properties look the same; which one is shown first is all that depends on it."""
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(_same, one, other))
    if isinstance(one, np.ndarray) or isinstance(other, np.ndarray):
        numbers = all(isinstance(item, np.ndarray) and item.dtype.kind in "biuf" for item in (one, other))
        return numbers and np.shape(one) == np.shape(other) and bool(np.allclose(one, other, equal_nan=True))
    return type(one) is type(other) and bool(one == other)


def _texts(value: Any) -> str:
    items = value if isinstance(value, list) else [value]
    return ", ".join(repr(item)[:60] for item in items[:6]) or _("none")


def _property(name: str) -> str:
    """A property in words."""
    return {
        "titles": _("titles"),
        "labels": _("labels of the axes"),
        "legends": _("texts of the legend"),
        "scales": _("scales"),
        "lines": _("lines"),
        "points": _("scattered points"),
        "bars": _("bars"),
        "images": _("images"),
        "limits": _("limits"),
    }.get(name, name)


def _counted(name: str, n: int) -> str:
    match name:
        case "lines":
            return ngettext("{n} line is", "{n} lines are", n).format(n=n)
        case "points":
            return ngettext("{n} group of points is", "{n} groups of points are", n).format(n=n)
        case "bars":
            return ngettext("{n} group of bars is", "{n} groups of bars are", n).format(n=n)
        case _:
            return ngettext("{n} image is", "{n} images are", n).format(n=n)


def draws(
    name: str, what: Sequence[Sent], *, cases: Cases, n: int | None = None, share: float = 1.0, rtol: float | None = None
) -> Drawing:
    """Agreement with the reference in chosen properties of the figures that are drawn, or returned; no picture is made.

    Args:
        what: properties, each of which is a result of the check: `"lines"`, `"points"`, `"bars"`, `"images"` (their data);
            `"titles"`, `"labels"`, `"legends"` (their texts), `"has titles"`, `"has labels"`, `"has legends"` (whatever they say);
            `"scales"`, `"limits"`, and `"axes"` (how many there are).
        cases: generator function of argument dicts.
        rtol: of the data, relative to the largest number.
    """
    if isinstance(what, str):
        raise TypeError(f"what={what!r}, but it takes a tuple: ({what!r},)")
    chosen = tuple(what)
    if unknown := [word for word in chosen if word not in PROPERTIES]:
        raise ValueError(f"{unknown[0]!r} is not a property of a figure; there are {', '.join(PROPERTIES)}")
    if not chosen:
        raise ValueError(f"say what of the figure is compared: {', '.join(PROPERTIES)}")
    return Drawing(name, chosen, cases, n, share, rtol)
