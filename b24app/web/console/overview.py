"""The console's first page: what needs an administrator, and the last thirty days."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.utils import timezone

from b24app.bitrix.errors import BitrixError
from b24app.console import attention, overview
from b24app.portals import health
from b24app.portals.health import Checkup
from b24app.portals.tokens import installation_chain
from b24app.web.console.guard import screen
from b24app.web.session import FrameRequest
from b24app.web.trouble import details_of, trouble_of


def show(request: FrameRequest, **more: Any) -> HttpResponse:
    """For who is known to be an administrator. While Bitrix24 is silent, our own rows are shown."""
    portal = request.frame.portal
    checkup, told = checked(request)
    connected = installation_chain(portal) is not None
    context = {
        "here": "overview",
        "now": timezone.now(),
        "items": attention.items(attention.facts(portal, connected=connected), checkup),
        "numbers": overview.numbers(portal),
        "connected": connected,
        **told,
        **more,
    }
    return screen(request, "console/overview.html", context)


def checked(request: FrameRequest) -> tuple[Checkup | None, dict[str, Any]]:
    """How the installation is; None, and why, where Bitrix24 does not say."""
    try:
        checkup = health.checkup(request.frame)
    except BitrixError as error:
        trouble = trouble_of(error)
        return None, {"checkup": None, "trouble": trouble, "details": details_of(error)}
    return checkup, {"checkup": checkup}
