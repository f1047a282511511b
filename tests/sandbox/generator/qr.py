"""The payment QR code: what a bank's application reads to fill in a transfer.

Portals know one kind only, that of Russian banks, and draw it once the own company's details name
all a transfer needs.
"""

from __future__ import annotations

from hashlib import sha256
from io import BytesIO

from PIL import Image
from reportlab.graphics.barcode.qrencoder import QRCode, QRErrorCorrectLevel

from tests.sandbox.generator.sources import Sources
from tests.sandbox.generator.values import Picture

CODE = "PaymentQrCode"
QUIET, SCALE = 4, 6
"""Modules of white around, points a module."""


def payment_code(sources: Sources) -> Picture | None:
    """The picture, None without enough bank details."""
    data = transfer(sources)
    if not data:
        return None
    name = sha256(data.encode()).hexdigest()[:12]
    return Picture(f"{sources.portal.origin}/upload/tmp/crm_payment_qr/{name}.png", _drawn(data))


def transfer(sources: Sources) -> str:
    """Who is paid, where and how much, in the banks' notation; "" if something is missing."""
    details, bank = sources.my_requisite, sources.my_bank_detail
    if details is None or bank is None:
        return ""
    needed = {
        "Name": details.company_name,
        "PersonalAcc": bank.account,
        "BankName": bank.bank_name,
        "BIC": bank.bik,
        "CorrespAcc": bank.corr_account,
    }
    if not all(needed.values()):
        return ""
    amount = sources.selling.opportunity if sources.selling else None
    more = {
        "PayeeINN": details.inn,
        "KPP": details.kpp,
        "Sum": str(int(amount * 100)) if amount else "",
        "PayerINN": sources.requisite.inn if sources.requisite else "",
    }
    known = needed | {name: value for name, value in more.items() if value}
    return "|".join(["ST00012", *(f"{name}={value}" for name, value in known.items())])


def _drawn(data: str) -> bytes:
    code = QRCode(None, QRErrorCorrectLevel.M)
    code.addData(data)
    code.make()
    modules = code.getModuleCount()
    image = Image.new("1", (modules + 2 * QUIET,) * 2, 1)
    for row in range(modules):
        for column in range(modules):
            if code.isDark(row, column):
                image.putpixel((column + QUIET, row + QUIET), 0)
    result = BytesIO()
    image.resize((image.width * SCALE, image.height * SCALE)).save(result, "PNG")
    return result.getvalue()
