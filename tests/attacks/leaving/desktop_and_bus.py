"""Reaches for the session's bus, the display, Docker's socket"""

from facts import *

import os
import socket


def vault(x):
    for name in ("/run/docker.sock", "/var/run/dbus/system_bus_socket", "/tmp/.X11-unix/X0", "/run/user/0/bus"):
        attempt(lambda: socket.socket(socket.AF_UNIX).connect(name) or "connected")
        attempt(lambda: os.open(name, os.O_RDWR))
    return x
