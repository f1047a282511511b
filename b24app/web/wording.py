"""Sentences that name what the documents belong to: a deal, a lead, an invoice.

A noun put into a sentence would be wrong in most languages, so each type has its own sentence, and
types that nobody has written for yet get one that names none.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as lazy

from b24app.bitrix.crm import DEAL, LEAD, SMART_INVOICE


@dataclass(frozen=True)
class Forms:
    """One sentence in its forms."""

    deal: Promise
    lead: Promise
    invoice: Promise
    other: Promise

    def of(self, entity_type_id: int) -> str:
        """The form for a type of CRM object, in the language of this request."""
        known = {DEAL: self.deal, LEAD: self.lead, SMART_INVOICE: self.invoice}
        return str(known.get(entity_type_id, self.other))


FORMS: dict[str, Forms] = {
    # public links
    "closed_still_on": Forms(
        lazy("The deal is won or lost, but the link is still on."),
        lazy("The lead is converted or junk, but the link is still on."),
        lazy("The invoice is closed, but the link is still on."),
        lazy("It is closed, but the link is still on."),
    ),
    "closed_off": Forms(
        lazy("Docket switched the link off when the deal was won or lost:"),
        lazy("Docket switched the link off when the lead was converted or junk:"),
        lazy("Docket switched the link off when the invoice was closed:"),
        lazy("Docket switched the link off when this was closed:"),
    ),
    # the tab
    "documents_of": Forms(
        lazy("Documents of this deal"),
        lazy("Documents of this lead"),
        lazy("Documents of this invoice"),
        lazy("All documents"),
    ),
    "drifted": Forms(
        lazy("%(title)s no longer matches the deal."),
        lazy("%(title)s no longer matches the lead."),
        lazy("%(title)s no longer matches the invoice."),
        lazy("%(title)s no longer matches the CRM."),
    ),
    "differs": Forms(
        lazy("Differs from deal"),
        lazy("Differs from lead"),
        lazy("Differs from invoice"),
        lazy("Differs from CRM"),
    ),
    "checked_at": Forms(
        lazy("Checked against the deal %(when)s"),
        lazy("Checked against the lead %(when)s"),
        lazy("Checked against the invoice %(when)s"),
        lazy("Checked against the CRM %(when)s"),
    ),
    "no_documents": Forms(
        lazy("No documents in this deal yet"),
        lazy("No documents in this lead yet"),
        lazy("No documents for this invoice yet"),
        lazy("No documents here yet"),
    ),
    "template_that_fits": Forms(
        lazy("A template that fits this deal and your rights."),
        lazy("A template that fits this lead and your rights."),
        lazy("A template that fits this invoice and your rights."),
        lazy("A template that fits and that you may use."),
    ),
    "all_that_fit": Forms(
        lazy("All that fit this deal"),
        lazy("All that fit this lead"),
        lazy("All that fit this invoice"),
        lazy("All that fit"),
    ),
    "already": Forms(
        lazy("in this deal already"),
        lazy("in this lead already"),
        lazy("for this invoice already"),
        lazy("here already"),
    ),
    "no_template": Forms(
        lazy("No template is offered for this deal"),
        lazy("No template is offered for this lead"),
        lazy("No template is offered for this invoice"),
        lazy("No template is offered here"),
    ),
    "how_offered": Forms(
        lazy(
            "Templates are made in Bitrix24: CRM, Settings, Document templates. One is offered "
            "here when it is active, bound to deals of this pipeline, and open to you."
        ),
        lazy(
            "Templates are made in Bitrix24: CRM, Settings, Document templates. One is offered "
            "here when it is active, bound to leads, and open to you."
        ),
        lazy(
            "Templates are made in Bitrix24: CRM, Settings, Document templates. One is offered "
            "here when it is active, bound to invoices, and open to you."
        ),
        lazy(
            "Templates are made in Bitrix24: CRM, Settings, Document templates. One is offered "
            "here when it is active, bound to objects of this type, and open to you."
        ),
    ),
    # the form
    "rival": Forms(
        lazy(
            "From the same template, in this deal. Wait a moment and look at the documents; what "
            "you typed is still here."
        ),
        lazy(
            "From the same template, in this lead. Wait a moment and look at the documents; what "
            "you typed is still here."
        ),
        lazy(
            "From the same template, for this invoice. Wait a moment and look at the documents; "
            "what you typed is still here."
        ),
        lazy(
            "From the same template. Wait a moment and look at the documents; what you typed is "
            "still here."
        ),
    ),
    "from_rows": Forms(
        lazy("from the deal’s rows"),
        lazy("from the lead’s rows"),
        lazy("from the invoice’s rows"),
        lazy("from the rows"),
    ),
    "for_each_row": Forms(
        lazy("Printed for each row of the deal:"),
        lazy("Printed for each row of the lead:"),
        lazy("Printed for each row of the invoice:"),
        lazy("Printed for each row:"),
    ),
    # what can go wrong
    "knows_of_none": Forms(
        lazy("Docket knows of no documents of this deal yet."),
        lazy("Docket knows of no documents of this lead yet."),
        lazy("Docket knows of no documents of this invoice yet."),
        lazy("Docket knows of no documents here yet."),
    ),
    "not_saved": Forms(
        lazy("This deal is not saved yet"),
        lazy("This lead is not saved yet"),
        lazy("This invoice is not saved yet"),
        lazy("There is nothing to make documents from yet"),
    ),
    "made_from": Forms(
        lazy("Documents are made from a deal that exists."),
        lazy("Documents are made from a lead that exists."),
        lazy("Documents are made from an invoice that exists."),
        lazy("Documents are made from a deal, a lead or an invoice that exists."),
    ),
    "save_first": Forms(
        lazy("Save the deal, then open this tab again."),
        lazy("Save the lead, then open this tab again."),
        lazy("Save the invoice, then open this tab again."),
        lazy("Open one in Bitrix24 and its tab Documents."),
    ),
    "forbidden": Forms(
        lazy("You cannot see the documents of this deal"),
        lazy("You cannot see the documents of this lead"),
        lazy("You cannot see the documents of this invoice"),
        lazy("You cannot see these documents"),
    ),
    "may_not_read": Forms(
        lazy(
            "Bitrix24 says that you, %(name)s, may not read this deal, or that it is not there. "
            "Its documents follow the same right."
        ),
        lazy(
            "Bitrix24 says that you, %(name)s, may not read this lead, or that it is not there. "
            "Its documents follow the same right."
        ),
        lazy(
            "Bitrix24 says that you, %(name)s, may not read this invoice, or that it is not there. "
            "Its documents follow the same right."
        ),
        lazy(
            "Bitrix24 says that you, %(name)s, may not read what they belong to, or that it is not "
            "there. Documents follow the same right."
        ),
    ),
    "ask_for_right": Forms(
        lazy(
            "Ask the person responsible for the deal, or an administrator, for the right to read "
            "it. Then open this tab again."
        ),
        lazy(
            "Ask the person responsible for the lead, or an administrator, for the right to read "
            "it. Then open this tab again."
        ),
        lazy(
            "Ask the person responsible for the invoice, or an administrator, for the right to "
            "read it. Then open this tab again."
        ),
        lazy("Ask an administrator for the right to read it. Then open this tab again."),
    ),
    "gone": Forms(
        lazy("This deal is not there any more"),
        lazy("This lead is not there any more"),
        lazy("This invoice is not there any more"),
        lazy("This is not there any more"),
    ),
    "read_no_more": Forms(
        lazy(
            "Bitrix24 does not let you read this deal any more. Ask whoever is responsible for it."
        ),
        lazy(
            "Bitrix24 does not let you read this lead any more. Ask whoever is responsible for it."
        ),
        lazy(
            "Bitrix24 does not let you read this invoice any more. Ask whoever is responsible for "
            "it."
        ),
        lazy("Bitrix24 does not let you read it any more. Ask whoever is responsible for it."),
    ),
    "withdrawn": Forms(
        lazy("It was switched off, or it is not for you or for this deal. No number was used."),
        lazy("It was switched off, or it is not for you or for this lead. No number was used."),
        lazy("It was switched off, or it is not for you or for this invoice. No number was used."),
        lazy("It was switched off, or it is not for you or for this. No number was used."),
    ),
    "not_offered": Forms(
        lazy("It was deleted, switched off, or is not for this deal or for you."),
        lazy("It was deleted, switched off, or is not for this lead or for you."),
        lazy("It was deleted, switched off, or is not for this invoice or for you."),
        lazy("It was deleted, switched off, or is not for this or for you."),
    ),
    "document_gone": Forms(
        lazy("This document is not in the deal any more"),
        lazy("This document is not in the lead any more"),
        lazy("This document is not with the invoice any more"),
        lazy("This document is not here any more"),
    ),
    "of_another": Forms(
        lazy("It was deleted in Bitrix24, or it belongs to another deal."),
        lazy("It was deleted in Bitrix24, or it belongs to another lead."),
        lazy("It was deleted in Bitrix24, or it belongs to another invoice."),
        lazy("It was deleted in Bitrix24, or it belongs elsewhere."),
    ),
    "ask_to_work": Forms(
        lazy("Ask an administrator for the right to work with documents of this deal."),
        lazy("Ask an administrator for the right to work with documents of this lead."),
        lazy("Ask an administrator for the right to work with documents of this invoice."),
        lazy("Ask an administrator for the right to work with these documents."),
    ),
    "check_both": Forms(
        lazy("Check the template and the deal, then try again."),
        lazy("Check the template and the lead, then try again."),
        lazy("Check the template and the invoice, then try again."),
        lazy("Check the template and the values, then try again."),
    ),
}
