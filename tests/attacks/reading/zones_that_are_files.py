"""Sends a table whose time zone is the path of a file, to be read where the course makes a DataFrame of it

Topic: studio
"""

from facts import *

DAYS = ["array", "<M8[ns]", [3], bytes(24)]
NAMES = ["str", ["array", "<U1", [3], b"n\0\0\0s\0\0\0w\0\0\0"], None]
ZONES = ["dateutil//etc/passwd", "dateutil/../../../../etc/passwd", "/etc/passwd", "../../../etc/passwd", "dateutil/" + FILE, "localtime"]


def by_shop(sales):
    take_over(
        lambda seq: returned(
            ["table", "frame", [["units"]], [[f"datetime64[ns, {ZONES[seq % len(ZONES)]}]", DAYS, None]], [None], [NAMES]]
        )
    )
