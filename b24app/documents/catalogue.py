"""The portal's templates, kept for a while.

The catalogue is read with the installation's token: an ordinary one is refused by many portals, and
one that may modify "own" templates gets only these, which would hide the rest from everybody.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils import timezone

from b24app.bitrix.documentgenerator import DocumentTemplate, list_templates
from b24app.bitrix.errors import BitrixError
from b24app.models import FrameSession, Portal, TemplateCatalogue
from b24app.portals.clients import installation
from b24app.portals.errors import Disconnected

FRESH = timedelta(minutes=10)
SOON = timedelta(minutes=8)
"""When the worker reads it again, for portals where somebody has a tab open."""
ASKING = timedelta(seconds=60)
"""How long a question may be under way; after it, it is lost."""
AGAIN = timedelta(minutes=3)
"""Between a try of the worker that failed and the next."""
PAGES_AT_ONCE = 4


@dataclass(frozen=True)
class Age:
    """How old the kept catalogue is, as a person is told."""

    read_at: datetime | None
    is_being_read: bool
    has_failed: bool
    """The last try to read a newer one failed."""


def age(portal: Portal) -> Age:
    found = TemplateCatalogue.objects.filter(portal=portal).defer("templates").first()
    if found is None:
        return Age(None, is_being_read=False, has_failed=False)
    asking = found.asked_at is not None and found.asked_at > timezone.now() - ASKING
    return Age(found.read_at, is_being_read=asking, has_failed=found.failed_at is not None)


def is_fresh(portal: Portal) -> bool:
    """Whether the kept catalogue may be shown without asking Bitrix24."""
    limit = timezone.now() - FRESH
    return TemplateCatalogue.objects.filter(portal=portal, read_at__gt=limit).exists()


def renew(portal: Portal) -> None:
    """Reads it again where it is old, and waits for it. Raises as `refresh` does."""
    if not is_fresh(portal):
        refresh(portal)


def at_hand(portal: Portal) -> None:
    """Waits for a first reading only: an old catalogue is better than waiting for a new one.

    Raises as `refresh` does.
    """
    if not TemplateCatalogue.objects.filter(portal=portal).exists():
        refresh(portal)


def ask_if_old(portal: Portal) -> bool:
    """Whether the caller should have the worker read it; it counts as being read from now."""
    now = timezone.now()
    old = TemplateCatalogue.objects.filter(portal=portal, read_at__lte=now - FRESH)
    return bool(old.filter(_nobody_asks(now)).update(asked_at=now))


def due() -> list[int]:
    """Portals whose catalogue will be old soon, and where somebody has a page open.

    Each counts as being read from now.
    """
    now = timezone.now()
    ageing = TemplateCatalogue.objects.filter(
        Q(failed_at=None) | Q(failed_at__lte=now - AGAIN),
        _nobody_asks(now),
        read_at__lte=now - SOON,
        portal__in=FrameSession.objects.filter(ends_at__gt=now).values("portal"),
        portal__state=Portal.State.INSTALLED,
    )
    ids = list(ageing.values_list("portal_id", flat=True))
    TemplateCatalogue.objects.filter(portal_id__in=ids).update(asked_at=now)
    return ids


def _nobody_asks(now: datetime) -> Q:
    return Q(asked_at=None) | Q(asked_at__lte=now - ASKING)


def refresh(portal: Portal) -> None:
    """Reads all templates and keeps them. One request for up to 200 templates.

    Raises `Disconnected` or a `BitrixError`; what was kept stays.
    """
    rows = TemplateCatalogue.objects.filter(portal=portal)
    rows.update(asked_at=timezone.now())
    try:
        templates = _read(portal)
    except (BitrixError, Disconnected):
        rows.update(asked_at=None, failed_at=timezone.now())
        raise
    TemplateCatalogue.objects.update_or_create(
        portal=portal,
        defaults={
            "templates": [_row(t) for t in templates],
            "read_at": timezone.now(),
            "asked_at": None,
            "failed_at": None,
        },
    )


def outdated(portal: Portal) -> None:
    """Templates were changed and the catalogue could not be read again: the next reader has it
    read."""
    old = TemplateCatalogue.objects.filter(portal=portal, read_at__gt=timezone.now() - FRESH)
    old.update(read_at=timezone.now() - FRESH)


def _read(portal: Portal) -> list[DocumentTemplate]:
    client = installation(portal)
    starts = [50 * page for page in range(PAGES_AT_ONCE)]
    batch = client.batch({f"page{start}": list_templates(start) for start in starts})
    pages = [batch[f"page{start}"] for start in starts]
    found = {template.id: template for page in pages for template in page.items}
    if pages[-1].next is not None:
        found |= {t.id: t for t in client.pages(list_templates)}
    return list(found.values())


def kept(portal: Portal) -> list[DocumentTemplate]:
    """The templates as last read, whatever their age; empty before the first reading."""
    catalogue = TemplateCatalogue.objects.filter(portal=portal).first()
    return [_template(row) for row in catalogue.templates] if catalogue else []


def _row(template: DocumentTemplate) -> dict[str, object]:
    row = asdict(template)
    moment = template.update_time
    return row | {"update_time": moment.isoformat() if moment else None}


def _template(row: dict[str, object]) -> DocumentTemplate:
    moment = row["update_time"]
    return DocumentTemplate(
        **row  # type: ignore[arg-type]
        | {
            "entity_types": tuple(row["entity_types"]),  # type: ignore[arg-type]
            "users": tuple(row["users"]),  # type: ignore[arg-type]
            "update_time": datetime.fromisoformat(str(moment)) if moment else None,
        }
    )
