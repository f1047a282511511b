"""Orders of the control API that change a portal: what an administrator or a colleague would do."""

from __future__ import annotations

from dataclasses import asdict

from tests.sandbox import changes
from tests.sandbox.order import Body, ControlError, portal_of
from tests.sandbox.state import State


def set_user(state: State, body: Body) -> Body:
    """Rights of a user: `{"user": 7, "templates_modify": "X", …}`."""
    user = portal_of(state, body).users[int(body["user"])]
    changes.set_fields(user, body, without=("portal", "user"))
    return asdict(user)


def set_portal(state: State, body: Body) -> Body:
    """`{"portal", "region": "ru", "on_premises": true, "license", "language", "timezone"}`."""
    portal = portal_of(state, body)
    known = ("region", "on_premises", "license", "language", "timezone", "title")
    for name in body.keys() - {"portal"}:
        if name not in known:
            raise ControlError(f"no field {name!r}; there are {known}")
    changes.set_fields(portal, body, without=("portal",))
    return {name: getattr(portal, name) for name in known} | {
        "authorization": state.auth_origin_of(portal)
    }


def set_inventory(state: State, body: Body) -> Body:
    """`{"portal", "enabled": false, "allows_negative": true}` of inventory management."""
    inventory = portal_of(state, body).inventory
    for name in ("enabled", "allows_negative"):
        if name in body:
            setattr(inventory, name, bool(body[name]))
    return {"enabled": inventory.enabled, "allows_negative": inventory.allows_negative}


def set_deal(state: State, body: Body) -> Body:
    """Fields of a `deal`, as somebody else changes them in the portal."""
    portal = portal_of(state, body)
    deal = portal.deals[int(body["deal"])]
    changes.set_fields(deal, body, without=("portal", "deal"))
    deal.updated_time = state.now()
    state.emit(portal, "ONCRMDEALUPDATE", {"FIELDS": {"ID": deal.id}}, None)
    return {}


def delete_deal(state: State, body: Body) -> Body:
    """Deletes a `deal` with its documents."""
    changes.delete_deal(state, portal_of(state, body), int(body["deal"]))
    return {}


def set_template(state: State, body: Body) -> Body:
    """Fields of a `template` of documents."""
    template = portal_of(state, body).templates[int(body["template"])]
    changes.set_fields(template, body, without=("portal", "template"))
    template.updated_time = state.now()
    return {}


def delete_template(state: State, body: Body) -> Body:
    """Deletes a `template`, as the portal does."""
    changes.delete_template(portal_of(state, body), int(body["template"]))
    return {}


def move(state: State, body: Body) -> Body:
    """The portal gets another address; `member_id` stays. Calls to the old one answer 302."""
    state.move_portal(portal_of(state, body), str(body["origin"]))
    return {}
