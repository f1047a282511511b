"""Developer resources: the form of a local application."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from markupsafe import Markup
from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from tests.sandbox.applications import register
from tests.sandbox.pages.layout import page, refused
from tests.sandbox.pages.markup import fill, joined
from tests.sandbox.pages.visit import Visit, signed_in
from tests.sandbox.router import Rule
from tests.sandbox.world import Application

SCOPES = (
    ("crm", "CRM"),
    ("placement", "Application placement"),
    ("user", "Users"),
    ("user_basic", "Users (basic)"),
    ("department", "Company structure"),
    ("catalog", "Catalog"),
    ("documentgenerator", "Document generator"),
    ("disk", "Drive"),
    ("im", "Chat and notifications"),
    ("task", "Tasks"),
)
NEW = "0"
LONGEST_ADDRESS = 255


@dataclass(frozen=True)
class Entry:
    """The form as it was filled in."""

    name: str = ""
    handler_url: str = ""
    install_url: str = ""
    scopes: list[str] = field(default_factory=lambda: ["crm", "placement"])

    def error(self) -> str:
        """What is wrong with it, "" for nothing."""
        if not self.name:
            return "Give the application a name."
        if not _is_web_address(self.handler_url):
            return "The handler path must be an address with http:// or https://."
        if self.install_url and not _is_web_address(self.install_url):
            return "The initial installation path must be an address with http:// or https://."
        return "" if self.scopes else "Tick at least one permission."


def resources(visit: Visit) -> Response:
    """The start of the section: what can be made here."""
    mine = [app for app in visit.portal.applications.values() if app.status == "L"]
    rows = joined(_row(app) for app in mine)
    return page(visit, "Developer resources", fill("developers", rows=rows), "developers")


def form(visit: Visit, client_id: str) -> Response:
    """The form, empty or with a registered application and its keys."""
    app = visit.portal.applications.get(client_id)
    if not visit.user.is_admin:
        return refused(visit, "Access denied", "Only an administrator can register applications.")
    if app is None and client_id != NEW:
        return refused(visit, "Application not found", "It may have been deleted.", 404)
    entry = Entry(app.name, app.handler_url, app.install_url, list(app.scopes)) if app else Entry()
    return _form(visit, entry, app)


def save(visit: Visit, client_id: str) -> Response:
    """Registers or changes an application; a new one gets its id and secret."""
    app = visit.portal.applications.get(client_id)
    if not visit.user.is_admin:
        return refused(visit, "Access denied", "Only an administrator can register applications.")
    entry = _entry(visit)
    if entry.error():
        return _form(visit, entry, app, entry.error())
    if app is None:
        app = register(
            visit.state,
            visit.portal,
            name=entry.name,
            handler_url=entry.handler_url,
            install_url=entry.install_url,
            scopes=entry.scopes,
            created_by=visit.user.id,
        )
    else:
        _change(app, entry)
    return redirect(f"/devops/edit/application/{app.client_id}/?saved=Y", 303, Response=Response)


def _change(app: Application, entry: Entry) -> None:
    """A new installation path has to be gone through again."""
    if entry.install_url and entry.install_url != app.install_url:
        app.installed = False
    app.name, app.scopes = entry.name, entry.scopes
    app.handler_url, app.install_url = entry.handler_url, entry.install_url


def _entry(visit: Visit) -> Entry:
    given = visit.request.form
    return Entry(
        name=given.get("name", "").strip()[:100],
        handler_url=given.get("handler_url", "").strip(),
        install_url=given.get("install_url", "").strip(),
        scopes=[code for code, _ in SCOPES if code in given.getlist("scopes")],
    )


def _form(visit: Visit, entry: Entry, app: Application | None, error: str = "") -> Response:
    message = Markup('<p class="note stop" role="alert">{}</p>').format(error) if error else ""
    if visit.request.args.get("saved") == "Y" and not error:
        message = fill("developers_saved")
    content = fill(
        "local_application",
        heading=app.name if app else "Local application",
        message=message,
        name=entry.name,
        handler=entry.handler_url,
        install=entry.install_url,
        scopes=joined(_tick(code, text, code in entry.scopes) for code, text in SCOPES),
        keys=_keys(app) if app else "",
        save="Save" if app else "Register",
    )
    status = 400 if error else 200
    return page(visit, "Local application", content, "developers", status)


def _keys(app: Application) -> Markup:
    return fill("local_application_keys", id=app.client_id, secret=app.client_secret)


def _tick(code: str, text: str, is_ticked: bool) -> Markup:
    return fill("scope_tick", code=code, text=text, checked=Markup(" checked") if is_ticked else "")


def _row(app: Application) -> Markup:
    path = f"/devops/edit/application/{app.client_id}/"
    return Markup(
        '<tr><td><a href="{}">{}</a></td><td><code>{}</code></td><td>{}</td></tr>'
    ).format(path, app.name, app.client_id, app.handler_url)


def _is_web_address(text: str) -> bool:
    parts = urlsplit(text)
    return (
        parts.scheme in ("http", "https") and bool(parts.hostname) and len(text) <= LONGEST_ADDRESS
    )


RULES = [
    Rule("/devops/", signed_in(resources)),
    Rule("/devops/edit/application/<client_id>/", signed_in(form)),
    Rule("/devops/edit/application/<client_id>/", signed_in(save), ("POST",)),
]
