"""Raises the markup of the library that the grader prints with"""

from facts import *

TEXT = "[bold red]FULL MARKS[/] [link=http://example.org]x[/link] [/] [@click=app.bell]x[/] :warning: {0.__class__} %s %(x)s"


def vault(x):
    print(TEXT)
    raise RuntimeError(TEXT)
