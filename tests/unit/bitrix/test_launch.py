"""What the portal's page posts into our frame, and what only pretends to be that."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from b24app.bitrix.launch import Launch, LaunchError, parse_launch

MEMBER = "a223c6b3710f85df22e9377d6c4f7553"
QUERY = {
    "DOMAIN": ["portal.example"],
    "PROTOCOL": ["1"],
    "LANG": ["de"],
    "APP_SID": ["0123456789abcdef0123456789abcdef"],
}
BODY = {
    "AUTH_ID": ["boris-access"],
    "AUTH_EXPIRES": ["3600"],
    "REFRESH_ID": ["boris-refresh"],
    "member_id": [MEMBER],
    "status": ["L"],
    "PLACEMENT": ["CRM_DEAL_DETAIL_TAB"],
    "PLACEMENT_OPTIONS": ['{"ID":"501","URI":"/crm/deal/details/501/"}'],
    "SERVER_ENDPOINT": ["https://oauth.example/rest/"],
    "APPLICATION_TOKEN": ["app-token"],
    "APPLICATION_SCOPE": ["crm,placement"],
}


def _with_options(options: str) -> Launch:
    return parse_launch(QUERY, {**BODY, "PLACEMENT_OPTIONS": [options]})


def test_boris_opens_the_tab_of_a_deal() -> None:
    launch = parse_launch(QUERY, BODY)
    assert launch.origin == "https://portal.example"
    assert launch.auth_id.reveal() == "boris-access"
    assert launch.auth_expires == 3600
    assert (launch.member_id, launch.lang, launch.status) == (MEMBER, "de", "L")
    assert (launch.placement, launch.entity()) == ("CRM_DEAL_DETAIL_TAB", (2, 501))
    assert launch.application_token is not None
    assert launch.application_token.reveal() == "app-token"
    assert launch.scopes == {"crm", "placement"}
    assert "boris" not in repr(launch)
    assert "app-token" not in repr(launch)


def test_an_older_portal_sends_less() -> None:
    required = ("AUTH_ID", "member_id")
    query = {key: value for key, value in QUERY.items() if key != "LANG"}
    launch = parse_launch(query, {key: BODY[key] for key in required})
    assert (launch.placement, dict(launch.options), launch.entity()) == ("DEFAULT", {}, (0, 0))
    assert launch.application_token is None
    assert launch.server_endpoint is None
    assert launch.auth_expires == 0


def test_the_sandboxs_kind_of_address_is_a_launch_too() -> None:
    query = {**QUERY, "DOMAIN": ["localhost:8801"], "PROTOCOL": ["0"]}
    assert parse_launch(query, BODY).origin == "http://localhost:8801"


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ('{"ID":"501"}', 501),
        ('{"ID":501}', 501),
        ('{"ENTITY_ID":"501"}', 501),
        ('{"ID":"501","ENTITY_ID":"7"}', 501),
        ('{"ID":"0","ENTITY_ID":"7"}', 7),
        ('{"ID":"0"}', 0),
        ('{"ID":"-1"}', 0),
        ('{"ID":"5 01"}', 0),
        ('{"ID":"501a"}', 0),
        ('{"ID":true}', 0),
        ('{"ID":1.5}', 0),
        ('{"ID":["501"]}', 0),
        ('{"ID":null}', 0),
        ('{"ID":"' + "9" * 30 + '"}', 0),
        ("[]", 0),
        ('""', 0),
        ("", 0),
    ],
)
def test_the_deals_id_is_read_tolerantly(options: str, expected: int) -> None:
    assert _with_options(options).entity() == (2, expected)


@pytest.mark.parametrize(
    ("placement", "options", "expected"),
    [
        ("CRM_DEAL_DOCUMENTGENERATOR_BUTTON", '{"ENTITY_ID":"501"}', (2, 501)),
        ("CRM_DEAL_LIST_MENU", '{"ID":"501","URI":"/crm/deal/list/"}', (2, 501)),
        ("CRM_LEAD_DETAIL_TAB", '{"ID":"701"}', (1, 701)),
        ("CRM_SMART_INVOICE_DETAIL_TAB", '{"ID":"51"}', (31, 51)),
        ("CRM_QUOTE_DETAIL_TAB", '{"ID":"71"}', (7, 71)),
        ("CRM_CONTACT_DOCUMENTGENERATOR_BUTTON", '{"ENTITY_ID":"30"}', (3, 30)),
        ("CRM_COMPANY_LIST_MENU", '{"ID":"20"}', (4, 20)),
        ("CRM_DYNAMIC_183_DETAIL_TAB", '{"ID":"3"}', (183, 3)),
        ("CRM_DYNAMIC_183_DETAIL_TOOLBAR", '{"ENTITY_ID":"3","ENTITY_TYPE_ID":"183"}', (183, 3)),
        ("CRM_DYNAMIC_183_DETAIL_TOOLBAR", '{"ENTITY_ID":3,"ENTITY_TYPE_ID":183}', (183, 3)),
        ("REST_APP_URI", '{"ENTITY_TYPE_ID":"31","ENTITY_ID":"51"}', (31, 51)),
        ("REST_APP_URI", '{"ENTITY_TYPE_ID":"99999999999","ENTITY_ID":"51"}', (0, 0)),
        ("REST_APP_URI", '{"ENTITY_TYPE_ID":"-31","ENTITY_ID":"51"}', (0, 0)),
        ("DEFAULT", '{"ID":"501"}', (0, 0)),
        ("LEFT_MENU", "", (0, 0)),
        ("CRM_LEAD_DETAIL_TAB", '{"ID":"0"}', (1, 0)),
        ("CRM_DEAL_LIST_TOOLBAR", '{"ID":"501"}', (0, 0)),
        ("CRM_UNKNOWN_DETAIL_TAB", '{"ID":"501"}', (0, 0)),
        ("CRM_DYNAMIC_1_DETAIL_TAB", '{"ID":"501"}', (0, 0)),
        ("CRM_DYNAMIC_99999999999_DETAIL_TAB", '{"ID":"501"}', (0, 0)),
        ("X_CRM_DEAL_DETAIL_TAB", '{"ID":"501"}', (0, 0)),
    ],
)
def test_the_placement_says_which_type_of_object_it_is(
    placement: str, options: str, expected: tuple[int, int]
) -> None:
    body = {**BODY, "PLACEMENT": [placement], "PLACEMENT_OPTIONS": [options]}
    assert parse_launch(QUERY, body).entity() == expected


@pytest.mark.parametrize("told", ["1", 31, "02x", None, True, ["2"], {}])
def test_s26_a_type_that_is_not_the_placements_is_refused(told: object) -> None:
    if told is None:
        assert _with_options('{"ID":"501","ENTITY_TYPE_ID":null}').entity() == (2, 501)
        return
    with pytest.raises(LaunchError, match="ENTITY_TYPE_ID"):
        _with_options(json.dumps({"ID": "501", "ENTITY_TYPE_ID": told}))


@pytest.mark.parametrize(
    "options",
    [
        "{",
        "501",
        "null",
        "true",
        '["501"]',
        '{"a":' * 6 + "1" + "}" * 6,
        "[" * 4000,
        '{"a":"' + "x" * 8192 + '"}',
    ],
)
def test_s13_options_of_another_kind_are_refused(options: str) -> None:
    with pytest.raises(LaunchError, match="PLACEMENT_OPTIONS"):
        _with_options(options)


@pytest.mark.parametrize("key", ["DOMAIN", "PROTOCOL", "APP_SID"])
def test_an_address_without_its_parts_is_refused(key: str) -> None:
    for value in ([], [""]):
        with pytest.raises(LaunchError, match=key):
            parse_launch({**QUERY, key: value}, BODY)


@pytest.mark.parametrize("key", ["AUTH_ID", "member_id"])
def test_a_form_without_its_parts_is_refused(key: str) -> None:
    for value in ([], [""]):
        with pytest.raises(LaunchError, match=key):
            parse_launch(QUERY, {**BODY, key: value})


@pytest.mark.parametrize("key", [*QUERY, *BODY])
def test_s13_a_key_comes_once_and_in_its_place(key: str) -> None:
    twice = ["1", "1"]
    home, other = (QUERY, BODY) if key in QUERY else (BODY, QUERY)
    doubled, foreign = {**home, key: twice}, {**other, key: ["1"]}
    for query, body in (
        (doubled, BODY) if key in QUERY else (QUERY, doubled),
        (QUERY, foreign) if key in QUERY else (foreign, BODY),
    ):
        with pytest.raises(LaunchError, match=key):
            parse_launch(query, body)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("AUTH_ID", "t" * 513),
        ("AUTH_ID", "t" * 1_000_000),
        ("AUTH_ID", "a b"),
        ("AUTH_ID", "a\nb"),
        ("REFRESH_ID", "t" * 513),
        ("AUTH_EXPIRES", "soon"),
        ("AUTH_EXPIRES", "-1"),
        ("AUTH_EXPIRES", "9" * 30),
        ("member_id", "a223"),
        ("member_id", MEMBER + "\n"),
        ("member_id", "g" * 32),
        ("APPLICATION_TOKEN", "t" * 256),
        ("PLACEMENT", "ä"),
    ],
)
def test_a_malformed_value_is_refused_and_not_quoted(key: str, value: str) -> None:
    with pytest.raises(LaunchError, match=key) as refused:
        parse_launch(QUERY, {**BODY, key: [value]})
    assert len(refused.value.reason) < 60


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("DOMAIN", "a@b.example"),
        ("DOMAIN", "a#.example"),
        ("DOMAIN", "a.example/"),
        ("DOMAIN", "a.example."),
        ("DOMAIN", "[::1]"),
        ("DOMAIN", "127.1"),
        ("DOMAIN", "пример.example"),
        ("DOMAIN", "a" * 300),
        ("PROTOCOL", "2"),
        ("PROTOCOL", "https"),
        ("LANG", "de" * 9),
    ],
)
def test_s12_a_malformed_address_is_refused(key: str, value: str) -> None:
    with pytest.raises(LaunchError, match=key):
        parse_launch({**QUERY, key: [value]}, BODY)


def test_unknown_keys_are_ignored() -> None:
    assert parse_launch({**QUERY, "x": ["1", "2"]}, {**BODY, "y": ["1", "2"]}).member_id == MEMBER


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)


@given(_JSON)
def test_no_options_break_the_parser_in_another_way(options: object) -> None:
    try:
        launch = _with_options(json.dumps(options))
    except LaunchError:
        return
    assert min(launch.entity()) >= 0


@given(st.dictionaries(st.sampled_from([*QUERY, *BODY, "x"]), st.lists(st.text(), max_size=2)))
def test_s13_no_form_breaks_the_parser_in_another_way(noise: dict[str, list[str]]) -> None:
    for query, body in ((noise, BODY), (QUERY, noise), (QUERY, {**BODY, **noise})):
        try:
            parse_launch(query, body)
        except LaunchError:
            continue
