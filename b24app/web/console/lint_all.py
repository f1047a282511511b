"""Lint of all templates: begun here, done by the worker, shown as far as it is."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from b24app import tasks
from b24app.console import jobs, lint_all
from b24app.models import Job
from b24app.web.console import lint_words
from b24app.web.console.guard import administrators_only, screen
from b24app.web.session import FrameRequest


@administrators_only
def show(request: FrameRequest) -> HttpResponse:
    """The last lint of all templates; POST begins a new one."""
    portal = request.frame.portal
    if request.method == "POST":
        tasks.go_on_soon(lint_all.start(request.frame))
        return HttpResponseRedirect(reverse("lint-all", args=[portal.key]))
    job = jobs.latest(portal, Job.Kind.LINT)
    results = [
        (one, lint_words.shown(one.linted)) for one in (lint_all.results(job) if job else [])
    ]
    context = {
        "here": "templates",
        "job": job,
        "results": results,
        "clean": sum(shown.is_clean for _, shown in results),
    }
    return screen(request, "console/lint/all.html", context)
