"""`make demo`: the sandbox portal, Docket and its worker, until Ctrl-C."""

from __future__ import annotations

import signal
import threading

from tests.demo.environment import Ports
from tests.demo.installation import install
from tests.demo.stand import ROOT, Stand, taken

FOLDER = ROOT / "var" / "demo"


def main() -> None:
    ended = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: ended.set())
    ports = Ports()
    if busy := taken(ports):
        raise SystemExit(f"Port {busy[0]} is taken: is another demo running?")
    print("Starting the sandbox portal, Docket and its worker …", flush=True)
    with Stand(FOLDER, ports) as stand:
        install(stand)
        print(words(stand.ports), flush=True)
        while not ended.wait(1):
            dead = [name for name, process in stand.processes.items() if process.poll() is not None]
            if dead:
                raise SystemExit(f"{', '.join(dead)} ended; see {FOLDER}/*.log")


def words(ports: Ports) -> str:
    return f"""
The deal with its Documents tab:  {ports.portal_one}/crm/deal/details/501/?tab=documents
  Sign in as Boris (salesperson), Anna (administrator) or Clara (may not read this deal).

Install it yourself: sign in as Dmitri at {ports.portal_two}/, open Applications, Market.

Ctrl-C ends everything; the next start begins anew.
"""


if __name__ == "__main__":
    main()
