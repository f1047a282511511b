"""A page with nothing but one frame, for tests: no right is asked, any option can be given.

In a real portal a user can do the same with the browser's developer tools: what a placement is told
comes out of the browser and proves nothing.
"""

from __future__ import annotations

from werkzeug.wrappers import Response

from tests.sandbox.pages.frames import frame
from tests.sandbox.pages.launch import Launch
from tests.sandbox.pages.layout import html
from tests.sandbox.pages.markup import fill
from tests.sandbox.pages.visit import Visit, signed_in
from tests.sandbox.router import Rule


def bare(visit: Visit) -> Response:
    """`?placement=CODE&id=501` (or `deal=501`); `app=` and `handler=` choose one of several,
    `popup=1` makes it behave as in a panel."""
    args = visit.request.args
    placement = args.get("placement", "CRM_DEAL_DETAIL_TAB")
    key = "ENTITY_ID" if placement.endswith("_DOCUMENTGENERATOR_BUTTON") else "ID"
    item_id = args.get("id", args.get("deal"))
    options = {key: item_id} if item_id is not None else {}
    for binding in visit.portal.placements:
        wanted = (args.get("app", binding.client_id), args.get("handler", binding.handler))
        if binding.placement == placement and wanted == (binding.client_id, binding.handler):
            app = visit.portal.applications[binding.client_id]
            popup = args.get("popup") == "1"
            launch = Launch(app, placement, options, binding, popup)
            content = frame(visit, launch)
            return html(fill("slider_page", title=app.name, content=content))
    return Response("No application is bound to this placement.\n", 404)


RULES = [Rule("/_frame/", signed_in(bare))]
