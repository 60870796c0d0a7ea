"""Raises and prints HTML that would run in who reads the report"""

from facts import *

TEXT = "<script>alert(1)</script><img src=x onerror='alert(1)'>\" onmouseover=\"alert(1) &lt; ]]> -->"


def vault(x):
    print(TEXT)
    raise RuntimeError(TEXT)
