"""What an installation adds to a portal, in steps that may be repeated: nothing is doubled."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as lazy

from b24app.bitrix import setup
from b24app.bitrix.errors import Refused
from b24app.bitrix.protocol import Command
from b24app.bitrix.secret import Secret
from b24app.models import FrameSession, Portal, TokenChain
from b24app.portals import tokens
from b24app.portals.clients import acting
from b24app.portals.errors import EntryRefused, ScopesMissing
from b24app.portals.people import require_administrator
from b24app.sealing import fingerprint

SCOPES = ("crm", "placement")
OPTIONAL_SCOPES = ("documentgenerator", "catalog")
"""Docket does without them, and says where it has to."""


@dataclass(frozen=True)
class Place:
    """Where Docket appears in a portal.

    `words`: for who installs. `step`: of the installation that adds it. `titles`: what the portal
    shows there, by language. `optional`: not every portal has this place, and goes without it.
    """

    code: str
    words: str | Promise
    step: str
    titles: dict[str, dict[str, str]]
    optional: bool = False


DOCUMENTS = {"en": {"TITLE": "Documents"}, "de": {"TITLE": "Dokumente"}}
IN_DOCKET = {"en": {"TITLE": "Documents in Docket"}, "de": {"TITLE": "Dokumente in Docket"}}
TAB = Place("CRM_DEAL_DETAIL_TAB", lazy("A tab “Documents” in the deal card"), "tab", DOCUMENTS)
LEAD = Place(
    "CRM_LEAD_DETAIL_TAB", lazy("The same tab in the lead card"), "tab", DOCUMENTS, optional=True
)
INVOICE = Place(
    "CRM_SMART_INVOICE_DETAIL_TAB",
    lazy("The same tab in the invoice card"),
    "tab",
    DOCUMENTS,
    optional=True,
)
BUTTON = Place(
    "CRM_DEAL_DOCUMENTGENERATOR_BUTTON",
    lazy("An entry in the Document button’s menu"),
    "button",
    IN_DOCKET,
)
LIST_MENU = Place(
    "CRM_DEAL_LIST_MENU",
    lazy("An entry in the menu of each row of the deal list"),
    "button",
    IN_DOCKET,
    optional=True,
)
PLACES = (TAB, LEAD, INVOICE, BUTTON, LIST_MENU)
"""All open the same page: which type of object it is about follows from the code."""
EVENTS = (
    "ONCRMDOCUMENTGENERATORDOCUMENTADD",
    "ONCRMDOCUMENTGENERATORDOCUMENTUPDATE",
    "ONCRMDOCUMENTGENERATORDOCUMENTDELETE",
    "ONAPPINSTALL",
    "ONAPPUNINSTALL",
)


def address(portal: Portal, page: str) -> str:
    """The full address of one of our pages for this portal, e.g. `deal/`."""
    return f"{settings.BASE_URL}/p/{portal.key}/{page}"


def check_rights(session: FrameSession) -> None:
    """First step: an administrator, and an application with the scopes it needs.

    Raises `NotAdministrator`, `ScopesMissing` or a `BitrixError`.
    """
    require_administrator(session)
    granted = acting(session).run(setup.scope())
    missing = [scope for scope in SCOPES if scope not in granted]
    if missing:
        raise ScopesMissing(missing, sorted(granted))
    session.portal.scopes = sorted(granted)
    session.portal.save(update_fields=["scopes"])


def bind_tabs(session: FrameSession) -> None:
    _bind_places(session, "tab")


def bind_menus(session: FrameSession) -> None:
    _bind_places(session, "button")


def bind_events(session: FrameSession) -> None:
    """Binds the events that are missing, and unbinds those that lead to an address of old."""
    client = acting(session)
    handler = address(session.portal, "events/")
    bound = client.run(setup.event_get())
    for event in EVENTS:
        handlers = [b.handler for b in bound if b.event.upper() == event]
        for stale in set(handlers) - {handler}:
            client.run(setup.event_unbind(event, stale))
        if handler not in handlers:
            _run_unless_bound(session, setup.event_bind(event, handler))


def finish(session: FrameSession) -> None:
    """Last step on our side: the installer's pair now belongs to the installation.

    His frame keeps the access token only: a refresh by one page must not use up the pair that
    the background lives on.
    """
    with transaction.atomic():
        portal = session.portal
        chain = session.chain
        chain.refresh_from_db()
        if chain.refresh_token:
            tokens.keep(
                portal,
                chain.user_id,
                TokenChain.Purpose.INSTALLATION,
                chain.access_token,
                chain.refresh_token,
                chain.expires_at,
            )
            chain.put(chain.access_token, "", chain.expires_at)
            chain.save()
        portal.state = Portal.State.INSTALLED
        portal.installed_at = timezone.now()
        portal.save(update_fields=["state", "installed_at"])


def trust_application_token(portal: Portal, application_token: Secret | None) -> None:
    """Remembers the token that this installation's events and frames carry.

    Only after an administrator was verified: the token comes through a browser.
    """
    if application_token:
        portal.application_token_hash = fingerprint(application_token)
        portal.save(update_fields=["application_token_hash"])


STEPS: dict[str, Callable[[FrameSession], None]] = {
    "rights": check_rights,
    "tab": bind_tabs,
    "button": bind_menus,
    "events": bind_events,
    "finish": finish,
}


def run_step(session: FrameSession, step: str) -> str | None:
    """Does one step; answers the next one's name, None after the last."""
    names = list(STEPS)
    if step not in STEPS:
        raise EntryRefused("no such step")
    if step != "rights":
        require_administrator(session)
    STEPS[step](session)
    position = names.index(step) + 1
    return names[position] if position < len(names) else None


def repair(session: FrameSession) -> None:
    """Adds what is missing in an installed portal, in place; doubles nothing.

    Raises `NotAdministrator`, `ScopesMissing` or a `BitrixError`; what was added until then stays.
    """
    for step in (check_rights, bind_tabs, bind_menus, bind_events):
        step(session)


def _bind_places(session: FrameSession, step: str) -> None:
    """Binds the places of a step that are missing, unbinds those at an old address."""
    client = acting(session)
    handler = address(session.portal, "deal/")
    everything = client.run(setup.placement_get())
    for place in (one for one in PLACES if one.step == step):
        bound = {b.handler for b in everything if b.placement == place.code}
        for stale in bound - {handler}:
            client.run(setup.placement_unbind(place.code, stale))
        if handler not in bound:
            _bind(session, place, handler)


def _bind(session: FrameSession, place: Place, handler: str) -> None:
    command = setup.placement_bind(place.code, handler, languages=place.titles)
    try:
        _run_unless_bound(session, command)
    except Refused as error:
        if not (place.optional and error.code == setup.NO_SUCH_PLACEMENT):
            raise


def _run_unless_bound(session: FrameSession, command: Command[bool]) -> None:
    """Runs a bind; that it is bound already is what we wanted (docs name two codes for it)."""
    try:
        acting(session).run(command)
    except Refused as error:
        if error.code not in setup.ALREADY_BOUND:
            raise
