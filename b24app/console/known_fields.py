"""Fields that Bitrix24 has in every portal, by the code that stands in a template.

Bitrix24 tells over REST only of the fields that a template uses already; so these are written down
here, from its language files. Own fields (`UfCrm…`) are asked for, and rarer ones learned from the
templates that use them: see `vocabulary`. A code is the path in CamelCase.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as lazy

from b24app.bitrix.crm import COMPANY, CONTACT, DEAL


@dataclass(frozen=True)
class KnownField:
    """`kind` as in `DocumentField.type`; `is_array`: a column of a table."""

    code: str
    title: str | Promise
    group: str | Promise
    kind: str = ""
    is_array: bool = False


_DOCUMENT, _DEAL, _PERSON = lazy("Document"), lazy("Deal"), lazy("Responsible person")
_COMPANY, _CONTACT, _CLIENT = lazy("Company"), lazy("Contact"), lazy("Client")
_DETAILS, _BANK = lazy("Details of the client"), lazy("Bank of the client")
_OWN, _OWN_DETAILS, _OWN_BANK = lazy("Own company"), lazy("Own details"), lazy("Own bank")
_PRODUCTS, _TAXES, _TOTALS = lazy("Products"), lazy("Taxes"), lazy("Totals")
_NAME, _ADDRESS = lazy("Name"), lazy("Address")
_PHONE, _EMAIL, _SITE = lazy("Phone"), lazy("E-mail"), lazy("Website")
_TOTAL = lazy("Total")
OWN_FIELDS = lazy("Own fields")

_PARTY = (
    ("RqCompanyName", lazy("Company name, short"), ""),
    ("RqCompanyFullName", lazy("Company name in full"), ""),
    ("RqVatId", lazy("VAT ID"), ""),
    ("RqInn", "INN", ""),
    ("RqKpp", "KPP", ""),
    ("RqOgrn", "OGRN", ""),
    ("RqDirector", lazy("Director"), "name"),
    ("RqAccountant", lazy("Accountant"), "name"),
    ("RegisteredAddressText", lazy("Registered address"), "address"),
    ("PrimaryAddressText", lazy("Actual address"), "address"),
    ("DeliveryAddressText", lazy("Delivery address"), "address"),
)
_BANKING = (
    ("RqBankName", lazy("Bank"), ""),
    ("RqAccNum", lazy("Account"), ""),
    ("RqIban", "IBAN", ""),
    ("RqSwift", "SWIFT", ""),
    ("RqBik", "BIK", ""),
    ("RqCorAccNum", lazy("Correspondent account"), ""),
)
_PLAIN: tuple[tuple[str, str | Promise, str | Promise, str], ...] = (
    ("DocumentNumber", lazy("Number"), _DOCUMENT, ""),
    ("DocumentTitle", lazy("Document name"), _DOCUMENT, ""),
    ("DocumentCreateTime", lazy("Day it is made"), _DOCUMENT, "date"),
    ("PaymentQrCode", lazy("QR code to pay"), _DOCUMENT, "image"),
    ("AssignedFormattedName", lazy("Full name"), _PERSON, "name"),
    ("AssignedName", lazy("First name"), _PERSON, ""),
    ("AssignedLastName", lazy("Last name"), _PERSON, ""),
    ("AssignedEmail", _EMAIL, _PERSON, ""),
    ("AssignedWorkPosition", lazy("Position"), _PERSON, ""),
    ("AssignedWorkPhone", _PHONE, _PERSON, "phone"),
    ("ClientName", _NAME, _CLIENT, ""),
    ("ClientPhone", _PHONE, _CLIENT, "phone"),
    ("ClientEmail", _EMAIL, _CLIENT, ""),
    ("ClientWeb", _SITE, _CLIENT, ""),
    ("CompanyTitle", lazy("Company name"), _COMPANY, ""),
    ("CompanyPhone", _PHONE, _COMPANY, "phone"),
    ("CompanyEmail", _EMAIL, _COMPANY, ""),
    ("CompanyAddress", _ADDRESS, _COMPANY, "address"),
    ("ContactFormattedName", lazy("Full name"), _CONTACT, "name"),
    ("ContactName", lazy("First name"), _CONTACT, ""),
    ("ContactSecondName", lazy("Middle name"), _CONTACT, ""),
    ("ContactLastName", lazy("Last name"), _CONTACT, ""),
    ("ContactPhone", _PHONE, _CONTACT, "phone"),
    ("ContactEmail", _EMAIL, _CONTACT, ""),
    ("MyCompanyTitle", lazy("Company name"), _OWN, ""),
    ("MyCompanyAddress", _ADDRESS, _OWN, "address"),
    ("MyCompanyPhone", _PHONE, _OWN, "phone"),
    ("MyCompanyEmail", _EMAIL, _OWN, ""),
    ("MyCompanyWeb", _SITE, _OWN, ""),
    ("MyCompanyUfLogo", lazy("Logo"), _OWN, "image"),
    ("MyCompanyUfStamp", lazy("Stamp"), _OWN, "stamp"),
    ("MyCompanyUfDirectorSign", lazy("Signature of the director"), _OWN, "stamp"),
    ("MyCompanyUfAccountantSign", lazy("Signature of the accountant"), _OWN, "stamp"),
    ("MyCompanyRequisiteRqStamp", lazy("Stamp in the details"), _OWN_DETAILS, "stamp"),
    ("MyCompanyRequisiteRqSignature", lazy("Signature in the details"), _OWN_DETAILS, "stamp"),
    ("MyCompanyAssignedName", lazy("Responsible person, first name"), _OWN, ""),
    ("MyCompanyAssignedLastName", lazy("Responsible person, last name"), _OWN, ""),
    ("MyCompanyAssignedPersonalPhone", lazy("Responsible person, phone"), _OWN, "phone"),
    ("MyCompanyAssignedEmail", lazy("Responsible person, e-mail"), _OWN, ""),
    ("TotalSum", _TOTAL, _TOTALS, "money"),
    ("TotalSumWords", lazy("Total in words"), _TOTALS, ""),
    ("TotalRaw", lazy("Total of the original prices"), _TOTALS, "money"),
    ("TotalBeforeTax", lazy("Total before tax"), _TOTALS, "money"),
    ("TotalTax", lazy("Tax in all"), _TOTALS, "money"),
    ("TotalBeforeDiscount", lazy("Total before discount"), _TOTALS, "money"),
    ("TotalDiscount", lazy("Discount in all"), _TOTALS, "money"),
    ("TotalQuantity", lazy("Quantity in all"), _TOTALS, ""),
    ("TotalQuantityWords", lazy("Quantity in all, in words"), _TOTALS, ""),
    ("TotalRows", lazy("Number of rows"), _TOTALS, ""),
    ("TotalRowsWords", lazy("Number of rows in words"), _TOTALS, ""),
)
_OF_DEAL: tuple[tuple[str, str | Promise, str], ...] = (
    ("Id", "ID", ""),
    ("Title", _NAME, ""),
    ("Stage", lazy("Stage"), ""),
    ("Category", lazy("Pipeline"), ""),
    ("Type", lazy("Type"), ""),
    ("Source", lazy("Source"), ""),
    ("Opportunity", _TOTAL, "money"),
    ("CurrencyName", lazy("Currency"), ""),
    ("Comments", lazy("Comment"), ""),
    ("BeginDate", lazy("Start"), "date"),
    ("Closedate", lazy("End"), "date"),
    ("Probability", lazy("Probability"), ""),
)
_COLUMNS: tuple[tuple[str, str | Promise, str], ...] = (
    ("ProductsIndex", lazy("Number of the row"), ""),
    ("ProductsProductName", _NAME, ""),
    ("ProductsProductDescription", lazy("Description"), ""),
    ("ProductsProductSection", lazy("Section"), ""),
    ("ProductsProductPreviewPicture", lazy("Small picture"), "image"),
    ("ProductsProductDetailPicture", lazy("Picture"), "image"),
    ("ProductsProductQuantity", lazy("Quantity"), ""),
    ("ProductsProductMeasureName", lazy("Unit"), ""),
    ("ProductsProductPrice", lazy("Price"), "money"),
    ("ProductsProductPriceSum", lazy("Price of the row"), "money"),
    ("ProductsProductPriceRaw", lazy("Original price"), "money"),
    ("ProductsProductPriceRawSum", lazy("Original price of the row"), "money"),
    ("ProductsProductPriceExclusive", lazy("Price without tax"), "money"),
    ("ProductsProductPriceExclusiveSum", lazy("Price of the row without tax"), "money"),
    ("ProductsProductPriceNetto", lazy("Price before discount"), "money"),
    ("ProductsProductPriceNettoSum", lazy("Price of the row before discount"), "money"),
    ("ProductsProductPriceBrutto", lazy("Price before discount, with tax"), "money"),
    ("ProductsProductPriceBruttoSum", lazy("Price of the row before discount, with tax"), "money"),
    ("ProductsProductDiscountRate", lazy("Discount in percent"), ""),
    ("ProductsProductDiscountSum", lazy("Discount"), "money"),
    ("ProductsProductDiscountTotal", lazy("Discount of the row"), "money"),
    ("ProductsProductTaxRate", lazy("Tax rate"), "taxrate"),
    ("ProductsProductTaxRateName", lazy("Name of the tax rate"), "taxrate"),
    ("ProductsProductTaxValue", lazy("Tax"), "money"),
    ("ProductsProductTaxValueSum", lazy("Tax of the row"), "money"),
    ("ProductsProductTaxIncluded", lazy("Whether tax is included"), ""),
    ("TaxesTaxTitle", lazy("Heading"), ""),
    ("TaxesTaxRate", lazy("Rate"), "taxrate"),
    ("TaxesTaxValue", lazy("Amount"), "money"),
    ("TaxesTaxNetto", lazy("Amount without tax"), "money"),
    ("TaxesTaxBrutto", lazy("Amount with tax"), "money"),
)
_PEOPLE = frozenset({CONTACT, COMPANY})
"""A contact or a company is no client of itself, and sells nothing."""


def fields(kind: int) -> list[KnownField]:
    """The fields of one kind of object that are written down here."""
    sells = kind not in _PEOPLE
    plain = [KnownField(*one) for one in _PLAIN if sells or not _is_sale(one[0])]
    found = [one for one in plain if one.group is _DOCUMENT]
    if kind == DEAL:
        found += [KnownField(code, title, _DEAL, of_type) for code, title, of_type in _OF_DEAL]
    found += [one for one in plain if one.group is not _DOCUMENT]
    found += _details("Requisite", _DETAILS, _PARTY) + _details("BankDetail", _BANK, _BANKING)
    found += _details("MyCompanyRequisite", _OWN_DETAILS, _PARTY)
    found += _details("MyCompanyBankDetail", _OWN_BANK, _BANKING)
    if sells:
        found += [
            KnownField(code, title, _TAXES if code.startswith("Taxes") else _PRODUCTS, kind, True)
            for code, title, kind in _COLUMNS
        ]
    return found


def _details(
    head: str, group: str | Promise, parts: tuple[tuple[str, str | Promise, str], ...]
) -> list[KnownField]:
    return [KnownField(f"{head}{code}", title, group, kind) for code, title, kind in parts]


def _is_sale(code: str) -> bool:
    return code.startswith(("Total", "Client", "Company", "Contact", "Payment"))
