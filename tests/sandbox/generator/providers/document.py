"""The document's own fields."""

from __future__ import annotations

from datetime import datetime

from tests.sandbox.generator.field import ROOT, Field
from tests.sandbox.generator.locale import Locale
from tests.sandbox.generator.values import DATE, IMAGE, Date, Picture, Text


def fields(
    number: str, title: str, created: datetime, locale: Locale, qr_code: Picture | None
) -> list[Field]:
    """Number, name, date and the payment QR code."""
    pattern = locale.date_pattern
    return [
        Field(
            "DOCUMENT_NUMBER",
            "Number",
            (ROOT,),
            Text(number),
            required=True,
            source="DOCUMENT",
        ),
        Field("DOCUMENT_TITLE", "Document name", (ROOT,), Text(title), required=True, source=""),
        Field(
            "DOCUMENT_CREATE_TIME",
            "Generation date",
            (ROOT,),
            Date(created, locale, pattern),
            type=DATE,
            format={"format": pattern},
            source="DOCUMENT",
        ),
        Field("PAYMENT_QR_CODE", "Payment QR code", (ROOT,), qr_code, type=IMAGE),
    ]
