"""Long work: how far it is, and the button that stops it."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST

from b24app.console import jobs
from b24app.models import Job
from b24app.web.console.guard import administrators_only, screen
from b24app.web.session import FrameRequest


@administrators_only
def state(request: FrameRequest, job_id: UUID) -> HttpResponse:
    """The progress of a job while it runs; once it has ended, the page it belongs to comes anew."""
    return _progress(request, job_id)


@require_POST
@administrators_only
def stop(request: FrameRequest, job_id: UUID) -> HttpResponse:
    """Stops a job; what it has found so far stays."""
    jobs.stop(request.frame, job_id)
    return _progress(request, job_id)


def _progress(request: FrameRequest, job_id: UUID) -> HttpResponse:
    job = get_object_or_404(Job, portal=request.frame.portal, pk=job_id)
    response = screen(request, "console/_job.html", {"job": job})
    if job.state != Job.State.RUNNING:
        response.headers["HX-Trigger"] = "jobEnded"
    return response
