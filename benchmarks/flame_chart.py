"""A flame graph as SVG: a box for each function, as wide as its CPU time, what it calls beneath it."""

from collections.abc import Iterator, Mapping, Sequence
from html import escape
from zlib import crc32

WIDTH, ROW, TOP = 1000, 15, 34
LEAST = 0.9  # of the width, in pixels: thinner boxes are left out
LETTER = 5.4  # how wide one is, about
MOST_ROWS = 28
SHADES = ("#f6c177", "#f2a65a", "#f7d08a", "#ee964b", "#f4b66a", "#fad7a0")
OTHER = ("#b8d4e8", "#a5c8e1", "#c9dff0")  # what is not the grader's own
Stack = tuple[str, ...]


def drawn(stacks: Mapping[Stack, float], title: str, count: int, widest: float = 0.0) -> str:
    """The file.

    Args:
        stacks: seconds of each; what is called comes last.
        count: of what the whole did; the title says how long one takes.
        widest: seconds that are as wide as the picture; the whole, if it is longer.
    """
    whole = sum(stacks.values()) or 1.0
    boxes = [*_boxes(sorted(stacks.items()), 0, 0.0, WIDTH / max(whole, widest))]
    height = TOP + ROW * (1 + max((row for row, *_ in boxes), default=0)) + 6
    parts = [
        f'<text x="{WIDTH / 2}" y="20" text-anchor="middle" font-size="13">{escape(title)} {1000 * whole / count:.1f} ms</text>'
    ]
    for row, x, width, name, seconds in boxes:
        each = f"{1000 * seconds / count:.2f} ms, {100 * seconds / whole:.1f} %"
        room = int((width - 4) / LETTER)
        label = f"{name} {each}" if row == 0 else name
        shown = label if len(label) <= room else label[: room - 1] + "…" if room > 3 else ""
        parts.append(
            f'<g><title>{escape(name)}: {each}</title><rect x="{x:.1f}" y="{TOP + ROW * row}" width="{max(width - 0.4, 0.4):.1f}" '
            f'height="{ROW - 1}" fill="{_colour(row, name)}"/>'
            + (f'<text x="{x + 2:.1f}" y="{TOP + ROW * row + 11}">{escape(shown)}</text>' if shown else "")
            + "</g>"
        )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" font-family="sans-serif" font-size="10">\n'
        f'<rect width="{WIDTH}" height="{height}" fill="#fffdf8"/>\n' + "\n".join(parts) + "\n</svg>\n"
    )


def _boxes(
    stacks: Sequence[tuple[Stack, float]], row: int, x: float, scale: float
) -> Iterator[tuple[int, float, float, str, float]]:
    """Row, place, width, name and seconds of each box; `stacks` are sorted."""
    start = 0
    while start < len(stacks):
        if len(stacks[start][0]) <= row:  # its own time
            x += stacks[start][1] * scale
            start += 1
            continue
        name, end = stacks[start][0][row], start
        while end < len(stacks) and stacks[end][0][row : row + 1] == (name,):
            end += 1
        seconds = sum(found for _, found in stacks[start:end])
        if seconds * scale >= LEAST:
            yield row, x, seconds * scale, name, seconds
            if row + 1 < MOST_ROWS:
                yield from _boxes(stacks[start:end], row + 1, x, scale)
        x += seconds * scale
        start = end


def _colour(row: int, name: str) -> str:
    if row == 0:
        return "#d9d2e9"
    own = name.split(".")[0] in (
        "sandbox",
        "engine",
        "judge",
        "checks",
        "plan",
        "run",
        "course",
        "cli",
        "gradebook",
        "submissions",
        "text",
    )
    return (shades := SHADES if own else OTHER)[crc32(name.encode()) % len(shades)]
