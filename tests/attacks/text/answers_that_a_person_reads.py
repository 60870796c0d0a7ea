"""Answers a question in words with markup, control codes, directions, formulas and half letters

Topic: studio
"""

from facts import *


def why():
    """Why is that so?"""
    return """
    <script>alert(1)</script><img src=x onerror=alert(1)> </textarea></pre> ]]> {{7*7}}
    =HYPERLINK("http://x","y") [a](javascript:alert(1)) $\\href{javascript:alert(1)}{x}$
    \x1b[2J\x1b]0;owned\x07 \u202egnp.exe\u2066 \ud83d \x00 \x9b31m
    [2J[31m raw ‮ raw  raw
    """
