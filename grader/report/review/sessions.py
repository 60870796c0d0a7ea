"""Who may come in: links that work once, and the sessions that they open. All of it is in memory and ends with the app."""

import hashlib
import secrets
import threading

import msgspec

LONGEST = 60  # characters of an assistant's name


class Session(msgspec.Struct):
    """One assistant's browser.

    Attributes:
        form_token: that every form of this session carries.
        told: what the next page says, once.
    """

    name: str
    form_token: str
    told: str = ""

    def take_told(self) -> str:
        """What is to be said, once."""
        text, self.told = self.told, ""
        return text


class Sessions:
    """The links that were given out, and the sessions. Threads share it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._invited: dict[str, str] = {}
        self._open: dict[str, Session] = {}

    def invite(self, name: str) -> str:
        """A token for `name` that opens one session."""
        token = secrets.token_urlsafe(32)
        with self._lock:
            self._invited[_key(token)] = name
        return token

    def enter(self, token: str) -> str | None:
        """The cookie of a new session; None if the token was used already or never given out."""
        cookie = secrets.token_urlsafe(32)
        with self._lock:
            name = self._invited.pop(_key(token), None)
            if name is None:
                return None
            self._open[_key(cookie)] = Session(name, secrets.token_urlsafe(32))
        return cookie

    def session(self, cookie: str) -> Session | None:
        """The session of a cookie."""
        with self._lock:
            return self._open.get(_key(cookie))

    def names(self) -> list[str]:
        """The assistants who came in, each once."""
        with self._lock:
            return sorted({session.name for session in self._open.values()})


def _key(secret: str) -> str:
    """Looking up a hash takes the same time however much of a guess is right."""
    return hashlib.sha256(secret.encode()).hexdigest()
