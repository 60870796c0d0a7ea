"""What `words` should return, by other parts of the standard library."""

import re
from collections import Counter


def is_palindrome(text):
    """From both ends to the middle."""
    letters = "".join(filter(str.isalpha, text.casefold()))
    return all(letters[i] == letters[-1 - i] for i in range(len(letters) // 2))


def caesar(text, shift):
    """A table of all letters."""
    lower = "abcdefghijklmnopqrstuvwxyz"
    k = shift % 26
    return text.translate(str.maketrans(lower + lower.upper(), lower[k:] + lower[:k] + (lower[k:] + lower[:k]).upper()))


def count_words(text):
    """Counted by the library."""
    return dict(Counter(re.findall(r"\S+", text.lower())))


def by_length(words):
    """One comprehension for each length."""
    return {size: [word for word in words if len(word) == size] for size in {len(word) for word in words}}


def stairs(n):
    """All lines at once."""
    print("\n".join("".join("#" for _column in range(row + 1)) for row in range(n)))


def letters_in_common(one, other):
    """Character by character."""
    return {c for c in one if c in other}
