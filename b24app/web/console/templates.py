"""The portal's templates: searched, filtered, switched on and off."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from django.http import HttpResponse
from django.views.decorators.http import require_POST

from b24app import tasks
from b24app.bitrix.documentgenerator import DocumentTemplate
from b24app.bitrix.errors import BitrixError, TokenExpired, TokenInvalid
from b24app.console import jobs, lint_all, template_add, template_edit, template_list
from b24app.console.errors import ConsoleError
from b24app.console.lint_all import Result
from b24app.console.template_list import Wanted
from b24app.documents import catalogue
from b24app.models import Job
from b24app.portals.errors import Disconnected
from b24app.web import regions
from b24app.web.console import lint_words
from b24app.web.console.guard import administrators_only, screen
from b24app.web.session import FrameRequest
from b24app.web.trouble import details_of, trouble_of

PART = "templates"
"""Id of the part of the page that a search swaps."""


@administrators_only
def show(request: FrameRequest) -> HttpResponse:
    """All templates, or those that are looked for."""
    tasks.keep_catalogue_fresh(request.frame.portal)
    return listed(request, request.GET, part=request.htmx.target == PART)


@require_POST
@administrators_only
def refresh(request: FrameRequest) -> HttpResponse:
    """Reads the templates from Bitrix24 now; where that fails the page says so, with the old."""
    with suppress(BitrixError, Disconnected):  # noted there, and said beside the list's age
        catalogue.refresh(request.frame.portal)
    return listed(request, request.POST, part=True)


@require_POST
@administrators_only
def switch(request: FrameRequest, template_id: int) -> HttpResponse:
    """Switches a template on (`on`) or off; the list comes anew."""
    try:
        template = template_edit.switch(request.frame, template_id, on="on" in request.POST)
    except (TokenInvalid, TokenExpired):
        raise
    except (BitrixError, ConsoleError) as error:
        told = {"trouble": trouble_of(error), "details": details_of(error)}
        response = listed(request, request.POST, part=True, **told)
        response.status_code = 409
        return response
    return listed(request, request.POST, part=True, switched=template)


def listed(
    request: FrameRequest, asked: Mapping[str, str], *, part: bool = False, **more: Any
) -> HttpResponse:
    """The page, or the part of it that changes. `more`: what has just happened."""
    session = request.frame
    wanted = Wanted(
        words=asked.get("q", "")[:100],
        kind=asked.get("kind", "")[:10],
        pipeline=asked.get("pipeline", "")[:30],
        region=asked.get("region", "")[:20],
        state=asked.get("state", "")[:3],
    )
    found = template_list.table(session, wanted)
    job = jobs.latest(session.portal, Job.Kind.LINT)
    results = {one.template_id: one for one in lint_all.results(job)} if job else {}
    context = {
        "here": "templates",
        "table": found,
        "rows": [(line, _tested(line.template, job, results)) for line in found.lines],
        "wanted": wanted,
        "regions": [(code, regions.name_of(code)) for code in found.regions],
        "adding": template_add.under_way(session),
        "age": catalogue.age(session.portal),
        **more,
    }
    name = "console/templates/_table.html" if part else "console/templates/list.html"
    return screen(request, name, context)


def _tested(
    template: DocumentTemplate, job: Job | None, results: Mapping[int, Result]
) -> lint_words.Shown | None:
    """What the last check of all templates found in it; None where it was changed after that."""
    found = results.get(template.id)
    if job is None or found is None:
        return None
    changed = template.update_time is not None and template.update_time > job.created_at
    return None if changed else lint_words.shown(found.linted)
