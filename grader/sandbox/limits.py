"""What may not cross the trust line: the errors for it, and how large a value may be. Nothing here needs numpy."""

import struct
from typing import Literal

HEADER = struct.Struct("<I")  # in front of a frame: its length in bytes
MAX_DEPTH = 16
MAX_DIMENSIONS = 32
MAX_BYTES = 32 << 20  # of one array
MAX_ITEMS = 100_000  # of one list, tuple, dict or set, and rows of a table: they are judged item by item
MAX_COLUMNS = 1_000  # of a table


class WireError(Exception):
    """An invalid value or frame; the message says which part is wrong."""


Unsendable = Literal[
    "nested", "large_integer", "many_items", "many_keys", "dict_key", "set_item", "type", "object_array", "dtype", "large_array",
    "large_message", "all_together", "one_result", "unknown", "function", "no_function", "printed", "column", "columns", "figures",
]  # fmt: skip


class UnsendableError(WireError):
    """A value cannot be sent: a reason and its details, which `judge.messages` words."""

    def __init__(self, reason: Unsendable, *values: object) -> None:
        super().__init__(f"{reason} ({', '.join(map(str, values))})" if values else reason)
        self.reason = reason
        self.values = tuple(str(value)[:250].encode("utf-8", "backslashreplace").decode()[:300] for value in values)


def size_text(count: float) -> str:
    """`count` bytes in words: "4.2 MB"."""
    for unit in ("bytes", "KB", "MB", "GB"):
        if count < 1000:
            return f"{count:.3g} {unit}"
        count /= 1000
    return f"{count:,.0f} TB"
