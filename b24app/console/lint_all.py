"""Lint of every template of a portal, one a piece, by the worker."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from b24app import docx
from b24app.bitrix.client import PortalClient
from b24app.bitrix.documentgenerator import list_templates
from b24app.bitrix.errors import Refused
from b24app.console import jobs, lint
from b24app.console.jobs import Piece
from b24app.console.lint import Linted
from b24app.docx.lint import Code, Finding, Level, Place, Report
from b24app.docx.paragraphs import Part
from b24app.models import FrameSession, Job

GONE = "gone"
"""It was deleted, or taken out of reach, while the others were read."""
MOST_FINDINGS = 30
"""Kept of one template; its own page tells all of them."""


@dataclass(frozen=True)
class Result:
    """What was found in one template. `total`: its findings, `linted` may hold fewer."""

    template_id: int
    name: str
    active: bool
    linted: Linted
    total: int


def start(session: FrameSession) -> Job:
    """Begins, or answers the job that is under way. Raises `NotAdministrator`, `BitrixError`."""
    return jobs.start(session, Job.Kind.LINT, {})


def piece(client: PortalClient, job: Job) -> Piece:
    """The list of templates first, then one template after another. Raises `BitrixError`."""
    kept = job.kept or {"queue": _queue(client), "results": []}
    queue, results = list(kept["queue"]), list(kept["results"])
    if job.kept and queue:
        results.append(_judged(client, queue.pop(0)))
    total = len(queue) + len(results)
    return Piece({"queue": queue, "results": results}, len(results), total, over=not queue)


def results(job: Job) -> list[Result]:
    """What was found so far, the templates with most to mend first."""
    found = [_result(row) for row in job.kept.get("results", [])]
    return sorted(found, key=_weight)


def _queue(client: PortalClient) -> list[dict[str, Any]]:
    found = sorted(client.pages(list_templates), key=lambda one: (one.sort, one.name, one.id))
    return [
        {"id": one.id, "name": one.name, "active": one.active, "bound": list(one.entity_types)}
        for one in found
    ]


def _judged(client: PortalClient, row: dict[str, Any]) -> dict[str, Any]:
    try:
        linted = lint.of_known(client, row["id"], row["bound"])
    except Refused:
        linted = Linted(None, unjudged=(GONE,))
    about = {key: row[key] for key in ("id", "name", "active")}
    about |= {"refused": linted.refused, "unjudged": list(linted.unjudged), "report": None}
    if linted.report is None:
        return about
    report = asdict(linted.report)
    total = len(report["findings"])
    return about | {
        "report": report | {"findings": report["findings"][:MOST_FINDINGS]},
        "total": total,
    }


def _result(row: dict[str, Any]) -> Result:
    refused = docx.Reason(row["refused"]) if row["refused"] else None
    report = _report(row["report"]) if row["report"] else None
    linted = Linted(report, refused, tuple(row["unjudged"]))
    return Result(row["id"], row["name"], row["active"], linted, row.get("total", 0))


def _report(row: dict[str, Any]) -> Report:
    found = tuple(_finding(one) for one in row["findings"])
    return Report(found, tuple(row["codes"]), row["known"], row["split"])


def _finding(row: dict[str, Any]) -> Finding:
    place = row["place"]
    return Finding(
        Code(row["code"]),
        Level(row["level"]),
        Place(**{**place, "part": Part(place["part"])}) if place else None,
        row["text"],
        row["detail"],
        row["nearest"],
    )


def _weight(result: Result) -> tuple[int, int, int]:
    """For sorting: unreadable ones and those that print wrongly come first."""
    report = result.linted.report
    if report is None:
        return (0, 0, 0)
    counts = [sum(one.level == level for one in report.findings) for level in Level]
    worst = next((at for at, count in enumerate(counts) if count), len(counts))
    return (1, worst, -counts[worst] if worst < len(counts) else 0)
