"""A certificate that signs itself, made by openssl."""

from __future__ import annotations

import subprocess
from pathlib import Path

from tests.peers.process import program


def certificate(file: Path, name: str) -> Path:
    """A key and a certificate for a host name, in one file."""
    words = [program("openssl", "openssl"), "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"]
    words += ["-nodes", "-days", "2", "-subj", f"/CN={name}", "-addext", f"subjectAltName=DNS:{name}"]
    done = subprocess.run([*words, "-keyout", "-", "-out", "-"], capture_output=True, text=True, check=True)
    file.write_text(done.stdout)
    file.chmod(0o600)
    return file
