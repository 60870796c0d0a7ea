"""Two kinds of picture for the page of figures, as SVG: lines over a logarithmic size, and bars of ratios. Nothing in them is by chance."""

import math
from collections.abc import Mapping, Sequence
from html import escape

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 640, 300, 64, 150, 16, 40
COLOURS = ("#0072b2", "#d55e00", "#009e73", "#aa4499", "#8a6d00", "#57606b")
DARK = ("#56b4e9", "#ff9150", "#2fc79a", "#d78ac8", "#e3b341", "#9198a2")
DASHES = ("", "6 3", "2 2", "8 2 2 2", "1 3", "4 4")
Points = Sequence[tuple[float, float]]


def lines(series: Mapping[str, Points], across: str, up: str) -> str:
    """A line for each name, both axes logarithmic."""
    every = [point for points in series.values() for point in points]
    (left, right), (low, high) = (_decades([point[axis] for point in every]) for axis in (0, 1))

    def x(value: float) -> float:
        return LEFT + (WIDTH - LEFT - RIGHT) * (math.log10(value) - left) / (right - left)

    def y(value: float) -> float:
        return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * (math.log10(value) - low) / (high - low)

    parts = [
        *(_rule(x(10**power), TOP, x(10**power), HEIGHT - BOTTOM) for power in range(left, right + 1)),
        *(_text(x(10**power), HEIGHT - BOTTOM + 16, _number(10**power), "middle") for power in range(left, right + 1)),
        *(_rule(LEFT, y(10**power), WIDTH - RIGHT, y(10**power)) for power in range(low, high + 1)),
        *(_text(LEFT - 6, y(10**power) + 4, _number(10**power), "end") for power in range(low, high + 1)),
        _text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 6, across, "middle"),
        f'<text class="faint" transform="translate(14 {HEIGHT / 2:.0f}) rotate(-90)" text-anchor="middle">{escape(up)}</text>',
    ]
    ends = _apart([y(points[-1][1]) for points in series.values()])
    for place, (name, points) in enumerate(series.items()):
        drawn = " ".join(f"{x(a):.1f},{y(b):.1f}" for a, b in points)
        parts.append(f'<polyline class="s{place}" points="{drawn}" stroke-dasharray="{DASHES[place]}"/>')
        parts += [f'<circle class="s{place}" cx="{x(a):.1f}" cy="{y(b):.1f}" r="2.5"/>' for a, b in points]
        parts.append(_text(WIDTH - RIGHT + 8, ends[place] + 4, name, "start", f"t{place}"))
    return _svg(HEIGHT, parts)


def bars(values: Mapping[str, float], what: str, aim: float) -> str:
    """A bar for each name, on a logarithmic scale, with a line where they should end."""
    row, left = 18, 230
    height = TOP + row * len(values) + BOTTOM
    low, high = _decades([*values.values(), aim, 1.0])

    def x(value: float) -> float:
        return left + (WIDTH - left - 60) * (math.log10(value) - low) / (high - low)

    parts = []
    for place, (name, value) in enumerate(values.items()):
        y = TOP + row * place
        start, end = sorted((x(1.0), x(value)))
        parts.append(
            f'<rect class="b{int(value > aim)}" x="{start:.1f}" y="{y + 3}" width="{max(end - start, 1):.1f}" height="{row - 6}"/>'
        )
        parts.append(_text(left - 8, y + 13, name, "end", "ink"))
        parts.append(_text(max(end, x(1.0)) + 5, y + 13, f"{value:.2f}" if value < 10 else f"{value:.0f}", "start"))
    for value in sorted({1.0, aim, *(10.0**power for power in range(low, high + 1))}):
        parts.append(_rule(x(value), TOP, x(value), height - BOTTOM, "aim" if value == aim else "rule"))
        parts.append(_text(x(value), height - BOTTOM + 16, _number(value), "middle"))
    parts.append(_text((left + WIDTH - 60) / 2, height - 6, what, "middle"))
    return _svg(height, parts)


def _decades(values: Sequence[float]) -> tuple[int, int]:
    low, high = math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)))
    return low, max(high, low + 1)


def _apart(places: Sequence[float], least: float = 14) -> list[float]:
    """The places of labels, moved down where they would cover each other."""
    found = list(places)
    below = -math.inf
    for index in sorted(range(len(found)), key=found.__getitem__):
        found[index] = below = max(found[index], below + least)
    return found


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 1 else f"{value:g}"


def _rule(x1: float, y1: float, x2: float, y2: float, kind: str = "rule") -> str:
    return f'<line class="{kind}" x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"/>'


def _text(x: float, y: float, text: str, anchor: str, kind: str = "faint") -> str:
    return f'<text class="{kind}" x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(text)}</text>'


def _svg(height: float, parts: Sequence[str]) -> str:
    """A whole file, which changes its colours on a dark page."""

    def style(colours: Sequence[str], ink: str, faint: str, rule: str) -> str:
        each = "".join(f"polyline.s{n}{{stroke:{colour}}}circle.s{n},.t{n}{{fill:{colour}}}" for n, colour in enumerate(colours))
        return (
            f"{each}.ink{{fill:{ink}}}.faint{{fill:{faint}}}.rule{{stroke:{rule}}}.aim{{stroke:{colours[1]};stroke-dasharray:4 3}}"
            f".b0{{fill:{colours[0]}}}.b1{{fill:{colours[1]}}}"
        )

    light, dark = style(COLOURS, "#1f2328", "#57606a", "#d0d7de"), style(DARK, "#e6edf3", "#9198a1", "#3d444d")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height:.0f}" font-family="sans-serif" font-size="11">\n'
        f"<style>polyline{{fill:none;stroke-width:1.7}}{light}@media (prefers-color-scheme:dark){{{dark}}}</style>\n"
        + "\n".join(parts)
        + "\n</svg>\n"
    )
