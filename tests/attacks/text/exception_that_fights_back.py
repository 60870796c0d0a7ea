"""Raises an exception whose text, name and class answer with exceptions"""

from facts import *

class Meta(type):
    @property
    def __name__(cls):
        raise SystemExit

    @property
    def __mro__(cls):
        raise MemoryError


class Fighting(BaseException, metaclass=Meta):
    def __str__(self):
        raise KeyboardInterrupt

    __repr__ = __str__


def vault(x):
    raise Fighting
