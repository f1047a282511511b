"""Who may open the console, and what its pages share."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.http import HttpResponse

from b24app.portals.people import require_administrator
from b24app.web.session import FrameRequest, frame_required, page

P = ParamSpec("P")


def administrators_only(
    view: Callable[Concatenate[FrameRequest, P], HttpResponse],
) -> Callable[..., HttpResponse]:
    """For views under `/p/<key>/console/`: the session of an administrator of this portal.

    The view gets the request and the rest of the address, without the key. Anybody else is told
    that an administrator may do this.
    """

    @frame_required
    @wraps(view)
    def guarded(
        request: FrameRequest, key: str, /, *args: P.args, **kwargs: P.kwargs
    ) -> HttpResponse:
        require_administrator(request.frame)
        return view(request, *args, **kwargs)

    return guarded


def screen(
    request: FrameRequest, template: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    """A page of the console, or a part of one. `base` leads to this portal's addresses."""
    response = page(request, template, request.frame.portal, context)
    response.status_code = status
    return response
