"""A ready file is attached to the deal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from b24app import docx, tasks
from b24app.bitrix.documentgenerator import ListedDocument
from b24app.bitrix.errors import BitrixError, TokenExpired, TokenInvalid
from b24app.documents import attach, rights, settle
from b24app.documents.attached import NUMBER, TITLE
from b24app.documents.errors import FieldsWrong, MakingAnother
from b24app.models import Intent
from b24app.web import regions, uploads
from b24app.web.session import FrameRequest, frame_required, page
from b24app.web.trouble import details_of, trouble_of

LARGEST_REQUEST = docx.LARGEST + attach.LARGEST_PDF + 5 * 1024 * 1024
"""Bytes. A file a little too big gets its sentence; a much bigger request is not read at all."""
INPUTS = (TITLE, NUMBER, attach.REGION)


@frame_required
def start(request: FrameRequest, key: str) -> HttpResponse:
    """Opens an empty form."""
    intent = attach.start(request.frame)
    return HttpResponseRedirect(reverse("attach-form", args=[key, intent.pk]))


@frame_required
def form(request: FrameRequest, key: str, intent_id: str) -> HttpResponse:
    """Shows the form; sends it on POST."""
    intent = attach.find(request.frame, intent_id)
    rights.require_readable(request.frame)
    if request.method == "POST":
        return _send(request, key, intent)
    possible = _possible(request, intent)
    if intent.state == Intent.State.MADE:
        return HttpResponseRedirect(reverse("document", args=[key, intent.document_id]))
    return _show(request, intent, dict(intent.typed), possible=possible)


def _possible(request: FrameRequest, intent: Intent) -> list[ListedDocument]:
    """In doubt: the documents to choose from; asking may settle it by itself."""
    if intent.state != Intent.State.CHECK:
        return []
    return settle.choices(request.frame, intent)


def _send(request: FrameRequest, key: str, intent: Intent) -> HttpResponse:
    if uploads.is_too_much(request, LARGEST_REQUEST):
        too_much = {attach.FILE: _("These files are far too big: 10 MB each are allowed.")}
        return _show(request, intent, dict(intent.typed), problems=too_much, status=413)
    uploads.accept(request, LARGEST_REQUEST)
    typed = {name: str(request.POST.get(name, "")) for name in INPUTS}
    file = uploads.sent(request, attach.FILE, docx.LARGEST)
    pdf = uploads.sent(request, attach.PDF, attach.LARGEST_PDF)
    try:
        result = attach.send(request.frame, intent, typed, file, pdf)
    except FieldsWrong as error:
        return _show(request, intent, typed, problems=error.problems, status=422)
    except MakingAnother:
        return _show(request, intent, typed, problems={attach.FILE: _rival()}, status=409)
    except (TokenInvalid, TokenExpired):
        raise
    except BitrixError as error:
        return _show(request, intent, typed, error=error, status=409)
    if result.state == Intent.State.MADE:
        tasks.look_soon(result.portal_id)
        return HttpResponseRedirect(reverse("document", args=[key, result.document_id]))
    if result.state == Intent.State.UNKNOWN:
        tasks.settle_soon(result)
    return HttpResponseRedirect(reverse("attach-form", args=[key, result.pk]))


def _rival() -> str:
    return _(
        "A colleague is attaching this same file right now. Look at the documents in a moment."
    )


def _show(
    request: FrameRequest,
    intent: Intent,
    typed: dict[str, str],
    *,
    problems: dict[str, str] | None = None,
    error: BitrixError | None = None,
    possible: Sequence[ListedDocument] = (),
    status: int = 200,
) -> HttpResponse:
    region = typed.get(attach.REGION) or intent.form[attach.REGION]
    context: dict[str, Any] = {
        "intent": intent,
        "typed": typed,
        "problems": problems or {},
        "regions": [
            {"code": code, "name": regions.name_of(code), "chosen": code == region}
            for code in attach.regions(intent.portal)
        ],
        "largest": docx.LARGEST,
        "possible": possible,
        "trouble": trouble_of(error) if error else None,
        "details": details_of(error) if error else "",
    }
    response = page(request, "deal_tab/attach.html", intent.portal, context)
    response.status_code = status
    return response


@frame_required
def state(request: FrameRequest, key: str, intent_id: str) -> HttpResponse:
    """Asked by the page while an answer is looked for: nothing, or where to go now."""
    intent = attach.find(request.frame, intent_id)
    response = HttpResponse(status=204)
    if intent.state not in Intent.UNDER_WAY:
        path = reverse("attach-form", args=[key, intent.pk])
        response.headers["HX-Location"] = (
            f'{{"path": "{path}", "target": "#page", "swap": "outerHTML"}}'
        )
    return response


@require_POST
@frame_required
def decide(request: FrameRequest, key: str, intent_id: str) -> HttpResponse:
    """The person in doubt says which document it is, or that it is none."""
    intent = attach.find(request.frame, intent_id)
    chosen = request.POST.get("document", "")
    rights.require_readable(request.frame)
    if intent.state == Intent.State.CHECK:
        settle.choose(request.frame, intent, None if chosen == "none" else chosen)
    return HttpResponseRedirect(reverse("attach-form", args=[key, intent.pk]))
