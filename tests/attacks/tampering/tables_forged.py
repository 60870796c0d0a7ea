"""Sends tables that no pandas would: dtypes that are not their values', half a gigabyte for each number, rows that do not go together

Topic: studio
"""

from facts import *

WHOLE = ["int64", ["array", "<i8", [3], bytes(24)], None]
NAMES = ["str", ["array", "<U1", [3], b"n\0\0\0s\0\0\0w\0\0\0"], None]
DAYS = ["array", "<M8[ns]", [3], bytes(24)]
COLUMNS = [
    ["S500000000", WHOLE[1], None],
    ["V500000000", WHOLE[1], None],
    ["datetime64[ns]", NAMES[1], None],
    ["datetime64[ns, " + "A/" * 20 + "A]", DAYS, None],
    ["int64", ["array", "<i8", [10**9], b""], None],
    ["Int64", WHOLE[1], WHOLE[1]],
    ["category", WHOLE[1], ["array", "|b1", [3], b"\1\1\1"]],
    ["object", WHOLE[1], None],
    ["Sparse[int64, 0]", WHOLE[1], None],
    ["interval[int64]", WHOLE[1], None],
]


def by_shop(sales):
    take_over(lambda seq: returned(["table", "frame", [["units"]], [COLUMNS[seq % len(COLUMNS)]], [None], [NAMES]]))
