"""What a person does with a document that exists: look, share, try its PDF again, delete."""

from __future__ import annotations

from django.utils import timezone

from b24app.bitrix.documentgenerator import (
    Document,
    ListedDocument,
    delete_document,
    get_document,
    list_documents_by_id,
)
from b24app.bitrix.errors import AccessDenied, NotFound, Refused
from b24app.documents import history, link_state, readiness, rights
from b24app.documents.errors import NoSuchDocument
from b24app.models import FrameSession, IssuedDocument
from b24app.portals.clients import acting


def record_of(session: FrameSession, document_id: int) -> IssuedDocument | None:
    """Our record of a document of this session's deal, if we have one.

    Raises `DealForbidden` for who may not read the deal.
    """
    rights.require_readable(session)
    return IssuedDocument.objects.filter(
        portal=session.portal,
        document_id=document_id,
        entity_type_id=session.entity_type_id,
        entity_id=session.entity_id,
    ).first()


def show(session: FrameSession, document_id: int) -> Document:
    """The document of this deal, read with the person's token. Raises `NoSuchDocument`.

    Also joins or starts a conversion where the PDF is missing: that is how document.get works.
    """
    asked_at = timezone.now()
    try:
        document = acting(session).run(get_document(document_id))
    except NotFound as error:
        raise NoSuchDocument from error
    except Refused as error:
        if isinstance(error, AccessDenied) or not listed(session, document_id):
            raise NoSuchDocument from error
        raise
    if not of_this_deal(session, document):
        raise NoSuchDocument
    rights.conclude(session, None)
    link_state.learn(session.portal, document, asked_at)
    record = record_of(session, document_id)
    if record and record.pdf != IssuedDocument.Pdf.READY and document.pdf_url:
        readiness.take(acting(session), record, document)
    elif not document.pdf_url and (record is None or record.pdf == IssuedDocument.Pdf.READY):
        # Made elsewhere, or made anew elsewhere without our hearing of it.
        readiness.wait_for(session.portal, document, session.person.user_id)
    return document


def listed(session: FrameSession, document_id: int) -> ListedDocument | None:
    """The document as the list has it: without side effect on its conversion.

    Raises `DealForbidden` for who may not read the deal.
    """
    rights.require_readable(session)
    page = acting(session).run(
        list_documents_by_id([document_id], entity_type_id=session.entity_type_id)
    )
    found = [item for item in page.items if of_this_deal(session, item)]
    return found[0] if found else None


def delete(session: FrameSession, document_id: int) -> None:
    """Deletes the document; that it is gone already is what was wanted."""
    require(session, document_id)
    try:
        acting(session).run(delete_document(document_id))
    except NotFound:
        pass  # somebody was quicker
    except Refused:
        if listed(session, document_id):
            raise
    history.gone(session.portal, document_id, session.person.user_id)


def retry(session: FrameSession, document_id: int) -> IssuedDocument:
    """Asks for the conversion again: document.get starts the next attempt after a failed one."""
    try:
        document = acting(session).run(get_document(document_id))
    except (AccessDenied, NotFound) as error:
        raise NoSuchDocument from error
    except Refused as error:
        # It tells of the attempt before; whether the next one fails too, the next look will say.
        found = listed(session, document_id)
        if found is None:
            raise NoSuchDocument from error
        return readiness.wait_for(session.portal, found, session.person.user_id)
    if not of_this_deal(session, document):
        raise NoSuchDocument
    return readiness.wait_for(session.portal, document, session.person.user_id)


def note_failure(session: FrameSession, document_id: int, error: Refused) -> IssuedDocument:
    """Keeps the reason why document.get failed for a document that is there.

    Raises `NoSuchDocument` when it is not.
    """
    found = listed(session, document_id)
    if found is None:
        raise NoSuchDocument from error
    record = readiness.remember(session.portal, found, session.person.user_id)
    readiness.fail(record, error)
    return record


def require(session: FrameSession, document_id: int) -> IssuedDocument | ListedDocument:
    """The id comes from the page: it must be a document of this session's deal."""
    found = record_of(session, document_id) or listed(session, document_id)
    if found is None:
        raise NoSuchDocument
    return found


def of_this_deal(session: FrameSession, document: Document | ListedDocument) -> bool:
    """Whether the document belongs to the object that the session is about."""
    return (document.entity_type_id, document.entity_id) == (
        session.entity_type_id,
        session.entity_id,
    )
