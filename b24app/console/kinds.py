"""Kinds of CRM objects that templates are bound to: by number, and by name for a person."""

from __future__ import annotations

import re
from collections.abc import Iterable

from django.utils.translation import gettext as _

from b24app.bitrix.crm import COMPANY, CONTACT, DEAL, LEAD, QUOTE, SMART_INVOICE
from b24app.documents import catalogue
from b24app.models import Portal

USUAL = (DEAL, LEAD, SMART_INVOICE, QUOTE)
MOST = 8
"""Kinds of one template that are asked about; the data of more is not judged."""
_CODE = re.compile(r"(\d{1,9})(?:_category_(\d{1,9})|_(\d{1,9}))?", re.ASCII)


def name(kind: int) -> str:
    names = {
        LEAD: _("Leads"),
        DEAL: _("Deals"),
        CONTACT: _("Contacts"),
        COMPANY: _("Companies"),
        QUOTE: _("Estimates"),
        SMART_INVOICE: _("Invoices"),
    }
    return names.get(kind) or _("Smart process %(number)d") % {"number": kind}


def of(bindings: Iterable[str]) -> tuple[int, ...]:
    """The kinds of `2_category_0`, `31_1` and `7`, each once; class names say none."""
    found = (parsed(one) for one in bindings)
    return tuple(dict.fromkeys(pair[0] for pair in found if pair))[:MOST]


def parsed(code: str) -> tuple[int, int | None] | None:
    """Kind and pipeline that a code names; None for the class names of exotic bindings."""
    found = _CODE.fullmatch(code)
    if found is None:
        return None
    pipeline = found[2] or found[3]
    return int(found[1]), int(pipeline) if pipeline is not None else None


def in_use(portal: Portal) -> list[int]:
    """The usual kinds, and those that the portal's templates are bound to as last read."""
    bound = of_all(one.entity_types for one in catalogue.kept(portal))
    return list(dict.fromkeys([*USUAL, *sorted(bound)]))


def of_all(bindings: Iterable[tuple[str, ...]]) -> set[int]:
    return {kind for one in bindings for kind in of(one)}
