"""Documents: made, changed, read, listed, shared, deleted.

Pages: api-reference/crm/document-generator/documents/crm-document-generator-document-*.
"""

import base64
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from b24app.bitrix.documentgenerator.document import (
    Document,
    ListedDocument,
    read_document,
    read_listed_page,
)
from b24app.bitrix.normalise import as_map, as_text
from b24app.bitrix.protocol import PAGE_SIZE, Answer, Command, Kind, Page

_METHOD: Final = "crm.documentgenerator.document"
GENERATION_TIMEOUT: Final = 65.0
"""Seconds. The portal itself ends a request after 60; whoever waits longer than this for an answer
knows that none comes any more."""


def add_document(
    template_id: int,
    entity_type_id: int,
    entity_id: int,
    values: Mapping[str, object],
    *,
    stamps: bool,
    fields: Mapping[str, object] | None = None,
) -> Command[Document]:
    """Makes a document, and spends a number unless ``values`` has ``DocumentNumber``.

    ``values``: overrides by placeholder. ``stamps`` is always sent: the portal's defaults of add
    and update are opposite. ``fields``: own descriptors. Nothing protects from doubles: after an
    `AnswerLost` look for the document before calling again. The portal checks neither whether the
    template is active nor whether it fits the deal's pipeline.

    Page: crm-document-generator-document-add.
    """
    params: dict[str, object] = {
        "templateId": template_id,
        "entityTypeId": entity_type_id,
        "entityId": entity_id,
        "stampsEnabled": int(stamps),
        **_given(values=values, fields=fields),
    }
    return Command(f"{_METHOD}.add", params, Kind.CREATE, read_document, GENERATION_TIMEOUT)


def update_document(
    document_id: int, values: Mapping[str, object], *, stamps: bool
) -> Command[Document]:
    """Makes the file again with ``values`` merged over the stored overrides; the number stays.

    A value of None removes the override. The old PDF is dropped. Not for uploaded documents and
    those of deleted templates. The answer's ``created_by`` is None.

    Page: crm-document-generator-document-update.
    """
    params = {"id": document_id, "stampsEnabled": int(stamps), **_given(values=values)}
    return Command(f"{_METHOD}.update", params, Kind.SET, read_document, GENERATION_TIMEOUT)


def get_document(document_id: int) -> Command[Document]:
    """Reads a document, and asks the portal to convert it where PDF or picture is missing.

    If that conversion fails the whole call is `Refused`, though the document exists.

    Page: crm-document-generator-document-get.
    """
    return Command(f"{_METHOD}.get", {"id": document_id}, Kind.READ, read_document)


def list_documents(
    *,
    entity_type_id: int,
    entity_id: int | None,
    start: int = 0,
    newest_first: bool = True,
    select: Sequence[str] | None = None,
    extra_filter: Mapping[str, object] | None = None,
) -> Command[Page[ListedDocument]]:
    """Documents of one CRM item (``entity_id`` None: of all of that type), 50 a page.

    The portal does not check the right to the single item here: check it before. ``extra_filter``:
    further conditions such as ``{">=updateTime": "2026-03-18T00:00:00+03:00"}``. ``select``: field
    names; leaving one of `ListedDocument` out makes the rows unreadable, so only add to ``*``.

    Page: crm-document-generator-document-list.
    """
    condition: dict[str, object] = {**(extra_filter or {}), "entityTypeId": entity_type_id}
    if entity_id is not None:
        condition["entityId"] = entity_id
    params: dict[str, object] = {
        "select": list(select or ["*"]),
        "filter": condition,
        "order": {"id": "DESC" if newest_first else "ASC"},
        "start": start,
    }
    return Command(f"{_METHOD}.list", params, Kind.READ, read_listed_page)


def list_documents_by_id(
    document_ids: Sequence[int], *, entity_type_id: int
) -> Command[Page[ListedDocument]]:
    """At most 50 documents by id, without asking for a conversion; missing ones are left out.

    Page: crm-document-generator-document-list.
    """
    if not 0 < len(document_ids) <= PAGE_SIZE:
        raise ValueError(f"1 to {PAGE_SIZE} ids")
    return list_documents(
        entity_type_id=entity_type_id, entity_id=None, extra_filter={"@id": list(document_ids)}
    )


def list_changed_documents(
    *, entity_type_id: int, since: datetime, start: int = 0
) -> Command[Page[ListedDocument]]:
    """Documents of one type that were made or changed from ``since`` (aware) on, oldest first.

    Page: crm-document-generator-document-list.
    """
    params: dict[str, object] = {
        "select": ["*"],
        "filter": {"entityTypeId": entity_type_id, ">=updateTime": since.isoformat()},
        "order": {"updateTime": "ASC", "id": "ASC"},
        "start": start,
    }
    return Command(f"{_METHOD}.list", params, Kind.READ, read_listed_page)


def list_documents_before(before: int | None) -> Command[Page[ListedDocument]]:
    """The 50 newest documents of whatever CRM item, of those with a smaller id than ``before``.

    For administrators, who may read every item. Of public links this list tells nothing.

    Page: crm-document-generator-document-list.
    """
    params: dict[str, object] = {"select": ["*"], "order": {"id": "DESC"}, "start": 0}
    if before is not None:
        params["filter"] = {"<id": before}
    return Command(f"{_METHOD}.list", params, Kind.READ, read_listed_page)


def documents_numbered(number: str) -> Command[Page[ListedDocument]]:
    """Documents with exactly this number, of whatever CRM item, the first 50.

    The portal does not check the right to the items here: tell nobody more than that they exist.

    Page: crm-document-generator-document-list.
    """
    params = {"select": ["*"], "filter": {"number": number}, "order": {"id": "DESC"}, "start": 0}
    return Command(f"{_METHOD}.list", params, Kind.READ, read_listed_page)


def all_documents(after: int, start: int = 0) -> Command[Page[ListedDocument]]:
    """Documents of whatever CRM item with an id above ``after``, in the order they were made.

    The portal does not check the right to the items here: for administrators.

    Page: crm-document-generator-document-list.
    """
    params = {"select": ["*"], "filter": {">id": after}, "order": {"id": "ASC"}, "start": start}
    return Command(f"{_METHOD}.list", params, Kind.READ, read_listed_page)


def newest_of_templates(template_ids: Sequence[int]) -> Command[Page[ListedDocument]]:
    """The newest documents made from any of at most 50 templates, 50 of them.

    Page: crm-document-generator-document-list.
    """
    if not 0 < len(template_ids) <= PAGE_SIZE:
        raise ValueError(f"1 to {PAGE_SIZE} ids")
    params = {
        "select": ["*"],
        "filter": {"@templateId": list(template_ids)},
        "order": {"id": "DESC"},
        "start": 0,
    }
    return Command(f"{_METHOD}.list", params, Kind.READ, read_listed_page)


def enable_public_url(document_id: int, on: bool) -> Command[str | None]:
    """Switches the public link on or off; the answer is its address, None when off.

    Off deletes the address: the next time on gives another one.

    Page: crm-document-generator-document-enable-public-url.
    """
    params = {"id": document_id, "status": int(on)}
    return Command(f"{_METHOD}.enablepublicurl", params, Kind.SET, _public_url)


def delete_document(document_id: int) -> Command[None]:
    """Deletes a document. Its number does not come back.

    Repeated after a lost answer it may be `Refused` because the first call did it: read back.

    Page: crm-document-generator-document-delete.
    """
    return Command(f"{_METHOD}.delete", {"id": document_id}, Kind.SET, _nothing)


def upload_document(
    *,
    entity_type_id: int,
    entity_id: int,
    title: str,
    number: str,
    region: str,
    content: bytes,
    pdf: bytes | None = None,
    image: bytes | None = None,
) -> Command[Document]:
    """Stores a finished ``.docx`` (and its PDF and JPEG) as a document of a CRM item.

    No numerator is used, and the document cannot be updated later. The portal does not check the
    right to the item: check it before.

    Page: crm-document-generator-document-upload.
    """
    fields: dict[str, object] = {
        "entityTypeId": entity_type_id,
        "entityId": entity_id,
        "title": title,
        "number": number,
        "region": region,
        "fileContent": _base64(content),
    }
    if pdf is not None:
        fields["pdfContent"] = _base64(pdf)
    if image is not None:
        fields["imageContent"] = _base64(image)
    params = {"fields": fields}
    return Command(f"{_METHOD}.upload", params, Kind.CREATE, read_document, GENERATION_TIMEOUT)


def _given(**parts: Mapping[str, object] | None) -> dict[str, object]:
    """The parts that hold something: a batch cannot carry empty ones, and the portal's default is
    the empty map."""
    return {name: dict(part) for name, part in parts.items() if part}


def _base64(content: bytes) -> str:
    return base64.b64encode(content).decode("ascii")


def _nothing(answer: Answer) -> None:
    """Deletions answer null."""


def _public_url(answer: Answer) -> str | None:
    return as_text(as_map(answer.result)["publicUrl"]) or None
