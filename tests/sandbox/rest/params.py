"""Parameters of a REST call, read as PHP reads them."""

from __future__ import annotations

import base64
import json
import re
from typing import Any

from werkzeug.wrappers import Request

from tests.sandbox.phpform import nested, parse
from tests.sandbox.rest.errors import RestError, missing, wrong_type

NUMBER = re.compile(r"\s*[+-]?\d+")


def php_int(value: Any) -> int:
    """`(int)$value`: leading digits of a text, 0 for anything else."""
    if isinstance(value, bool | int | float):
        return int(value)
    if isinstance(value, str):
        found = NUMBER.match(value)
        return int(found.group()) if found else 0
    return 1 if value else 0


def php_bool(value: Any) -> bool:
    """`(bool)$value`: "", "0", 0, null and empty arrays are false, "N" and "false" are true."""
    return value not in ("", "0") and bool(value)


def yes(value: Any) -> bool:
    """What switches that want Y or N take for yes."""
    return value is True or str(value).upper() in ("Y", "1", "TRUE")


class Params(dict[str, Any]):
    """The parameters; names are case-sensitive."""

    def integer(self, name: str, default: int = 0) -> int:
        value = self.get(name)
        return default if value is None or value == "" else php_int(value)

    def text(self, name: str, default: str = "") -> str:
        value = self.get(name)
        return default if value is None or isinstance(value, dict | list) else str(value)

    def mapping(self, name: str) -> dict[str, Any]:
        """An optional object; an empty one when missing.

        Raises:
            RestError: 100, a scalar was sent.
        """
        value = self.get(name)
        if value is None or value == "":
            return {}
        if isinstance(value, list):
            return {str(index): item for index, item in enumerate(value)}
        if not isinstance(value, dict):
            raise wrong_type(name, value, "array")
        return value

    def required_mapping(self, name: str) -> dict[str, Any]:
        """An object that must be there.

        Raises:
            RestError: 100, it is missing or a scalar was sent.
        """
        if self.get(name) is None:
            raise missing(name)
        if not isinstance(self[name], dict | list):
            raise wrong_type(name, self[name], "array")
        return self.mapping(name)

    def items_of(self, name: str, default: list[str]) -> list[str]:
        """An array of texts."""
        value = self.get(name)
        if isinstance(value, dict):
            value = list(value.values())
        return [str(item) for item in value] if isinstance(value, list) and value else default


def of_request(request: Request) -> Params:
    """Query and body together; the body wins.

    Raises:
        RestError: the body claims to be JSON and is not.
    """
    params = parse(request.query_string.decode("utf-8", "replace"))
    if request.mimetype == "application/json":
        return Params(params | _json_body(request))
    pairs: list[tuple[str, Any]] = list(request.form.items(multi=True))
    for name, part in request.files.items(multi=True):
        content = base64.b64encode(part.read()).decode("ascii")
        pairs += [(f"{name}[0]", part.filename or ""), (f"{name}[1]", content)]
    return Params(params | nested(pairs))


def _json_body(request: Request) -> dict[str, Any]:
    body = request.get_data()
    if not body.strip():
        return {}
    try:
        content = json.loads(body)
    except ValueError as error:
        raise RestError("INVALID_REQUEST", "Wrong JSON in the body of the request") from error
    return content if isinstance(content, dict) else {}
