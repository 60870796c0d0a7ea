"""How the client of a cluster comes to it: an address, and for `tls://` the certificates that Dask's own configuration names."""

import logging
from importlib import import_module
from pathlib import Path
from typing import Any, Final

from grader.errors import UsageError

LOCAL: Final = "local:"  # `local:4` is a cluster of four processes on this machine
CONFIGURED: Final = "dask"  # the scheduler that Dask's own configuration names
TLS: Final = "tls://"
SETTINGS: Final = "distributed.comm.tls"  # of Dask's configuration
UNSEEN: Final = {  # what Dask measures for a dashboard, which is not there: of an idle process, most of its CPU time
    "distributed.worker.profile.enabled": False,
    "distributed.admin.tick.interval": "500ms",
}


def connect(distributed: Any, address: str) -> tuple[Any, Any]:
    """A client, and the cluster of processes on this machine that it asked for, or None.

    Args:
        distributed: the package of that name.
        address: see `cluster.Cluster`.

    Raises:
        UsageError: nothing answers there, or this machine is not let in.
    """
    _quiet()
    if address.startswith(LOCAL):
        return _on_this_machine(distributed, address)
    try:
        if address.startswith(TLS):
            _look_for_certificates(distributed.Security())
        where = {} if address == CONFIGURED else {"address": address}
        return distributed.Client(**where, timeout="10s"), None
    except (
        OSError,
        TimeoutError,
        ValueError,
        RuntimeError,
        TypeError,
    ) as error:  # the last two: Dask's words on its configuration
        raise UsageError(
            f"no Dask scheduler answers at {address}: {error or type(error).__name__}{_advice(address, error)}"
        ) from None


def _quiet() -> None:
    """Keep what Dask logs, tracebacks among it, from the screen: what the class's owner needs to know is said in a line."""
    for name in [*logging.root.manager.loggerDict]:
        if name.split(".")[0] in ("distributed", "tornado", "asyncio"):
            logging.getLogger(name).setLevel(logging.CRITICAL + 1)


def _on_this_machine(distributed: Any, address: str) -> tuple[Any, Any]:
    count = address.removeprefix(LOCAL)
    if not count.isdecimal() or not 1 <= int(count) <= 256:
        raise UsageError(f"--cluster {address}: {LOCAL}N has a number of processes, like {LOCAL}4")
    try:
        with import_module("dask.config").set(UNSEEN):
            local = distributed.LocalCluster(
                n_workers=int(count), threads_per_worker=1, processes=True, dashboard_address=None, silence_logs=50
            )
        return distributed.Client(local), local
    except (OSError, TimeoutError, ValueError, RuntimeError, TypeError) as error:
        raise UsageError(f"no cluster of {count} processes begins here: {error or type(error).__name__}") from None


def _look_for_certificates(settings: Any) -> None:
    """Raise UsageError where one is not configured, or is not there: Dask says neither which nor where."""
    named = {"ca-file": settings.tls_ca_file, "client.cert": settings.tls_client_cert, "client.key": settings.tls_client_key}
    for name, value in named.items():
        if value is None and name != "client.key":  # which may be in the certificate's file
            raise UsageError(
                f"{TLS} needs a certificate of this machine's, and Dask's configuration does not say {SETTINGS}.{name}. See "
                "docs/instructors.md, More than one machine."
            )
        if value and "\n" not in value and not Path(value).is_file():  # it may be the text itself
            raise UsageError(f"Dask's configuration says {SETTINGS}.{name}: {value}, and there is no such file.")


def _advice(address: str, error: Exception) -> str:
    """What to look at where somebody listens, and hangs up."""
    if address.startswith(TLS):
        return f". If it runs: is each side's certificate signed by the authority in the other's {SETTINGS}.ca-file?"
    if isinstance(error.__cause__ or error, ConnectionResetError) or "reset by peer" in str(error):
        return f". If it runs: one that wants certificates has an address that begins with {TLS}"
    return ""
