"""A document, in the two forms the portal answers it.

Pages: crm-document-generator-document-get, crm-document-generator-document-list.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from b24app.bitrix.normalise import (
    as_bool,
    as_id,
    as_key,
    as_map,
    as_moment,
    as_moment_or_none,
    as_money_or_none,
    as_text,
)
from b24app.bitrix.protocol import Answer, Page, page_of
from b24app.bitrix.secret import Secret


@dataclass(frozen=True, slots=True)
class Products:
    """What the portal says about the product rows of a document."""

    currency_id: str
    total_sum: Decimal | None
    total_rows: int


@dataclass(frozen=True, slots=True)
class Document:
    """A document as ``add``, ``update``, ``get`` and ``upload`` answer it.

    ``pdf_url`` and ``image_url`` are "" until the portal has converted the file; these links work
    in the browser of a signed-in employee. ``…_machine`` are for `PortalClient.download`: they
    carry a token, are None where there is no file, and are never shown or stored.
    ``change_stamps_reason`` and ``transformation_error`` are the portal's text and may hold HTML:
    show them as plain text. ``change_stamps_enabled`` is None where the portal did not say.
    """

    id: int
    title: str
    number: str
    template_id: int | None
    entity_type_id: int
    entity_id: int
    values: dict[str, Any] = field(repr=False)
    create_time: datetime
    update_time: datetime
    created_by: int | None
    updated_by: int | None
    stamps_enabled: bool
    change_stamps_enabled: bool | None
    change_stamps_reason: str
    is_transformation_error: bool
    transformation_error: str
    transformation_error_code: str
    products: Products | None
    download_url: str
    pdf_url: str
    image_url: str
    download_machine: Secret | None
    pdf_machine: Secret | None
    image_machine: Secret | None
    public_url: str | None
    public_viewed: datetime | None


@dataclass(frozen=True, slots=True)
class ListedDocument:
    """A row of ``document.list``, which knows less than `Document` and makes up its links.

    Whether PDF and picture exist is told by their file ids alone; each generation has a new
    ``file_id``. ``…_machine`` as in `Document`, but never None for a file that may not be there.
    """

    id: int
    title: str
    number: str
    template_id: int | None
    entity_type_id: int
    entity_id: int
    values: dict[str, Any] = field(repr=False)
    create_time: datetime
    update_time: datetime
    created_by: int | None
    updated_by: int | None
    stamps_enabled: bool
    file_id: int | None
    pdf_id: int | None
    image_id: int | None
    download_machine: Secret | None
    pdf_machine: Secret | None

    @property
    def has_pdf(self) -> bool:
        return self.pdf_id is not None

    @property
    def has_image(self) -> bool:
        return self.image_id is not None


def read_document(answer: Answer) -> Document:
    """A document under ``document``, as most calls answer it."""
    row = as_map(as_map(answer.result)["document"])
    return Document(
        **_common(row),
        change_stamps_enabled=_bool_or_none(row.get("changeStampsEnabled")),
        change_stamps_reason=as_text(row.get("changeStampsDisabledReason")),
        is_transformation_error=as_bool(row.get("isTransformationError")),
        transformation_error=as_text(row.get("transformationErrorMessage")),
        transformation_error_code=as_text(row.get("transformationErrorCode")),
        products=_products(row.get("products")),
        download_url=as_text(row.get("downloadUrl")),
        pdf_url=as_text(row.get("pdfUrl")),
        image_url=as_text(row.get("imageUrl")),
        download_machine=_link(row.get("downloadUrlMachine")),
        pdf_machine=_link(row.get("pdfUrlMachine")),
        image_machine=_link(row.get("imageUrlMachine")),
        public_url=as_text(row.get("publicUrl")) or None,
        public_viewed=as_moment_or_none(as_map(row.get("publicUrlView")).get("time")),
    )


def read_listed_page(answer: Answer) -> Page[ListedDocument]:
    """A page of ``document.list``."""
    return page_of(answer, as_map(answer.result)["documents"], _listed)


def _listed(value: object) -> ListedDocument:
    row = as_map(value)
    return ListedDocument(
        **_common(row),
        file_id=as_id(row.get("fileId")),
        pdf_id=as_id(row.get("pdfId")),
        image_id=as_id(row.get("imageId")),
        download_machine=_link(row.get("downloadUrlMachine")),
        pdf_machine=_link(row.get("pdfUrlMachine")),
    )


def _common(row: Mapping[str, Any]) -> dict[str, Any]:
    """What both forms of a document have."""
    created = as_moment(row["createTime"])
    return {
        "id": as_key(row["id"]),
        "title": as_text(row["title"]),
        "number": as_text(row["number"]),
        "template_id": as_id(row.get("templateId")),
        "entity_type_id": as_key(row["entityTypeId"]),
        "entity_id": as_key(row["entityId"]),
        "values": as_map(row.get("values")),
        "create_time": created,
        "update_time": as_moment_or_none(row.get("updateTime")) or created,
        "created_by": as_id(row.get("createdBy")),
        "updated_by": as_id(row.get("updatedBy")),
        "stamps_enabled": as_bool(row.get("stampsEnabled")),
    }


def _products(value: object) -> Products | None:
    row = as_map(value)
    if not row:
        return None
    return Products(
        currency_id=as_text(row.get("currencyId")),
        total_sum=as_money_or_none(row.get("totalSum")),
        total_rows=as_id(row.get("totalRows")) or 0,
    )


def _link(value: object) -> Secret | None:
    link = as_text(value)
    return Secret(link) if link else None


def _bool_or_none(value: object) -> bool | None:
    return None if value is None else as_bool(value)
