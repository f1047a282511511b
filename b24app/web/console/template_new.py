"""A new template: its file and what is told of it, sent once."""

from __future__ import annotations

import uuid
from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from b24app import docx
from b24app.bitrix.errors import BitrixError, Refused, TokenExpired, TokenInvalid
from b24app.console import template_add, template_edit, template_form
from b24app.console.errors import NoSuchTemplate
from b24app.console.template_form import Known, Typed
from b24app.documents.attach import Sent
from b24app.documents.errors import FieldsWrong
from b24app.models import TemplateAddition
from b24app.web import uploads
from b24app.web.console.guard import administrators_only, screen
from b24app.web.console.template_page import fields
from b24app.web.session import FrameRequest
from b24app.web.trouble import details_of, trouble_of

State = TemplateAddition.State
LARGEST_REQUEST = docx.LARGEST + 5 * 1024 * 1024
"""Bytes. A file a little too big gets its sentence; a much bigger request is not read at all."""
USUAL_LIMIT = 2 * 1024 * 1024
"""Bytes of a template's file that a portal takes, where nobody has changed that."""


@administrators_only
def start(request: FrameRequest) -> HttpResponse:
    """Opens an empty form, at an address of its own: what is typed into it belongs to it alone."""
    path = reverse("template-adding", args=[request.frame.portal.key, uuid.uuid4()])
    return HttpResponseRedirect(path)


@administrators_only
def form(request: FrameRequest, addition_id: UUID) -> HttpResponse:
    """The form, or what became of it; sends it on POST."""
    if request.method == "POST":
        return _send(request, addition_id)
    row = template_add.find(request.frame, addition_id)
    if row is not None:
        return _found_out(request, row)
    known = template_edit.options(request.frame)
    usual = next(iter(known.numerators), "")
    region = next(iter(known.regions), "")
    return _show(request, known, Typed(numerator=str(usual), region=region), addition_id)


def _send(request: FrameRequest, addition_id: UUID) -> HttpResponse:
    known = template_edit.options(request.frame)
    if uploads.is_too_much(request, LARGEST_REQUEST):
        problems = {template_add.FILE: too_big()}
        return _show(request, known, Typed(), addition_id, problems=problems, status=413)
    uploads.accept(request, LARGEST_REQUEST)
    typed = template_form.typed(request.POST.dict())
    file = uploads.sent(request, template_add.FILE, docx.LARGEST)
    try:
        row = template_add.add(request.frame, addition_id, known, typed, file)
    except FieldsWrong as error:
        return _show(request, known, typed, addition_id, problems=error.problems, status=422)
    except (TokenInvalid, TokenExpired):
        raise
    except BitrixError as error:
        heavy = isinstance(error, Refused) and is_heavy(file)
        return _show(request, known, typed, addition_id, error=error, heavy=heavy, status=409)
    return _go_on(request, row)


def is_heavy(file: Sent | None) -> bool:
    """Whether its size may be why Bitrix24 refused it: its words for that are like any other."""
    return file is not None and file.size > USUAL_LIMIT


def too_big() -> str:
    return _("This file is far too big: 10 MB are allowed.")


def _go_on(request: FrameRequest, row: TemplateAddition) -> HttpResponse:
    key = request.frame.portal.key
    if row.state == State.MADE and row.template_id:
        return HttpResponseRedirect(reverse("template", args=[key, row.template_id]))
    return HttpResponseRedirect(reverse("template-adding", args=[key, row.pk]))


def _found_out(request: FrameRequest, row: TemplateAddition) -> HttpResponse:
    """What became of a form whose answer was lost; the form again, where nothing came of it."""
    row = template_add.look(request.frame, row)
    if row.state == State.MADE:
        return _go_on(request, row)
    if row.state == State.MISSING:
        typed = Typed.of_kept(row.form)
        known = template_edit.options(request.frame)
        return _show(request, known, typed, row.pk, missing=True)
    context = {"here": "templates", "row": row}
    return screen(request, "console/templates/finding_out.html", context)


@administrators_only
def state(request: FrameRequest, addition_id: UUID) -> HttpResponse:
    """Asked by the page while an answer is looked for: nothing, or where to go now."""
    found = template_add.find(request.frame, addition_id)
    if found is None:
        raise NoSuchTemplate
    row = template_add.look(request.frame, found)
    response = HttpResponse(status=204)
    if row.state not in TemplateAddition.UNDER_WAY:
        path = reverse("template-adding", args=[request.frame.portal.key, row.pk])
        response.headers["HX-Location"] = (
            f'{{"path": "{path}", "target": "#page", "swap": "outerHTML"}}'
        )
    return response


def _show(
    request: FrameRequest,
    known: Known,
    typed: Typed,
    addition_id: UUID,
    *,
    error: BitrixError | None = None,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    context = {
        **fields(request.frame.portal, known, typed),
        "here": "templates",
        "addition_id": addition_id,
        "largest": docx.LARGEST,
        "trouble": trouble_of(error) if error else None,
        "details": details_of(error) if error else "",
        **more,
    }
    return screen(request, "console/templates/new.html", context, status=status)
