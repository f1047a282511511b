"""Tags for icons and marks, filters for moments and names; loaded in every template."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal, InvalidOperation

import segno
from django import template
from django.utils import formats, timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from b24app.models import IssuedDocument
from b24app.web import pictures
from b24app.web.wording import FORMS

register = template.Library()


@register.simple_tag
def icon(name: str, tone: str = "") -> SafeString:
    """An outline icon of the sprite, 20 px."""
    return format_html('<svg class="i {}" aria-hidden="true"><use href="#i-{}"/></svg>', tone, name)


@register.simple_tag
def mark(name: str, tone: str = "") -> SafeString:
    """A filled mark of the sprite, 16 px: the shape that goes with a state."""
    return format_html('<svg class="m {}" aria-hidden="true"><use href="#m-{}"/></svg>', tone, name)


@register.simple_tag(takes_context=True)
def picture(context: template.Context, record: IssuedDocument | None) -> str:
    """The address of a document's first page, for the session of this request; "" without one."""
    return pictures.address(context["request"].frame, record)


@register.simple_tag(takes_context=True)
def words(context: template.Context, name: str, **values: str) -> str:
    """A sentence of `web/wording.py`, for the type of object that this page is about."""
    sentence = FORMS[name].of(context["request"].frame.entity_type_id)
    return sentence % values if values else sentence


@register.simple_tag
def qr(address: str) -> SafeString:
    """The address as a QR code: an inline SVG of attributes alone, black on white in any theme."""
    rows = [bytes(row) for row in segno.make(address, error="m", micro=False).matrix]
    return format_html(
        '<svg class="qr" viewBox="-1 -1 {} {}" role="img" aria-label="{}" '
        'shape-rendering="crispEdges"><path fill="#000" d="{}"/></svg>',
        len(rows) + 2,
        len(rows) + 2,
        _("QR code of the link"),
        "".join(_squares(row, y) for y, row in enumerate(rows)),
    )


def _squares(row: bytes, y: int) -> str:
    """One line of a QR code as parts of a path: each run of dark modules a rectangle."""
    runs = ((found.start(), len(found.group())) for found in re.finditer(b"\x01+", row))
    return "".join(f"M{x} {y}h{width}v1h-{width}z" for x, width in runs)


@register.filter
def at(values: Mapping[str, object], name: str) -> object:
    """What a map holds under a name that is not known before; "" where there is nothing."""
    return values.get(name, "")


@register.filter
def seconds_since(value: datetime | None) -> int:
    """Whole seconds from a moment until now."""
    return int((timezone.now() - value).total_seconds()) if value else 0


@register.filter
def amount(value: Decimal | None, currency: str) -> str:
    """An amount as a person writes it: "48,650.77 EUR", with the language's own marks."""
    if value is None:
        return ""
    number = formats.number_format(value, 2, use_l10n=True, force_grouping=True)
    return f"{number} {currency}".rstrip()


@register.filter
def with_unit(value: str, unit: str) -> str:
    """A value as Bitrix24 told it; of an amount, as a person writes it."""
    try:
        return amount(Decimal(value), unit) if unit else value
    except InvalidOperation:
        return value


@register.filter
def quantity(value: Decimal | None) -> str:
    """A quantity without needless noughts: "14", "72.5"."""
    if value is None:
        return ""
    whole = value == value.to_integral_value()
    return str(formats.number_format(value.quantize(Decimal(1)) if whole else value.normalize()))


@register.filter
def moment(value: datetime | None) -> str:
    """A moment as a person says it: "today 14:32", "yesterday 9:05", "11 May 16:40"."""
    if value is None:
        return ""
    local = timezone.localtime(value)
    clock = formats.date_format(local, "H:i")
    days = (timezone.localdate() - local.date()).days
    if days == 0:
        return _("today %(time)s") % {"time": clock}
    if days == 1:
        return _("yesterday %(time)s") % {"time": clock}
    # Patterns are translated: some languages put a point after the day.
    pattern = _("j E H:i") if local.year == timezone.localdate().year else _("j E Y")
    return formats.date_format(local, pattern)


@register.filter
def exactly(value: datetime | None) -> str:
    """A moment as a record tells it, also on paper: "11 May 2026, 16:40:05"."""
    return formats.date_format(timezone.localtime(value), _("j E Y, H:i:s")) if value else ""


@register.filter
def coming(value: datetime | None) -> str:
    """A moment that is to come: "today, 18:00", "tomorrow, 13 May, 18:00", "11 June, 23:59"."""
    if value is None:
        return ""
    local = timezone.localtime(value)
    words = {"day": day(value), "time": formats.date_format(local, "H:i")}
    days = (local.date() - timezone.localdate()).days
    if days == 0:
        return _("today, %(time)s") % words
    if days == 1:
        return _("tomorrow, %(day)s, %(time)s") % words
    return _("%(day)s, %(time)s") % words


@register.filter
def day(value: datetime | None) -> str:
    """The day of a moment: "11 June", with its year where that is not this one."""
    if value is None:
        return ""
    local = timezone.localtime(value)
    this_year = local.year == timezone.localdate().year
    return formats.date_format(local, _("j F") if this_year else _("j F Y"))
