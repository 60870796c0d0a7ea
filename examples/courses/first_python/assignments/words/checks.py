"""Checks for `words`."""

from grader.course.authoring import _, agrees, examples, exercise, has_property, prints

WORDS = ["sun", "moon", "star", "sky", "tree", "Tree", "river", "stone", "STONE", "a", "an", "at", "go"]


def some(rng, alphabet, n):
    return "".join(rng.choice(list(alphabet), size=n))


def palindromes(rng):
    """Texts that are palindromes once other characters and case are put aside, and their neighbours that are not."""
    for n in (3, 5, 4, 8):
        half = some(rng, "abcXYZ", n)
        whole = half + some(rng, "abc", n % 2) + half[::-1].swapcase()
        yield dict(text=whole.replace("a", "a, "))
        for place in (0, 1, n - 1):  # at the ends, beside them, in the middle
            yield dict(text=(whole[:place] + "q" + whole[place + 1 :]).replace("b", "b."))
    yield dict(text="No 1 on")
    yield dict(text="x" + some(rng, "0123", 3) + "X")


def nothing_to_read(rng):
    yield dict(text="")
    yield dict(text="12 34!")


def secrets(rng):
    for shift in (3, 13, -4, 25):
        yield dict(text=some(rng, "abcxyzABCXYZ ,.!1", 12), shift=shift)


def far(rng):
    for shift in (26 * 3 + 2, -100):
        yield dict(text=some(rng, "mnoMNO?", 8), shift=shift)


def foreign(rng):
    yield dict(text="año " + some(rng, "nñ", 3), shift=2)


def texts(rng):
    for n in (6, 9, 14):
        yield dict(text=" ".join(rng.choice(WORDS, size=n).tolist()))
    yield dict(text="  ".join(rng.choice(WORDS, size=4).tolist()) + "\n" + WORDS[0])


def no_words(rng):
    yield dict(text="")


def lists(rng):
    for n in (5, 8, 12):
        yield dict(words=rng.choice(WORDS, size=n).tolist())


def empty_list(rng):
    yield dict(words=[])


def pairs(rng):
    for n in (4, 6, 9):
        yield dict(one=some(rng, "abcdefgh", n), other=some(rng, "efghijkl", n))
    yield dict(one=some(rng, "ab", 3), other=some(rng, "yz", 3))


def there_and_back(rng):
    """A text moved, and moved back."""
    text, shift = some(rng, "Hello, world", 10), int(rng.integers(1, 26))
    yield [dict(text=text, shift=shift), dict(text=text, shift=-shift)]


def heights(rng):
    for n in (3, 1, int(rng.integers(5, 12))):
        yield dict(n=n)


def as_long_as_before(case, results):
    for call, result in zip(case, results):
        if len(result) != len(call["text"]):
            return _("a text of {n} characters has {m} after it").format(n=len(call["text"]), m=len(result))
    return None


@exercise(points=2)
def is_palindrome():
    """Whether a text reads the same backwards."""
    yield from examples()
    yield agrees("texts with blanks and capitals", cases=palindromes, share=3)
    yield agrees("a text without letters", cases=nothing_to_read, share=0.5)


@exercise(points=2)
def caesar():
    """Letters moved along the alphabet."""
    yield from examples()
    yield agrees("random texts", cases=secrets, share=2)
    yield agrees("once around the alphabet and more", cases=far)
    yield agrees("letters beyond a to z stay", cases=foreign, share=0.5)
    yield has_property("the text stays as long as it was", cases=there_and_back, law=as_long_as_before, share=0.25)


@exercise(points=2)
def count_words():
    """How often each word occurs."""
    yield from examples()
    yield agrees("random texts", cases=texts, share=2)
    yield agrees("no words at all", cases=no_words, share=0.25)


@exercise(points=2)
def by_length():
    """Words by their lengths."""
    yield from examples()
    yield agrees("random words", cases=lists, share=2)
    yield agrees("no words at all", cases=empty_list, share=0.25)


@exercise(points=1)
def letters_in_common():
    """What two texts share."""
    yield from examples()
    yield agrees("random texts", cases=pairs, share=2)


@exercise(points=1)
def stairs():
    """Stairs that are printed."""
    yield prints("stairs of several heights", cases=heights)
