"""The processes of a demo: sandbox, web, worker; started, waited for, ended together."""

from __future__ import annotations

import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import time
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType

import requests

from tests.demo import environment, postgres
from tests.demo.environment import MARKET_CLIENT_ID, Ports

ROOT = Path(__file__).resolve().parent.parent.parent
PATIENCE = 30.0


class Stand:
    """Use as a context manager; `folder` is wiped, so that each demo begins as seeded."""

    def __init__(
        self, folder: Path, ports: Ports, *, conversion_delay: float = 3.0, **extra: str
    ) -> None:
        self.folder = folder
        self.ports = ports
        self.conversion_delay = conversion_delay
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        self.variables = environment.variables(folder, ports) | extra
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        self._stack = ExitStack()

    def __enter__(self) -> Stand:
        try:
            postgres.create(self.variables["DATABASE_URL"])
            self._stack.callback(postgres.drop, self.variables["DATABASE_URL"])
            self.manage("migrate", "--verbosity", "0")
            self.manage("collectstatic", "--noinput", "--verbosity", "0")
            self.start("sandbox", *self._sandbox())
            self.start("web", *self._web())
            self.start("worker", "manage.py", "run_huey")
            self.wait_for(f"{self.ports.portal_one}/_sandbox/options")
            self.wait_for(f"{self.ports.app_url}/healthz")
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def manage(self, *words: str, stdin: str = "") -> str:
        """Runs manage.py with this stand's settings; answers what it printed."""
        done = subprocess.run(
            [sys.executable, "manage.py", *words],
            cwd=ROOT,
            env=self.variables,
            input=stdin,
            capture_output=True,
            text=True,
            check=False,
            start_new_session=True,
        )
        if done.returncode:
            raise RuntimeError(f"manage.py {words[0]}: {done.stderr}")
        return done.stdout

    def start(self, name: str, *words: str) -> None:
        """Starts a process by name; its output goes to a file in the folder.

        In a session of its own: Ctrl-C in a terminal reaches us alone, and we end each once. Told
        twice, gunicorn does not end in time and leaves its worker behind.
        """
        log = self._stack.enter_context((self.folder / f"{name}.log").open("ab"))
        self.processes[name] = subprocess.Popen(
            [sys.executable, *words],
            cwd=ROOT,
            env=self.variables,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )

    def wait_for(self, url: str) -> None:
        """Until the address answers. Raises `RuntimeError` when a process dies or time is up."""
        give_up = time.monotonic() + PATIENCE
        while time.monotonic() < give_up:
            for name, process in self.processes.items():
                if process.poll() is not None:
                    text = (self.folder / f"{name}.log").read_text(errors="replace")[-2000:]
                    raise RuntimeError(f"{name} ended: {text}")
            try:
                if requests.get(url, timeout=2).status_code < 500:
                    return
            except requests.RequestException:
                pass
            time.sleep(0.1)
        raise RuntimeError(f"{url} does not answer")

    def control(self, action: str, **body: object) -> dict[str, object]:
        """An order to the sandbox's control API."""
        answer = requests.post(f"{self.ports.portal_one}/_sandbox/{action}", json=body, timeout=20)
        if not answer.ok:
            raise RuntimeError(f"{action}: {answer.text}")
        found: dict[str, object] = answer.json()
        return found

    def stop(self) -> None:
        for process in self.processes.values():
            process.send_signal(signal.SIGTERM)
        for process in self.processes.values():
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
        self.processes.clear()
        self._stack.close()

    def _sandbox(self) -> list[str]:
        base = self.ports.app_url
        market = [
            MARKET_CLIENT_ID,
            self.variables["DOCKET_CLIENT_SECRET"],
            f"{base}/",
            f"{base}/install/",
        ]
        return [
            *("-m", "tests.sandbox", "--port", str(self.ports.sandbox)),
            *("--conversion-delay", str(self.conversion_delay)),
            *("--market-app", *market),
        ]

    def _web(self) -> list[str]:
        return [
            *("-m", "gunicorn", "b24app.wsgi", "--bind", f"127.0.0.1:{self.ports.app}"),
            *("--worker-class", "gthread", "--threads", "8", "--log-level", "warning"),
        ]


def taken(ports: Ports) -> list[int]:
    """Those of the ports that somebody listens on."""
    found = []
    for port in (ports.app, ports.sandbox, ports.sandbox + 1, ports.sandbox + 2):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                found.append(port)
    return found


def free_ports() -> Ports:
    """Ports that nobody listens on now: one, and three in a row.

    Below those that the system hands out for outgoing connections: one of these could be taken
    between this look and the moment when somebody listens there.
    """
    while True:
        first = random.randrange(20_000, 32_000, 4)
        try:
            with ExitStack() as stack:
                for port in range(first, first + 4):
                    stack.enter_context(socket.socket()).bind(("127.0.0.1", port))
        except OSError:
            continue
        return Ports(app=first + 3, sandbox=first)
