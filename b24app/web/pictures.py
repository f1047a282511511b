"""Pictures of first pages, by a signed address for one document and a few minutes."""

from __future__ import annotations

from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from b24app.models import FrameSession, IssuedDocument

_SALT = "docket.picture"
LIFE = 15 * 60


def address(session: FrameSession, record: IssuedDocument | None) -> str:
    """Where the page may fetch the picture; "" without one."""
    if record is None or not record.picture_sealed:
        return ""
    content = [session.pk.hex, record.pk, record.looks]
    return reverse("picture", args=[signing.dumps(content, salt=_SALT)])


def show(request: HttpRequest, token: str) -> HttpResponse:
    try:
        session_id, record_id, _ = signing.loads(token, salt=_SALT, max_age=LIFE)
    except (signing.BadSignature, ValueError):
        raise Http404 from None
    session = FrameSession.objects.filter(pk=session_id, ends_at__gt=timezone.now()).first()
    record = IssuedDocument.objects.filter(pk=record_id).first()
    if session is None or record is None or record.portal_id != session.portal_id:
        raise Http404
    return HttpResponse(record.picture, content_type="image/jpeg")
