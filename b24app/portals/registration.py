"""A local application of one portal becomes known to us, before anybody opened it."""

from __future__ import annotations

from django.db import transaction

from b24app.bitrix.origin import parse_origin
from b24app.models import Portal


def reserve(address: str) -> Portal:
    """The row for a portal's address, so that its handler addresses can be told.

    Raises `ValueError` when the address is not one.
    """
    portal, _ = Portal.objects.get_or_create(address=parse_origin(address.strip().rstrip("/")))
    return portal


@transaction.atomic
def register(portal: Portal, client_id: str, client_secret: str) -> None:
    """Keeps id and secret of the portal's local application. Raises `ValueError` when empty.

    Another id is another application: what the old one was given is forgotten, and the portal has
    to install again.
    """
    if not client_id or not client_secret:
        raise ValueError("both the application's id and its key are needed")
    if portal.local_client_id not in {"", client_id}:
        portal.chains.all().delete()
        portal.application_token_hash = ""
        portal.state = Portal.State.REGISTERED
    portal.register(client_id, client_secret)
    portal.save()
