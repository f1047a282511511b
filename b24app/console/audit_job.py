"""The audit as long work: all documents of the portal, five hundred a piece in two requests.

What it keeps is ids, numbers and times; titles and values are not kept, and no document is changed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Final

from django.db.models import Q

from b24app.bitrix import crm
from b24app.bitrix.client import PortalClient
from b24app.bitrix.documentgenerator import (
    ListedDocument,
    Numerator,
    all_documents,
    list_numerators,
    list_templates,
    template_fields,
)
from b24app.bitrix.errors import Refused, UnexpectedAnswer
from b24app.bitrix.protocol import PAGE_SIZE
from b24app.console import numbering
from b24app.console.audit import Audit, Finding, Kind, Numbered, audit
from b24app.console.jobs import Piece
from b24app.console.numbering import Plan
from b24app.documents.fields import NUMBER
from b24app.models import Job, Portal

PAGES: Final = 10
"""Of documents in one request."""
_OWN: Final = "MY_COMPANY"
_MOST_DIGITS: Final = 18


@dataclass(frozen=True, slots=True)
class Judged:
    """What was found about one numerator."""

    id: int
    plan: Plan
    audit: Audit


@dataclass(frozen=True, slots=True)
class Result:
    """What an audit has come to. `companies`: own companies by id. `strays`: documents of deleted
    templates, and attached files. `templates`: those that use each numerator.
    """

    job: Job
    numerators: tuple[Judged, ...]
    companies: dict[int, str]
    documents: int
    strays: int
    templates: dict[int, list[int]]

    def of(self, numerator_id: int) -> Judged | None:
        return next((one for one in self.numerators if one.id == numerator_id), None)


def piece(client: PortalClient, job: Job) -> Piece:
    """Reads the next documents. Raises `BitrixError`."""
    kept = job.kept or _begin(client)
    commands = {f"page{at}": all_documents(kept["after"], at * PAGE_SIZE) for at in range(PAGES)}
    batch = client.batch(commands)
    pages = [batch[name] for name in commands]
    found = [document for page in pages for document in page.items]
    if len(kept["companies"]) > 1:
        _read_owners(client, kept, found)
    kept["rows"] += [_row(document, kept["owners"]) for document in found]
    kept["after"] = max((document.id for document in found), default=kept["after"])
    left = pages[0].total
    total = None if left is None else job.done + left
    over = len(pages[-1].items) < PAGE_SIZE
    if over and kept["usual"] is None and len(kept["companies"]) > 1:
        kept["usual"] = _usual(client, kept)
    return Piece(_packed(kept) if over else kept, job.done + len(found), total, over)


def _begin(client: PortalClient) -> dict[str, Any]:
    """How numbers are given now, and by whom."""
    numerators = client.pages(list_numerators)
    templates = client.pages(list_templates)
    return {
        "after": 0,
        "numerators": {str(one.id): asdict(_plan(one)) for one in numerators},
        "templates": {str(one.id): one.numerator_id for one in templates},
        "companies": {str(key): name for key, name in client.run(crm.own_companies()).items()},
        "usual": None,
        "owners": {},
        "rows": [],
    }


def _plan(numerator: Numerator) -> Plan:
    """One whose settings cannot be read has the usual ones: it must not stop the others' audit."""
    try:
        return numbering.plan_of(numerator)
    except UnexpectedAnswer:
        return Plan(numerator.name, numerator.template)


def _read_owners(
    client: PortalClient, kept: dict[str, Any], documents: list[ListedDocument]
) -> None:
    """For which own company the deals and invoices of these documents are made."""
    wanted: dict[int, set[int]] = defaultdict(set)
    for document in documents:
        kind, item = document.entity_type_id, document.entity_id
        if crm.has_own_company(kind) and _key(kind, item) not in kept["owners"]:
            wanted[kind].add(item)
    commands = {
        f"owners_{kind}_{at}": crm.list_own_company(kind, ids[at : at + PAGE_SIZE])
        for kind, ids in ((kind, sorted(found)) for kind, found in wanted.items())
        for at in range(0, len(ids), PAGE_SIZE)
    }
    if not commands:
        return
    batch = client.batch(commands)
    for name in commands:
        if isinstance(batch.failed(name), Refused):
            continue  # a type of items that is gone: their documents have no known company
        kind = int(name.split("_")[1])
        kept["owners"] |= {_key(kind, item): own for item, own in batch[name].items()}


def _row(document: ListedDocument, owners: Mapping[str, int | None]) -> list[Any]:
    """What is kept of a document, short, for there are thousands."""
    chosen = str(document.values.get(_OWN) or "")
    own = int(chosen) if chosen.isdecimal() and len(chosen) <= _MOST_DIGITS else None
    kind, item = document.entity_type_id, document.entity_id
    return [
        document.id,
        document.number,
        document.create_time.isoformat(),
        document.template_id or 0,
        own or owners.get(_key(kind, item)) or 0,
        kind,
        item,
        int(NUMBER in document.values),
    ]


def _usual(client: PortalClient, kept: dict[str, Any]) -> int:
    """The own company of items that name none, as Bitrix24 chooses it; 0 where it does not say."""
    for row in reversed(kept["rows"]):
        if row[4] or str(row[3]) not in kept["templates"]:
            continue
        try:
            fields = client.run(template_fields(row[3], row[5], row[6]))
        except Refused:
            return 0
        chosen = next((one.value for one in fields if one.code == _OWN), None)
        return int(chosen) if chosen and chosen.isdecimal() else 0
    return 0


def _key(entity_type_id: int, entity_id: int) -> str:
    return f"{entity_type_id}:{entity_id}"


def result(portal: Portal) -> Result | None:
    """What the last audit that has ended found, one that was stopped as far as it came."""
    ended = Job.objects.filter(portal=portal, kind=Job.Kind.AUDIT)
    ended = ended.exclude(state=Job.State.RUNNING).filter(Q(done__gt=0) | Q(state=Job.State.DONE))
    job = ended.order_by("-created_at").first()
    return judged(job) if job else None


def judged(job: Job) -> Result:
    """What a job has found; one that was stopped is judged by what it has read."""
    kept = job.kept
    packed = kept if "judged" in kept else _packed(kept)
    users: dict[int, list[int]] = defaultdict(list)
    for template_id, numerator_id in packed["templates"].items():
        users[numerator_id or 0].append(int(template_id))
    return Result(
        job=job,
        numerators=tuple(_unpacked(one) for one in packed["judged"]),
        companies={int(key): name for key, name in packed["companies"].items()},
        documents=packed["documents"],
        strays=packed["strays"],
        templates=dict(users),
    )


def _packed(kept: dict[str, Any]) -> dict[str, Any]:
    """What stays of all that was read: the findings, with the documents that they name."""
    of_numerator: dict[int, list[Numbered]] = defaultdict(list)
    strays = []
    for row in kept["rows"]:
        document = _document(row, kept["usual"])
        if str(document.template_id) in kept["templates"]:
            of_numerator[kept["templates"][str(document.template_id)] or 0].append(document)
        else:
            strays.append(document)
    plans = {int(key): Plan(**plan) for key, plan in kept["numerators"].items()}
    return {
        "after": kept["after"],
        "templates": kept["templates"],
        "companies": kept["companies"],
        "documents": len(kept["rows"]),
        "strays": len(strays),
        "judged": [
            {
                "id": key,
                "plan": asdict(plan),
                "audit": _told(audit(plan, of_numerator[key], strays)),
            }
            for key, plan in plans.items()
        ],
    }


def _told(found: Audit) -> dict[str, Any]:
    told = asdict(found)
    for finding in told["findings"]:
        finding["documents"] = [
            document | {"at": document["at"].isoformat()} for document in finding["documents"]
        ]
    return told


def _unpacked(one: Mapping[str, Any]) -> Judged:
    told = one["audit"]
    findings = tuple(_finding(finding) for finding in told["findings"])
    return Judged(one["id"], Plan(**one["plan"]), Audit(**{**told, "findings": findings}))


def _finding(told: Mapping[str, Any]) -> Finding:
    documents = tuple(
        Numbered(
            **{
                **document,
                "at": datetime.fromisoformat(document["at"]),
                "item": tuple(document["item"]),
            }
        )
        for document in told["documents"]
    )
    return Finding(**{**told, "kind": Kind(told["kind"]), "documents": documents})


def _document(row: list[Any], usual: int | None) -> Numbered:
    return Numbered(
        id=row[0],
        text=row[1],
        at=datetime.fromisoformat(row[2]),
        template_id=row[3],
        company=row[4] or usual or None,
        item=(row[5], row[6]),
        typed=bool(row[7]),
    )
