"""The colours of pictures: names for what they mean, once for a light page and once for a dark one.

The line colours are those of Okabe and Ito, which people with any kind of colour vision tell apart; lines differ by their dashes as well.
"""

INK, FAINT, RULE, PAPER = "#1f2328", "#57606a", "#d0d7de", "#fefefe"
LINES = ("#0072b2", "#d55e00", "#009e73", "#aa4499", "#8a6d00", "#57606b")
MARK = "#e8590c"  # frames and marks on images
DASHES = ("-", "--", "-.", ":", (0, (5, 1)), (0, (3, 1, 1, 1)))
DARK = {  # the colour on a dark page for each on a light one
    INK: "#e6edf3",
    FAINT: "#9198a1",
    RULE: "#3d444d",
    PAPER: "#151b23",
    **dict(zip(LINES, ("#56b4e9", "#ff9150", "#2fc79a", "#d78ac8", "#e3b341", "#9198a2"), strict=True)),
}
MAPS = {"ink": "Greys", "heat": "viridis", "signed": "RdBu_r"}


def dark_style() -> str:
    """A style sheet that exchanges the colours of a picture on a dark page; inside the SVG, so that one file does for both."""
    rules = "".join(
        f'[style*="{prop}: {light}"]{{{prop}:{dark}!important}}' for light, dark in DARK.items() for prop in ("fill", "stroke")
    )
    return f"@media (prefers-color-scheme:dark){{{rules}}}"
