"""What goes over the wire, without a wire: commands, and how replies become answers or errors.

Pages: settings/how-to-call-rest-api/general-principles, …/batch; error-codes.
"""

import enum
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final, Generic, TypeVar
from urllib.parse import urlsplit

from b24app.bitrix.codes import error_class
from b24app.bitrix.errors import (
    AnswerLost,
    BitrixError,
    OperationTimeLimit,
    PortalMoved,
    UnexpectedAnswer,
)
from b24app.bitrix.limits import CallTime, moment_of, read_time
from b24app.bitrix.normalise import as_int, as_list, as_map
from b24app.bitrix.origin import AddressError, parse_origin

T = TypeVar("T")

PAGE_SIZE: Final = 50
_ODD: Final = re.compile(rb"\\u(?:0000|d[89a-f])", re.IGNORECASE)
"""How JSON writes a zero or half of a character."""


class Kind(enum.Enum):
    """What a call does, which decides how it may be repeated (``retry``)."""

    READ = "read"
    SET = "set"
    """Setting a value, binding, deleting: twice is the same as once."""
    CREATE = "create"
    """Twice makes two."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A successful answer. ``result`` may be None: deletions answer null."""

    result: Any
    total: int | None = None
    next: int | None = None
    time: CallTime = field(default_factory=CallTime)


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """One page of a list. ``next``: the ``start`` of the next page, None on the last one."""

    items: tuple[T, ...]
    next: int | None = None
    total: int | None = None


@dataclass(frozen=True, slots=True)
class Command(Generic[T]):
    """One call, not yet made: the method, its parameters, and how its answer is read.

    ``timeout``: seconds until the whole answer must be there, None for the egress's own. ``parse``
    raises `UnexpectedAnswer` for an answer of another shape.
    """

    method: str
    params: Mapping[str, object] = field(repr=False)
    kind: Kind
    parse: Callable[[Answer], T] = field(repr=False)
    timeout: float | None = None

    def read(self, answer: Answer) -> T:
        """``parse``, with the method's name in the error."""
        try:
            return self.parse(answer)
        except UnexpectedAnswer as wrong:
            wrong.method = self.method
            raise
        except (KeyError, TypeError, AttributeError):
            pass
        raise UnexpectedAnswer("a part of the answer is missing", method=self.method)


def read_answer(
    status: int, headers: Mapping[str, str], body: bytes, *, method: str = ""
) -> Answer:
    """The answer in a reply, or the `BitrixError` it means."""
    document = read_json(status, headers, body, method=method)
    if "result" not in document:
        raise UnexpectedAnswer("the answer has no result", status=status, method=method)
    try:
        return Answer(
            result=document["result"],
            total=_count(document.get("total")),
            next=_count(document.get("next")),
            time=read_time(document.get("time")),
        )
    except UnexpectedAnswer as wrong:
        wrong.method, wrong.status = method, status
        raise


def read_json(
    status: int, headers: Mapping[str, str], body: bytes, *, method: str = ""
) -> dict[str, Any]:
    """The JSON object of a successful reply, or the `BitrixError` the reply means."""
    if 300 <= status < 400:
        raise PortalMoved(
            location_origin=_origin_of(headers.get("Location", "")), status=status, method=method
        )
    try:
        document = json.loads(body, parse_constant=_no_constant)
        if _ODD.search(body):
            document = _writable(document)
    except (ValueError, RecursionError):
        document = None
    if document is None:
        raise AnswerLost("the answer is not JSON", status=status, method=method)
    if not isinstance(document, dict):
        raise UnexpectedAnswer("the answer is not an object", status=status, method=method)
    error = error_in(document, status, method=method)
    if error is not None:
        raise error
    if status >= 400:
        wrong = AnswerLost if status >= 500 else UnexpectedAnswer
        raise wrong("an error without a code", status=status, method=method)
    return document


def error_in(
    document: Mapping[str, Any], status: int | None, *, method: str = ""
) -> BitrixError | None:
    """The error an answer (or a part of a batch) carries, None for a success.

    Reads ``{"error", "error_description"}`` and the form of the portal's own pages,
    ``{"status":"error","errors":[{"code","message"}]}``.
    """
    found = document
    if document.get("status") == "error" and isinstance(document.get("errors"), list):
        first = next(iter(document["errors"]), None)
        if isinstance(first, Mapping):
            found = {"error": first.get("code"), "error_description": first.get("message")}
    if found.get("error") is None:
        return None
    code = _words(found["error"])
    error = error_class(code, status, method)(
        _words(found.get("error_description")), code=code, status=status, method=method
    )
    if isinstance(error, OperationTimeLimit):
        error.resets_at = _resets_at(document)
    return error


def read_batch(answer: Answer, methods: Mapping[str, str]) -> dict[str, Answer | BitrixError]:
    """Each command's answer or error. ``methods``: the method by command name.

    A null result is a success; a command found in neither part was skipped by the portal, and is an
    `UnexpectedAnswer`.
    """
    parts = as_map(answer.result)
    results, refusals = as_map(parts.get("result")), as_map(parts.get("result_error"))
    totals, nexts = as_map(parts.get("result_total")), as_map(parts.get("result_next"))
    times = as_map(parts.get("result_time"))
    outcome: dict[str, Answer | BitrixError] = {}
    for key, method in methods.items():
        error = error_in(as_map(refusals.get(key)), None, method=method)
        if error is not None:
            outcome[key] = error
        elif key in results:
            outcome[key] = Answer(
                results[key],
                _count(totals.get(key)),
                _count(nexts.get(key)),
                read_time(times.get(key)),
            )
        else:
            outcome[key] = UnexpectedAnswer("the batch left a command out", method=method)
    return outcome


def page_of(
    answer: Answer, rows: object, read: Callable[[Any], T], *, keyed: bool = False
) -> Page[T]:
    """A page from the rows of a list answer."""
    listed = list(as_map(rows).values()) if keyed else as_list(rows)
    return Page(tuple(read(row) for row in listed), next=answer.next, total=answer.total)


def counted_page(page: Page[T], start: int) -> Page[T]:
    """For lists that never say ``next``: there is one as long as pages come full."""
    return replace(page, next=start + PAGE_SIZE if len(page.items) >= PAGE_SIZE else None)


def _count(value: object) -> int | None:
    return None if value is None else as_int(value)


def _words(value: object) -> str:
    return str(value) if isinstance(value, str | int) else ""


def _writable(part: Any) -> Any:
    """The same without halves of characters and zeros, which no database and no page can hold."""
    if isinstance(part, str):
        return part.replace("\0", "").encode(errors="replace").decode()
    if isinstance(part, list):
        return [_writable(one) for one in part]
    if isinstance(part, dict):
        return {_writable(key): _writable(one) for key, one in part.items()}
    return part


def _no_constant(name: str) -> object:
    raise ValueError(f"{name} is not JSON")


def _origin_of(location: str) -> str:
    try:
        parts = urlsplit(location)
        return parse_origin(f"{parts.scheme}://{parts.netloc}")
    except (AddressError, ValueError):
        return ""


def _resets_at(document: Mapping[str, Any]) -> datetime | None:
    time = document.get("time")
    return moment_of(time.get("operating_reset_at")) if isinstance(time, Mapping) else None
