"""Fetches a page, resolves a name"""

from facts import *

import socket
import urllib.request


def vault(x):
    attempt(lambda: urllib.request.urlopen("http://127.0.0.1:%d/" % PORT, timeout=1))
    attempt(lambda: socket.getaddrinfo("example.org", 80))
    attempt(lambda: socket.gethostbyname("localhost"))
    return x
