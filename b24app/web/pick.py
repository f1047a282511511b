"""The first beat: pick a template."""

from __future__ import annotations

from contextlib import suppress

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from b24app import tasks
from b24app.bitrix.errors import BitrixError
from b24app.documents import catalogue, picking, prepare
from b24app.portals.errors import Disconnected
from b24app.web.session import FrameRequest, frame_required, page

LIST = "templates"
"""Id of the part of the page that a search swaps."""


@frame_required
def show(request: FrameRequest, key: str) -> HttpResponse:
    """The templates for this deal and person, searched by `q` and `region`."""
    session = request.frame
    tasks.keep_catalogue_fresh(session.portal)
    part = request.htmx.target == LIST
    found = picking.go_on(session) if part else picking.open_picking(session)
    q, region = request.GET.get("q", "")[:100], request.GET.get("region", "")[:20]
    region = region if region in found.regions else ""
    recent = picking.narrowed(found.recent, q, region)
    rest = picking.narrowed(found.rest, q, region)
    context = {
        "picking": found,
        "recent": recent,
        "rest": rest,
        "q": q,
        "region": region,
        "searched": bool(q.strip() or region),
        "age": catalogue.age(session.portal),
    }
    name = "deal_tab/_templates.html" if part else "deal_tab/pick.html"
    return page(request, name, session.portal, context)


@require_POST
@frame_required
def refresh(request: FrameRequest, key: str) -> HttpResponse:
    """Reads the templates from Bitrix24 now; where that fails the page says so, with the old."""
    with suppress(BitrixError, Disconnected):  # noted there, and said beside the list's age
        catalogue.refresh(request.frame.portal)
    return _age(request)


@frame_required
def age(request: FrameRequest, key: str) -> HttpResponse:
    """Asked by the page while the worker reads the templates."""
    return _age(request)


def _age(request: FrameRequest) -> HttpResponse:
    """How old the list is; unless it is being read, the page asks for the list anew: what is typed
    into the search stays."""
    found = catalogue.age(request.frame.portal)
    response = page(request, "deal_tab/_age.html", request.frame.portal, {"age": found})
    if not found.is_being_read:
        response.headers["HX-Trigger"] = "templates-read"
    return response


@frame_required
def choose(request: FrameRequest, key: str, template_id: int) -> HttpResponse:
    """A template is picked: its form is opened."""
    intent = prepare.start_making(request.frame, template_id)
    return HttpResponseRedirect(reverse("form", args=[key, intent.pk]))
