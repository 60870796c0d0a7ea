"""Draws what a student reads: a real run of `grader check` on the sample class, as a picture for light and for dark pages.

python tests/docs/picture.py        docs/report-light.svg and docs/report-dark.svg   (make picture)
"""

import io
import os
import subprocess
import sys
from pathlib import Path

from rich._export_format import CONSOLE_SVG_FORMAT
from rich.console import Console
from rich.style import Style
from rich.terminal_theme import TerminalTheme
from rich.text import Text

ROOT = Path(__file__).resolve().parents[2]
FILE = "examples/class/bruno/conv/conv.py"  # a kernel that is turned around, everything else right
WIDTH = 118
EDGE = "rgba(255,255,255,0.35)"  # as rich draws it: invisible on a light page
Colour = tuple[int, int, int]


def theme(background: Colour, foreground: Colour, *colours: Colour) -> TerminalTheme:
    """A terminal's colours: that of what matters less, red, green, yellow, blue, magenta, cyan and white."""
    return TerminalTheme(background, foreground, list(colours))


THEMES = {
    "light": theme(
        (255, 255, 255),
        (31, 35, 40),
        (87, 96, 106),
        (190, 30, 45),
        (17, 99, 41),
        (125, 78, 0),
        (9, 105, 218),
        (130, 80, 223),
        (10, 88, 120),
        (110, 119, 129),
    ),
    "dark": theme(
        (13, 17, 23),
        (230, 237, 243),
        (139, 148, 158),
        (255, 123, 114),
        (86, 211, 100),
        (227, 179, 65),
        (121, 192, 255),
        (210, 168, 255),
        (118, 227, 234),
        (177, 186, 196),
    ),
}


def report() -> Text:
    """What `grader check` prints of the submission, with its colours."""
    environment = os.environ | {"FORCE_COLOR": "1", "COLUMNS": str(WIDTH), "LANGUAGE": "en", "TERM": "xterm-256color"}
    environment.pop("NO_COLOR", None)
    command = [sys.executable, "-m", "grader", "check", FILE]
    ran = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    if ran.returncode != 1:  # 1: something failed its checks, which is what the picture shows
        raise SystemExit(f"{' '.join(command)} ended with {ran.returncode}: {ran.stderr}")
    return Text.from_ansi(ran.stdout)


def draw(shown: Text, colours: TerminalTheme) -> str:
    """The picture of a report. It names no font of the network: whoever looks at it asks nobody for anything."""
    shown = shown.copy()
    shown.spans = [span._replace(style=_readable(span.style)) for span in shown.spans]
    console = Console(record=True, width=WIDTH, file=io.StringIO(), force_terminal=True, color_system="truecolor")
    console.print(shown)
    before, _, rest = CONSOLE_SVG_FORMAT.partition("@font-face")
    _, _, after = rest.rpartition("@font-face")
    drawn = console.export_svg(
        title=f"grader check {FILE}", theme=colours, code_format=before + after.partition("}}")[2], unique_id="report"
    )
    drawn = drawn.replace(EDGE, "rgba(128,128,128,0.5)")
    drawn = drawn.replace("Fira Code, monospace", "ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace")
    return "\n".join(line.rstrip() for line in drawn.splitlines()) + "\n"


def _readable(style: str | Style) -> str | Style:
    """A style in which nothing is dimmed: what a terminal dims is too faint in a picture."""
    return Style(color="black", bold=style.bold) if isinstance(style, Style) and style.dim else style


def main() -> None:
    """Write both pictures."""
    shown = report()
    for name, colours in THEMES.items():
        (ROOT / "docs" / f"report-{name}.svg").write_text(draw(shown, colours), encoding="utf-8")


if __name__ == "__main__":
    main()
