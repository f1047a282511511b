"""Calls to one portal for one user: send, renew the token once, repeat what may be repeated."""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from time import monotonic
from typing import Any, Final, Protocol, TypeVar

from b24app.bitrix.download import METHOD as DOWNLOAD
from b24app.bitrix.download import Download, download, picture
from b24app.bitrix.egress import Egress
from b24app.bitrix.encoding import encode_command, fits_in_batch
from b24app.bitrix.errors import (
    BitrixError,
    TokenExpired,
    TokenInvalid,
    UnexpectedAnswer,
)
from b24app.bitrix.gate import Gate, OpenGate
from b24app.bitrix.observer import Observed, Observer, nobody
from b24app.bitrix.origin import parse_origin
from b24app.bitrix.protocol import (
    Answer,
    Command,
    Kind,
    Page,
    read_answer,
    read_batch,
)
from b24app.bitrix.retry import Repeater
from b24app.bitrix.secret import Secret

T = TypeVar("T")

BATCH_SIZE: Final = 50
_MOST_PAGES: Final = 2000


class Access(Protocol):
    """In whose name the client speaks. Implementations are safe for several threads."""

    def token(self) -> str:
        """The access token in force. Raises `BitrixError` where there is none to be had."""

    def renew(self, stale: str) -> str:
        """A token other than ``stale``: a new one, or the one another worker has just got.

        Raises `BitrixError` (`GrantInvalid`, `NotReached`, …) where none can be had.
        """


class Batch:
    """The outcome of a batch, command by command."""

    def __init__(self, outcome: Mapping[str, Any]) -> None:
        self._outcome = dict(outcome)

    def __getitem__(self, key: str) -> Any:
        """The parsed value of a command; raises the command's own error."""
        value = self._outcome[key]
        if isinstance(value, BitrixError):
            raise value
        return value

    def __contains__(self, key: str) -> bool:
        return key in self._outcome

    def failed(self, key: str) -> BitrixError | None:
        """The command's error, None where it succeeded."""
        value = self._outcome[key]
        return value if isinstance(value, BitrixError) else None


class PortalClient:
    """One portal, one user.

    ``origin``: the portal's address as the authorization server gave it, ``https://host[:port]``.
    ``observer``: told of each request, repeated ones too. ``gate``: asked before each.
    All methods raise `BitrixError`.
    """

    def __init__(
        self,
        egress: Egress,
        origin: str,
        access: Access,
        *,
        repeater: Repeater | None = None,
        observer: Observer = nobody,
        gate: Gate | None = None,
    ) -> None:
        self._egress = egress
        self._origin = parse_origin(origin)
        self._access = access
        self._repeater = repeater or Repeater()
        self._observer = observer
        self._gate = gate or OpenGate()

    def run(self, command: Command[T]) -> T:
        """One call, parsed."""
        return command.read(self.answer(command))

    def answer(self, command: Command[Any]) -> Answer:
        """One call, unparsed: for those who look at ``answer.time`` (`limits.pause`)."""
        return self._call(command.method, command.params, command.kind, command.timeout)

    def batch(self, commands: Mapping[str, Command[Any]]) -> Batch:
        """At most 50 commands in one request, all reading or all setting.

        Keys are names such as ``deal``; numbers would come back as arrays. A command a batch cannot
        say literally (``encoding.fits_in_batch``) goes by itself. An error of the batch as a whole
        is raised; an error of one command waits in the result.
        """
        kind = _kind_of(commands)
        together = {key: one for key, one in commands.items() if fits_in_batch(one.params)}
        outcome: dict[str, Any] = self._together(together, kind) if together else {}
        for key, command in commands.items():
            if key not in together:
                outcome[key] = _outcome(partial(self.run, command))
        return Batch(outcome)

    def pages(self, make: Callable[[int], Command[Page[T]]]) -> Iterator[T]:
        """All rows of a list, page after page. ``make``: the command for a ``start``."""
        start = 0
        for _ in range(_MOST_PAGES):
            command = make(start)
            page = self.run(command)
            yield from page.items
            if page.next is None:
                return
            if page.next <= start:
                break
            start = page.next
        raise UnexpectedAnswer("the list has no end", method=command.method)

    def download(self, url: Secret, *, types: frozenset[str], limit: int) -> Download:
        """The file behind a link for machines: see ``download.download``."""
        fetch = partial(download, self._egress, self._origin, url, types=types, limit=limit)
        return self._repeater.call(Kind.READ, lambda: self._told(fetch))

    def picture(self, path: str, *, limit: int) -> Download:
        """A picture of the portal's upload folder, without a token: see ``download.picture``."""
        fetch = partial(picture, self._egress, self._origin, path, limit=limit)
        return self._repeater.call(Kind.READ, lambda: self._told(fetch))

    def _told(self, fetch: Callable[[], Download]) -> Download:
        """What becomes of it says nothing about REST: the gate is asked, not told."""
        self._gate.enter()
        begun = monotonic()
        try:
            file = fetch()
        except BitrixError as error:
            self._tell(error.method, {}, error.status, error, begun)
            raise
        self._tell(DOWNLOAD, {}, 200, None, begun)
        return file

    def _together(self, commands: Mapping[str, Command[Any]], kind: Kind) -> dict[str, Any]:
        params = {
            "halt": 0,
            "cmd": {key: encode_command(one.method, one.params) for key, one in commands.items()},
        }
        timeout = max((one.timeout for one in commands.values() if one.timeout), default=None)
        answer = self._call("batch", params, kind, timeout)
        parts = read_batch(answer, {key: one.method for key, one in commands.items()})
        return {key: _read(commands[key], part) for key, part in parts.items()}

    def _call(
        self, method: str, params: Mapping[str, object], kind: Kind, timeout: float | None
    ) -> Answer:
        token = self._access.token()
        try:
            return self._repeated(method, params, kind, timeout, token)
        except (TokenExpired, TokenInvalid):
            pass
        return self._repeated(method, params, kind, timeout, self._access.renew(token))

    def _repeated(
        self,
        method: str,
        params: Mapping[str, object],
        kind: Kind,
        timeout: float | None,
        token: str,
    ) -> Answer:
        return self._repeater.call(kind, lambda: self._once(method, params, timeout, token))

    def _once(
        self, method: str, params: Mapping[str, object], timeout: float | None, token: str
    ) -> Answer:
        self._gate.enter()
        begun = monotonic()
        try:
            answer = self._sent(method, params, timeout, token)
        except BitrixError as error:
            error.method = method
            self._gate.left(error)
            self._tell(method, params, error.status, error, begun)
            raise
        self._gate.left(None)
        self._tell(method, params, 200, None, begun)
        return answer

    def _sent(
        self, method: str, params: Mapping[str, object], timeout: float | None, token: str
    ) -> Answer:
        reply = self._egress.send(
            "POST",
            f"{self._origin}/rest/{method}",
            origin=self._origin,
            json={**params, "auth": token},
            timeout=timeout,
        )
        return read_answer(reply.status, reply.headers, reply.body, method=method)

    def _tell(
        self,
        method: str,
        params: Mapping[str, object],
        status: int | None,
        error: BitrixError | None,
        begun: float,
    ) -> None:
        commands = params.get("cmd") if method == "batch" else None
        name = f"batch ({len(commands)})" if isinstance(commands, Mapping) else method
        self._observer(Observed(name, status, error, round((monotonic() - begun) * 1000)))


def _kind_of(commands: Mapping[str, Command[Any]]) -> Kind:
    kinds = {command.kind for command in commands.values()}
    if not 0 < len(commands) <= BATCH_SIZE:
        raise ValueError(f"a batch has 1 to {BATCH_SIZE} commands")
    if len(kinds) != 1 or Kind.CREATE in kinds:
        raise ValueError("a batch reads or sets; it never creates, and does not mix")
    if any(not key.isidentifier() for key in commands):
        raise ValueError("commands of a batch are named, not numbered")
    return kinds.pop()


def _outcome(run: Callable[[], Any]) -> Any:
    try:
        return run()
    except BitrixError as error:
        return error


def _read(command: Command[Any], part: Answer | BitrixError) -> Any:
    if isinstance(part, BitrixError):
        return part
    return _outcome(partial(command.read, part))
