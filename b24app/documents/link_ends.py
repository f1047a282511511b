"""When a public link ends: what a person may choose, and what the portal usually wants."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from b24app.documents.errors import FieldsWrong
from b24app.models import Portal
from b24app.portals import preferences

DAYS = (7, 30, 90)
NEVER, ON_DATE = "never", "date"
FURTHEST = timedelta(days=3650)


def days_offered(portal: Portal) -> tuple[list[int], str]:
    """The ends to choose from, in days, and the portal's usual choice."""
    usual = preferences.of(portal).link_days
    days = sorted({*DAYS, *([usual] if usual else [])})
    return days, str(usual) if usual else NEVER


def usual_end(portal: Portal) -> datetime | None:
    """The end of a link that is switched on now, where nobody is asked."""
    days = preferences.of(portal).link_days
    return _end_of(timezone.localdate() + timedelta(days=days)) if days else None


def chosen_end(portal: Portal, choice: str, on: str) -> datetime | None:
    """The end a person has chosen: `choice` is never, date or days, `on` the date typed.

    Days end in the night. Raises `FieldsWrong` for what no page of ours offers, too.
    """
    if choice == NEVER:
        return None
    if choice == ON_DATE:
        return _end_of(_date(on))
    if choice in {str(days) for days in days_offered(portal)[0]}:
        return _end_of(timezone.localdate() + timedelta(days=int(choice)))
    raise FieldsWrong({"ends": _("Choose when the link ends.")})


def _date(typed: str) -> date:
    today = timezone.localdate()
    try:
        found = date.fromisoformat(typed.strip())
    except ValueError:
        raise FieldsWrong({"date": _("Choose the day on which the link ends.")}) from None
    if not today <= found <= today + FURTHEST:
        raise FieldsWrong({"date": _("Choose a day from today on, within ten years.")})
    return found


def _end_of(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(23, 59)))
