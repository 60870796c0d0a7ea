"""What a reply costs in memory once it is decoded, found out before any of it is: an empty list is one byte on the wire and an object here.

Both sides count with this function: a child refuses to send what costs too much, and the supervisor to decode it.
"""

from typing import Final

EACH: Final = (
    128  # bytes of a number, a list, a text or an array beside its data: the object, its place, and copies while it is judged
)
LETTER: Final = 4  # bytes of a letter: one that is not Latin makes all letters of a text as wide
MAX_PRICE: Final = 33 << 20  # of one reply: an array of `values.MAX_BYTES`, and room for what goes with it
CHEAP: Final = MAX_PRICE // (EACH + LETTER)  # bytes that cannot cost more, whatever an encoder made of them


def price(body: bytes | bytearray, most: int = MAX_PRICE) -> int:
    """The bytes of memory that the msgpack values in `body` take; at least its length. Counting stops above `most`.

    A list costs what it announces, whether that follows or not. Whether `body` is valid msgpack is for the decoder to check.
    """
    if len(body) > most:
        return len(body)
    place, left, total, end = 0, 1, EACH, len(body)
    while left and place < end and total <= most:
        token = body[place]
        left -= 1
        if step := _WIDTHS[token]:
            place += step
            if 0xA0 <= token < 0xC0:
                total += LETTER * (step - 1)
            continue
        start, items = place, 0
        if token <= 0x9F:  # a short map or list
            place, items = start + 1, (token & 15) << (token < 0x90)
        elif token in _SIZED:  # bytes, text or an extension behind its size
            width, more, times = _SIZED[token]
            size = int.from_bytes(body[start + 1 : start + 1 + width], "big")
            place = start + 1 + width + more + size
            total += times * size
        else:  # a long list or map
            width = 2 << (token & 1)
            place = start + 1 + width
            items = int.from_bytes(body[start + 1 : place], "big") << (token >= 0xDE)
        total += EACH * items
        left += items
    return max(total, end)


# The length of a value that begins with this byte; 0 if a size or other values follow.
_WIDTHS = tuple(
    [1] * 0x80  # small integers
    + [0] * 0x20  # short maps and lists
    + [1 + size for size in range(0x20)]  # short text
    + [1, 1, 1, 1]  # nil, unused, false, true
    + [0] * 6  # bytes and extensions
    + [5, 9]  # floats
    + [2, 3, 5, 9] * 2  # integers
    + [3, 4, 6, 10, 18]  # short extensions
    + [0] * 7  # text, lists, maps
    + [1] * 0x20  # small negative integers
)
# For bytes, extensions and text: the width of the size that follows, the bytes between it and the data, and what a byte of data costs.
_SIZED = {
    0xC4: (1, 0, 1), 0xC5: (2, 0, 1), 0xC6: (4, 0, 1),
    0xC7: (1, 1, 1), 0xC8: (2, 1, 1), 0xC9: (4, 1, 1),
    0xD9: (1, 0, LETTER), 0xDA: (2, 0, LETTER), 0xDB: (4, 0, LETTER),
}  # fmt: skip
