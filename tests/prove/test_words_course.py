"""A course about words, counting and classes is proved like one about arrays: texts, dicts, sets, large integers, generators."""

from collections.abc import Iterator

import pytest
from toys import exercise_grade, grade

from grader.course.folder import Assignment
from grader.course.stub import cut_stub
from grader.engine.prepare import prepare
from grader.prove.validate import Proof, validate
from grader.sandbox.choose import best_backend

pytestmark = pytest.mark.slow

SOLUTION = '''
"""Words."""

from collections.abc import Iterator


def shout(text: str) -> str:
    """The text in capitals, with an exclamation mark."""
    # BEGIN SOLUTION
    return text.upper() + "!"
    # END SOLUTION


def sign(x: int) -> str:
    """The word for the sign of x: positive, negative or zero."""
    # BEGIN SOLUTION
    return "positive" if x > 0 else "negative" if x < 0 else "zero"
    # END SOLUTION


def lengths(words: list[str]) -> dict[int, int]:
    """How many words have each length."""
    # BEGIN SOLUTION
    found: dict[int, int] = {}
    for word in words:
        found[len(word)] = found.get(len(word), 0) + 1
    return found
    # END SOLUTION


def letters(words: list[str]) -> set[str]:
    """The letters that occur."""
    # BEGIN SOLUTION
    return {letter for word in words for letter in word}
    # END SOLUTION


def factorial(n: int) -> int:
    """1 · 2 · … · n."""
    # BEGIN SOLUTION
    found = 1
    for factor in range(2, n + 1):
        found *= factor
    return found
    # END SOLUTION


def squares(start: int) -> Iterator[int]:
    """The squares from start² on, without end."""
    # BEGIN SOLUTION
    n = start
    while True:
        yield n * n
        n += 1
    # END SOLUTION


class Longest:
    """Remembers the longest word."""

    def fit(self, words: list[str]) -> "Longest":
        """Look at the words, and return the object itself."""
        # BEGIN SOLUTION
        self.word = max(words, key=len)
        return self
        # END SOLUTION

    def repeated(self, n: int) -> str:
        """The longest word, n times."""
        # BEGIN SOLUTION
        return self.word * n
        # END SOLUTION
'''.lstrip()
REFERENCE = '''
"""The oracle."""

import itertools
import math
from collections import Counter


def shout(text):
    """Joined."""
    return "".join([text, "!"]).upper()


def sign(x):
    """By the order of the words."""
    return ["zero", "positive", "negative"][(x > 0) - (x < 0)]


def lengths(words):
    """Counted."""
    return dict(Counter(map(len, words)))


def letters(words):
    """Joined."""
    return set("".join(words))


def factorial(n):
    """Python's."""
    return math.factorial(n)


def squares(start):
    """Mapped."""
    return map(lambda n: n**2, itertools.count(start))


class Longest:
    """By sorting."""

    def fit(self, words):
        """Sorted."""
        self.words = sorted(words, key=len)
        return self

    def repeated(self, n):
        """Joined."""
        longest = [word for word in self.words if len(word) == len(self.words[-1])]
        return "".join([longest[0]] * n)
'''
EXAMPLES = """
[shout]
lecture = "L1"
slide = "Shouting"
exercise = "shout"
inputs.text = "2 beers"
expected = "2 BEERS!"

[lengths]
lecture = "L1"
slide = "Counting"
exercise = "lengths"
inputs.words = ["a", "12", "on"]
expected = { 1 = 1, 2 = 2 }

[letters]
lecture = "L1"
slide = "Letters"
exercise = "letters"
inputs.words = ["one", "on"]
expected = ["e", "n", "o"]

[squares]
lecture = "L1"
slide = "Squares"
exercise = "squares"
inputs.start = 3
expected = [9, 16, 25]
"""
CHECKS = '''
"""The rubric."""

from grader.course.authoring import agrees, call, examples, exercise, new


def _word(rng):
    return "".join(rng.choice(list("abcdefgh"), size=rng.integers(1, 9)))


def texts(rng):
    """Words."""
    for _ in range(3):
        yield dict(text=_word(rng))


def numbers(rng):
    """Of each sign."""
    for x in (0, 1, -1, int(rng.integers(2, 9)), int(-rng.integers(2, 9))):
        yield dict(x=x)


def lists(rng):
    """Lists of words."""
    for n in (1, 4, 9):
        yield dict(words=[_word(rng) for _ in range(n)])


def large(rng):
    """Numbers whose factorials 64 bits hold, and do not hold."""
    for n in (0, 5, 30, 300):
        yield dict(n=n + int(rng.integers(1, 9)) * (n > 5))


def starts(rng):
    """Numbers to start from."""
    for _ in range(3):
        yield dict(start=int(rng.integers(4, 99)))


def fitted(rng):
    """Look at words, and repeat the longest."""
    for n in (3, 5):
        yield [new("Longest", save="m"), call("m.fit", [_word(rng) for _ in range(n)], reply=False), call("m.repeated", n)]


@exercise(points=1)
def shout():
    """Shouts."""
    yield from examples()
    yield agrees("random words", cases=texts)


@exercise(points=1)
def sign():
    """The word for a sign."""
    yield agrees("random numbers", cases=numbers)


@exercise(points=1)
def lengths():
    """Counts lengths."""
    yield from examples()
    yield agrees("random lists", cases=lists)


@exercise(points=1)
def letters():
    """Collects letters."""
    yield from examples()
    yield agrees("random lists", cases=lists)


@exercise(points=1)
def factorial():
    """Multiplies."""
    yield agrees("small and large", cases=large)


@exercise(points=1, first=3)
def squares():
    """Goes on without end."""
    yield from examples()
    yield agrees("random starts", cases=starts)


@exercise(points=1)
def Longest():
    """Remembers a word."""
    yield agrees("random lists", cases=fitted)
'''
MISTAKES = """
[no_mark]
title = "The exclamation mark is missing."
hint = "How does a shout end?"
shout = 'text.upper() + "!" → text.upper()'

[zero_positive]
title = "Zero counts as positive."
hint = "Which word is right for 0?"
sign = "x > 0 → x >= 0"

[counted_once]
title = "Each length is counted once."
hint = "What happens when a length comes again?"
lengths = "found.get(len(word), 0) + 1 → 1"

[first_word_only]
title = "Only the first word is looked at."
hint = "Which words have letters?"
letters = "for word in words → for word in words[:1]"
"""


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Assignment:
    """The course, its stub cut from the solution."""
    root = tmp_path_factory.mktemp("words")
    files = {
        "solutions/words.py": SOLUTION,
        "reference/words.py": REFERENCE,
        "assignments/course.toml": "",
        "assignments/words/examples.toml": EXAMPLES,
        "assignments/words/checks.py": CHECKS,
        "assignments/words/words.py": cut_stub(SOLUTION, root / "solutions" / "words.py"),
        "reference/misconceptions/words.toml": MISTAKES,
    }
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    return Assignment("words", "Words", root)


@pytest.fixture(scope="module")
def proof(course: Assignment) -> Iterator[Proof]:
    """What `validate` finds, in the sandbox."""
    with best_backend() as backend:
        yield validate(course, backend, mutants=False)


def test_the_rubric_is_proved(proof: Proof) -> None:
    """The solution earns full marks, the stub and trivial programs nothing, and every mistake has its name."""
    assert proof.problems == ()


@pytest.mark.parametrize(
    ("exercise", "student"),
    [
        ("shout", lambda text: "2 BEERS!"),
        ("shout", lambda text: text),
        ("shout", lambda text: ""),
        ("sign", lambda x: "positive"),
        ("sign", lambda x: "zero"),
        ("lengths", lambda words: {1: 1, 2: 2}),
        ("lengths", lambda words: {}),
        ("letters", lambda words: {"e", "n", "o"}),
        ("letters", lambda words: set()),
        ("factorial", lambda n: 1),
        ("squares", lambda start: iter([9, 16, 25])),
    ],
)
def test_trivial_programs_earn_nothing(course: Assignment, exercise: str, student: object) -> None:
    """A constant, the result of a worked example or the argument itself is not work, although it is right for some inputs."""
    found = exercise_grade(grade(prepare(course, "seed"), {exercise: student}), exercise)
    assert found.score == 0
