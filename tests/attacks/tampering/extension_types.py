"""Answers with extension types of msgpack and with text that is not UTF-8"""

from facts import *

def vault(x):
    take_over(lambda number: b"\x82\xa4type\xa8returned\xa5value" + (b"\xa2\xff\xfe" if number % 2 else b"\xd7\xff" + bytes(8)))
