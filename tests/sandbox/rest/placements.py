"""Where an application appears in the portal.

https://apidocs.bitrix24.com/api-reference/widgets/index.html
"""

from __future__ import annotations

from typing import Any

from tests.sandbox.rest.call import Call, Method
from tests.sandbox.rest.errors import RestError
from tests.sandbox.rest.handlers import check_handler, required
from tests.sandbox.rest.params import php_int, yes
from tests.sandbox.world import Application, PlacementBinding

GLOBAL = ["LEFT_MENU", "REST_APP_URI", "PAGE_BACKGROUND_WORKER"]
BY_SCOPE = {
    "crm": [
        *(
            f"CRM_{kind}_{place}"
            for kind in ("LEAD", "DEAL", "CONTACT", "COMPANY", "QUOTE", "SMART_INVOICE")
            for place in (
                "LIST_MENU",
                "LIST_TOOLBAR",
                "DETAIL_TAB",
                "DETAIL_TOOLBAR",
                "DETAIL_ACTIVITY",
                "DOCUMENTGENERATOR_BUTTON",
                "ACTIVITY_TIMELINE_MENU",
            )
        ),
        "CRM_DEAL_ROBOT_DESIGNER_TOOLBAR",
        "CRM_FUNNELS_TOOLBAR",
        "CRM_ANALYTICS_MENU",
        "CRM_ANALYTICS_TOOLBAR",
    ],
    "user": ["USER_PROFILE_MENU", "USER_PROFILE_TOOLBAR"],
    "tasks": ["TASK_VIEW_TAB", "TASK_LIST_TOOLBAR"],
}
SINGLE = ("REST_APP_URI", "PAGE_BACKGROUND_WORKER")
WITH_USER = ("PAGE_BACKGROUND_WORKER",)
WITH_OPTIONS = ("PAGE_BACKGROUND_WORKER", "_DETAIL_ACTIVITY")
"""Places that keep OPTIONS; others forget them."""
TEXTS = {"TITLE": "", "DESCRIPTION": "", "GROUP_NAME": ""}
"""What the portal keeps for each language, given or not."""


def _administrator(call: Call) -> Application:
    app = call.require_application()
    if not call.user.is_admin:
        raise RestError("ACCESS_DENIED", "Access denied!", 403)
    return app


def known_to(scopes: list[str]) -> list[str]:
    """The placements an application with these scopes may use."""
    return [*GLOBAL, *(code for scope in scopes for code in BY_SCOPE.get(scope, []))]


def bind(call: Call) -> bool:
    app = _administrator(call)
    placement = required(call.params.text("PLACEMENT"), "PLACEMENT").upper()
    handler = required(call.params.text("HANDLER"), "HANDLER")
    if placement not in known_to(call.caller.scopes):
        raise RestError("ERROR_PLACEMENT_NOT_FOUND", "Placement not found")
    check_handler(call.state, handler)
    user_id = call.params.integer("USER_ID")
    if user_id and placement not in WITH_USER:
        raise RestError("ERROR_PLACEMENT_USER_MODE", "User mode is not available")
    options = call.params.mapping("OPTIONS")
    if placement == "PAGE_BACKGROUND_WORKER" and not options.get("errorHandlerUrl"):
        raise RestError("EMPTY_ERROR_HANDLER_URL", "Error handler URL is empty")
    _check_free(call, app, placement, handler)
    call.portal.placements.append(
        PlacementBinding(
            client_id=app.client_id,
            placement=placement,
            handler=handler,
            title=call.params.text("TITLE"),
            description=call.params.text("DESCRIPTION"),
            group_name=call.params.text("GROUP_NAME"),
            lang_all=call.params.mapping("LANG_ALL"),
            user_id=user_id,
            options=options if placement.endswith(WITH_OPTIONS) else {},
        )
    )
    return True


def _check_free(call: Call, app: Application, placement: str, handler: str) -> None:
    for one in _own(call, app, placement):
        if placement in SINGLE:
            raise RestError(
                "ERROR_PLACEMENT_MAX_COUNT", "Unable to set placement handler: max count reached"
            )
        if one.handler == handler:
            raise RestError("ERROR_CORE", "Unable to set placement handler: Handler already binded")


def _own(call: Call, app: Application, placement: str) -> list[PlacementBinding]:
    return [
        one
        for one in call.portal.placements
        if one.client_id == app.client_id and one.placement == placement
    ]


def unbind(call: Call) -> dict[str, int]:
    """Counts every removed handler twice, as the portal does."""
    app = _administrator(call)
    placement = required(call.params.text("PLACEMENT"), "PLACEMENT").upper()
    handler = call.params.text("HANDLER")
    user = call.params.get("USER_ID")
    gone = [
        one
        for one in _own(call, app, placement)
        if (not handler or one.handler == handler)
        and (user is None or one.user_id == php_int(user))
    ]
    call.portal.placements = [one for one in call.portal.placements if one not in gone]
    return {"count": 2 * len(gone)}


def get(call: Call) -> list[dict[str, Any]]:
    app = _administrator(call)
    return [
        {
            "placement": one.placement,
            "userId": one.user_id,
            "handler": one.handler,
            "options": one.options or [],
            "title": one.title,
            "description": one.description,
            "langAll": {code: TEXTS | own for code, own in one.lang_all.items()} or [],
        }
        for one in call.portal.placements
        if one.client_id == app.client_id
    ]


def placement_list(call: Call) -> list[str]:
    call.require_application()
    scope = call.params.text("SCOPE")
    if scope:
        return list(BY_SCOPE.get(scope, []))
    if yes(call.params.get("FULL")):
        return known_to(list(BY_SCOPE))
    return known_to(call.caller.scopes)


_SCOPES = ("placement",)
METHODS = [
    Method("placement.bind", bind, _SCOPES),
    Method("placement.unbind", unbind, _SCOPES),
    Method("placement.get", get, _SCOPES),
    Method("placement.list", placement_list, _SCOPES),
]
