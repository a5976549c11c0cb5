"""What every page forbids the browser: scripts, foreign hosts, frames, guessing types, telling others the address."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Flask, Response, g


def add_headers(app: Flask, style_source: str, *, scripts: bool = False) -> None:
    """``scripts`` is for a room whose pages load a file of its own; they work without it all the same."""

    @app.after_request
    def headers(response: Response) -> Response:
        response.headers["Content-Security-Policy"] = policy(style_source, g.get("form_targets", ()), scripts=scripts)
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["X-Frame-Options"] = "DENY"
        response.headers["Referrer-Policy"] = "no-referrer"  # addresses carry flows and grants
        response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
        response.headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()"
        response.headers.setdefault("Cache-Control", "no-store")
        return response


def allow_form_target(url: str) -> None:
    """Let this page's form lead on to another origin: browsers check form-action along the redirects too."""
    parts = urlsplit(url)
    g.form_targets = (*g.get("form_targets", ()), f"{parts.scheme}://{parts.netloc}")


def policy(style_source: str, form_targets: tuple[str, ...], *, scripts: bool = False) -> str:
    """No script, or files of our own; the one inline stylesheet by its hash; pictures of our own and inlined ones."""
    return "; ".join(
        (
            "default-src 'none'",
            f"style-src {style_source}",
            "img-src 'self' data:",
            *(("script-src 'self'",) if scripts else ()),
            "connect-src 'self'",  # a link's ping, too
            " ".join(("form-action 'self'", *form_targets)),
            "base-uri 'none'",
            "frame-ancestors 'none'",
        )
    )
