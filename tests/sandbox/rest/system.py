"""Methods about the application and the server.

https://apidocs.bitrix24.com/api-reference/common/system/index.html
"""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from tests.sandbox.rest.call import Call, Method
from tests.sandbox.rest.errors import RestError


def app_info(call: Call) -> dict[str, Any]:
    """A webhook hears of its scopes and the plan: so source and official client, not the page."""
    app = call.caller.app
    if app is None:
        return {"SCOPE": list(call.caller.scopes), "LICENSE": call.portal.license}
    license_type = call.portal.license.partition("_")[2]
    return {
        "ID": list(call.portal.applications).index(app.client_id) + 1,
        "CODE": app.client_id,
        "VERSION": app.version,
        "STATUS": app.status,
        "INSTALLED": app.installed,
        "PAYMENT_EXPIRED": "Y" if call.state.options.payment_required else "N",
        "DAYS": None,
        "LANGUAGE_ID": call.portal.language,
        "LICENSE": call.portal.license,
        "LICENSE_TYPE": license_type,
        "LICENSE_FAMILY": license_type.rstrip("0123456789"),
    }


def server_time(call: Call) -> str:
    zone = ZoneInfo(call.portal.timezone)
    return call.now.astimezone(zone).isoformat(timespec="seconds")


def feature_get(call: Call) -> dict[str, str]:
    """Unknown features are not there. A company's own server has all of them."""
    code = call.params.text("CODE") or call.params.text("code")
    if not code:
        raise RestError("CODE_EMPTY", "CODE can't be empty")
    options = call.state.options
    features = {
        "rest_offline_extended": options.offline_events_on_plan or call.portal.on_premises,
        "rest_auth_connector": options.connectors_on_plan or call.portal.on_premises,
    }
    return {"value": "Y" if features.get(code) else "N"}


METHODS = [
    Method("app.info", app_info),
    Method("server.time", server_time),
    Method("feature.get", feature_get),
]
