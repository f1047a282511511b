"""One run: people who want documents, a portal that loses answers, and somebody who kills."""

from __future__ import annotations

import multiprocessing
import queue
import random
import re
import threading
import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import Any

from django.core.management import call_command
from django.db import connection

from b24app.models import FrameSession, Intent
from tests import people
from tests.chaos import child
from tests.chaos.faults import Losing
from tests.integration.pages import Form
from tests.people import ANNA, Frame
from tests.sandbox.server import Sandbox

ADD = "crm.documentgenerator.document.add"
TEMPLATES = (44, 40)
"""Each person has one of the two in a deal, so nobody is told that somebody else makes it."""
WEB_PROCESSES = 4
PATIENCE = 120.0
"""Seconds after which a person has been left waiting."""
MADE = re.compile(r"/documents/(\d+)/$")


@dataclass
class Outcome:
    """Of one run. `lost`, `doubled`, `stuck` and `wrong` are numbers of wanted documents."""

    seed: int
    wanted: int
    lost: int = 0
    doubled: int = 0
    stuck: int = 0
    wrong: int = 0
    """The person was shown another document than the one that was made for the form."""
    kills: int = 0
    killed_at: dict[str, int] = field(default_factory=dict)
    answers_lost: int = 0
    presses: int = 0
    longest_wait: float = 0.0
    """Seconds from a press until the person knew; the clock runs `pace.SPEED` times as fast."""
    seconds: float = 0.0


class Process:
    """A child, and the line to it."""

    def __init__(self, context: Any, target: Any) -> None:
        self.line, theirs = context.Pipe()
        self.process = context.Process(target=target, args=(theirs,), daemon=True)
        self.process.start()
        theirs.close()

    def ask(self, question: tuple[Any, ...]) -> child.Answer | None:
        """None when it was killed before it could answer."""
        try:
            self.line.send(question)
            answer: child.Answer = self.line.recv()
        except (EOFError, OSError):
            return None
        return answer

    def kill(self) -> None:
        self.process.kill()


class Run:
    """Threads are people; each wants documents in a deal of his own, one after the other."""

    def __init__(
        self, sandbox: Sandbox, seed: int, wanted: int, kills: int, lost: float, *, blind: bool
    ) -> None:
        self.sandbox = sandbox
        self.blind = blind
        self.chance = random.Random(seed)
        self.outcome = Outcome(seed, wanted)
        self.faults = Losing(ADD, lost, random.Random(seed + 1000))
        self.context = multiprocessing.get_context("forkserver")
        self.context.set_forkserver_preload(["tests.chaos.child"])
        self.free: queue.Queue[Process] = queue.Queue()
        self.worker: Any = None
        self.shown: dict[str, int] = {}
        self.presses: Counter[str] = Counter()
        self.killed_at: Counter[str] = Counter()
        self.guard = threading.Lock()
        self.web_kills = set(self.chance.sample(range(wanted), kills - kills // 5))
        self.worker_kills = kills // 5
        self.over = threading.Event()

    def whole(self) -> Outcome:
        frames = self._install()
        begun = time.monotonic()
        self.sandbox.state.faults = self.faults
        for _ in range(WEB_PROCESSES):
            self.free.put(self._new_web())
        self._start_worker()
        threads = [threading.Thread(target=self._kill_workers)]
        wants = [f"Wanted {number}" for number in range(self.outcome.wanted)]
        for number, (frame, form) in enumerate(frames):
            mine = wants[number :: len(frames)]
            threads.append(threading.Thread(target=self._person, args=(frame, form, mine)))
        for thread in threads[1:]:
            thread.start()
        threads[0].start()
        for thread in threads[1:]:
            thread.join()
        self.over.set()
        threads[0].join()
        self._end()
        self.outcome.seconds = round(time.monotonic() - begun, 1)
        return self._counted()

    def _install(self) -> list[tuple[Frame, Form]]:
        """Docket in Anna's portal, and for each deal and template a form of hers."""
        child.prepare()
        call_command("migrate", verbosity=0)
        portal = self.sandbox.portal_one
        app = people.install(self.sandbox, portal)
        found = []
        for deal in portal.deals:
            frame = people.open_tab(self.sandbox, portal, app, ANNA, deal)
            for template in TEMPLATES:
                answer = frame.follow(frame.get(f"new/{template}/"))
                if answer.status_code == 200:
                    found.append((frame, Form(frame, answer)))
        return found

    def _person(self, frame: Frame, form: Form, wants: list[str]) -> None:
        try:
            for want in wants:
                intent = self._another(form)
                path = form.path.replace(form.intent_id, str(intent.pk))
                self._until_made(frame, path, want, form.inputs | {"f-DocumentTitle": want}, intent)
        finally:
            connection.close()

    def _another(self, form: Form) -> Intent:
        """The same form, opened anew."""
        intent = Intent.objects.get(pk=form.intent_id)
        kept, intent.pk = intent.form, Intent().pk
        intent.marker = Intent().marker
        intent.form = kept
        intent.created_at = None  # type: ignore[assignment]
        intent.state = Intent.State.OPEN
        intent._state.adding = True
        intent.save()
        return intent

    def _until_made(
        self, frame: Frame, path: str, want: str, inputs: dict[str, str], intent: Intent
    ) -> None:
        """Presses Generate; looks at the page until it says what became of it; presses again where
        it gives the button back."""
        begun = time.monotonic()
        while time.monotonic() - begun < PATIENCE:
            answer = self._press(frame, path, want, inputs, intent)
            while answer is None or not (MADE.search(answer[1]) or 'id="make"' in answer[2]):
                time.sleep(0.1)
                if time.monotonic() - begun > PATIENCE:
                    return
                if self.blind:
                    break
                answer = self._ask((frame.token, "GET", path, {}))
            found = MADE.search(answer[1]) if answer else None
            if found:
                self.shown[want] = int(found[1])
                with self.guard:
                    waited = time.monotonic() - begun
                    self.outcome.longest_wait = max(self.outcome.longest_wait, round(waited, 2))
                return

    def _press(
        self, frame: Frame, path: str, want: str, inputs: dict[str, str], intent: Intent
    ) -> child.Answer | None:
        first = not self.presses[want]
        self.presses[want] += 1
        doomed = first and int(want.split()[1]) in self.web_kills
        if self.blind:
            session = FrameSession.objects.filter(entity_id=intent.entity_id).first()
            question: tuple[Any, ...] = (
                session and session.pk,
                "",
                str(intent.template_id),
                inputs,
            )
        else:
            question = (frame.token, "POST", path, inputs)
        return self._ask(question, intent if doomed else None)

    def _ask(self, question: tuple[Any, ...], doomed: Intent | None = None) -> child.Answer | None:
        """Asks any web process; one that has died is replaced."""
        process = self.free.get()
        if doomed is not None:
            wait = self.chance.uniform(0.0, 0.08)
            threading.Timer(wait, process.kill).start()
        answer = process.ask(question)
        if doomed is not None:
            process.process.join()
            self._note_kill(doomed, answer)
            answer = None  # whatever it was: the browser never saw it
        elif answer is not None:
            self.free.put(process)
            return answer
        process.line.close()
        self.free.put(self._new_web())
        return answer

    def _note_kill(self, intent: Intent, answer: child.Answer | None) -> None:
        state = Intent.objects.get(pk=intent.pk).state
        marked = any(
            one.values.get("DocketMarker") == intent.marker
            for one in list(self.sandbox.portal_one.documents.values())
        )
        if self.blind:
            at = "after the answer" if answer else "before the answer"
        elif state == Intent.State.SENDING:
            at = "sending, document there" if marked else "sending, no document yet"
        else:
            at = {"open": "before the commit", "unknown": "answer lost"}.get(state, "after the end")
        with self.guard:
            self.killed_at[at] += 1
            self.outcome.kills += 1

    def _new_web(self) -> Process:
        return Process(self.context, child.blind if self.blind else child.web)

    def _start_worker(self) -> None:
        self.worker = self.context.Process(target=child.worker, daemon=True)
        self.worker.start()

    def _kill_workers(self) -> None:
        for _ in range(self.worker_kills):
            if self.over.wait(self.chance.uniform(0.3, 2.0)):
                pass
            self.worker.kill()
            self.worker.join()
            self._start_worker()
            with self.guard:
                self.killed_at["the worker"] += 1
                self.outcome.kills += 1

    def _end(self) -> None:
        self.worker.kill()
        self.worker.join()
        while not self.free.empty():
            process = self.free.get()
            process.kill()
            process.process.join()

    def _counted(self) -> Outcome:
        made: defaultdict[str, list[int]] = defaultdict(list)
        for document in self.sandbox.portal_one.documents.values():
            if document.title.startswith("Wanted "):
                made[document.title].append(document.id)
        for number in range(self.outcome.wanted):
            want = f"Wanted {number}"
            self.outcome.lost += not made[want]
            self.outcome.doubled += len(made[want]) > 1
            shown = self.shown.get(want)
            self.outcome.stuck += shown is None
            self.outcome.wrong += shown is not None and shown not in made[want]
        if not self.blind:
            open_ones = Intent.objects.filter(state__in=[*Intent.UNDER_WAY, Intent.State.CHECK])
            self.outcome.stuck = max(self.outcome.stuck, open_ones.count())
        self.outcome.answers_lost = self.faults.lost
        self.outcome.presses = sum(self.presses.values())
        self.outcome.killed_at = dict(self.killed_at)
        return self.outcome
