"""The versions of a document, the story of a deal's documents, and their files."""

from __future__ import annotations

from datetime import date

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.views.decorators.http import require_POST

from b24app import tasks
from b24app.documents import files, versions
from b24app.models import DownloadTicket
from b24app.web.session import FrameRequest, frame_required, page

MOST = 999_999
CSV = DownloadTicket.Kind.CSV


@frame_required
def show(request: FrameRequest, key: str, document_id: int) -> HttpResponse:
    """The line of versions, and what is different between the two that are ticked.

    `?v=1&v=3` are ticked, `?top=40` is the first one shown. With `?after=2` the page asks whether
    there is a version after that; the answer is 204 as long as there is none, and costs Bitrix24
    nothing.
    """
    session = request.frame
    after = number_of(request.GET.get("after"))
    if after is not None and versions.newest_number(session, document_id) <= after:
        return HttpResponse(status=204)
    ticked = _ticked(request)
    top = number_of(request.GET.get("top"))
    found = versions.open_versions(session, document_id, ticked, top)
    if found.unread:
        tasks.read_versions_soon(session.portal_id)
    response = page(request, "deal_tab/versions.html", session.portal, {"doc": found})
    if request.htmx and len(ticked) > 1:
        # Three were ticked for a moment: the address says which two are compared.
        response.headers["HX-Push-Url"] = _address(key, document_id, found.ticked, top)
    return response


def _address(key: str, document_id: int, ticked: tuple[int, ...], top: int | None) -> str:
    words = [f"top={top}"] if top else []
    words += [f"v={number}" for number in ticked]
    return f"{reverse('versions', args=[key, document_id])}?{'&'.join(words)}"


def _ticked(request: FrameRequest) -> list[int]:
    """The numbers to compare, newest first; of three the one that was ticked last is among them."""
    found = {number_of(text) for text in request.GET.getlist("v")[:50]}
    numbers = sorted((n for n in found if n is not None), reverse=True)
    if len(numbers) <= 2:
        return numbers
    last = number_of((request.htmx.trigger or "").removeprefix("v-"))
    if last not in numbers:
        return numbers[:2]
    other = next(n for n in numbers if n != last)
    return sorted((other, last), reverse=True)


def number_of(text: str | None) -> int | None:
    """The number of a version in an address; None for anything else."""
    if not text or not text.isascii() or not text.isdecimal() or len(text) > 6:
        return None
    return int(text)


@require_POST
@frame_required
def ticket(
    request: FrameRequest, key: str, document_id: int, number: int, kind: str
) -> HttpResponse:
    """The address of a kept file of an old version, for one use within a minute."""
    snapshot = versions.old_file(request.frame, document_id, number, kind)
    token = files.issue(request.frame, kind, document_id=document_id, snapshot=snapshot)
    return JsonResponse({"address": reverse("file", args=[token])})


@frame_required
def story(request: FrameRequest, key: str, document_id: int | None = None) -> HttpResponse:
    """What happened to one document, or to all of the deal, to be read and printed."""
    since, until = period(request)
    told = versions.open_story(request.frame, document_id, since, until)
    context = {"story": told, "document_id": document_id, "since": since, "until": until}
    return page(request, "deal_tab/story.html", request.frame.portal, context)


@require_POST
@frame_required
def story_ticket(request: FrameRequest, key: str, document_id: int | None = None) -> HttpResponse:
    """The address of the same story as a table."""
    since, until = period(request)
    versions.open_story(request.frame, document_id, since, until)
    token = files.issue(request.frame, CSV, document_id=document_id, since=since, until=until)
    return JsonResponse({"address": reverse("file", args=[token])})


def period(request: HttpRequest) -> tuple[date | None, date | None]:
    """The days in the address, `?from=2026-05-01&to=2026-05-31`; empty ones set no border."""
    return _day(request.GET.get("from")), _day(request.GET.get("to"))


def _day(text: str | None) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Http404 from None
