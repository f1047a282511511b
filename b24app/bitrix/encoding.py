"""Parameters on their way out: as a JSON body, and as a command of a batch.

Pages: settings/how-to-call-rest-api/data-encoding, …/batch.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Final
from urllib.parse import quote

_REFERENCES: Final = ("$result[", "$total[", "$next[")


class Reference(str):
    """A place in the answer of an earlier command of the same batch: ``$result[fields][…]``.

    Written by us, never made of what somebody typed: the portal fills it in.
    """

    __slots__ = ()


def encode_json(params: Mapping[str, object]) -> bytes:
    """The JSON body. Decimals go as text, dates as ISO 8601; NaN is a ValueError."""
    return json.dumps(params, default=_plain, allow_nan=False, separators=(",", ":")).encode()


def encode_command(method: str, params: Mapping[str, object]) -> str:
    """A command of a batch: ``method?`` and the parameters as PHP reads them, encoded once."""
    query = "&".join(f"{_quoted(name)}={_quoted(value)}" for name, value in _flat(params))
    return f"{method}?{query}" if query else method


def fits_in_batch(params: Mapping[str, object]) -> bool:
    """Whether a batch command can say exactly this.

    It cannot carry null, an empty object or array, or a bracket in a key; and the portal replaces
    ``$result[…]`` even where a person has typed it. Such a call is sent by itself.
    """
    return all(_fits(value) for value in params.values())


def _plain(value: object) -> object:
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, datetime | date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} cannot be sent")


def _scalar(value: object) -> str:
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, str | int | float):
        return str(value)
    return str(_plain(value))


def _is_array(value: object) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, str | bytes)


def _children(value: object) -> Iterator[tuple[str, object]] | None:
    """The named parts of an object or array, None for a single value."""
    if isinstance(value, Mapping):
        return ((str(key), item) for key, item in value.items())
    if _is_array(value):
        return ((str(index), item) for index, item in enumerate(_sequence(value)))
    return None


def _sequence(value: object) -> Sequence[object]:
    return value if isinstance(value, Sequence) else ()


def _flat(params: Mapping[str, object], prefix: str = "") -> Iterator[tuple[str, str]]:
    for key, value in params.items():
        name = f"{prefix}[{key}]" if prefix else str(key)
        children = _children(value)
        if children is not None:
            yield from _flat(dict(children), name)
        elif value is not None:
            yield name, _scalar(value)


def _fits(value: object) -> bool:
    children = _children(value)
    if children is not None:
        parts = list(children)
        return bool(parts) and all(not set(key) & set("[]") and _fits(item) for key, item in parts)
    if isinstance(value, Reference):
        return True
    return value is not None and not any(mark in _scalar(value) for mark in _REFERENCES)


def _quoted(text: str) -> str:
    return quote(text, safe="")
