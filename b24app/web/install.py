"""The install page: what will be added, then the steps one by one, then the portal goes on."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from b24app import tasks
from b24app.bitrix.errors import BitrixError
from b24app.models import FrameSession
from b24app.portals import install
from b24app.portals.people import require_administrator
from b24app.web.entry import enter, read_launch
from b24app.web.session import FrameRequest, frame_required, page
from b24app.web.trouble import details_of, trouble_of

LABELS = {
    "rights": lazy("Rights checked"),
    "tab": lazy("Tabs"),
    "button": lazy("Menu entries"),
    "events": lazy("Events"),
    "finish": lazy("Keys kept safe"),
}


@csrf_exempt
def market(request: HttpRequest) -> HttpResponse:
    """Opened by the portal for the one application of the Market."""
    return opened(request, None)


@csrf_exempt
def opened(request: HttpRequest, key: str | None) -> HttpResponse:
    """Opened by the portal; only an administrator gets further than the first sentence."""
    if request.method == "GET" and key is not None:
        return _again(request, key)
    session = enter(request, key, install=True)
    install.trust_application_token(session.portal, read_launch(request).application_token)
    return _first_page(request, session)


@frame_required
def _again(request: FrameRequest, key: str) -> HttpResponse:
    """Reloaded: the session is renewed, and the page is as it was."""
    return _first_page(request, request.frame)


def _first_page(request: HttpRequest, session: FrameSession) -> HttpResponse:
    require_administrator(session)
    host = session.portal.address.partition("://")[2]
    context = {"host": host, "places": install.PLACES}
    return page(request, "install/before.html", session.portal, context)


@require_POST
@frame_required
def step(request: FrameRequest, key: str, name: str) -> HttpResponse:
    """Does one step and shows how far it is; the page asks for the next one by itself."""
    session = request.frame
    context = {"labels": LABELS, "done": _before(name), "total": len(LABELS)}
    try:
        following = install.run_step(session, name)
    except BitrixError as error:
        context |= {"trouble": trouble_of(error), "details": details_of(error), "next": name}
        return page(request, "install/_stopped.html", session.portal, context)
    if following is None:
        tasks.read_catalogue_soon(session.portal_id)
        return page(request, "install/_done.html", session.portal, context)
    context |= {"done": _before(following), "next": following}
    return page(request, "install/_steps.html", session.portal, context)


def _before(name: str) -> list[str]:
    """The steps before the one of this name."""
    names = list(LABELS)
    return names[: names.index(name)] if name in names else []
