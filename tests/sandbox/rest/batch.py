"""Many calls in one request.

https://apidocs.bitrix24.com/settings/how-to-call-rest-api/batch.html
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

from tests.sandbox.phpform import parse
from tests.sandbox.rest.call import Answer, Call
from tests.sandbox.rest.errors import RestError
from tests.sandbox.rest.params import Params, php_bool
from tests.sandbox.rest.timing import Stopwatch

LIMIT = 50
FORBIDDEN = ("batch", "download", "upload")
REFERENCE = re.compile(r"\$(result|total|next)\[([^\]]+)\]((?:\[[^\]]*\])*)")

Perform = Callable[[Call, Stopwatch], Answer]
"""Does one command, whose time is measured by the stopwatch. Raises RestError."""


def php_array(content: dict[str, Any]) -> Any:
    """A PHP array as JSON: empty ones and those with keys 0, 1, 2… are lists."""
    if list(content) == [str(index) for index in range(len(content))]:
        return list(content.values())
    return content


class Batch:
    """The parts of one batch's answer."""

    def __init__(self, call: Call, perform: Perform) -> None:
        self._call = call
        self._perform = perform
        self.result: dict[str, Any] = {}
        self.error: dict[str, Any] = {}
        self.total: dict[str, Any] = {}
        self.next: dict[str, Any] = {}
        self.time: dict[str, Any] = {}
        self.methods: list[str] = []

    def run(self, commands: dict[str, Any], halt: bool) -> None:
        """Runs the commands in order. What is no text is skipped without a word."""
        count = 0
        for key, command in commands.items():
            if not isinstance(command, str):
                continue
            count += 1
            if count > LIMIT:
                self.error[key] = _error("ERROR_BATCH_LENGTH_EXCEEDED", "Max batch length exceeded")
            else:
                self._run_one(key, command)
            if halt and key in self.error:
                return

    def _run_one(self, key: str, command: str) -> None:
        method, _, query = command.partition("?")
        method = method.strip().lower()
        self.methods.append(method)
        if method in FORBIDDEN:
            self.error[key] = _error(
                "ERROR_BATCH_METHOD_NOT_ALLOWED", "Method is not allowed for batch usage"
            )
            return
        watch = Stopwatch(self._call.state, self._call.portal)
        params = Params(self._replaced(parse(query)))
        try:
            answer = self._perform(self._call.of(method, params), watch)
        except RestError as error:
            self.error[key] = _error(error.code, error.message) | error.extra
            return
        self.result[key] = answer.result
        if answer.total is not None:
            self.total[key] = answer.total
        if answer.next is not None:
            self.next[key] = answer.next
        self.time[key] = watch.describe()

    def _replaced(self, value: Any) -> Any:
        """The parameters with references to earlier answers filled in."""
        if isinstance(value, dict):
            return {key: self._replaced(item) for key, item in value.items()}
        if isinstance(value, list):
            return [self._replaced(item) for item in value]
        if not isinstance(value, str) or "$" not in value:
            return value
        whole = REFERENCE.fullmatch(value)
        if whole is not None:
            return self._referred(whole)
        return REFERENCE.sub(lambda found: _as_text(self._referred(found)), value)

    def _referred(self, found: re.Match[str]) -> Any:
        part, key, path = found.groups()
        value: Any = getattr(self, part).get(key)
        for step in re.findall(r"\[([^\]]*)\]", path):
            if isinstance(value, dict):
                value = value.get(step)
            elif isinstance(value, list) and step.isdigit() and int(step) < len(value):
                value = value[int(step)]
            else:
                return None
        return value

    def describe(self) -> dict[str, Any]:
        return {
            "result": php_array(self.result),
            "result_error": php_array(self.error),
            "result_total": php_array(self.total),
            "result_next": php_array(self.next),
            "result_time": php_array(self.time),
        }


def _error(code: str | int, message: str) -> dict[str, Any]:
    return {"error": code, "error_description": message}


def _as_text(value: Any) -> str:
    if isinstance(value, dict | list):
        return json.dumps(value)
    return "" if value is None or value is False else "1" if value is True else str(value)


def run(call: Call, perform: Perform) -> Batch:
    """Runs a call of `batch`; `cmd` may be an object or an array of `method?query` texts."""
    batch = Batch(call, perform)
    halt = call.params.get("halt")
    batch.run(call.params.mapping("cmd"), php_bool(halt) and halt != "false")
    return batch
