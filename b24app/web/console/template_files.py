"""The file of a template: downloaded, replaced, compared with old ones, brought back."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.views.decorators.http import require_POST

from b24app import docx
from b24app.bitrix.errors import BitrixError, Refused, TokenExpired, TokenInvalid
from b24app.console import template_edit, template_files
from b24app.console.errors import FileNotKept, NotFoundOut, OldFileAway
from b24app.documents.errors import FieldsWrong
from b24app.web import uploads
from b24app.web.console.guard import administrators_only, screen
from b24app.web.console.template_new import LARGEST_REQUEST, is_heavy, too_big
from b24app.web.console.template_page import page_of
from b24app.web.session import FrameRequest


@require_POST
@administrators_only
def ticket(request: FrameRequest, template_id: int) -> HttpResponse:
    """The address of the file that the template has now, for one download."""
    return _address(template_files.ticket(request.frame, template_id))


@require_POST
@administrators_only
def old_ticket(request: FrameRequest, template_id: int, file_id: UUID) -> HttpResponse:
    """The address of an old file, for one download."""
    return _address(template_files.ticket(request.frame, template_id, file_id))


def _address(token: str) -> HttpResponse:
    return JsonResponse({"address": reverse("file", args=[token])})


@administrators_only
def replace(request: FrameRequest, template_id: int) -> HttpResponse:
    """Another file for the template; its page says how that went."""
    if request.method != "POST":  # reloaded, or "Try again" after a failure
        return _to_page(request, template_id)
    if uploads.is_too_much(request, LARGEST_REQUEST):
        template = template_edit.find(request.frame, template_id)
        return page_of(request, template, problems={"file": too_big()}, status=413)
    uploads.accept(request, LARGEST_REQUEST)
    file = uploads.sent(request, "file", docx.LARGEST)
    without = "without_old" in request.POST
    return _done(
        request,
        template_id,
        lambda: template_files.replace(request.frame, template_id, file, without_old=without),
        heavy=is_heavy(file),
    )


def _to_page(request: FrameRequest, template_id: int) -> HttpResponse:
    key = request.frame.portal.key
    return HttpResponseRedirect(reverse("template", args=[key, template_id]))


@administrators_only
def bring_back(request: FrameRequest, template_id: int, file_id: UUID) -> HttpResponse:
    """Gives the template one of its old files again."""
    if request.method != "POST":
        return _to_page(request, template_id)
    return _done(
        request,
        template_id,
        lambda: template_files.bring_back(request.frame, template_id, file_id),
    )


def _done(
    request: FrameRequest, template_id: int, act: Callable[[], None], *, heavy: bool = False
) -> HttpResponse:
    try:
        act()
    except FieldsWrong as error:
        template = template_edit.find(request.frame, template_id)
        return page_of(request, template, problems=error.problems, status=422)
    except (TokenInvalid, TokenExpired):
        raise
    except (BitrixError, NotFoundOut, OldFileAway) as error:
        template = template_edit.find(request.frame, template_id)
        return page_of(
            request,
            template,
            error=error,
            away=isinstance(error, OldFileAway),
            heavy=heavy and isinstance(error, Refused),
            status=409,
        )
    return page_of(request, template_edit.find(request.frame, template_id), done="replaced")


@administrators_only
def compare(request: FrameRequest, template_id: int) -> HttpResponse:
    """The texts of two files: `old` one that is kept, `new` another one or "" for the present."""
    old, new = _file_id(request, "old"), _file_id(request, "new")
    if old is None:
        raise FileNotKept
    context = {
        "template_id": template_id,
        "kept": template_files.kept(request.frame.portal, template_id),
        "old": old,
        "new": new,
        "comparison": template_files.compare(request.frame, template_id, old, new),
    }
    return screen(request, "console/templates/_compared.html", context)


def _file_id(request: FrameRequest, name: str) -> UUID | None:
    text = request.GET.get(name, "")
    try:
        return UUID(text) if text else None
    except ValueError:
        raise FileNotKept from None
