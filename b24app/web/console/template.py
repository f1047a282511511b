"""One template: what is told of it, and its end."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from b24app.bitrix.errors import BitrixError, TokenExpired, TokenInvalid
from b24app.console import template_edit, template_form
from b24app.console.errors import NotFoundOut
from b24app.console.template_edit import ChangedElsewhere
from b24app.documents.errors import FieldsWrong
from b24app.web.console.guard import administrators_only, screen
from b24app.web.console.template_page import page_of
from b24app.web.console.templates import listed
from b24app.web.session import FrameRequest

PART = "delete"
"""Id of the part of the page in which is asked."""


@administrators_only
def show(request: FrameRequest, template_id: int) -> HttpResponse:
    """The template's page; saves its form on POST."""
    template = template_edit.find(request.frame, template_id)
    if request.method != "POST":
        return page_of(request, template)
    known = template_edit.options(request.frame, template)
    typed = template_form.typed(request.POST.dict())
    try:
        saved = template_edit.save(
            request.frame, template, known, typed, request.POST.get("seen", "")
        )
    except FieldsWrong as error:
        return page_of(
            request, template, known=known, typed=typed, problems=error.problems, status=422
        )
    except ChangedElsewhere:
        return page_of(request, template, known=known, typed=typed, elsewhere=True, status=409)
    except (TokenInvalid, TokenExpired):
        raise
    except (BitrixError, NotFoundOut) as error:
        return page_of(request, template, known=known, typed=typed, error=error, status=409)
    return page_of(request, saved, known=known, done="saved")


@administrators_only
def delete(request: FrameRequest, template_id: int) -> HttpResponse:
    """Asks in place, with who uses it (`?ask`); deletes on POST, and shows the list."""
    session = request.frame
    if request.method == "POST":
        return _delete(request, template_id)
    if request.htmx.target != PART:  # reloaded, or "Try again" after a failure
        return HttpResponseRedirect(reverse("template", args=[session.portal.key, template_id]))
    context: dict[str, Any] = {"template_id": template_id}
    if "ask" in request.GET:
        context |= {"ask": True, "uses": template_edit.uses(session, template_id)}
    return screen(request, "console/templates/_delete.html", context)


def _delete(request: FrameRequest, template_id: int) -> HttpResponse:
    template = template_edit.find(request.frame, template_id)
    try:
        template_edit.delete(request.frame, template_id)
    except (TokenInvalid, TokenExpired):
        raise
    except (BitrixError, NotFoundOut) as error:
        response = page_of(request, template, error=error, status=409)
        response.headers["HX-Push-Url"] = "false"
        return response
    return listed(request, {}, deleted=template)
