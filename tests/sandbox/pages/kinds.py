"""The types of objects that have lists and cards here, and how the portal's addresses name them."""

from __future__ import annotations

from dataclasses import dataclass

from tests.sandbox.pages.visit import Visit
from tests.sandbox.world import DEAL, LEAD, SMART_INVOICE, Selling


@dataclass(frozen=True)
class Kind:
    """`place`: how codes of placements name the type; `section`: the entry of the menu."""

    entity_type_id: int
    name: str
    place: str
    folder: str
    section: str
    updated: str
    """The event of a change."""

    def address(self, item_id: int) -> str:
        return f"{self.folder}details/{item_id}/"


KINDS = {
    one.entity_type_id: one
    for one in (
        Kind(DEAL, "deal", "DEAL", "/crm/deal/", "deals", "ONCRMDEALUPDATE"),
        Kind(LEAD, "lead", "LEAD", "/crm/lead/", "leads", "ONCRMLEADUPDATE"),
        Kind(
            SMART_INVOICE,
            "invoice",
            "SMART_INVOICE",
            "/crm/type/31/",
            "invoices",
            "ONCRMDYNAMICITEMUPDATE",
        ),
    )
}
"""Smart invoices live among the smart processes."""


def kind_of(record: Selling) -> Kind:
    return KINDS[getattr(record, "entity_type_id", DEAL)]


def stages_of(visit: Visit, record: Selling) -> dict[str, str]:
    """Id to name, in order: those of the deal's pipeline, or of the type."""
    kind = kind_of(record)
    if kind.entity_type_id == DEAL:
        return visit.portal.categories[record.category_id or 0].stages
    return visit.portal.stages[kind.entity_type_id]
