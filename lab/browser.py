"""A phone's small browser: one source address, cookies while it is open, redirects and meta refreshes followed."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from urllib.parse import quote, urlencode, urljoin, urlsplit

from lab.html import Page

PATIENCE = 15.0  # real seconds until a visitor gives a page up
_MOST_STEPS = 12
_SAFE_IN_URL = "!#$%&'()*+,/:;=?@[]~\\"  # browsers leave these alone in a path or query, the backslash among them


class Away(OSError):
    """Nothing answered, or the way there is closed."""


@dataclass(frozen=True)
class Answer:
    url: str
    status: int
    headers: dict[str, str]
    text: str

    @cached_property
    def page(self) -> Page:
        return Page(self.text)


@dataclass
class Browser:
    """``gateway`` answers for every host that is no address of this machine, as a NAS does that intercepts port 80."""

    source: str
    gateway: tuple[str, int]
    headers: dict[str, str]
    may_reach: Callable[[str], bool]
    cookies: dict[str, dict[str, str]] = field(default_factory=dict)

    async def open(self, url: str) -> Answer:
        """Fetch a page and wherever it leads by itself."""
        return await self._follow(await self._ask("GET", url))

    async def submit(self, answer: Answer, button: str) -> Answer:
        """Press a button of the page; a page without it is a ValueError."""
        form = answer.page.form_with(button)
        if form is None:
            raise ValueError(f"no button {button} on this page")
        name, value = form.buttons[button]
        body = urlencode([*form.fields, *([(name, value)] if name else [])])
        target = urljoin(answer.url, form.action)
        if form.method == "post":
            return await self._follow(await self._ask("POST", target, body))
        return await self._follow(await self._ask("GET", f"{target}?{body}"))

    async def _follow(self, answer: Answer) -> Answer:
        for _ in range(_MOST_STEPS):
            target = _leads_to(answer)
            if target is None:
                return answer
            answer = await self._ask("GET", urljoin(answer.url, target))
        return answer

    async def _ask(self, method: str, url: str, body: str = "") -> Answer:
        url = quote(url.partition("#")[0], safe=_SAFE_IN_URL)
        host, port, is_local = self._where(url)
        if is_local and (host, port) != self.gateway and not self.may_reach(host):
            raise Away(f"{host} cannot be reached")
        try:
            octets = await asyncio.wait_for(self._exchange((host, port), self._written(method, url, body)), PATIENCE)
            answer = _read(url, octets)
        except (OSError, TimeoutError, ValueError) as error:
            raise Away(str(error) or type(error).__name__) from error
        self._keep_cookies(answer)
        return answer

    def _where(self, url: str) -> tuple[str, int, bool]:
        parts = urlsplit(url)
        host = str(parts.hostname)
        if re.fullmatch(r"127(\.\d+){3}", host):
            return host, parts.port or 80, True
        return *self.gateway, False

    def _written(self, method: str, url: str, body: str) -> bytes:
        parts = urlsplit(url)
        headers = {"Host": parts.netloc, **self.headers, "Accept": "text/html,*/*;q=0.8", "Connection": "close"}
        if jar := self.cookies.get(parts.netloc):
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in jar.items())
        if method == "POST":
            headers["Origin"] = f"{parts.scheme}://{parts.netloc}"
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            headers["Content-Length"] = str(len(body))
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        lines = [f"{method} {target} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items())]
        return ("\r\n".join(lines) + "\r\n\r\n" + body).encode("latin-1")

    async def _exchange(self, where: tuple[str, int], request: bytes) -> bytes:
        reader, writer = await asyncio.open_connection(*where, local_addr=(self.source, 0))
        try:
            writer.write(request)
            await writer.drain()
            return await reader.read()
        finally:
            writer.close()

    def _keep_cookies(self, answer: Answer) -> None:
        for line in answer.headers.get("set-cookie", "").split("\n"):
            name, equals, value = line.partition(";")[0].partition("=")
            if equals:
                self.cookies.setdefault(urlsplit(answer.url).netloc, {})[name.strip()] = value.strip()


def _leads_to(answer: Answer) -> str | None:
    if answer.status in (301, 302, 303, 307, 308):
        return answer.headers.get("location")
    return answer.page.refresh if answer.status == 200 else None


def _read(url: str, octets: bytes) -> Answer:
    head, _, body = octets.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    words = first.split(" ", 2)
    if len(words) < 2 or not words[1].isdigit():
        raise Away("the connection was closed without an answer")
    headers: dict[str, str] = {}
    for line in lines:
        name, _, value = line.partition(":")
        name = name.strip().lower()
        headers[name] = f"{headers[name]}\n{value.strip()}" if name in headers else value.strip()
    if headers.get("transfer-encoding", "").lower() == "chunked":
        body = _unchunked(body)
    return Answer(url, int(words[1]), headers, body.decode("utf-8", "replace"))


def _unchunked(body: bytes) -> bytes:
    whole = b""
    while body:
        size, _, rest = body.partition(b"\r\n")
        length = int(size.partition(b";")[0] or b"0", 16)
        if length == 0:
            break
        whole, body = whole + rest[:length], rest[length + 2 :]
    return whole
