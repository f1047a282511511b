"""The one place all outgoing requests pass.

What it promises, whatever it is asked for: https to public addresses only, except for origins the
operator has listed; the address actually connected to is checked; certificates are verified; no
redirects, cookies, proxies or ``.netrc``; answers are limited in size and in time.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from http.cookiejar import DefaultCookiePolicy
from typing import Final

import requests

from b24app.bitrix.connection import DirectAdapter, PublicAdapter
from b24app.bitrix.encoding import encode_json
from b24app.bitrix.errors import AnswerLost, BitrixError, ForbiddenAddress, UnexpectedAnswer
from b24app.bitrix.origin import parse_origin
from b24app.bitrix.secret import Secret, reveal

MIB: Final = 1024 * 1024
_CHUNK: Final = 64 * 1024
_LONGEST_URL: Final = 4096


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back: HTTP status, headers (names in any case), the whole body."""

    status: int
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)

    @property
    def content_type(self) -> str:
        """The media type without its parameters, in lower case."""
        return self.headers.get("Content-Type", "").partition(";")[0].strip().lower()


class Egress:
    """Sends requests. One per process, shared by its threads; close it at the end.

    ``listed``: origins such as ``http://localhost:8801`` for which http and private addresses are
    allowed. ``connect_timeout``, ``read_timeout``: seconds; the second is for the whole answer.
    ``max_bytes``: largest answer.
    """

    def __init__(
        self,
        user_agent: str,
        listed: frozenset[str] = frozenset(),
        *,
        connect_timeout: float = 5.0,
        read_timeout: float = 25.0,
        max_bytes: int = 8 * MIB,
    ) -> None:
        self._listed = frozenset(parse_origin(origin) for origin in listed)
        self._connect_timeout = connect_timeout
        self._read_timeout = read_timeout
        self._max_bytes = max_bytes
        self._session = _session(user_agent, self._listed)

    def send(
        self,
        method: str,
        url: str | Secret,
        *,
        origin: str,
        json: Mapping[str, object] | None = None,
        form: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        timeout: float | None = None,
        max_bytes: int | None = None,
    ) -> Reply:
        """One request, one reply; never repeated, never redirected.

        ``origin``: the verified origin ``url`` must lie in. ``timeout``: seconds until the whole
        answer is there. Raises `ForbiddenAddress` and `NotReached` when nothing was sent,
        `AnswerLost` when something was, `UnexpectedAnswer` for more than ``max_bytes``.
        """
        address = self._checked(reveal(url), origin)
        sent_headers = dict(headers or {})
        body: bytes | Mapping[str, str] | None = form
        if json is not None:
            body = encode_json(json)
            sent_headers["Content-Type"] = "application/json"
        limits = (self._connect_timeout, timeout or self._read_timeout)
        # Raised outside the handler: texts of requests' exceptions hold the address.
        try:
            with self._session.request(
                method,
                address,
                data=body,
                headers=sent_headers,
                timeout=limits,
                allow_redirects=False,
                stream=True,
            ) as response:
                content = _body(response, max_bytes or self._max_bytes)
            return Reply(response.status_code, response.headers, content)
        except BitrixError:
            raise
        except requests.Timeout:
            lost = "no answer in time"
        except (requests.RequestException, OSError):
            lost = "the connection broke"
        raise AnswerLost(lost)

    def close(self) -> None:
        """Closes the pooled connections."""
        self._session.close()

    def _checked(self, url: str, origin: str) -> str:
        if parse_origin(origin) != origin or not url.startswith(f"{origin}/"):
            raise ForbiddenAddress("the address is not the portal's")
        if origin not in self._listed and not origin.startswith("https://"):
            raise ForbiddenAddress("only https")
        path = url[len(origin) :].partition("?")[0]
        if not _is_plain(url) or _has_dots(path):
            raise ForbiddenAddress("the address is malformed")
        return url


def _session(user_agent: str, listed: frozenset[str]) -> requests.Session:
    session = requests.Session()
    session.trust_env = False
    session.verify = True
    session.headers["User-Agent"] = user_agent
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    session.adapters.clear()
    session.mount("https://", PublicAdapter())
    for origin in listed:
        session.mount(f"{origin}/", DirectAdapter())
    return session


def _is_plain(url: str) -> bool:
    """No blanks, control characters, backslashes, fragments; ASCII; of sensible length."""
    printable = url.isascii() and all("!" <= character <= "~" for character in url)
    return printable and not set(url) & set('\\#<>"^`{|}') and len(url) <= _LONGEST_URL


def _has_dots(path: str) -> bool:
    """Whether a path has ``.`` or ``..`` steps, also encoded, or encodes a separator."""
    lowered = path.lower()
    if "%2f" in lowered or "%5c" in lowered or "%00" in lowered:
        return True
    steps = lowered.replace("%2e", ".").split("/")
    return any(step in {".", ".."} for step in steps)


def _body(response: requests.Response, limit: int) -> bytes:
    """The body, or `UnexpectedAnswer` once it exceeds ``limit`` bytes after decompression."""
    parts: list[bytes] = []
    size = 0
    for part in response.iter_content(_CHUNK):
        size += len(part)
        if size > limit:
            raise UnexpectedAnswer("the answer is too big", status=response.status_code)
        parts.append(part)
    return b"".join(parts)
