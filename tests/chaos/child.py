"""The processes that are killed: a web process that answers a person's clicks, and a worker.

They are forked from a server process that has this module loaded, so that one begins in a moment;
each is a process of its own and dies by SIGKILL.
"""

from __future__ import annotations

import time
from multiprocessing.connection import Connection
from typing import Any

import django

from tests import environment

environment.prepare()
django.setup()

from django.conf import settings  # noqa: E402
from django.test import Client  # noqa: E402

from b24app import tasks  # noqa: E402
from b24app.bitrix.documentgenerator import add_document  # noqa: E402
from b24app.bitrix.errors import AnswerLost, BitrixError  # noqa: E402
from b24app.models import FrameSession  # noqa: E402
from b24app.portals.clients import acting  # noqa: E402
from tests.chaos import pace  # noqa: E402

Question = tuple[str, str, str, dict[str, str]]
"""Frame token, HTTP method, path, form."""
Answer = tuple[int, str, str]
"""Status, Location, body."""


def prepare() -> None:
    pace.apply()
    settings.ALLOWED_HOSTS = ["testserver"]
    settings.STORAGES["staticfiles"]["BACKEND"] = (
        "django.contrib.staticfiles.storage.StaticFilesStorage"
    )


def web(line: Connection) -> None:
    """Answers requests until it dies."""
    prepare()
    client = Client(raise_request_exception=False)
    while True:
        token, method, path, form = line.recv()
        headers = {"Authorization": f"Frame {token}", "HX-Request": "true", "HX-Target": "page"}
        call = client.post if method == "POST" else client.get
        answer: Any = call(path, form, headers=headers)
        location = answer.headers.get("Location", "")
        line.send((answer.status_code, location, answer.content.decode()))


def blind(line: Connection) -> None:
    """For comparison: makes the document and, when no answer comes, makes it again."""
    prepare()
    while True:
        session_id, _, template_id, form = line.recv()
        session = FrameSession.objects.select_related("portal", "chain__portal").get(pk=session_id)
        session.insists = True
        command = add_document(
            int(template_id),
            session.entity_type_id,
            session.entity_id,
            {"DocumentTitle": form["f-DocumentTitle"]},
            stamps=False,
        )
        line.send(_tried_thrice(session, command))


def _tried_thrice(session: FrameSession, command: Any) -> Answer:
    for _ in range(3):
        try:
            return 302, f"/documents/{acting(session).run(command).id}/", ""
        except AnswerLost:
            continue
        except BitrixError as error:
            return 409, "", str(error)
    return 409, "", "lost"


def worker() -> None:
    """What `run_huey` does, with its minute shortened too."""
    prepare()
    from huey.contrib.djhuey import HUEY

    next_sweep = 0.0
    while True:
        if time.monotonic() >= next_sweep:
            tasks.sweep.call_local()
            next_sweep = time.monotonic() + 60 / pace.SPEED
        for due in HUEY.read_schedule():
            HUEY.enqueue(due)
        while (task := HUEY.dequeue()) is not None:
            HUEY.execute(task)
        time.sleep(0.03)
