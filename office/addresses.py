"""Where a page asks to go on to, and whether it is this server (pure)."""

from __future__ import annotations

from urllib.parse import urlsplit


def local_path(asked: str) -> str:
    """Where to go after the login: a path of this server, never another one's address."""
    parts = urlsplit(asked.replace("\\", "/"))
    if parts.scheme or parts.netloc or not parts.path.startswith("/") or parts.path.startswith("//"):
        return "/"
    return parts._replace(fragment="").geturl()
