"""Where portals send their events: checked, stored, answered at once."""

from __future__ import annotations

from urllib.parse import parse_qsl

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from b24app import tasks
from b24app.bitrix.events import EventError, parse_event
from b24app.inbox.receive import EventRefused, receive
from b24app.portals import journal
from b24app.web.senders import address_of

LARGEST = 64 * 1024


@csrf_exempt
@require_POST
def inbox(request: HttpRequest, key: str) -> HttpResponse:
    """No session: the application token in the body is checked instead."""
    if _length(request) > LARGEST:
        journal.refused("event", "too long", address_of(request))
        return HttpResponse(status=413)
    try:
        pairs = parse_qsl(request.body.decode(), keep_blank_values=True, max_num_fields=500)
        event = receive(key, parse_event(pairs))
    except (EventError, EventRefused) as error:
        journal.refused("event", str(error), address_of(request))
        return HttpResponse(status=403)
    except ValueError:
        journal.refused("event", "not a form", address_of(request))
        return HttpResponse(status=403)
    if event is not None:
        tasks.handle_soon(event)
    return HttpResponse("ok", content_type="text/plain")


def _length(request: HttpRequest) -> int:
    told = request.headers.get("Content-Length") or ""
    return int(told) if told.isdecimal() else 0
