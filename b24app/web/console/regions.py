"""Regions: which languages and formats templates may have, and who uses them; roles beside them."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse

from b24app.bitrix.errors import ScopeMissing
from b24app.console import regions
from b24app.web.console.guard import administrators_only, screen
from b24app.web.session import FrameRequest

LONGEST_KEY = 20


@administrators_only
def index(request: FrameRequest) -> HttpResponse:
    """All regions and roles; without the scope, what to do to see them."""
    context: dict[str, Any] = {"here": "numerators"}
    try:
        context |= {"regions": regions.regions(request.frame), "has_scope": True}
        context["roles"] = regions.roles(request.frame)
    except ScopeMissing:
        context["has_scope"] = False
    return screen(request, "console/regions.html", context)


@administrators_only
def one(request: FrameRequest, region: str) -> HttpResponse:
    """The phrases of one region, in its place in the list."""
    if len(region) > LONGEST_KEY or not region.isascii() or not region.isalnum():
        raise Http404
    try:
        found = regions.region(request.frame, region)
    except regions.NoSuchRegion:
        raise Http404 from None
    return screen(request, "console/_region.html", {"row": found, "open": True})
