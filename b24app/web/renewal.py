"""A page whose frame token has ended brings a new AUTH_ID and gets a new session."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from b24app.models import Portal
from b24app.portals import frame_token
from b24app.web.entry import enter

APPLICATION = "DEFAULT"
"""The placement of the application's own pages, the install page among them."""


@csrf_exempt
@require_POST
def renew(request: HttpRequest, key: str) -> HttpResponse:
    """The same check as at the launch; the token comes back as JSON, for the page's script only.

    Before the installation is done, that of the install page: administrators only.
    """
    settled = (Portal.State.INSTALLED, Portal.State.DOUBTED)
    waiting = Portal.objects.filter(key=key).exclude(state__in=settled).exists()
    installing = waiting and request.POST.get("PLACEMENT") == APPLICATION
    session = enter(request, key, install=installing, renewal=True)
    return JsonResponse({"token": frame_token.issue(session)})
