"""Which work each kind of job does."""

from __future__ import annotations

from b24app.console import audit_job, lint_all, look_for_links
from b24app.console.jobs import Work
from b24app.models import Job

WORK: dict[str, Work] = {
    Job.Kind.AUDIT: audit_job.piece,
    Job.Kind.LINT: lint_all.piece,
    Job.Kind.LINKS: look_for_links.look,
}
