"""Which numerator numbers a document, and with what number."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from tests.sandbox.generator import numerators, sources
from tests.sandbox.generator.errors import GeneratorError
from tests.sandbox.generator.fields import NUMBER
from tests.sandbox.generator.numerators import NumberContext
from tests.sandbox.world import DocumentTemplate, Numerator, Portal, User


def number_for(
    portal: Portal,
    template: DocumentTemplate,
    entity_type_id: int,
    entity_id: str,
    user: User,
    values: dict[str, Any],
    now: datetime,
    *,
    spend: bool,
) -> str:
    """The number a document gets: the one sent, else the numerator's next, taken or shown."""
    if NUMBER in values:
        return str(values[NUMBER])
    numerator = portal.numerators.get(template.numerator_id) or _default_numerator(portal)
    if numerator is None:
        raise GeneratorError("Error getting next number")
    found = sources.find(portal, template, entity_type_id, entity_id, user, values)
    own = found.my_company.id if found.my_company else None
    context = NumberContext(own, found.client_id, str(entity_id))
    number = (numerators.take if spend else numerators.preview)(numerator, context, now)
    if not number:
        raise GeneratorError("Error getting next number")
    return number


def _default_numerator(portal: Portal) -> Numerator | None:
    """The portal's own one, which stands in for a deleted one: the oldest bare `{NUMBER}`."""
    bare = [one for one in portal.numerators.values() if one.template == "{NUMBER}"]
    return min(bare, key=lambda one: one.id, default=None)
