"""Which known name was meant by one that is not known."""

import difflib
from collections.abc import Iterable

from grader.text.language import gettext as _

_MOST = 200  # characters of a list of names


def near(name: str, known: Iterable[str]) -> str:
    """Which of the `known` names was meant, as a sentence; if none is like it, which there are."""
    names = list(dict.fromkeys(known))
    folded: dict[str, list[str]] = {}
    for one in names:
        folded.setdefault(one.casefold(), []).append(one)
    found = [one for match in difflib.get_close_matches(name.casefold(), folded, 3, 0.5) for one in folded[match]]
    if found:
        return _("Did you mean {names}?").format(names=_(" or ").join(f"'{one}'" for one in found))
    listed = ", ".join(names)
    shown = listed if len(listed) <= _MOST else listed[:_MOST].rpartition(",")[0] + ", …"
    return _("There are: {names}.").format(names=shown or _("none"))
