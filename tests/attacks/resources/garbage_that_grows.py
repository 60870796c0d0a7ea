"""Has every garbage collection make more garbage"""

from facts import *

import gc


class Node:
    def __del__(self):
        self.again = [Node(), Node()]
        for node in self.again:
            node.itself = node


def vault(x):
    gc.callbacks.append(lambda phase, info: Node())
    gc.set_threshold(1, 1, 1)
    while True:
        node = Node()
        node.itself = node
