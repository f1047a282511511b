"""Who is looking at which portal."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote

from werkzeug.utils import redirect
from werkzeug.wrappers import Request, Response

from tests.sandbox.generator.access import may_read_entity
from tests.sandbox.router import View
from tests.sandbox.state import State
from tests.sandbox.world import DEAL, Portal, Selling, User


@dataclass(frozen=True)
class Visit:
    """One request of a signed-in user's browser to a portal."""

    request: Request
    state: State
    portal: Portal
    user: User

    @property
    def in_slider(self) -> bool:
        """Whether the page is shown in a panel of another page, so without menu and head."""
        return self.request.args.get("IFRAME") == "Y"

    def may_read(self, record: Selling) -> bool:
        """Whether this user may see the deal, lead or invoice."""
        kind = getattr(record, "entity_type_id", DEAL)
        return may_read_entity(self.portal, self.user, kind, str(record.id))


PageView = Callable[..., Response]
"""`view(visit: Visit, **variables of the path) -> Response`."""


def signed_in(view: PageView) -> View:
    """Makes a router's view of a page that only signed-in users see."""

    def guarded(
        request: Request, state: State, portal: Portal | None, **variables: object
    ) -> Response:
        if portal is None:
            return Response("There is no portal at this address.\n", 404)
        user = state.sessions.signed_in(request)
        if user is None:
            back = quote(request.full_path.rstrip("?"), safe="")
            return redirect(f"/auth/?backurl={back}", Response=Response)
        with state.lock:
            return view(Visit(request, state, portal, user), **variables)

    return guarded


def local_path(address: str) -> str:
    """The address if it is a path of this portal, else "/"."""
    is_local = address.startswith("/") and not address.startswith(("//", "/\\"))
    return address if is_local else "/"
