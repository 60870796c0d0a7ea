"""Strings and dicts. Replace the lines that raise NotImplementedError."""


def is_palindrome(text: str) -> bool:
    """Say whether the letters of a text read the same backwards.

    Upper and lower case are the same letter; whatever is no letter does not count.

    >>> is_palindrome("Never odd or even!")
    True
    """
    letters = [c for c in text.lower() if c.isalpha()]
    return letters == letters[::-1]


def caesar(text: str, shift: int) -> str:
    """Move each letter from a to z by `shift` places; after z comes a.

    Upper case stays upper case, other characters stay as they are.

    >>> caesar("Hal 9000", 1)
    'Ibm 9000'
    """
    moved = ""
    for c in text:
        if "a" <= c <= "z":
            moved += chr((ord(c) - ord("a") + shift) % 26 + ord("a"))
        elif "A" <= c <= "Z":
            moved += chr((ord(c) - ord("A") + shift) % 26 + ord("A"))
        else:
            moved += c
    return moved


def count_words(text: str) -> dict[str, int]:
    """How often each word occurs.

    Words are separated by blanks or ends of lines; "Dog" and "dog" are the same word, "dog".

    >>> count_words("a dog and a Dog")
    {'a': 2, 'dog': 2, 'and': 1}
    """
    counts: dict[str, int] = {}
    for word in text.lower().split():
        counts[word] = counts.get(word, 0) + 1
    return counts


def by_length(words: list[str]) -> dict[int, list[str]]:
    """The words by their lengths, those of one length in the order in which they came.

    >>> by_length(["to", "be", "or", "not"])
    {2: ['to', 'be', 'or'], 3: ['not']}
    """
    found: dict[int, list[str]] = {}
    for word in words:
        found.setdefault(len(word), []).append(word)
    return found


def stairs(n: int) -> None:
    """Print stairs of n steps: one # in the first line, two in the second, n in the last. Nothing is returned."""
    for step in range(1, n + 1):
        print("#" * step)


def letters_in_common(one: str, other: str) -> set[str]:
    """The characters that both texts have.

    >>> sorted(letters_in_common("night", "thing"))
    ['g', 'h', 'i', 'n', 't']
    """
    return set(one) & set(other)
