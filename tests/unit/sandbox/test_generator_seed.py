"""The portals a sandbox starts with hold together."""

from __future__ import annotations

from tests.sandbox.generator import documents
from tests.sandbox.generator.amounts import lines_of, totals_of
from tests.sandbox.seed import seed
from tests.sandbox.world import LEAD, QUOTE, SMART_INVOICE
from tests.unit.sandbox.paper import ANNA, BORIS, CLARA, DEAL, NOW, nordwerk, user


def test_two_portals_that_share_nothing() -> None:
    one, two = seed("http://one.localhost", "http://two.localhost", NOW)

    assert (one.code, two.code) == ("nordwerk", "lindner")
    assert one.member_id != two.member_id
    assert [one.users[number].full_name for number in (1, 7, 12)] == [
        "Anna Weiss",
        "Boris Hartmann",
        "Clara Sommer",
    ]
    assert two.users[1].full_name == "Dmitri Orlov"
    again = seed("http://one.localhost", "http://two.localhost", NOW)[0]
    again.deals[501].rows.clear()
    again.templates[39].users.clear()
    assert one.deals[501].rows
    assert one.templates[39].users == ["UA"]


def test_what_everyone_may_read() -> None:
    portal = nordwerk()

    def reads(who: int, deal: str) -> bool:
        return documents.may_read_entity(portal, user(portal, who), DEAL, deal)

    assert reads(ANNA, "501")
    assert reads(BORIS, "501")
    assert not reads(CLARA, "501")
    assert reads(CLARA, "508")
    assert reads(ANNA, "9999")
    assert not reads(BORIS, "9999")


def test_deals_are_of_two_pipelines_and_their_amounts_are_their_rows() -> None:
    portal = nordwerk()

    assert len(portal.deals) >= 12
    assert {deal.category_id for deal in portal.deals.values()} == {0, 1}
    for deal in portal.deals.values():
        assert deal.stage_id in portal.categories[deal.category_id].stages
        assert deal.assigned_by_id in portal.users
        lines = lines_of(deal.rows)
        if lines and not deal.is_manual_opportunity:
            assert totals_of(lines, deal).sum == deal.opportunity


def test_earlier_documents_fit_their_numerators() -> None:
    portal = nordwerk()
    by_deal = dict.fromkeys(portal.deals, 0)
    for document in portal.documents.values():
        by_deal[int(document.entity_id)] += 1

    assert (by_deal[501], by_deal[502], by_deal[503]) == (0, 0, 55)
    numbers = [document.number for document in portal.documents.values()]
    assert len(set(numbers)) == len(numbers)
    assert {"2026-047", "CON-2026-019", "RE-2026-112", "ACT-060"} <= set(numbers)
    times = [document.created_time for document in portal.documents.values()]
    assert times == sorted(times)
    assert times[-1] < NOW


def test_every_picture_a_company_names_is_there() -> None:
    for portal in seed("http://one.localhost", "http://two.localhost", NOW):
        for company in portal.companies.values():
            named = (company.logo, company.stamp, company.director_sign, company.accountant_sign)
            for path in filter(None, named):
                assert portal.pictures[path][1].startswith(b"\x89PNG")


def test_leads_quotes_and_invoices_hold_together() -> None:
    portal = nordwerk()

    assert {kind: len(items) for kind, items in portal.sale_items.items()} == {
        LEAD: 3,
        QUOTE: 2,
        SMART_INVOICE: 3,
    }
    row_ids = []
    for kind, items in portal.sale_items.items():
        for item in items.values():
            assert item.entity_type_id == kind
            assert item.stage_id in portal.stages[kind]
            assert item.assigned_by_id in portal.users
            assert item.company_id is None or item.company_id in portal.companies
            assert set(item.contact_ids) <= set(portal.contacts)
            assert item.deal_id is None or item.deal_id in portal.deals
            row_ids += [row.id for row in item.rows]
            if item.rows:
                assert totals_of(lines_of(item.rows), None).sum == item.opportunity
    deal_rows = [row.id for deal in portal.deals.values() for row in deal.rows]
    assert len(set(row_ids + deal_rows)) == len(row_ids + deal_rows)
    assert max(row_ids + deal_rows) < portal.last_ids["product_row"]


def test_every_type_has_a_template_bound_to_it() -> None:
    bound = {
        binding.split("_")[0]
        for template in nordwerk().templates.values()
        for binding in template.entity_type_ids
    }

    assert bound == {"1", "2", "3", "4", "7", "31"}
