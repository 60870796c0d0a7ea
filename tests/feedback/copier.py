"""A program without any algorithm that copies its numbers from the feedback of earlier submissions.

A call is known by its place among the calls of its function, which is the same for every submission. Where nothing is known yet, the result
is an array whose length says which call it is; once its shape is known, it is filled with a number that says so. The next submission holds
what the feedback said should stand there. Where feedback names no numbers, it says at least how much is wrong: a small result may consist
of zeros and ones, and each answer rules out all those that it does not fit, as in Mastermind.
"""

import itertools
import math
import re
from collections.abc import Iterable, Mapping

import msgspec
import numpy as np

PROBE = 1000  # + the call: the length of an array in place of an unknown result
FILLER = 700_000  # + the call: a number in place of an unknown one
SMALL = 12  # elements of a result that is guessed

_NAME, _NUMBER, _SHAPE = r"(the result|[\w\[\]']+)", r"(-?(?:\d[\d.]*(?:e[+-]?\d+)?|inf|nan))", r"\(([\d, ]*)\)"
_PLACE = r"\[([\d,]+)\]"
_AT = re.compile(rf"(\w*|the result){_PLACE} = {_NUMBER} \(should be {_NUMBER}\)")
_IS = re.compile(rf"{_NAME} is {_NUMBER}, but should be {_NUMBER}")
_LECTURE = re.compile(rf"(\w+)(?:{_PLACE})? = .*? = {_NUMBER}, yours {_NUMBER}")
_FORM = re.compile(rf"{_NAME} should (?:have shape|be an array of shape) {_SHAPE}, but (?:has|is an array of shape) {_SHAPE}")
_ONE = re.compile(rf"{_NAME} should be (?:a|one) number, but (?:is an array of|has) shape {_SHAPE}")
_SEVERAL = re.compile(r"should be \d+ (?:results|gradients) \(([\w, ]+)\), but is an array of shape \((\d+),\)")
_REFUSED = re.compile(r"it should raise (\w+), but it returned an array of shape \((\d+),\)")
_DTYPE = re.compile(rf"{_NAME} should be of dtype (\w+)")
_PART = re.compile(r"(every|most|some) values? of|(\d+) of (\d+) values of")

_PROGRAM = """
import numpy as np
KNOWN = {known!r}
CALLS = {{}}

def part(call, known):
    shape, values, dtype = known
    if shape is None:
        return np.zeros({probe} + call)
    filled = np.full(shape, {filler}.0 + call)
    for place, value in values.items():
        filled[place] = value
    return filled.astype(dtype) if shape or dtype != "float64" else float(filled)

def play(name):
    call = CALLS[name] = CALLS.get(name, -1) + 1
    refused, parts = KNOWN[name].get(call, ("", [(None, {{}}, "float64")]))
    if refused:
        raise getattr(__builtins__, refused, ValueError) if not isinstance(__builtins__, dict) else __builtins__[refused]
    found = tuple(part(call, known) for known in parts)
    return found if len(found) > 1 else found[0]
"""


class Part(msgspec.Struct):
    """What is known of one result of a call."""

    name: str = ""
    shape: tuple[int, ...] | None = None
    values: dict[tuple[int, ...], float] = {}
    dtype: str = "float64"


class Call(msgspec.Struct):
    """What is known of a call: the exception that it should raise, or its results; and what an only result may still be."""

    refused: str = ""
    parts: list[Part] = msgspec.field(default_factory=lambda: [Part()])
    candidates: list[tuple[int, ...]] | None = None


class Copier:
    """The functions of one assignment, and what the feedback of earlier submissions said of their calls."""

    def __init__(self, functions: Iterable[str]) -> None:
        self._calls: dict[str, dict[int, Call]] = {name: {} for name in functions}
        self._current: dict[tuple[str, str], int] = {}
        self._rng = np.random.default_rng(0)

    def program(self) -> str:
        """The next submission."""
        known = {
            name: {
                place: (call.refused, [(part.shape, part.values, part.dtype) for part in call.parts])
                for place, call in calls.items()
            }
            for name, calls in self._calls.items()
        }
        text = _PROGRAM.format(known=known, probe=PROBE, filler=FILLER)
        return text + "".join(f"\ndef {name}(*args, **kwargs):\n    return play({name!r})\n" for name in known)

    def read(self, said: Mapping[tuple[str, str], str]) -> None:
        """Learn from the text on each check, by exercise and check."""
        for (function, check), text in said.items():
            if function in self._calls:
                self._read(function, check, " ".join(text.split()))

    def _read(self, function: str, check: str, text: str) -> None:
        for error, length in _REFUSED.findall(text):
            self._call(function, int(length) - PROBE).refused = error
        for names, length in _SEVERAL.findall(text):
            call = self._call(function, int(length) - PROBE)
            call.parts = [Part(name.strip()) for name in names.split(",")]
        for name, shape, length in [*_FORM.findall(text), *((name, "", length) for name, length in _ONE.findall(text))]:
            if (got := _shape(length)) and len(got) == 1 and got[0] >= PROBE:
                self._current[function, check] = got[0] - PROBE
                _part(self._call(function, got[0] - PROBE), name).shape = _shape(shape)
        found = [*_AT.findall(text), *((name, "", got, want) for name, got, want in _IS.findall(text))]
        found += [(name, place, got, want) for name, place, want, got in _LECTURE.findall(text)]
        for name, place, got, want in found:
            if known := self._whose(function, name, _shape(place), got):
                known.values = {**known.values, _shape(place): float(want)}
        current = self._call(function, self._current.get((function, check), -1))
        for name, dtype in _DTYPE.findall(text):
            _part(current, name).dtype = dtype
        if (rough := _PART.search(text)) and not found:
            self._guess(current, rough)

    def _call(self, function: str, place: int) -> Call:
        return self._calls[function].setdefault(place, Call())

    def _whose(self, function: str, name: str, place: tuple[int, ...], got: str) -> Part | None:
        """The part of a call whose number at `place` is `got`: a filler, or one that was copied with too few digits."""
        for number, call in self._calls[function].items():
            for part in call.parts if len(call.parts) == 1 else [_part(call, name)]:
                if part.shape is None or len(part.shape) != len(place):
                    continue
                value = part.values.get(place, float(FILLER + number))
                if got in (str(int(value)) if abs(value) < 1e15 else "", *(f"{value:.{digits}g}" for digits in (6, 9, 12, 17))):
                    return part
        return None

    def _guess(self, call: Call, rough: "re.Match[str]") -> None:
        """Make another guess, one that fits all answers so far."""
        (part, *others), (word, wrong, _size) = call.parts, rough.groups()
        size = math.prod(part.shape or ()) if part.shape is not None else SMALL + 1
        if others or not 0 < size <= SMALL:
            return
        if call.candidates is None:
            call.candidates = list(itertools.product((0, 1), repeat=size))
        else:
            last = tuple(map(int, part.values.values()))
            fits = {"every": range(size, size + 1), "most": range(size // 2 + 1, size), "some": range(1, size // 2 + 1)}
            allowed = fits[word] if word else (int(wrong),)
            call.candidates = [
                item for item in call.candidates if sum(a != b for a, b in zip(item, last, strict=True)) in allowed
            ]
        if call.candidates:
            guess = call.candidates[self._rng.integers(len(call.candidates))]
            part.values = dict(zip(np.ndindex(part.shape), map(float, guess), strict=True))


def _part(call: Call, name: str) -> Part:
    return next((part for part in call.parts if part.name == name), call.parts[0])


def _shape(text: str) -> tuple[int, ...]:
    return tuple(int(item) for item in text.split(",") if item.strip())
