"""What the access doctor may change in a template, for one person."""

from __future__ import annotations

from contextlib import suppress

from b24app.bitrix.documentgenerator import update_template
from b24app.bitrix.errors import AnswerLost, BitrixError
from b24app.console.doctor import Facts, Mend
from b24app.documents import catalogue
from b24app.models import FrameSession, Portal
from b24app.portals import clients
from b24app.portals.errors import Disconnected
from b24app.portals.people import require_administrator


def mend(session: FrameSession, facts: Facts, what: Mend) -> bool:
    """Changes the template for the person, with the administrator's own token.

    `users` are always sent. False where the answer was lost: look what is true now.
    Raises `NotAdministrator`, `BitrixError`.
    """
    require_administrator(session)
    template = facts.template
    if template is None:
        return True
    kinds, users, active = template.entity_types, template.users, None
    if what is Mend.ACTIVATE:
        active = True
    elif what is Mend.BIND and facts.category_id is not None:
        kinds = (*kinds, f"{facts.entity_type_id}_category_{facts.category_id}")
    elif what is Mend.OPEN:
        users = (*users, f"U{facts.person_id}")
    command = update_template(
        template.id,
        entity_types=tuple(dict.fromkeys(kinds)),
        users=tuple(dict.fromkeys(users)),
        active=active,
    )
    try:
        clients.acting(session).run(command)
    except AnswerLost:
        return False
    finally:
        _read_catalogue(session.portal)
    return True


def _read_catalogue(portal: Portal) -> None:
    """So that the person is offered it at once; else within ten minutes."""
    with suppress(BitrixError, Disconnected):
        catalogue.refresh(portal)
