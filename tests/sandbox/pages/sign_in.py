"""Signing in: one click for each user of the portal, no passwords."""

from __future__ import annotations

from werkzeug.utils import redirect
from werkzeug.wrappers import Request, Response

from tests.sandbox.pages.formats import initials, tone
from tests.sandbox.pages.layout import plain
from tests.sandbox.pages.markup import fill, joined
from tests.sandbox.pages.visit import local_path
from tests.sandbox.router import Rule
from tests.sandbox.state import State
from tests.sandbox.world import Portal, User


def choose(request: Request, state: State, portal: Portal | None) -> Response:
    """The page that offers the portal's users."""
    if portal is None:
        return Response("There is no portal at this address.\n", 404)
    back = local_path(request.args.get("backurl", "/"))
    people = joined(
        fill(
            "sign_in_person",
            id=user.id,
            initials=initials(user),
            name=user.full_name,
            who=_who(user),
            tone=tone(portal, user),
            backurl=back,
        )
        for user in portal.users.values()
    )
    content = fill("sign_in", portal=portal.title, people=people)
    return plain(portal, "Sign in", content)


def sign_in(request: Request, state: State, portal: Portal | None) -> Response:
    """Signs the chosen user in; also how one switches to another user."""
    user_id = request.form.get("user", 0, type=int)
    if portal is None or user_id not in portal.users:
        return Response("There is no such user.\n", 404)
    response = redirect(local_path(request.form.get("backurl", "/")), 303, Response=Response)
    state.sessions.sign_out(request, response, portal)
    state.sessions.sign_in(response, portal, user_id)
    return response


def sign_out(request: Request, state: State, portal: Portal | None) -> Response:
    response = redirect("/auth/", 303, Response=Response)
    if portal is not None:
        state.sessions.sign_out(request, response, portal)
    return response


def start(request: Request, state: State, portal: Portal | None) -> Response:
    """The portal's root leads to the deals."""
    if portal is None:
        return Response("This is the authorization server of the sandbox.\n")
    return redirect("/crm/deal/", Response=Response)


def _who(user: User) -> str:
    """Position and what he may do, in half a line."""
    if user.is_admin:
        return " · ".join(part for part in (user.work_position, "administrator") if part)
    parts = [
        user.work_position,
        {"own": "own deals only", "none": "no deals"}.get(user.reads_deals),
    ]
    if user.templates_modify:
        parts.append("may change templates")
    if not user.documents_modify:
        parts.append("makes no documents")
    return " · ".join(part for part in parts if part)


RULES = [
    Rule("/", start),
    Rule("/auth/", choose),
    Rule("/auth/", sign_in, ("POST",)),
    Rule("/auth/logout/", sign_out, ("POST",)),
]
