"""Templates of what is no deal: leads, smart invoices, quotes, clients; each written once."""

from __future__ import annotations

from functools import cache

from tests.sandbox.seeds.letter import Letter
from tests.sandbox.seeds.trade import BANK, FACTS, SUM_COLUMNS, TOTALS


@cache
def reply() -> bytes:
    """The first answer to somebody who has asked."""
    letter = Letter("Reply to an enquiry")
    letter.address_window(FACTS, ["{CompanyName}", "{FullName}", "{Address~Separator=2}"])
    letter.title("{DocumentTitle}", "{Title}")
    letter.text("Dear {Honorific} {LastName},")
    letter.text("thank you for your enquiry of {DateCreate}. You wrote: {Comments}", after=8)
    letter.text("These are our prices for what you have in mind:", after=4)
    letter.products(SUM_COLUMNS)
    letter.totals(TOTALS)
    letter.text("We reach you at {Phone} and {Email}.", after=14)
    letter.text("{AssignedFormattedName}, {AssignedWorkPosition}")
    return letter.saved()


@cache
def bill() -> bytes:
    """A smart invoice on paper, its sum in words as well."""
    letter = Letter("Invoice")
    facts = [("Invoice", "{AccountNumber}"), ("Date", "{Begindate}"), ("Pay before", "{Closedate}")]
    letter.address_window([*facts, ("Your contact", "{AssignedFormattedName}")])
    letter.title("{DocumentTitle}", "{Title}")
    letter.products(SUM_COLUMNS)
    letter.totals(TOTALS)
    letter.text("In words: {TotalSumWords}.", after=8)
    letter.text("Please pay to:", after=2)
    letter.text(BANK, after=18)
    letter.signatures("{ClientName}", "{MyCompanyRequisiteRqDirector}")
    return letter.saved()


@cache
def estimate() -> bytes:
    """A quote with what it says and its terms."""
    letter = Letter("Estimate")
    letter.address_window([("Number", "{QuoteNumber}"), ("Date", "{Begindate}")])
    letter.title("{DocumentTitle}", "{Title} for {DealTitle}")
    letter.text("{Content}", after=8)
    letter.products(SUM_COLUMNS)
    letter.totals(TOTALS)
    letter.text("{Terms}", after=2)
    letter.text("Valid until {Closedate}.")
    return letter.saved()


@cache
def data_sheet() -> bytes:
    """What we know of a contact or a company."""
    letter = Letter("Client data sheet")
    letter.title("{DocumentTitle}", "{ClientName}")
    for name, value in (
        ("Name", "{FormattedName}{Title}"),
        ("Position", "{Post}"),
        ("Phone", "{Phone~mfirst=n}"),
        ("E-mail", "{Email}"),
        ("Address", "{RequisiteRegisteredAddressText}"),
        ("VAT ID", "{RequisiteRqVatId}"),
        ("Contacts", "{ContactsContactFormattedName~all}"),
        ("Companies", "{CompaniesCompanyTitle~all}"),
        ("In charge", "{AssignedFormattedName}"),
    ):
        letter.text(f"{name}: {value}", after=2)
    return letter.saved()
