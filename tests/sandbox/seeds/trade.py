"""The templates of everyday trade: offer, invoice, act of acceptance. Written once per process."""

from __future__ import annotations

from functools import cache

from tests.sandbox.seeds.letter import Letter

FACTS = [
    ("Number", "{DocumentNumber}"),
    ("Date", "{DocumentCreateTime}"),
    ("Your contact", "{AssignedFormattedName}"),
    ("Phone", "{AssignedWorkPhone}"),
    ("E-mail", "{AssignedEmail}"),
]
QUANTITY = "{ProductsProductQuantity} {ProductsProductMeasureName}"
SUM_COLUMNS = [
    ("#", "{ProductsIndex}", 0.9, False),
    ("Item", "{ProductsProductName}", 7.6, False),
    ("Quantity", QUANTITY, 2.4, True),
    ("Price", "{ProductsProductPriceRaw~WZ=Y}", 2.6, True),
    ("Sum", "{ProductsProductPriceRawSum~WZ=Y}", 3.0, True),
]
TOTALS = [
    ("Net", "{TotalBeforeTax}"),
    ("{TaxesTaxTitle} {TaxesTaxRate~WP=Y}", "{TaxesTaxValue}"),
    ("Total", "{TotalSum}"),
]
BANK = (
    "{MyCompanyBankDetailRqBankName} · IBAN {MyCompanyBankDetailRqIban} · "
    "BIC {MyCompanyBankDetailRqSwift}"
)


@cache
def offer() -> bytes:
    """An offer: products, when, where to, how to pay, stamp."""
    letter = Letter("Offer")
    letter.address_window(FACTS)
    letter.title("{DocumentTitle}", "{Title}")
    letter.text("Dear {ContactFormattedName},")
    letter.text("thank you for your enquiry. We offer the following supplies and works:", after=8)
    letter.products(SUM_COLUMNS)
    letter.totals(TOTALS)
    letter.text("Delivery from {BeginDate} to: {RequisiteDeliveryAddressText}", after=2)
    letter.text("On site: {UfCrmDeliveryNote}", after=2)
    letter.text("Payment: {UfCrmPaymentTerms}", after=2)
    letter.text("This offer holds until {Closedate}.", after=14)
    letter.signatures(
        "Order placed: {ClientName}", "{AssignedFormattedName}, {AssignedWorkPosition}"
    )
    return letter.saved()


@cache
def invoice() -> bytes:
    """An invoice with discount and tax of each row."""
    letter = Letter("Invoice")
    letter.address_window([*FACTS, ("Your VAT ID", "{RequisiteRqVatId}")])
    letter.title("{DocumentTitle}", "{Title}")
    letter.text("For supplies and works up to {DocumentCreateTime} we invoice:", after=8)
    letter.products(
        [
            ("#", "{ProductsIndex}", 0.8, False),
            ("Item", "{ProductsProductName}", 5.9, False),
            ("Quantity", QUANTITY, 2.2, True),
            ("Price", "{ProductsProductPriceRaw~WZ=Y}", 2.3, True),
            ("Disc.", "{ProductsProductDiscountRate}%", 1.3, True),
            ("VAT", "{ProductsProductTaxRateName~WP=Y}", 1.4, True),
            ("Sum", "{ProductsProductPriceRawSum~WZ=Y}", 2.6, True),
        ]
    )
    letter.totals(TOTALS)
    letter.text("Payment: {UfCrmPaymentTerms}", after=2)
    letter.text("Please quote {DocumentNumber} with your payment to:", after=2)
    letter.text(BANK)
    letter.text("Thank you for working with us.", after=4)
    letter.text("{MyCompanyTitle}", bold=True)
    return letter.saved()


@cache
def act() -> bytes:
    """An act of acceptance, signed by both."""
    letter = Letter("Act of acceptance")
    letter.address_window(FACTS[:3])
    letter.title("{DocumentTitle}", "{Title}")
    letter.text(
        "{RequisiteRqCompanyFullName} (the client) has inspected and taken over these works "
        "of {MyCompanyRequisiteRqCompanyName} (the contractor):",
        after=8,
    )
    letter.products(
        [
            ("#", "{ProductsIndex}", 0.9, False),
            ("Works", "{ProductsProductName}", 9.6, False),
            ("Quantity", QUANTITY, 3, True),
            ("Sum", "{ProductsProductPriceRawSum~WZ=Y}", 3, True),
        ]
    )
    letter.totals(TOTALS)
    letter.text("Items: {TotalRows}. Taken over for the client by {ContactFormattedName}.")
    letter.text("Defects and open works, to be remedied by: " + "_" * 24, after=4)
    for _ in range(3):
        letter.text("_" * 84, after=4)
    letter.text("With acceptance the warranty of {UfCrmWarranty} begins.", after=18)
    letter.signatures(
        "{ContactFormattedName}, for the client", "{AssignedFormattedName}, for the contractor"
    )
    return letter.saved()
