"""What the control API can be told to do: `{"name": value}` in, a JSON object out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict

from tests.sandbox import applications, portal_orders
from tests.sandbox.faults import Fault
from tests.sandbox.order import Body, ControlError, application_of, portal_of
from tests.sandbox.record import Received
from tests.sandbox.rest.refusals import REFUSALS
from tests.sandbox.state import MarketApplication, State


def reset(state: State, body: Body) -> Body:
    """Back to the seed: portals, time, options; nobody signed in, nothing recorded."""
    state.reset()
    return {"portals": {portal.code: portal.origin for portal in state.portals.values()}}


def clock(state: State, body: Body) -> Body:
    """`{"seconds": 60}` moves it, `{"stop": true}` stops it."""
    if body.get("stop"):
        state.clock.stop()
    state.clock.move(float(body.get("seconds", 0)))
    return {"now": state.now().isoformat()}


def options(state: State, body: Body) -> Body:
    """Changes options by name; gives all of them."""
    known = vars(state.options)
    for name, value in body.items():
        if name not in known:
            raise ControlError(f"no option {name!r}; there are {sorted(known)}")
        if name == "rest_refusal" and value not in ("", *REFUSALS):
            raise ControlError(f"no refusal {value!r}; there are {sorted(REFUSALS)}")
        setattr(state.options, name, value)
    return vars(state.options)


def fault(state: State, body: Body) -> Body:
    """`{"method", "kind", "after", "times", "seconds", "status", "code"}`: a call goes wrong."""
    state.faults.add(Fault.described(body))
    return {}


def clear_faults(state: State, body: Body) -> Body:
    """Nothing goes wrong any more."""
    state.faults.clear()
    return {}


def expire(state: State, body: Body) -> Body:
    """`{"kind": "access" | "refresh", "user": 7}`; without a user all."""
    tokens = state.expire_refresh if body.get("kind") == "refresh" else state.expire_access
    return {"count": tokens(body.get("user"))}


def _wanted(state: State, body: Body) -> list[Received]:
    if "method" in body:
        return state.record.rest(body["method"])
    return state.record.at(body["path"]) if "path" in body else list(state.record)


def requests(state: State, body: Body) -> Body:
    """All of them, or those of a REST `method` or a `path`.

    `executed` counts the method's calls inside batches, too.
    """
    found = _wanted(state, body)
    listed = [asdict(one) | {"time": one.time.isoformat()} for one in found]
    executed = state.record.executed(body["method"]) if "method" in body else None
    return {"count": len(found), "executed": executed, "requests": listed}


def clear_requests(state: State, body: Body) -> Body:
    """Forgets what was received."""
    state.record.clear()
    return {}


def register(state: State, body: Body) -> Body:
    """`{"portal", "name", "handler_url", "install_url", "scopes", "api_only"}`: a local one."""
    card = {
        key: body[key]
        for key in ("name", "handler_url", "install_url", "scopes", "created_by", "api_only")
        if key in body
    }
    app = applications.register(state, portal_of(state, body), **card)
    return asdict(app) | {"opened_by": []}


def market(state: State, body: Body) -> Body:
    """Makes an application of the Market out of `MarketApplication`'s fields."""
    state.market = MarketApplication(**body)
    return {}


def install_market(state: State, body: Body) -> Body:
    """Starts the installation of the Market's application in a `portal`."""
    app = applications.install_from_market(state, portal_of(state, body))
    return asdict(app) | {"opened_by": []}


def finish_installation(state: State, body: Body) -> Body:
    """What `BX24.installFinish()` does, for `{"portal", "client_id"}`."""
    portal = portal_of(state, body)
    app = application_of(portal, body)
    return {"finished": state.finish_installation(portal, app.client_id)}


def remove_application(state: State, body: Body) -> Body:
    """Deletes `{"portal", "client_id", "clean"}`."""
    portal = portal_of(state, body)
    app = application_of(portal, body)
    state.remove_application(portal, app.client_id, clean=bool(body.get("clean")))
    return {}


def launch(state: State, body: Body) -> Body:
    """`{"portal", "client_id", "user", "placement", "options"}` to what the browser would post."""
    portal = portal_of(state, body)
    app = application_of(portal, body)
    user = portal.users[int(body.get("user", 1))]
    placement = body.get("placement", applications.DEFAULT_PLACEMENT)
    url, fields = state.launch_fields(portal, app, user, placement, body.get("options"))
    return {"url": url, "fields": fields}


def tokens(state: State, body: Body) -> Body:
    """A new pair for `{"portal", "client_id", "user"}`."""
    portal = portal_of(state, body)
    app = application_of(portal, body)
    pair = state.issue_tokens(portal, app, int(body.get("user", 1)))
    return {"access_token": pair.access, "refresh_token": pair.refresh}


def webhook(state: State, body: Body) -> Body:
    """An incoming webhook for `{"portal", "user", "scopes"}`."""
    portal = portal_of(state, body)
    user = portal.users[int(body.get("user", 1))]
    return {"url": state.add_webhook(portal, user, list(body.get("scopes", ["crm"])))}


def drain(state: State, body: Body) -> Body:
    """Waits for the events on their way and gives what was sent."""
    if state.delivery is None:
        raise ControlError("this sandbox delivers no events")
    finished = state.delivery.drain(float(body.get("timeout", 10)))
    sent = [
        {"event": one.event, "handler": one.handler, "status": one.status, "failure": one.failure}
        for one in state.delivery.attempts
    ]
    return {"finished": finished, "sent": sent}


ACTIONS: dict[str, Callable[[State, Body], Body]] = {
    "reset": reset,
    "seed": reset,
    "clock": clock,
    "options": options,
    "fault": fault,
    "clear-faults": clear_faults,
    "expire": expire,
    "requests": requests,
    "clear-requests": clear_requests,
    "register": register,
    "market": market,
    "install-market": install_market,
    "finish-installation": finish_installation,
    "remove-application": remove_application,
    "launch": launch,
    "tokens": tokens,
    "webhook": webhook,
    "user": portal_orders.set_user,
    "portal": portal_orders.set_portal,
    "inventory": portal_orders.set_inventory,
    "deal": portal_orders.set_deal,
    "delete-deal": portal_orders.delete_deal,
    "template": portal_orders.set_template,
    "delete-template": portal_orders.delete_template,
    "move": portal_orders.move,
    "drain": drain,
}
