"""Strings and dicts. Replace the lines that raise NotImplementedError."""


def is_palindrome(text: str) -> bool:
    """Say whether the letters of a text read the same backwards.

    Upper and lower case are the same letter; whatever is no letter does not count.

    >>> is_palindrome("Never odd or even!")
    True
    """
    raise NotImplementedError("is_palindrome: Say whether the letters of a text read the same backwards.")


def caesar(text: str, shift: int) -> str:
    """Move each letter from a to z by `shift` places; after z comes a.

    Upper case stays upper case, other characters stay as they are.

    >>> caesar("Hal 9000", 1)
    'Ibm 9000'
    """
    raise NotImplementedError("caesar: Move each letter from a to z by `shift` places; after z comes a.")


def count_words(text: str) -> dict[str, int]:
    """How often each word occurs.

    Words are separated by blanks or ends of lines; "Dog" and "dog" are the same word, "dog".

    >>> count_words("a dog and a Dog")
    {'a': 2, 'dog': 2, 'and': 1}
    """
    raise NotImplementedError("count_words: How often each word occurs.")


def by_length(words: list[str]) -> dict[int, list[str]]:
    """The words by their lengths, those of one length in the order in which they came.

    >>> by_length(["to", "be", "or", "not"])
    {2: ['to', 'be', 'or'], 3: ['not']}
    """
    raise NotImplementedError("by_length: The words by their lengths, those of one length in the order in which they came.")


def stairs(n: int) -> None:
    """Print stairs of n steps: one # in the first line, two in the second, n in the last. Nothing is returned."""
    raise NotImplementedError(
        "stairs: Print stairs of n steps: one # in the first line, two in the second, n in the last. Nothing is returned."
    )


def letters_in_common(one: str, other: str) -> set[str]:
    """The characters that both texts have.

    >>> sorted(letters_in_common("night", "thing"))
    ['g', 'h', 'i', 'n', 't']
    """
    raise NotImplementedError("letters_in_common: The characters that both texts have.")
