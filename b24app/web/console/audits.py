"""The card of the audit: how far it is, what it found, and the button that starts it."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from b24app import tasks
from b24app.console import audit_job, gaps, jobs
from b24app.console.audit_job import Judged, Result
from b24app.models import Job, Portal
from b24app.web.console import audit_words
from b24app.web.console.guard import administrators_only, screen
from b24app.web.session import FrameRequest

SHOWN = 5
"""Findings of one numerator on the page of all of them."""


@administrators_only
def audit(request: FrameRequest) -> HttpResponse:
    """The card on GET, which costs Bitrix24 nothing; on POST the worker begins."""
    about = _number(request)
    if request.method != "POST":
        return screen(request, "console/_audit.html", card(request.frame.portal, about))
    tasks.go_on_soon(jobs.start(request.frame, Job.Kind.AUDIT, {}))
    key = request.frame.portal.key
    if about:
        return HttpResponseRedirect(reverse("numerator", args=[key, about]))
    return HttpResponseRedirect(reverse("numerators", args=[key]))


def _number(request: FrameRequest) -> int:
    text = request.GET.get("numerator", "") or request.POST.get("numerator", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0


def card(portal: Portal, numerator_id: int = 0) -> dict[str, Any]:
    """`numerator_id`: only this one; 0 all, of each what is wrong first."""
    job = jobs.latest(portal, Job.Kind.AUDIT)
    result = audit_job.result(portal)
    context: dict[str, Any] = {
        "job": job,
        "running": job is not None and job.state == Job.State.RUNNING,
        "failed": job is not None and job.state == Job.State.FAILED,
        "result": result,
        "about": numerator_id,
    }
    if result is None:
        return context
    chosen = [one for one in result.numerators if not numerator_id or one.id == numerator_id]
    told = [_told(portal, result, one, all_of_it=bool(numerator_id)) for one in chosen]
    told = [one for one in told if numerator_id or one["read"] or one["odd"]]
    told.sort(key=lambda one: not one["wrong"])
    return context | {
        "audited": told,
        "wrong": sum(one["wrong"] for one in told),
        "took": _seconds(result.job),
    }


def _told(portal: Portal, result: Result, one: Judged, *, all_of_it: bool) -> dict[str, Any]:
    findings = list(one.audit.findings)
    wrong = sum(finding.kind in audit_words.WRONG for finding in findings)
    shown = findings if all_of_it else findings[:SHOWN]
    templates = result.templates.get(one.id, [])
    lines = [
        audit_words.line(finding, reasons, result.companies)
        for finding, reasons in gaps.explained(portal, one.plan, templates, shown)
    ]
    return {
        "id": one.id,
        "name": one.plan.name,
        "read": one.audit.read,
        "odd": one.audit.odd,
        "lines": lines,
        "wrong": wrong,
        "more": one.audit.more + len(findings) - len(shown),
    }


def _seconds(job: Job) -> int:
    ended = job.ended_at or job.created_at
    return max(1, round((ended - job.created_at).total_seconds()))
