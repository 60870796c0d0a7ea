"""Certificates for a cluster, made by `openssl` as an instructor makes them: an authority, and one certificate that it signed (their
names differ: one of the same name would pass for its own authority)."""

import subprocess
from pathlib import Path

KEY = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes")
SIDES = ("scheduler", "worker", "client")


class Certificates:
    """An authority of its own, and a certificate and key for the machines that belong together, in `folder`."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self.authority, self.certificate, self.key = (folder / name for name in ("ca.pem", "cert.pem", "key.pem"))
        self._openssl(
            "req", "-x509", *KEY, "-keyout", folder / "ca.key", "-out", self.authority, "-days", 2, "-subj", "/CN=authority"
        )
        self._openssl("req", *KEY, "-keyout", self.key, "-out", folder / "request.pem", "-subj", "/CN=machines")
        signing = ("-CA", self.authority, "-CAkey", folder / "ca.key", "-CAcreateserial", "-days", 2)
        self._openssl("x509", "-req", "-in", folder / "request.pem", *signing, "-out", self.certificate)

    def _openssl(self, *arguments: object) -> None:
        done = subprocess.run(["openssl", *map(str, arguments)], capture_output=True, encoding="utf-8", check=False)
        assert done.returncode == 0, done.stderr

    def file(self, place: Path) -> Path:
        """Dask's configuration with them as a file, as it reads them from ~/.config/dask."""
        sides = [f"      {side}: {{cert: {self.certificate}, key: {self.key}}}" for side in SIDES]
        lines = (
            "distributed:",
            "  comm:",
            "    require-encryption: true",
            "    tls:",
            f"      ca-file: {self.authority}",
            *sides,
        )
        place.write_text("\n".join(lines) + "\n")
        return place

    def variables(self, authority: Path | None = None) -> dict[str, str]:
        """The same as variables of the environment, perhaps with another authority to trust."""
        begin = "DASK_DISTRIBUTED__COMM__"
        sides = {f"{begin}TLS__{side.upper()}__CERT": str(self.certificate) for side in SIDES}
        keys = {f"{begin}TLS__{side.upper()}__KEY": str(self.key) for side in SIDES}
        return {f"{begin}REQUIRE_ENCRYPTION": "true", f"{begin}TLS__CA_FILE": str(authority or self.authority), **sides, **keys}
