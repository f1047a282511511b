"""The address `/rest/…`: from the HTTP request to the method and back.

https://apidocs.bitrix24.com/settings/how-to-call-rest-api/general-principles.html
"""

from __future__ import annotations

import json
from typing import Any

from werkzeug.wrappers import Request, Response

from tests.sandbox.generator.errors import GeneratorError
from tests.sandbox.record import Received, fingerprint, redacted
from tests.sandbox.rest import batch, caller, files, metering, refusals, strike
from tests.sandbox.rest.call import Answer, Call, Method
from tests.sandbox.rest.errors import RestError
from tests.sandbox.rest.messages import localized
from tests.sandbox.rest.methods import METHODS
from tests.sandbox.rest.params import Params, of_request
from tests.sandbox.rest.timing import Stopwatch
from tests.sandbox.router import Rule
from tests.sandbox.state import State
from tests.sandbox.world import Portal

HEADERS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Headers": "origin, content-type, accept",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}


def rest(
    request: Request,
    state: State,
    portal: Portal | None,
    method: str,
    user_id: int | None = None,
    secret: str = "",
) -> Response:
    """Answers one REST request."""
    assert portal is not None
    if request.method == "OPTIONS":
        return Response("", 200, HEADERS)
    name = method.lower().removesuffix(".json")
    received: Received = request.environ["sandbox.received"]
    received.rest_method = name
    fault = state.faults.take(name)
    if fault is not None and not fault.after and (broken := strike.strike(fault, request)):
        return broken
    with state.lock, state.acting.hit():
        response = _Request(request, state, portal, received).answer(name, user_id, secret)
    if fault is not None and fault.after and (broken := strike.strike(fault, request)):
        return broken
    return response


class _Request:
    """One REST request being answered."""

    def __init__(self, request: Request, state: State, portal: Portal, received: Received) -> None:
        self.request = request
        self.state = state
        self.portal = portal
        self.received = received
        self.watch = Stopwatch(state, portal)

    def answer(self, name: str, user_id: int | None, secret: str) -> Response:
        try:
            result = self._result(name, user_id, secret)
        except (RestError, GeneratorError) as error:
            return self._refusal(error)
        except metering.BrokenOff:
            return strike.page(504)
        if isinstance(result, Response):
            if self.state.options.files_elsewhere:
                return files.put_elsewhere(self.state, self.portal, result)
            result.headers.extend(HEADERS)
            return result
        envelope: dict[str, Any] = {"result": result.result}
        if result.next is not None:
            envelope["next"] = result.next
        if result.total is not None:
            envelope["total"] = result.total
        envelope["time"] = self.watch.describe()
        return json_response(envelope)

    def _result(self, name: str, user_id: int | None, secret: str) -> Answer | Response:
        metering.check_rate(self.state, self.portal, self.request.remote_addr or "")
        refusals.check_open(self.state, self.portal, self.request.scheme)
        params = of_request(self.request)
        self._note(params)
        if name != "batch" and name not in METHODS:
            raise not_found()
        if user_id is None:
            who = caller.by_token(self.request, self.state, self.portal, params)
        else:
            who = caller.by_webhook(self.state, self.portal, user_id, secret)
        self.received.user_id = who.user.id
        self.received.client_id = who.app.client_id if who.app else ""
        self.received.token = fingerprint(who.token.access) if who.token else self.received.token
        call = Call(self.state, self.portal, who, name, params)
        if name == "batch":
            done = batch.run(call, self._batched)
            self.received.commands = done.methods
            return Answer(done.describe())
        return metering.metered(call, self.watch, self.watch, lambda: perform(call))

    def _note(self, params: Params) -> None:
        self.received.params = redacted(dict(params))

    def _batched(self, call: Call, watch: Stopwatch) -> Answer:
        """One command of a batch; its refusals come as RestError, in the portal's language."""
        fault = self.state.faults.take(call.method, batched=True)
        if fault is not None and not fault.after:
            raise RestError(fault.code, fault.message, fault.status)
        try:
            _known(call.method)
            answer = metering.metered(call, self.watch, watch, lambda: perform(call))
        except (RestError, GeneratorError) as error:
            raise RestError(
                error.code, self._localized(error.message), error.status, **_extra(error)
            ) from error
        if fault is not None:
            raise RestError(fault.code, fault.message, fault.status)
        if isinstance(answer, Response):
            raise RestError("ERROR_UNEXPECTED_ANSWER", "Server returned an unexpected response")
        return answer

    def _localized(self, text: str) -> str:
        return localized(text, self.state.options.language)

    def _refusal(self, error: RestError | GeneratorError) -> Response:
        self.received.error = str(error.code)
        content = {"error": error.code, "error_description": self._localized(error.message)}
        status = error.status
        if isinstance(error, RestError) and self.state.options.statuses_of_source:
            status = error.source_status
        return json_response(content | _extra(error), status)


def _extra(error: RestError | GeneratorError) -> dict[str, Any]:
    return error.extra if isinstance(error, RestError) else {}


def not_found() -> RestError:
    return RestError("ERROR_METHOD_NOT_FOUND", "Method not found!", 404)


def _known(name: str) -> Method:
    """Raises:
    RestError: ERROR_METHOD_NOT_FOUND.
    """
    method = METHODS.get(name)
    if method is None:
        raise not_found()
    return method


def perform(call: Call) -> Answer | Response:
    """Calls a method, whoever asks for it.

    Raises:
        RestError, GeneratorError: the method refuses.
    """
    method = _known(call.method)
    caller.check_scope(call.caller, method)
    caller.check_intranet(call.caller, method)
    refusals.check_module(call.state, call.method)
    app, token = call.caller.app, call.caller.token
    depth = token.depth if token else 0
    with call.state.acting.call(app.client_id if app else "", call.connector, depth):
        result = method.handler(call)
    return result if isinstance(result, Answer | Response) else Answer(result)


def json_response(content: dict[str, Any], status: int = 200) -> Response:
    body = json.dumps(content, ensure_ascii=False, default=str)
    return Response(body, status, HEADERS, content_type="application/json; charset=utf-8")


_ANY = ("GET", "POST", "OPTIONS")
RULES = [
    Rule("/rest/<method>", rest, _ANY),
    Rule("/rest/<method>/", rest, _ANY),
    Rule("/rest/<int:user_id>/<secret>/<method>", rest, _ANY),
    Rule("/rest/<int:user_id>/<secret>/<method>/", rest, _ANY),
]
