"""Who is in front of the page, by the portal's own word."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from b24app.bitrix import setup
from b24app.bitrix.client import PortalClient
from b24app.bitrix.secret import Secret
from b24app.models import FrameSession, Person
from b24app.portals.clients import acting
from b24app.portals.egress import egress
from b24app.portals.errors import NotAdministrator
from b24app.portals.tokens import LaunchAccess

ROLE_SECONDS = 600
"""How long a role is believed before it is asked again."""


def remember(person: Person, profile: setup.Person) -> None:
    """Writes down a name and a role that Bitrix24 has just told."""
    person.name = _full_name(profile)
    person.is_admin = profile.is_admin
    person.checked_at = timezone.now()
    # Not save(): the portal may leave at this moment and take the row with it.
    Person.objects.filter(pk=person.pk).update(
        name=person.name, is_admin=person.is_admin, checked_at=person.checked_at
    )


def administrator(address: str, access_token: Secret) -> setup.Person:
    """Who brought a token to the install page, before anything of him is kept.

    `address` is the portal's proven origin. Raises `NotAdministrator`, `BitrixError`.
    """
    client = PortalClient(egress(), address, LaunchAccess(access_token))
    profile = client.run(setup.profile())
    if not profile.is_admin:
        raise NotAdministrator(_full_name(profile))
    return profile


def require_administrator(session: FrameSession) -> None:
    """Raises `NotAdministrator` unless Bitrix24 said so within the last ten minutes."""
    person = session.person
    if person.checked_at < timezone.now() - timedelta(seconds=ROLE_SECONDS):
        remember(person, acting(session).run(setup.profile()))
    if not person.is_admin:
        raise NotAdministrator(person.name)


def _full_name(profile: setup.Person) -> str:
    return f"{profile.name} {profile.last_name}".strip()[:255]
