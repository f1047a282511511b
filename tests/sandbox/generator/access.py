"""Whom the generator lets see an object, and whom use a template."""

from __future__ import annotations

from collections.abc import Iterable

from tests.sandbox.generator.ids import id_of
from tests.sandbox.generator.sources import selling_of
from tests.sandbox.world import COMPANY, CONTACT, DocumentTemplate, Portal, User


def may_read_entity(portal: Portal, user: User, entity_type_id: int, entity_id: str) -> bool:
    """Whether the user may read this CRM object.

    An administrator may read everything, even what is not there: that is how a portal comes to
    make documents of deals that do not exist.
    """
    if user.is_admin:
        return True
    number = id_of(entity_id)
    if entity_type_id in (COMPANY, CONTACT):
        known = portal.companies if entity_type_id == COMPANY else portal.contacts
        return user.reads_clients and number in known
    found = selling_of(portal, entity_type_id, number)
    if found is None:
        return False
    level = user.reads.get(entity_type_id, user.reads_deals)
    return level == "all" or (level == "own" and found.assigned_by_id == user.id)


def may_use_template(portal: Portal, user: User, template: DocumentTemplate) -> bool:
    """Whether one of the template's access codes names the user. Administrators need none."""
    return user.is_admin or not access_codes(portal, user).isdisjoint(template.users)


def access_codes(portal: Portal, user: User) -> set[str]:
    """The access codes a user holds: himself, his departments and those above them, everyone."""
    above = {department for one in user.departments for department in _upwards(portal, one)}
    return {
        "UA",
        "AU",
        "G2",
        f"U{user.id}",
        f"IU{user.id}",
        *(f"D{department}" for department in user.departments),
        *(f"DR{department}" for department in above),
    }


def _upwards(portal: Portal, department: int) -> Iterable[int]:
    seen: set[int] = set()
    current: int | None = department
    while current is not None and current not in seen:
        seen.add(current)
        current = portal.departments.get(current, ("", None))[1]
    return seen
