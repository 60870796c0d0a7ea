"""The lines of a program, as Python counts them."""


def lines_of(program: str) -> list[str]:
    """The lines, without their ends: a form feed, or a separator of Unicode that came along with pasted text, ends none."""
    lines = program.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return lines if lines[-1] else lines[:-1]
