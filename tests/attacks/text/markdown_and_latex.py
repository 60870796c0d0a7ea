"""Raises Markdown and LaTeX"""

from facts import *

TEXT = "![x](http://example.org/x.png) `code` $\\href{javascript:alert(1)}{x}$ <details>\n\n# FULL MARKS\n```"


def vault(x):
    print(TEXT)
    raise RuntimeError(TEXT)
