"""Regions and roles of the generator, which only its own methods tell (scope documentgenerator)."""

from __future__ import annotations

from dataclasses import dataclass

from b24app.bitrix.client import PortalClient
from b24app.bitrix.documentgenerator import (
    DocumentTemplate,
    Region,
    Role,
    get_region,
    get_role,
    list_regions,
    list_roles,
)
from b24app.bitrix.errors import MethodMissing, NotFound, PaymentRequired, Refused
from b24app.documents import catalogue
from b24app.models import FrameSession
from b24app.portals.clients import acting


class NoSuchRegion(Exception):
    """Bitrix24 has no such region any more."""


@dataclass(frozen=True, slots=True)
class InUse:
    """A region with the templates that are written in it."""

    region: Region
    templates: tuple[DocumentTemplate, ...]


def regions(session: FrameSession) -> list[InUse]:
    """All regions, used ones first. Raises `ScopeMissing`, `BitrixError`."""
    found = acting(session).run(list_regions())
    templates = [one for one in catalogue.kept(session.portal) if not one.is_deleted]
    rows = [
        InUse(one, tuple(template for template in templates if template.region == one.key))
        for one in found
    ]
    return sorted(rows, key=lambda row: (not row.templates, row.region.title.casefold()))


def region(session: FrameSession, key: str) -> InUse:
    """One region with its phrases. Raises `NoSuchRegion`, `ScopeMissing`, `BitrixError`."""
    try:
        found = acting(session).run(get_region(key))
    except Refused as error:
        if isinstance(error, NotFound) or error.code == "0":
            raise NoSuchRegion from error
        raise
    templates = [one for one in catalogue.kept(session.portal) if not one.is_deleted]
    return InUse(found, tuple(one for one in templates if one.region == key))


def roles(session: FrameSession) -> list[Role] | None:
    """What members of each role may do. None: this plan or this person's rights have none to read.

    Raises `ScopeMissing`, `BitrixError`.
    """
    client = acting(session)
    try:
        return _roles(client)
    except (Refused, MethodMissing, PaymentRequired):
        return None


def _roles(client: PortalClient) -> list[Role]:
    listed = client.run(list_roles())
    if not listed:
        return []
    batch = client.batch({f"role{role_id}": get_role(role_id) for role_id, _ in listed[:50]})
    return [batch[f"role{role_id}"] for role_id, _ in listed[:50]]
