"""A portal full of numbered documents, put into the sandbox at once: their files do not matter."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from tests.sandbox.generator import numerators
from tests.sandbox.generator.numerators import NumberContext
from tests.sandbox.seeds.companies import INNENAUSBAU, SERVICE
from tests.sandbox.seeds.numerators import INVOICES
from tests.sandbox.server import Sandbox
from tests.sandbox.world import Document

OFFER, INVOICE, ACT = 39, 41, 42
WORKS_DEAL, SERVICE_DEAL = 501, 502


class Archive:
    """Documents with the numbers a numerator would have written, whatever it stands at."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.portal = sandbox.portal_one
        self.portal.documents.clear()
        self.portal.deals[WORKS_DEAL].my_company_id = INNENAUSBAU
        self.portal.deals[SERVICE_DEAL].my_company_id = SERVICE

    def add(
        self,
        template_id: int,
        values: Iterable[int],
        since: datetime,
        *,
        every: timedelta = timedelta(minutes=30),
        deal_id: int = WORKS_DEAL,
    ) -> None:
        for index, value in enumerate(values):
            self.one(template_id, value, since + index * every, deal_id)

    def one(
        self, template_id: int, value: int, at: datetime, deal_id: int = WORKS_DEAL
    ) -> Document:
        numerator = self.portal.numerators[self.portal.templates[template_id].numerator_id]
        company = self.portal.deals[deal_id].my_company_id
        context = NumberContext(company, None, str(deal_id))
        number_id = self.portal.next_id("document")
        document = Document(
            id=number_id,
            title=f"Document {number_id}",
            number=numerators._fill(numerator, context, at, value),
            template_id=template_id,
            entity_type_id=2,
            entity_id=str(deal_id),
            values={"_creationMethod": "rest"},
            created_time=at,
            updated_time=at,
            created_by=1,
        )
        self.portal.documents[number_id] = document
        return document


def without(values: range, *missing: int) -> Iterator[int]:
    return (value for value in values if value not in missing)


def five_thousand(sandbox: Sandbox, year: int) -> Archive:
    """5,000 documents of two years: a gap, a double, a reset, two own companies.

    Offers begin again with the year, by own company, and one of this year is missing. Invoices do
    too, and their pattern does not say the year. Acts have one sequence, and one of them is twice.
    """
    archive = Archive(sandbox)
    last, this = (datetime(one, 1, 7).astimezone() for one in (year - 1, year))
    pace = timedelta(hours=2)
    archive.portal.numerators[INVOICES].template = "RE-{NUMBER}"
    archive.add(OFFER, range(1, 1001), last, every=pace)
    archive.add(OFFER, without(range(1, 1002), 31), this, every=pace)
    archive.add(OFFER, range(1, 1001), this, every=pace, deal_id=SERVICE_DEAL)
    archive.add(INVOICE, range(1, 501), last, every=pace)
    archive.add(INVOICE, range(1, 501), this, every=pace)
    archive.add(ACT, [*range(1, 501), 500, *range(501, 1000)], this, every=pace)
    return archive
