"""The templates that bind: contract, framework agreement, secrecy. Written once per process."""

from __future__ import annotations

from functools import cache

from tests.sandbox.seeds.letter import Letter
from tests.sandbox.seeds.trade import BANK, FACTS, QUANTITY, TOTALS


@cache
def contract() -> bytes:
    """A contract for works with its scope as a list."""
    letter = Letter("Contract for works")
    letter.title("{DocumentTitle}", "{Title}")
    parties = letter.document.add_paragraph()
    # Word splits what is typed in several goes; placeholders are no exception.
    for piece in ("between ", "{MyCompanyRequisite", "RqCompanyFullName", "}", ", "):
        parties.add_run(piece)
    parties.add_run("represented by {MyCompanyRequisiteRqDirector} (the contractor), and ")
    parties.add_run("{RequisiteRqCompanyFullName}").bold = True
    parties.add_run(", {RequisiteRegisteredAddressText}, ")
    parties.add_run("VAT ID {RequisiteRqVatId}, represented by {RequisiteRqDirector} (the client).")
    letter.section("1. Subject")
    letter.text("The contractor carries out the works named below at {ClientName}:", after=3)
    letter.text("{Products.BLOCK_START}")
    item = letter.text("{ProductsIndex}.  {ProductsProductName}: " + QUANTITY, after=1)
    item.paragraph_format.left_indent = 200_000
    letter.text("{Products.BLOCK_END}")
    letter.section("2. Price")
    letter.text(
        "The price is {TotalBeforeTax} without tax, {TotalSum} with value added tax. "
        "Changes of scope are agreed in writing before they are carried out."
    )
    letter.totals(TOTALS)
    letter.section("3. Payment")
    letter.text("{UfCrmPaymentTerms} Payments go to:", after=2)
    letter.text(BANK)
    letter.section("4. Dates")
    letter.text("Works begin on {BeginDate} and are ready for acceptance on {Closedate}.")
    letter.section("5. Warranty")
    letter.text("The warranty is {UfCrmWarranty} from acceptance.")
    letter.section("6. Persons in charge")
    letter.text("For the client: {ContactFormattedName}, {ContactPhone}, {ContactEmail}.", after=2)
    letter.text("For the contractor: {AssignedFormattedName}, {AssignedWorkPhone}.", after=16)
    letter.signatures(
        "{RequisiteRqDirector}, for the client",
        "{MyCompanyRequisiteRqDirector}, for the contractor",
    )
    return letter.saved()


@cache
def framework() -> bytes:
    """A short agreement for shops that order again and again."""
    letter = Letter("Framework agreement")
    letter.address_window(FACTS[:3])
    letter.title("{DocumentTitle}", "{ClientName}")
    letter.section("1. Prices")
    letter.text("For one year from {DocumentCreateTime} these prices hold:", after=4)
    letter.products(
        [
            ("Item", "{ProductsProductName}", 10, False),
            ("Unit", "{ProductsProductMeasureName}", 2.5, True),
            ("Price, net", "{ProductsProductPriceExclusive~WZ=Y}", 4, True),
        ]
    )
    letter.section("2. Orders")
    letter.text("Each order names {DocumentNumber}. Delivery to: {RequisiteDeliveryAddressText}")
    letter.section("3. Payment")
    letter.text("{UfCrmPaymentTerms}", after=20)
    letter.signatures("{ClientName}", "{MyCompanyRequisiteRqDirector}")
    return letter.saved()


@cache
def secrecy() -> bytes:
    """A non-disclosure agreement; no number of its own."""
    letter = Letter("Non-disclosure agreement")
    letter.title("{DocumentTitle}", "{ClientName} and {MyCompanyTitle}")
    letter.text(
        "Both sides keep to themselves what they learn of each other in the matter of "
        "“{Title}”, for three years from {DocumentCreateTime~j F Y}.",
        after=24,
    )
    letter.signatures("{RequisiteRqDirector}", "{MyCompanyRequisiteRqDirector}")
    return letter.saved()
