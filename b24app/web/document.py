"""The third beat and after: one document, its PDF, its link, its end."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.views.decorators.http import require_POST

from b24app import tasks
from b24app.bitrix.errors import Refused
from b24app.documents import actions, catalogue, files, prepare, update, versions
from b24app.models import IssuedDocument
from b24app.web import after, link
from b24app.web import versions as versions_page
from b24app.web.session import FrameRequest, frame_required, page

VIEWER = "/bitrix/components/bitrix/crm.document.view/slider.php?documentId={id}"
"""Bitrix24's own page of a document. Not in the documented list of openPath: it may say no."""


@frame_required
def show(request: FrameRequest, key: str, document_id: int) -> HttpResponse:
    """The document as Bitrix24 has it now. A failed one is not asked: that would be a new try."""
    session = request.frame
    record = actions.record_of(session, document_id)
    if record and record.pdf == IssuedDocument.Pdf.FAILED:
        return _failed(request, record)
    try:
        document = actions.show(session, document_id)
    except Refused as error:
        return _failed(request, actions.note_failure(session, document_id, error))
    record = actions.record_of(session, document_id)
    if document.pdf_url:
        tasks.run_errands_soon(session.portal_id)
    else:
        tasks.look_soon(session.portal_id)
    names = {t.id: t.name for t in catalogue.kept(session.portal)}
    context = {
        "document": document,
        "record": record,
        "template": names.get(document.template_id or 0, ""),
        "converting": not document.pdf_url,
        "version": versions.newest_number(session, document_id),
        "otherwise": update.otherwise(session, document_id),
        "viewer": VIEWER.format(id=document.id),
        **link.context(request, document_id),
        **_planned(request, record),
    }
    return page(request, "deal_tab/document.html", session.portal, context)


def _failed(request: FrameRequest, record: IssuedDocument) -> HttpResponse:
    context = {"record": record, **_planned(request, record)}
    return page(request, "deal_tab/failed.html", record.portal, context)


def _planned(request: FrameRequest, record: IssuedDocument | None) -> dict[str, Any]:
    found = after.listed(request.frame, record)
    return {**found, "planned": any(one.is_under_way for one in found["errands"])}


@frame_required
def progress(request: FrameRequest, key: str, document_id: int) -> HttpResponse:
    """Asked by the page every few seconds while the PDF is made; costs Bitrix24 nothing."""
    record = actions.record_of(request.frame, document_id)
    if record and record.pdf == IssuedDocument.Pdf.CONVERTING:
        context = {"record": record, **_planned(request, record)}
        return page(request, "deal_tab/_progress.html", record.portal, context)
    response = HttpResponse(status=204)
    path = reverse("document", args=[key, document_id])
    response.headers["HX-Location"] = (
        f'{{"path": "{path}", "target": "#page", "swap": "outerHTML", "push": "false"}}'
    )
    return response


@require_POST
@frame_required
def retry(request: FrameRequest, key: str, document_id: int) -> HttpResponse:
    actions.retry(request.frame, document_id)
    tasks.look_soon(request.frame.portal_id)
    return HttpResponseRedirect(reverse("document", args=[key, document_id]))


@frame_required
def edit(request: FrameRequest, key: str, document_id: int) -> HttpResponse:
    """Opens a form; with `?restore=1` one that is prepared to write what version 1 printed."""
    number = versions_page.number_of(request.GET.get("restore"))
    intent = prepare.start_updating(request.frame, document_id, number)
    if intent.form.get("unread"):
        tasks.read_versions_soon(intent.portal_id)
    return HttpResponseRedirect(reverse("form", args=[key, intent.pk]))


@frame_required
def delete(request: FrameRequest, key: str, document_id: int) -> HttpResponse:
    """Asks in place on GET; deletes on POST."""
    if request.method == "POST":
        actions.delete(request.frame, document_id)
        return HttpResponseRedirect(reverse("deal", args=[key]))
    context = {"document_id": document_id, "ask": "ask" in request.GET}
    return page(request, "deal_tab/_delete.html", request.frame.portal, context)


@require_POST
@frame_required
def ticket(request: FrameRequest, key: str, document_id: int, kind: str) -> HttpResponse:
    """The address of one file, for one use within a minute."""
    token = files.ticket(request.frame, document_id, kind)
    return JsonResponse({"address": reverse("file", args=[token])})
