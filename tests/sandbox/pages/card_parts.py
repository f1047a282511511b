"""What the cards of deals, leads and invoices show alike."""

from __future__ import annotations

from datetime import datetime

from markupsafe import Markup

from tests.sandbox.generator.amounts import Line, lines_of, totals_of
from tests.sandbox.pages.formats import contact_name, moment, money, number
from tests.sandbox.pages.kinds import kind_of, stages_of
from tests.sandbox.pages.markup import fill, icon, joined
from tests.sandbox.pages.visit import Visit
from tests.sandbox.world import Document, Selling, TimelineEntry


def stages(visit: Visit, record: Selling) -> Markup:
    """The bar of stages; each is a button that moves the object there."""
    names = stages_of(visit, record)
    reached = list(names).index(record.stage_id) if record.stage_id in names else -1
    return joined(
        fill(
            "deal_stage",
            action=kind_of(record).address(record.id),
            stage=stage,
            name=name,
            state="now" if index == reached else "done" if index < reached else "next",
            current=Markup(' aria-current="step"') if index == reached else "",
        )
        for index, (stage, name) in enumerate(names.items())
    )


def products(record: Selling) -> Markup:
    """The product rows, in the object's currency."""
    lines = lines_of(record.rows)
    totals = totals_of(lines, None)
    return fill(
        "deal_products",
        rows=joined(_row(n, line, record.currency_id) for n, line in enumerate(lines, 1)),
        before_tax=money(totals.before_tax, record.currency_id),
        tax=money(totals.tax, record.currency_id),
        total=money(totals.sum, record.currency_id),
    )


def history(visit: Visit, record: Selling) -> Markup:
    return fill("deal_history", timeline=timeline(visit, record))


def fact(name: str, value: str | Markup) -> Markup:
    """A name and its value; an empty value is a dash."""
    return fill("fact", name=name, value=value or "—")


def panel_link(path: str, text: str) -> Markup:
    """A link that opens in a panel over the page."""
    return Markup('<a href="{}" data-panel>{}</a>').format(path, text)


def client(visit: Visit, record: Selling) -> Markup:
    portal = visit.portal
    if not visit.user.reads_clients:
        return fact("Client", Markup('<span class="soft">hidden</span>'))
    company = portal.companies.get(record.company_id or 0)
    facts = []
    if company:
        facts.append(
            fact("Company", panel_link(f"/crm/company/details/{company.id}/", company.title))
        )
        facts.append(fact("Phone", company.phone))
    for contact in (portal.contacts[one] for one in record.contact_ids if one in portal.contacts):
        link = panel_link(f"/crm/contact/details/{contact.id}/", contact_name(contact))
        post = Markup(' <span class="soft">{}</span>').format(contact.post)
        facts.append(fact("Contact", link + post))
    return joined(facts) if facts else fact("Client", "")


def _row(n: int, line: Line, currency: str) -> Markup:
    row = line.row
    tax = "no tax"
    if row.tax_rate is not None:
        tax = f"{number(row.tax_rate)} %" + (" incl." if row.tax_included else "")
    return fill(
        "deal_row",
        n=n,
        name=row.name,
        price=money(line.price_raw, currency),
        quantity=number(row.quantity),
        measure=row.measure,
        discount=f"{number(row.discount_rate)} %" if row.discount_rate else "—",
        tax=tax,
        amount=money(line.price_sum, currency),
    )


def timeline(visit: Visit, record: Selling) -> Markup:
    """Newest first: documents, what applications wrote, the last change, the beginning."""
    who = visit.portal.users[record.assigned_by_id].full_name
    kind = kind_of(record)
    events: list[tuple[datetime, str, str | Markup, str]] = [
        (one.created_time, "document", _document_text(one), _author(visit, one))
        for one in visit.portal.documents.values()
        if (one.entity_type_id, one.entity_id) == (kind.entity_type_id, str(record.id))
    ]
    events += [
        (
            one.created,
            WRITTEN[one.kind],
            _entry_text(one),
            visit.portal.users[one.author_id].full_name,
        )
        for one in visit.portal.timeline
        if (one.entity_type_id, one.entity_id) == (kind.entity_type_id, record.id)
    ]
    name = kind.name.capitalize()
    if record.created_time:
        events.append((record.created_time, kind.section, f"{name} created", who))
    if record.updated_time and record.updated_time != record.created_time:
        events.append((record.updated_time, "edit", f"{name} changed", ""))
    return joined(
        fill(
            "deal_event",
            icon=icon(picture),
            text=text,
            when=moment(when, visit.portal),
            who=f" · {author}" if author else "",
        )
        for when, picture, text, author in sorted(events, key=lambda one: one[0], reverse=True)
    )


WRITTEN = {"activity": "clock", "comment": "edit", "log": "app"}
"""Kind of an application's entry to its picture."""


def _entry_text(entry: TimelineEntry) -> str:
    said = ": ".join(part for part in (entry.title, entry.text) if part)
    return " · ".join([said, *(name for name, _ in entry.files)])


def _document_text(document: Document) -> Markup:
    path = f"/bitrix/components/bitrix/crm.document.view/slider.php?documentId={document.id}"
    return Markup("Document {}").format(panel_link(path, document.title))


def _author(visit: Visit, document: Document) -> str:
    user = visit.portal.users.get(document.created_by or 0)
    return user.full_name if user else "automation"
