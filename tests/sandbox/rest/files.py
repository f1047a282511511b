"""The files behind the links: for machines under `/rest/`, for browsers under `ajax.php`.

https://apidocs.bitrix24.com/api-reference/crm/document-generator/documents/index.html
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable
from typing import Any

from werkzeug.http import dump_options_header
from werkzeug.wrappers import Request, Response

from tests.sandbox.generator.documents import DOCX
from tests.sandbox.generator.errors import GeneratorError
from tests.sandbox.rest import rights
from tests.sandbox.rest.call import Call, Caller, Method
from tests.sandbox.rest.errors import RestError, generic
from tests.sandbox.rest.links import object_of
from tests.sandbox.rest.params import Params
from tests.sandbox.router import Rule
from tests.sandbox.state import State
from tests.sandbox.world import File, Portal

DOCUMENT_FILES = {"download": "file_id", "getPdf": "pdf_id", "getImage": "image_id"}


def attachment(file: File) -> Response:
    response = Response(file.body, content_type=file.content_type)
    response.headers["Content-Disposition"] = dump_options_header(
        "attachment", {"filename": file.name}
    )
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def _by_link(call: Call) -> Call:
    """The call with the id out of the link's signed part.

    Raises:
        RestError: ACCESS_DENIED for a part that was not signed here for this action.
    """
    token = call.params.text("token")
    if not token:
        return call
    object_id = object_of(call.state, call.method, token)
    if object_id is None:
        raise RestError("ACCESS_DENIED", "Link check failed", 403)
    return call.of(call.method, Params({"id": object_id}))


def _document_file(attribute: str) -> Callable[[Call], Response]:
    def send(call: Call) -> Response:
        document = rights.the_document(_by_link(call))
        call.state.settle(call.portal, document)
        file = call.portal.files.get(getattr(document, attribute) or 0)
        if file is None:
            raise generic("File not found")
        return attachment(file)

    return send


def _template_file(call: Call) -> Response:
    template = rights.the_template(_by_link(call))
    if not template.body:
        raise generic("File not found")
    return attachment(File(0, f"{template.name}.docx", DOCX, template.body))


def put_elsewhere(state: State, portal: Portal, file: Response) -> Response:
    """302 to an address where the file lies for everybody who knows it."""
    key = secrets.token_urlsafe(24)
    state.storage[key] = file
    return Response("", 302, {"Location": f"{portal.origin}/storage/{key}"})


def stored(request: Request, state: State, portal: Portal | None, key: str) -> Response:
    """A file in the storage; refuses whoever brings a token along, as strange servers do."""
    if request.headers.get("Authorization"):
        return Response("Only one auth mechanism allowed", 400, mimetype="text/plain")
    return state.storage.get(key) or Response("Not Found", 404, mimetype="text/plain")


METHODS = [
    *(
        Method(
            f"crm.documentgenerator.document.{action}",
            _document_file(attribute),
            ("crm",),
            listed=False,
        )
        for action, attribute in DOCUMENT_FILES.items()
    ),
    Method("crm.documentgenerator.template.download", _template_file, ("crm",), listed=False),
]
_BY_ACTION = {method.name.lower(): method for method in METHODS}


def ajax(request: Request, state: State, portal: Portal | None) -> Response:
    """`/bitrix/services/main/ajax.php`: files for employees who are signed in."""
    assert portal is not None
    if not request.headers.get("User-Agent"):
        # The front server knows no programs without a name.
        return Response("<h1>404 Not Found</h1>", 404, mimetype="text/html")
    user = state.sessions.signed_in(request)
    if user is None:
        return _failure("invalid_authentication", "Invalid authentication", 401)
    action = request.args.get("action", "").lower()
    method = _BY_ACTION.get(action)
    if method is None:
        return _failure("0", "Could not find action", 404)
    params = Params({"id": request.args.get("id", "")})
    with state.lock:
        call = Call(state, portal, Caller(user, ["crm"]), action, params)
        try:
            result: Any = method.handler(call)
        except (RestError, GeneratorError) as error:
            return _failure(error.code, error.message, 200)
    assert isinstance(result, Response)
    return result


def _failure(code: str | int, message: str, status: int) -> Response:
    error = {"message": message, "code": code, "customData": None}
    content = {"status": "error", "data": None, "errors": [error]}
    return Response(json.dumps(content), status, mimetype="application/json")


RULES = [Rule("/bitrix/services/main/ajax.php", ajax), Rule("/storage/<key>", stored)]
