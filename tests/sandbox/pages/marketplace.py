"""Applications: the list, opening one, removing one, taking the Market's."""

from __future__ import annotations

from markupsafe import Markup
from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from tests.sandbox.applications import install_from_market, remove
from tests.sandbox.pages.frame_calls import may_open
from tests.sandbox.pages.frames import frame
from tests.sandbox.pages.launch import Launch
from tests.sandbox.pages.layout import page, refused
from tests.sandbox.pages.markup import fill, joined
from tests.sandbox.pages.visit import Visit, signed_in
from tests.sandbox.router import Rule
from tests.sandbox.world import Application

NOT_OPTIONS = {"install_finished", "IFRAME", "IFRAME_TYPE", "from", "from_app"}
"""What the address of an application's page may hold for the page itself."""


def applications(visit: Visit) -> Response:
    """What is installed or registered here, and what the Market offers."""
    cards = [_card(visit, app) for app in visit.portal.applications.values()]
    offer = visit.state.market
    if offer and offer.client_id not in visit.portal.applications:
        action = fill("market_install") if visit.user.is_admin else fill("market_admins_only")
        cards.append(fill("market_card", name=offer.name, initial=offer.name[:1], action=action))
    body = Markup('<div class="tiles">{}</div>').format(joined(cards)) if cards else fill("no_apps")
    return page(
        visit,
        "Applications",
        fill("applications", action=_register_link(visit), body=body),
        "applications",
    )


def application(visit: Visit, client_id: str) -> Response:
    """An application's own page: its installer first, later its handler."""
    app = visit.portal.applications.get(client_id)
    if app is None or not visit.user.uses_application:
        text = "It is not installed here, or you have no access to it."
        return refused(visit, "Application not found", text, 404)
    if not may_open(visit, app):
        text = "The application is not fully installed. Ask an administrator to finish it."
        return refused(visit, app.name, text)
    options = {key: value for key, value in visit.request.args.items() if key not in NOT_OPTIONS}
    content = fill("application", name=app.name, frame=frame(visit, Launch(app, options=options)))
    return page(visit, app.name, content, app.client_id)


def delete(visit: Visit, client_id: str) -> Response:
    """Removes an application, with its data if the tick is set."""
    if not visit.user.is_admin:
        return refused(visit, "Access denied", "Only an administrator can remove applications.")
    if client_id in visit.portal.applications:
        clean = visit.request.form.get("clean") == "Y"
        remove(visit.state, visit.portal, client_id, clean=clean)
    return redirect("/marketplace/", 303, Response=Response)


def take_from_market(visit: Visit) -> Response:
    """The first step of installing the Market's application; its own page does the rest."""
    if not visit.user.is_admin:
        return refused(visit, "Access denied", "Only an administrator can install applications.")
    try:
        app = install_from_market(visit.state, visit.portal, visit.user.id)
    except LookupError:
        return refused(visit, "Not found", "The Market offers nothing at the moment.", 404)
    return redirect(f"/marketplace/app/{app.client_id}/", 303, Response=Response)


def _card(visit: Visit, app: Application) -> Markup:
    state = ("ok", "Installed") if app.installed else ("warn", "Not fully installed")
    places = [one.placement for one in visit.portal.placements if one.client_id == app.client_id]
    return fill(
        "application_card",
        id=app.client_id,
        name=app.name,
        initial=app.name[:1].upper(),
        tone=state[0],
        state=state[1],
        kind="Local application" if app.status == "L" else "From the Market",
        places=joined(Markup("<li>{}</li>").format(one) for one in places),
        scopes=", ".join(app.scopes),
        manage=_manage(visit, app),
    )


def _manage(visit: Visit, app: Application) -> Markup:
    if not visit.user.is_admin:
        return Markup()
    edit = Markup()
    if app.status == "L":
        edit = Markup('<a class="button" href="/devops/edit/application/{}/">Edit</a>').format(
            app.client_id
        )
    return edit + fill("application_delete", id=app.client_id, name=app.name)


def _register_link(visit: Visit) -> Markup:
    if not visit.user.is_admin:
        return Markup()
    return Markup(
        '<a class="button primary" href="/devops/edit/application/0/">Add local application</a>'
    )


RULES = [
    Rule("/marketplace/", signed_in(applications)),
    Rule("/marketplace/market/", signed_in(take_from_market), ("POST",)),
    Rule("/marketplace/app/<client_id>/", signed_in(application)),
    Rule("/marketplace/app/<client_id>/delete/", signed_in(delete), ("POST",)),
]
