"""Pictures of a form, logo and stamp, by a signed address for one field and a few minutes."""

from __future__ import annotations

from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from b24app.bitrix.errors import BitrixError
from b24app.documents import field_pictures, prepare
from b24app.documents.errors import DocumentError
from b24app.documents.fields import FormField
from b24app.models import FrameSession, Intent

_SALT = "docket.field-picture"
LIFE = 15 * 60


def address(session: FrameSession, intent: Intent, f: FormField, value: str) -> str:
    """Where the page may fetch the picture; "" for one that is not the portal's own."""
    if not field_pictures.path_of(session.portal.address, value):
        return ""
    content = [session.pk.hex, intent.pk.hex, f.code]
    return reverse("field-picture", args=[signing.dumps(content, salt=_SALT)])


def show(request: HttpRequest, token: str) -> HttpResponse:
    try:
        session_id, intent_id, code = signing.loads(token, salt=_SALT, max_age=LIFE)
    except (signing.BadSignature, ValueError):
        raise Http404 from None
    living = FrameSession.objects.filter(pk=session_id, ends_at__gt=timezone.now())
    session = living.select_related("portal", "person", "chain__portal").first()
    if session is None:
        raise Http404
    try:
        found = field_pictures.fetch(session, prepare.find(session, intent_id), code)
    except (DocumentError, BitrixError):
        raise Http404 from None
    response = HttpResponse(found.body, content_type=found.content_type)
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["Cache-Control"] = f"private, max-age={LIFE}"
    return response
