"""Fetches a page, resolves a name"""

from facts import *

import socket


def vault(x):
    def fetch():
        import urllib.request

        return urllib.request.urlopen(f"http://127.0.0.1:{PORT}/", timeout=1)

    attempt(fetch)
    attempt(lambda: socket.getaddrinfo("example.org", 80))
    attempt(lambda: socket.gethostbyname("localhost"))
    return x
