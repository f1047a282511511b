"""The audit of 5,000 documents: seconds and requests, beside the bare pages it has to read.

`make bench` prints it; `python -m tests.bench.audit` alone is quicker.
"""

from __future__ import annotations

import os
import tempfile
from time import perf_counter
from typing import Any

from tests import environment

YEAR = 2026
PAGE = 50


def main() -> None:
    folder = tempfile.mkdtemp(prefix="docket-bench-")
    os.environ.setdefault("DATABASE_URL", f"sqlite:///{folder}/bench.sqlite3")
    environment.prepare()
    os.environ["DOCKET_LOG_LEVEL"] = "ERROR"
    import django

    django.setup()
    from django.core.management import call_command

    from tests.bench.bench import Bench

    call_command("migrate", verbosity=0)
    with Bench() as bench:
        table(bench)


def table(bench: Any) -> None:
    """One line each: documents, seconds, requests; of the audit, and of the pages read one by
    one."""
    from tests.integration.numbered import five_thousand

    five_thousand(bench.sandbox, YEAR)
    documents = len(bench.portal.documents)
    print(f"\n{'audit':44} {'documents':>9} {'s':>7} {'requests':>8}")
    for name, run in (("Docket", _audit), ("bare pages, one by one", _bare)):
        bench.sandbox.state.record.clear()
        begun = perf_counter()
        run(bench)
        seconds = perf_counter() - begun
        requests = len(bench.sandbox.state.record.rest())
        print(f"{name:44} {documents:9} {seconds:7.1f} {requests:8}")


def _audit(bench: Any) -> None:
    from b24app.console import audit_job, jobs
    from b24app.console.work import WORK
    from b24app.models import Job, Portal
    from tests.people import ANNA

    portal = Portal.objects.get(address=bench.portal.origin)
    job = Job.objects.create(
        portal=portal, kind=Job.Kind.AUDIT, user_id=ANNA, due_at=portal.installed_at
    )
    while jobs.run(job.pk, WORK) is not None:
        pass
    result = audit_job.result(portal)
    assert result is not None
    assert result.documents == len(bench.portal.documents)


def _bare(bench: Any) -> None:
    """Without a batch, and without looking for the own companies."""
    for start in range(0, len(bench.portal.documents), PAGE):
        bench._rest("crm.documentgenerator.document.list", start=start, order={"id": "ASC"})


if __name__ == "__main__":
    main()
