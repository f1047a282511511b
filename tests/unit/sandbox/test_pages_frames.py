from __future__ import annotations

import json

from tests.sandbox.state import State
from tests.sandbox.world import Portal
from tests.unit.sandbox.visitor import BUTTON, CLARA, TAB, Visitor, add_application, in_attribute


def test_a_tab_is_launched_with_all_that_the_documentation_lists(
    state: State, portal: Portal, boris: Visitor
) -> None:
    app = add_application(state, portal)
    (launch,) = in_attribute(boris.get("/crm/deal/details/501/"), "data-launch")
    options = json.dumps(launch["options"])
    frame = boris.call("open", app, placement=TAB, binding=launch["binding"], options=options).json
    host, protocol, sid = frame["name"].split("|")
    assert (host, protocol) == ("localhost:8801", "0")
    assert sid == frame["sid"]
    assert f"APP_SID={sid}" in frame["action"]
    assert frame["origin"] == "http://127.0.0.1:8800"
    fields = frame["fields"]
    token = state.tokens[fields["AUTH_ID"]]
    assert (token.user_id, token.refresh) == (7, fields["REFRESH_ID"])
    assert fields["APPLICATION_TOKEN"] == app.application_token
    uri = "/crm/deal/details/501/?tab=2"
    assert json.loads(fields["PLACEMENT_OPTIONS"]) == {"ID": "501", "URI": uri}
    assert "\\/crm\\/deal" in fields["PLACEMENT_OPTIONS"]
    assert frame["denied"] == ["setTitle"]
    assert frame["commands"] == ["reloadData"]
    init = frame["init"]
    assert init["USER_OPTIONS"] == init["APP_OPTIONS"] == []
    assert init["AUTH_EXPIRES"] == "3600"
    assert init["FIRST_RUN"] is True


def test_each_opening_is_a_new_one(state: State, portal: Portal, boris: Visitor) -> None:
    app = add_application(state, portal)
    one, two = (boris.call("open", app).json for _ in range(2))
    assert one["sid"] != two["sid"]
    assert one["init"]["AUTH_ID"] != two["init"]["AUTH_ID"]


def test_the_button_opens_a_panel_that_may_not_resize_itself(
    state: State, portal: Portal, boris: Visitor
) -> None:
    app = add_application(state, portal)
    (popup,) = in_attribute(boris.get("/crm/deal/details/501/"), "data-popup")
    frame = boris.call(
        "open", app, placement=BUTTON, binding=popup["binding"], options="{}", popup="1"
    ).json
    assert frame["denied"] == ["setTitle", "resizeWindow"]
    assert frame["commands"] == []


def test_refreshing_gives_a_pair_that_works(state: State, portal: Portal, boris: Visitor) -> None:
    app = add_application(state, portal)
    first = boris.call("open", app).json["init"]["AUTH_ID"]
    pair = boris.call("access_refresh", app).json
    assert pair["access_token"] != first
    assert state.tokens[pair["access_token"]].user_id == 7
    assert pair["expires_in"] == "3600"


def test_options_are_kept_per_user_and_for_all(
    state: State, portal: Portal, anna: Visitor, boris: Visitor
) -> None:
    app = add_application(state, portal)
    boris.call("set_user_option", app, name="view", value='"list"')
    assert boris.call("set_option", app, name="limit", value="5").status_code == 400
    assert anna.call("set_option", app, name="limit", value="5").json == {"limit": 5}
    assert boris.call("open", app).json["init"]["USER_OPTIONS"] == {"view": "list"}
    assert anna.call("open", app).json["init"]["USER_OPTIONS"] == []
    assert boris.call("open", app).json["init"]["APP_OPTIONS"] == {"limit": 5}


def test_the_first_run_is_over_once_the_application_said_so(
    state: State, portal: Portal, boris: Visitor
) -> None:
    app = add_application(state, portal)
    boris.call("set_install", app)
    assert boris.call("open", app).json["init"]["FIRST_RUN"] is False


def test_only_anna_can_finish_the_installation(
    state: State, portal: Portal, anna: Visitor, boris: Visitor
) -> None:
    app = add_application(state, portal, installed=False)
    assert boris.call("set_installed", app, v="Y").json == {"result": False}
    assert not app.installed
    assert anna.call("set_installed", app, v="Y").json == {"result": True}
    assert app.installed
    anna.call("set_installed", app, v="N")
    assert not app.installed


def test_strangers_and_foreign_pages_get_no_tokens(
    state: State, portal: Portal, stranger: Visitor
) -> None:
    app = add_application(state, portal)
    assert stranger.call("access_refresh", app).status_code == 302
    assert not state.tokens


def test_who_has_no_access_to_the_application_sees_nothing_of_it(
    state: State, portal: Portal, boris: Visitor
) -> None:
    app = add_application(state, portal)
    portal.users[7].uses_application = False
    assert not in_attribute(boris.get("/crm/deal/details/501/"), "data-launch")
    assert boris.get(f"/marketplace/app/{app.client_id}/").status_code == 404
    assert boris.call("open", app).status_code == 400


def test_clara_can_forge_a_tab_of_a_deal_she_may_not_read(
    state: State, portal: Portal, clara: Visitor
) -> None:
    add_application(state, portal)
    (frame,) = in_attribute(clara.get(f"/_frame/?placement={TAB}&deal=501"), "data-layout")
    assert frame["init"]["PLACEMENT_OPTIONS"] == {"ID": "501"}
    assert state.tokens[frame["fields"]["AUTH_ID"]].user_id == CLARA


def test_the_title_of_a_place_follows_the_portals_language(
    state: State, portal: Portal, boris: Visitor
) -> None:
    add_application(state, portal)
    portal.placements[0].lang_all = {"de": {"TITLE": "Dokumente"}, "en": {"TITLE": "Papers"}}
    assert ">Papers</a>" in boris.get("/crm/deal/details/501/").text
    portal.language = "de"
    assert ">Dokumente</a>" in boris.get("/crm/deal/details/501/").text


def test_the_pickers_offer_only_what_the_user_may_see(
    state: State, portal: Portal, clara: Visitor
) -> None:
    app = add_application(state, portal)
    people = clara.call("choices", app, kind="users").json["items"]
    assert {"7", "12"} <= {one["id"] for one in people}
    objects = clara.call("choices", app, kind="crm").json["items"]
    assert "D_501" not in {one["id"] for one in objects}
    assert clara.call("choices", app, kind="access").json["items"][0]["id"] == "UA"
