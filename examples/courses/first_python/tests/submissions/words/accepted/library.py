"""With the standard library's own tools."""

import string
from collections import Counter, defaultdict


def is_palindrome(text):
    kept = "".join(c for c in text.upper() if c.isalpha())
    return kept == "".join(reversed(kept))


def caesar(text, shift):
    out = []
    for c in text:
        for letters in (string.ascii_lowercase, string.ascii_uppercase):
            if c in letters:
                c = letters[(letters.index(c) + shift) % 26]
                break
        out.append(c)
    return "".join(out)


def count_words(text):
    return Counter(text.lower().split())


def by_length(words):
    found = defaultdict(list)
    for word in words:
        found[len(word)].append(word)
    return found


def letters_in_common(one, other):
    return set(one).intersection(other)


def stairs(n):
    line = ""
    while len(line) < n:
        line += "#"
        print(line)
