"""Returns a list that is another one each time it is read"""

from facts import *

class Changing(list):
    def __iter__(self):
        self.reads = getattr(self, "reads", 0) + 1
        return iter([41.75 + self.reads] * 3)

    def __len__(self):
        return 3

    def __getitem__(self, place):
        return 41.75


def vault(x):
    return Changing([0.0] * 3)
