"""The shell around every page: left menu, top bar, the content."""

from __future__ import annotations

from markupsafe import Markup
from werkzeug.wrappers import Request, Response

from tests.sandbox.pages.formats import initials, tone
from tests.sandbox.pages.markup import fill, icon, joined
from tests.sandbox.pages.visit import Visit
from tests.sandbox.world import Portal

MENU = (
    ("deals", "/crm/deal/", "Deals"),
    ("leads", "/crm/lead/", "Leads"),
    ("invoices", "/crm/type/31/", "Invoices"),
    ("companies", "/crm/company/", "Companies"),
    ("contacts", "/crm/contact/", "Contacts"),
    ("applications", "/marketplace/", "Applications"),
    ("developers", "/devops/", "Developer resources"),
)


def html(body: Markup, status: int = 200) -> Response:
    """A page of the portal, never cached: it carries the user's data."""
    response = Response(body, status, content_type="text/html; charset=utf-8")
    response.headers["Cache-Control"] = "no-store"
    return response


def page(
    visit: Visit, title: str, content: Markup, active: str = "", status: int = 200
) -> Response:
    """A whole page, or in a panel only its content."""
    if visit.in_slider:
        return html(fill("slider_page", title=title, content=content), status)
    return html(
        fill(
            "page",
            title=title,
            portal=visit.portal.title,
            menu=_menu(visit, active),
            account=_account(visit),
            content=content,
        ),
        status,
    )


def plain(portal: Portal, title: str, content: Markup, status: int = 200) -> Response:
    """A page for somebody who is not signed in."""
    return html(fill("plain", title=title, portal=portal.title, content=content), status)


def refused(visit: Visit, title: str, text: str, status: int = 403) -> Response:
    """What is shown instead of a page the user may not see, or that is not there."""
    body = fill("refused", title=title, text=text, icon=icon("lock"))
    return page(visit, title, body, status=status)


def back_to(request: Request) -> str:
    """The path of this request, to return to after signing in as somebody else."""
    return request.full_path.rstrip("?")


def _menu(visit: Visit, active: str) -> Markup:
    entries = [_entry(name, path, text, active) for name, path, text in MENU]
    for app in visit.portal.applications.values():
        if app.installed and visit.user.uses_application:
            path = f"/marketplace/app/{app.client_id}/"
            entries.append(_entry("app", path, app.name, active, key=app.client_id))
    return joined(entries)


def _entry(name: str, path: str, text: str, active: str, key: str = "") -> Markup:
    current = Markup(' aria-current="page"') if (key or name) == active else ""
    return Markup('<li><a href="{}"{}>{}<span>{}</span></a></li>').format(
        path, current, icon(name), text
    )


def _account(visit: Visit) -> Markup:
    others = joined(
        fill(
            "account_switch",
            id=user.id,
            initials=initials(user),
            name=user.full_name,
            position=user.work_position,
            tone=tone(visit.portal, user),
            backurl=back_to(visit.request),
        )
        for user in visit.portal.users.values()
        if user.id != visit.user.id
    )
    return fill(
        "account",
        initials=initials(visit.user),
        name=visit.user.full_name,
        position=visit.user.work_position,
        tone=tone(visit.portal, visit.user),
        others=others,
        chevron=icon("chevron"),
    )
