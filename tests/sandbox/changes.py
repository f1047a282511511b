"""Changes made in the portal by somebody else: what tests do behind the application's back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from tests.sandbox.world import DEAL, Portal

if TYPE_CHECKING:
    from tests.sandbox.state import State


def set_fields(record: Any, values: Mapping[str, Any], without: tuple[str, ...] = ()) -> None:
    """Sets a record's fields by name; amounts become `Decimal`.

    Raises:
        LookupError: it has no such field.
    """
    known = {field.name for field in fields(record)}
    for name, value in values.items():
        if name in without:
            continue
        if name not in known:
            raise LookupError(f"no field {name!r}; there are {sorted(known)}")
        is_amount = isinstance(getattr(record, name), Decimal)
        setattr(record, name, Decimal(str(value)) if is_amount else value)


def delete_deal(state: State, portal: Portal, deal_id: int) -> None:
    """Deletes a deal with its documents, whose handlers hear of it.

    Raises:
        KeyError: no such deal.
    """
    del portal.deals[deal_id]
    gone = [
        one
        for one in portal.documents.values()
        if (one.entity_type_id, one.entity_id) == (DEAL, str(deal_id))
    ]
    for document in gone:
        known = {"ID": document.id, "ENTITY_TYPE_ID": DEAL, "ENTITY_ID": document.entity_id}
        state.emit(portal, "ONCRMDOCUMENTGENERATORDOCUMENTDELETE", {"FIELDS": known}, None)
        del portal.documents[document.id]
    state.emit(portal, "ONCRMDEALDELETE", {"FIELDS": {"ID": deal_id}}, None)


def delete_template(portal: Portal, template_id: int) -> None:
    """With documents the template stays, marked and without its file; else it is gone.

    Raises:
        KeyError: no such template.
    """
    template = portal.templates[template_id]
    if any(one.template_id == template_id for one in portal.documents.values()):
        template.is_deleted, template.body = True, b""
    else:
        del portal.templates[template_id]
