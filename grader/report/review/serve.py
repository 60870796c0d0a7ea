"""The review app as a server of this machine alone, until Ctrl-C."""

import socket
from collections.abc import Callable

import uvicorn

from grader.errors import UsageError
from grader.report.review.app import review_app
from grader.report.review.desk import Desk
from grader.report.review.sessions import Sessions

HOST = "127.0.0.1"


def serve(desk: Desk, by: str, port: int, tell: Callable[[str], object]) -> None:
    """Answer until Ctrl-C.

    Args:
        by: the name of who opens the link.
        port: 0 for any that is free.
        tell: is given the link as soon as it works.

    Raises:
        UsageError: the port is taken.
        KeyboardInterrupt: it was ended.
    """
    try:
        listening = socket.create_server((HOST, port), backlog=64)
    except OSError as error:
        raise UsageError(
            f"port {port} of {HOST} cannot be used: {error.strerror}. Choose another --port, or leave it out."
        ) from None
    with listening:
        port = listening.getsockname()[1]
        sessions = Sessions()
        app = review_app(desk, sessions, f"grader_review_{port}")
        config = uvicorn.Config(
            app, log_level="warning", access_log=False, server_header=False, date_header=False, lifespan="off", ws="none",
            proxy_headers=False, timeout_graceful_shutdown=2,
        )  # fmt: skip
        tell(f"http://{HOST}:{port}/enter/{sessions.invite(by)}")
        uvicorn.Server(config).run(sockets=[listening])
