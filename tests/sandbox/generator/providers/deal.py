"""Fields of a deal."""

from __future__ import annotations

from datetime import date

from tests.sandbox.generator.field import ROOT, Field
from tests.sandbox.generator.locale import CURRENCY_NAMES
from tests.sandbox.generator.providers.basics import (
    ORIGINS,
    date_field,
    money_field,
    plain_fields,
    user_fields,
)
from tests.sandbox.generator.sources import Sources
from tests.sandbox.world import Deal

GROUP = (ROOT, "Deal")
TYPES = {"SALE": "Sale", "SERVICES": "Services", "COMPLEX": "Complex sale"}


def fields(sources: Sources, deal: Deal | None, path: str = "") -> list[Field]:
    """A deal's own fields; without a deal they are known but empty."""
    category = sources.portal.categories.get(deal.category_id) if deal else None
    plain = [
        ("ID", "ID", deal and deal.id),
        ("TITLE", "Name", deal and deal.title),
        ("STAGE", "Stage", category and deal and category.stages.get(deal.stage_id)),
        ("CATEGORY", "Deal pipeline", category and category.name),
        ("TYPE", "Deal type", deal and TYPES.get(deal.type_id)),
        ("SOURCE", "Source", deal and ORIGINS.get(deal.source_id)),
        ("CURRENCY_NAME", "Currency", deal and CURRENCY_NAMES.get(deal.currency_id)),
        ("COMMENTS", "Comment", deal and deal.comments),
        ("PROBABILITY", "Probability", deal and deal.probability),
    ]
    dates: list[tuple[str, str, date | None]] = [
        ("BEGIN_DATE", "Start date", deal.begin_date if deal else None),
        # The portal's own name for it; both are in use.
        ("BEGINDATE", "Start date", deal.begin_date if deal else None),
        ("CLOSEDATE", "End date", deal.close_date if deal else None),
        ("DATE_CREATE", "Created on", deal.created_time if deal else None),
        ("DATE_MODIFY", "Modified on", deal.updated_time if deal else None),
    ]
    amount = deal.opportunity if deal else None
    return [
        *plain_fields(GROUP, ((path + key, title, value) for key, title, value in plain)),
        money_field(sources, f"{path}OPPORTUNITY", "Total", GROUP, amount),
        *(date_field(sources, path + key, title, GROUP, value) for key, title, value in dates),
        *([] if path else user_fields(sources, deal, GROUP)),
    ]
