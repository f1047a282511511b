"""Many public links in one go: off, or with another end; and the truth about those that are not."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from b24app.bitrix.client import BATCH_SIZE, PortalClient
from b24app.bitrix.documentgenerator import (
    Document,
    enable_public_url,
    get_document,
    list_documents,
)
from b24app.bitrix.errors import AnswerLost, BitrixError
from b24app.documents import link_state, rights
from b24app.documents.errors import LinkBusy
from b24app.documents.link_state import About, Claim, Reason, State
from b24app.documents.links import of_deal, wanted_off
from b24app.models import FrameSession, PublicLink
from b24app.portals.clients import acting


@dataclass(frozen=True)
class StillOn:
    """A link that was to be switched off and is not. `error` is None where somebody has it now."""

    document_id: int
    title: str
    error: BitrixError | None


def all_off(session: FrameSession) -> list[StillOn]:
    """Every link of the deal, also those that we have never heard of; answers what is still on.

    Raises `DealForbidden`, `BitrixError` where the documents could not be listed.
    """
    rights.read_deal(session)
    client = acting(session)
    found = client.pages(
        lambda start: list_documents(
            entity_type_id=session.entity_type_id, entity_id=session.entity_id, start=start
        )
    )
    documents = {document.id: About.of(document) for document in found}
    on = {link.document_id for link in of_deal(session)}
    return _off(session, client, documents.values(), on)


def chosen_off(session: FrameSession, links: Iterable[PublicLink]) -> list[StillOn]:
    """The links that an administrator has chosen; answers what is still on."""
    chosen = {link.document_id: About.of_link(link) for link in links}
    return _off(session, acting(session), chosen.values(), set(chosen))


def _off(
    session: FrameSession, client: PortalClient, documents: Iterable[About], known: set[int]
) -> list[StillOn]:
    still: list[StillOn] = []
    held = _claim_all(session, documents, known, still)
    free = [document for document in documents if document.document_id in held]
    for start in range(0, len(free), BATCH_SIZE):
        still += _off_together(session, client, free[start : start + BATCH_SIZE], held)
    return still


def _claim_all(
    session: FrameSession, documents: Iterable[About], known: set[int], still: list[StillOn]
) -> dict[int, Claim | None]:
    """By document: the claim of its link, None where we know of none."""
    held: dict[int, Claim | None] = {}
    for document in documents:
        id_ = document.document_id
        try:
            held[id_] = (
                link_state.claim(session.portal, document, **wanted_off(session))
                if id_ in known
                else None
            )
        except LinkBusy:
            still.append(StillOn(id_, document.title, None))
    return held


def _off_together(
    session: FrameSession,
    client: PortalClient,
    documents: Sequence[About],
    held: dict[int, Claim | None],
) -> list[StillOn]:
    """One batch, and one more that reads what was refused: it may never have been on."""
    errors: dict[int, BitrixError] = {}
    ids = [document.document_id for document in documents]
    try:
        batch = client.batch({f"off{id_}": enable_public_url(id_, False) for id_ in ids})
    except BitrixError as error:
        errors = dict.fromkeys(ids, error)
    else:
        for id_ in ids:
            failure = batch.failed(f"off{id_}")
            if failure is None and batch[f"off{id_}"] is not None:
                failure = AnswerLost("the portal left the link on")
            if failure is not None:
                errors[id_] = failure
    for id_ in ids:
        claim = held[id_]
        if claim is not None and id_ not in errors:
            link_state.switched_off(claim, Reason.PERSON, session.person.user_id)
    left = [document for document in documents if document.document_id in errors]
    return _read_left(session, client, left, errors, held) if left else []


def _read_left(
    session: FrameSession,
    client: PortalClient,
    left: Sequence[About],
    errors: dict[int, BitrixError],
    held: dict[int, Claim | None],
) -> list[StillOn]:
    asked_at = timezone.now()
    read = _read(client, [one.document_id for one in left])
    still = []
    for one in left:
        document = read.get(one.document_id)
        claim, error = held[one.document_id], errors[one.document_id]
        if document is not None and document.public_url is None:
            if claim is not None:
                link_state.switched_off(claim, Reason.PERSON, session.person.user_id)
            continue
        if claim is None and document is not None:
            link_state.learn(session.portal, document, asked_at)
        elif claim is not None:
            _not_off(claim, error)
        if claim is not None or document is not None or isinstance(error, AnswerLost):
            still.append(StillOn(one.document_id, one.title, error))
    return still


def _read(client: PortalClient, ids: Iterable[int]) -> dict[int, Document]:
    """What could be read of at most 50 documents."""
    try:
        batch = client.batch({f"document{id_}": get_document(id_) for id_ in ids})
    except BitrixError:
        return {}
    found = [id_ for id_ in ids if batch.failed(f"document{id_}") is None]
    return {id_: batch[f"document{id_}"] for id_ in found}


def _not_off(held: Claim, error: BitrixError) -> None:
    """Lost: the worker goes on with it. Refused: it stays on, for somebody who may."""
    if isinstance(error, AnswerLost):
        link_state.leave_open(held, error)
    else:
        link_state.give_back(held)


@dataclass(frozen=True)
class OldEnd:
    """A link that was to get another end and did not. `error` is None where it is off meanwhile,
    or, `busy`, where somebody is switching it."""

    document_id: int
    title: str
    error: BitrixError | None = None
    busy: bool = False


def change_ends(
    session: FrameSession, links: Sequence[PublicLink], ends_at: datetime | None
) -> list[OldEnd]:
    """Another end, or None for never; answers the links that do not have it now.

    As for one link (`links.change_end`): whoever may switch a link on may say when it ends, and a
    link that turns out to be off stays off. Raises `BitrixError` where nothing could be read.
    """
    client, left = acting(session), []
    for start in range(0, len(links), BATCH_SIZE):
        left += _change_ends(session, client, links[start : start + BATCH_SIZE], ends_at)
    return left


def _change_ends(
    session: FrameSession,
    client: PortalClient,
    links: Sequence[PublicLink],
    ends_at: datetime | None,
) -> list[OldEnd]:
    asked_at = timezone.now()
    batch = client.batch(
        {f"document{one.document_id}": get_document(one.document_id) for one in links}
    )
    held: dict[int, Claim] = {}
    left = []
    for link in links:
        name, (id_, title) = f"document{link.document_id}", (link.document_id, link.title)
        error = batch.failed(name)
        if error is not None:
            left.append(OldEnd(id_, title, error))
            continue
        learnt = link_state.learn(session.portal, batch[name], asked_at)
        if learnt is None or learnt.state != State.ON:
            left.append(OldEnd(id_, title, busy=learnt is not None and learnt.is_on))
            continue
        wish = {"ends_at": ends_at, "let_end": False, "ending": ""}
        try:
            held[id_] = link_state.claim(session.portal, About.of(batch[name]), **wish)
        except LinkBusy:
            left.append(OldEnd(id_, title, busy=True))
    return left + (_switch_on_again(client, held) if held else [])


def _switch_on_again(client: PortalClient, held: dict[int, Claim]) -> list[OldEnd]:
    addresses: dict[int, str | None] = {}
    errors: dict[int, BitrixError] = {}
    try:
        batch = client.batch({f"on{id_}": enable_public_url(id_, True) for id_ in held})
    except BitrixError as error:
        errors = dict.fromkeys(held, error)
    else:
        for id_ in held:
            failure = batch.failed(f"on{id_}")
            if failure is None:
                addresses[id_] = batch[f"on{id_}"]
            else:
                errors[id_] = failure
    read = _read(client, list(held))
    left = [
        _end_set(claim, addresses.get(id_), read.get(id_), errors.get(id_))
        for id_, claim in held.items()
    ]
    return [one for one in left if one is not None]


def _end_set(
    held: Claim, address: str | None, document: Document | None, error: BitrixError | None
) -> OldEnd | None:
    """Writes down what was read; answers a link whose end is the old one."""
    id_, title = held.link.document_id, held.link.title
    if error is not None and not isinstance(error, AnswerLost):
        link_state.give_back(held)
        return OldEnd(id_, title, error)
    if document is None and error is not None:
        link_state.leave_open(held, error)
        return OldEnd(id_, title, error)
    address = document.public_url if document is not None else address
    if address is None:
        link_state.switched_off(held, Reason.ELSEWHERE, None)
        return OldEnd(id_, title)
    link_state.switched_on(held, address, document, new_end=True)
    return None
