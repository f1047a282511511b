"""The worker's part of public links: they end when they should, also after a long night.

What is due stands in the rows, so whatever was missed is done at the next look. A refusal is never
the end of it: the worker comes back, rarer with time, and the page says so meanwhile.
"""

from __future__ import annotations

import copy
import logging
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from b24app.bitrix.client import BATCH_SIZE, PortalClient
from b24app.bitrix.crm import list_closed, tells_closed
from b24app.bitrix.documentgenerator import (
    enable_public_url,
    get_document,
    list_documents_by_id,
)
from b24app.bitrix.errors import (
    AnswerLost,
    BitrixError,
    NotReached,
    OperationTimeLimit,
    QueryLimit,
    Refused,
    TokenInvalid,
    UserNotAllowed,
)
from b24app.documents import history, link_state
from b24app.documents.link_state import LEASE, Claim, Reason, State, free
from b24app.models import IssuedDocument, Portal, PublicLink, TokenChain
from b24app.portals.breaker import Breaker
from b24app.portals.clients import as_person, speaking
from b24app.portals.errors import Disconnected
from b24app.portals.tokens import installation_chain

log = logging.getLogger(__name__)

AGAIN = (1, 2, 5, 15, 30, 60)
"""Minutes until the next try; the last one repeats for as long as the link is on."""
PASSING = (NotReached, AnswerLost, QueryLimit, OperationTimeLimit)
"""Another person's token would not help."""
HIS_OWN = (Refused, TokenInvalid, UserNotAllowed)
"""What may be different with the installation's token."""
NO_TOKEN = "no_token"  # noqa: S105 - a code of ours


def due_portals() -> list[int]:
    """Portals with links to end, to read, or whose deals are to be asked for.

    Also writes down that somebody looked: a page can then say that ends are watched.
    """
    now = timezone.now()
    PublicLink.objects.filter(state=State.ON, ends_at__isnull=False).update(checked_at=now)
    living = Portal.objects.filter(state__in=(Portal.State.INSTALLED, Portal.State.DOUBTED))
    rows = PublicLink.objects.filter(portal__in=living).filter(
        _to_act(now) | _to_read(now) | _to_ask(now)
    )
    return list(rows.values_list("portal_id", flat=True).distinct())


def guard(portal_id: int) -> bool:
    """Ends and reads what is due in one portal; says whether there was anything to end or read."""
    portal = Portal.objects.filter(pk=portal_id).first()
    if portal is None:
        return False
    _mark_closed(portal)
    held = _claim(portal)
    ending = [one for one in held if one.link.ending]
    _end(portal, ending)
    _find_out(portal, [one for one in held if not one.link.ending])
    looked = _look(portal)
    return bool(held or looked)


def next_look(portal_id: int) -> datetime | None:
    """When the portal's next link is due."""
    rows = PublicLink.objects.filter(portal_id=portal_id, due_at__isnull=False)
    return rows.exclude(state=State.OFF).order_by("due_at").values_list("due_at", flat=True).first()


def look_at_once(portal_id: int) -> bool:
    """The portal is back after a silence: what failed is tried again now. Says whether any did."""
    now = timezone.now()
    waiting = Q(state=State.UNCLEAR) | Q(state=State.ON, ending__gt="")
    rows = PublicLink.objects.filter(waiting, free(now), portal_id=portal_id)
    return bool(rows.update(due_at=now))


def _to_act(now: datetime) -> Q:
    return Q(state__in=(State.ON, State.UNCLEAR), due_at__lte=now)


def _to_read(now: datetime) -> Q:
    return Q(state=State.ON, look_at__lte=now)


def _to_ask(now: datetime) -> Q:
    old = now - timedelta(seconds=settings.LINK_CLOSED_SECONDS)
    asked = Q(item_at=None) | Q(item_at__lte=old)
    wanted = Q(portal__settings__links_off_when_closed=True)
    return asked & wanted & Q(state=State.ON, ending="")


def _claim(portal: Portal) -> list[Claim]:
    """The due rows, each for one worker; from here on a row whose end has come is to be ended."""
    now = timezone.now()
    rows = PublicLink.objects.filter(_to_act(now), free(now), portal=portal)
    held = []
    for link in rows.select_related("portal").order_by("due_at")[:BATCH_SIZE]:
        if not link.ending and link.ends_at and link.ends_at <= now:
            link.ending = Reason.TIME
        until = now + LEASE
        mine = PublicLink.objects.filter(free(now), pk=link.pk, due_at=link.due_at)
        if mine.update(busy_until=until, due_at=until, ending=link.ending):
            held.append(Claim(link, copy.copy(link), until))
    return held


def _end(portal: Portal, held: Sequence[Claim]) -> None:
    """Switches off: with the token of whoever wanted the link, else with the installation's."""
    for user_id in dict.fromkeys(_who(one.link) for one in held):
        group = [one for one in held if _who(one.link) == user_id]
        errors = _switch_off(_own(portal, user_id), group)
        others = [one for one in group if _may_pass_on(one, errors)]
        errors |= _switch_off(installation_chain(portal), others)
        for one in group:
            if one.link.pk in errors:
                _not_ended(portal, one, errors[one.link.pk])


def _who(link: PublicLink) -> int | None:
    return link.off_by if link.ending == Reason.PERSON else link.user_id


def _own(portal: Portal, user_id: int | None) -> TokenChain | None:
    return portal.chains.filter(user_id=user_id, dead=False).first() if user_id else None


def _may_pass_on(held: Claim, errors: dict[int, BitrixError]) -> bool:
    """An end that was set, or wished by the administrators, is the installation's to keep; what a
    person pressed goes with his own rights only."""
    error = errors.get(held.link.pk)
    return held.link.ending != Reason.PERSON and isinstance(error, HIS_OWN)


def _switch_off(chain: TokenChain | None, held: Sequence[Claim]) -> dict[int, BitrixError]:
    """One batch. Answers the error of each link that is not off, by its row."""
    if not held:
        return {}
    if chain is None:
        return {one.link.pk: TokenInvalid(code=NO_TOKEN) for one in held}
    portal = held[0].link.portal
    client = speaking(portal, chain, Breaker(portal, background=True))
    try:
        batch = client.batch(
            {_key(one.link): enable_public_url(one.link.document_id, False) for one in held}
        )
    except BitrixError as error:
        return {one.link.pk: error for one in held}
    errors: dict[int, BitrixError] = {}
    for one in held:
        link = one.link
        refusal = batch.failed(_key(link))
        if refusal is None and batch[_key(link)] is None:
            link_state.switched_off(one, link.ending, _presser(link))
        else:
            errors[link.pk] = refusal or AnswerLost("the portal left the link on")
    return errors


def _presser(link: PublicLink) -> int | None:
    return link.off_by if link.ending == Reason.PERSON else None


def _key(link: PublicLink) -> str:
    return f"document{link.document_id}"


def _not_ended(portal: Portal, held: Claim, error: BitrixError) -> None:
    """It may be off or gone already; else the next try stands in the row."""
    link = held.link
    if isinstance(error, Refused) and _is_over(portal, held):
        return
    log.info("link of %s not ended: %s", link.document_id, type(error).__name__)
    if link.ending == Reason.PERSON and not isinstance(error, PASSING):
        # He was refused: the link is again one that is on, and its page says who may help.
        link.ending = ""
        link_state.failed(held, error, _until_end(link))
        return
    minutes = AGAIN[min(link.tries, len(AGAIN) - 1)]
    link_state.failed(held, error, timedelta(minutes=minutes))


def _until_end(link: PublicLink) -> timedelta:
    """A link without an end is only looked at again in a day."""
    return link.ends_at - timezone.now() if link.ends_at else timedelta(days=1)


def _is_over(portal: Portal, held: Claim) -> bool:
    """Whether the document is gone, or its link was off before: then there is nothing to end."""
    link = held.link
    try:
        client = as_person(portal, link.user_id)
        by_id = [link.document_id]
        if not client.run(list_documents_by_id(by_id, entity_type_id=link.entity_type_id)).items:
            history.gone(portal, link.document_id)
            return True
        document = client.run(get_document(link.document_id))
    except (BitrixError, Disconnected):
        return False
    if document.public_url is None:
        link_state.switched_off(held, Reason.ELSEWHERE, None)
        return True
    return False


def _find_out(portal: Portal, held: Sequence[Claim]) -> None:
    """Reads what came of lost answers; a row that is due for another reason is put right."""
    for one in held:
        link = one.link
        if link.state != State.UNCLEAR:
            link_state.give_back(one)
            PublicLink.objects.filter(pk=link.pk).update(due_at=link.ends_at)
            continue
        try:
            document = as_person(portal, link.user_id).run(get_document(link.document_id))
        except Disconnected:
            link_state.failed(one, TokenInvalid(code=NO_TOKEN), timedelta(minutes=AGAIN[-1]))
        except BitrixError as error:
            if not (isinstance(error, Refused) and _is_over(portal, one)):
                minutes = AGAIN[min(link.tries, len(AGAIN) - 1)]
                link_state.failed(one, error, timedelta(minutes=minutes))
        else:
            if document.public_url is None:
                link_state.switched_off(one, "", None)  # it never went on
            else:
                link_state.switched_on(one, document.public_url, document)


def _look(portal: Portal) -> bool:
    """Reads links that were not read for long: somebody may have opened or switched them."""
    now = timezone.now()
    rows = PublicLink.objects.filter(_to_read(now), free(now), portal=portal)
    failed = IssuedDocument.objects.filter(portal=portal, pdf=IssuedDocument.Pdf.FAILED)
    # document.get would begin another try of a conversion that has failed.
    rows = rows.exclude(document_id__in=failed.values("document_id"))
    links = [link for link in rows.order_by("look_at")[:BATCH_SIZE] if _put_off(link, now)]
    for user_id in dict.fromkeys(link.user_id for link in links):
        group = [link for link in links if link.user_id == user_id]
        try:
            client = as_person(portal, user_id)
            batch = client.batch({_key(link): get_document(link.document_id) for link in group})
        except (BitrixError, Disconnected) as error:
            log.info("links of portal %s not read: %s", portal.pk, type(error).__name__)
            continue
        for link in group:
            if batch.failed(_key(link)) is None:
                link_state.learn(portal, batch[_key(link)], now)
    return bool(links)


def _put_off(link: PublicLink, now: datetime) -> bool:
    """Takes the row's look for this worker."""
    rows = PublicLink.objects.filter(pk=link.pk, look_at=link.look_at)
    later = now + timedelta(seconds=settings.LINK_READ_SECONDS)
    return rows.update(look_at=later) == 1


def _mark_closed(portal: Portal) -> None:
    """Asks which deals with links are won or lost; their links are to be ended from now on.

    A link that somebody wanted while its deal was closed already is left alone.
    """
    now = timezone.now()
    rows = PublicLink.objects.filter(_to_ask(now), portal=portal)
    links = [link for link in rows if tells_closed(link.entity_type_id)]
    rows.update(item_at=now)
    if not links:
        return
    try:
        closed = _closed_items(as_person(portal, None), links)
    except (BitrixError, Disconnected) as error:
        log.info("deals of portal %s not asked: %s", portal.pk, type(error).__name__)
        return
    for link in links:
        told = closed.get((link.entity_type_id, link.entity_id))
        if told is not None:
            _note_closed(link, told)


def _note_closed(link: PublicLink, closed: bool) -> None:
    mine = PublicLink.objects.filter(pk=link.pk, state=State.ON, ending="")
    if closed and link.decided_closed is False:
        mine.update(ending=Reason.CLOSED, due_at=timezone.now())
    elif link.decided_closed != closed:
        mine.filter(on_at=link.on_at).update(decided_closed=closed)


def _closed_items(client: PortalClient, links: Sequence[PublicLink]) -> dict[tuple[int, int], bool]:
    """By type and id; what the installation may not read is left out. Raises `BitrixError`."""
    found: dict[tuple[int, int], bool] = {}
    lists = list(_lists(links))
    for start in range(0, len(lists), BATCH_SIZE):
        asked = lists[start : start + BATCH_SIZE]
        batch = client.batch({f"items{n}": list_closed(*one) for n, one in enumerate(asked)})
        for n, (kind, _) in enumerate(asked):
            if batch.failed(f"items{n}") is None:
                found |= {(kind, id_): closed for id_, closed in batch[f"items{n}"].items()}
    return found


def _lists(links: Sequence[PublicLink]) -> Iterable[tuple[int, list[int]]]:
    """Type and at most fifty ids for each list to be read."""
    by_type: dict[int, set[int]] = {}
    for link in links:
        by_type.setdefault(link.entity_type_id, set()).add(link.entity_id)
    for kind, ids in by_type.items():
        ordered = sorted(ids)
        for start in range(0, len(ordered), BATCH_SIZE):
            yield kind, ordered[start : start + BATCH_SIZE]
