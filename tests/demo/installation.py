"""Docket is installed in the demo's first portal, through the same pages a person would use."""

from __future__ import annotations

import re

import requests

from tests.demo.stand import Stand

TOKEN = re.compile(r'name="frame-token" content="([^"]+)"')
STEPS = ("rights", "tab", "button", "events", "finish")


def register(stand: Stand) -> str:
    """The administrator registers a local application, the operator tells Docket; its client id."""
    told = stand.manage("register_portal", stand.ports.portal_one)
    addresses = re.findall(rf"{re.escape(stand.ports.app_url)}\S+", told)
    app = stand.control(
        "register",
        name="Docket",
        handler_url=addresses[0],
        install_url=addresses[1],
        scopes=["crm", "placement", "documentgenerator", "catalog"],
    )
    client_id, secret = str(app["client_id"]), str(app["client_secret"])
    words = ("register_portal", stand.ports.portal_one, "--client-id", client_id)
    stand.manage(*words, stdin=f"{secret}\n")
    return client_id


def install(stand: Stand) -> str:
    """The administrator opens the application and presses Install; its client id."""
    client_id = register(stand)
    launch = stand.control("launch", client_id=client_id, user=1)
    address = str(launch["url"])
    page = requests.post(address, data=launch["fields"], timeout=20)
    token = TOKEN.search(page.text)
    if not page.ok or token is None:
        raise RuntimeError(f"install page: {page.status_code}")
    headers = {"Authorization": f"Frame {token[1]}", "HX-Request": "true"}
    for step in STEPS:
        answer = requests.post(f"{address.partition('?')[0]}{step}/", headers=headers, timeout=20)
        if not answer.ok:
            raise RuntimeError(f"install step {step}: {answer.status_code} {answer.text}")
    stand.control("finish-installation", client_id=client_id)
    return client_id
