"""Raises an exception whose class lies about its name and has a hundred thousand bases"""

from facts import *

class Liar(type):
    @property
    def __name__(cls):
        return "ValueError"

    @property
    def __mro__(cls):
        return [type("ValueError", (), {})] * 100_000


class Lie(Exception, metaclass=Liar):
    pass


def vault(x):
    raise Lie("x")
