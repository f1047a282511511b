"""Methods about people.

https://apidocs.bitrix24.com/api-reference/user/index.html and
https://apidocs.bitrix24.com/api-reference/common/users/index.html
"""

from __future__ import annotations

from typing import Any

from tests.sandbox.rest.call import Answer, Call, Method
from tests.sandbox.rest.errors import RestError
from tests.sandbox.rest.lists import matches, ordered, paged
from tests.sandbox.world import User

BRIEF = frozenset(
    [
        *("ID", "XML_ID", "ACTIVE", "NAME", "LAST_NAME", "SECOND_NAME", "TITLE", "IS_ONLINE"),
        *("TIME_ZONE", "PERSONAL_PHOTO", "TIMESTAMP_X", "DATE_REGISTER", "PERSONAL_PROFESSION"),
        *("PERSONAL_GENDER", "PERSONAL_BIRTHDAY", "PERSONAL_CITY", "PERSONAL_STATE"),
        *("PERSONAL_COUNTRY", "WORK_POSITION", "WORK_CITY", "WORK_STATE", "WORK_COUNTRY"),
        *("LAST_ACTIVITY_DATE", "UF_EMPLOYMENT_DATE", "UF_TIMEMAN", "UF_SKILLS"),
        *("UF_INTERESTS", "UF_DEPARTMENT", "UF_PHONE_INNER"),
    ]
)
"""What the scope `user_brief` shows."""
BASIC = BRIEF | frozenset(
    [
        *("EMAIL", "PERSONAL_PHONE", "WORK_PHONE", "WORK_COMPANY", "PERSONAL_FAX"),
        *("PERSONAL_MOBILE", "PERSONAL_PAGER", "PERSONAL_STREET", "PERSONAL_MAILBOX"),
        *("PERSONAL_ZIP", "PERSONAL_NOTES", "WORK_DEPARTMENT", "WORK_WWW", "WORK_FAX"),
        *("WORK_PAGER", "WORK_STREET", "WORK_MAILBOX", "WORK_ZIP", "WORK_PROFILE"),
        *("WORK_LOGO", "WORK_NOTES", "UF_DISTRICT", "UF_SKYPE", "UF_SKYPE_LINK", "UF_ZOOM"),
        *("UF_TWITTER", "UF_FACEBOOK", "UF_LINKEDIN", "UF_XING", "UF_WEB_SITES"),
    ]
)
"""What the scope `user_basic` shows; `user` shows everything."""
TITLES = {
    "ID": "ID",
    "ACTIVE": "Active",
    "NAME": "First name",
    "LAST_NAME": "Last name",
    "SECOND_NAME": "Second name",
    "EMAIL": "E-Mail",
    "WORK_PHONE": "Work phone",
    "WORK_POSITION": "Position",
    "UF_DEPARTMENT": "Departments",
}


def profile(call: Call) -> dict[str, Any]:
    return {
        "ID": str(call.user.id),
        "ADMIN": call.user.is_admin,
        "NAME": call.user.name,
        "LAST_NAME": call.user.last_name,
        "PERSONAL_GENDER": "",
        "TIME_ZONE": "",
    }


def user_admin(call: Call) -> bool:
    return call.user.is_admin


def codes_of(user: User) -> set[str]:
    """The access codes a user holds, as far as `user.access` is documented to know them."""
    return {f"U{user.id}", "AU", "G2"} | ({"G1"} if user.is_admin else set())


def user_access(call: Call) -> bool:
    wanted = call.params.get("ACCESS")
    if not wanted:
        raise RestError("ERROR_ARGUMENT", "Argument 'ACCESS' is null or empty", argument="ACCESS")
    codes = call.params.items_of("ACCESS", [str(wanted)])
    return call.user.is_admin or bool(set(codes) & codes_of(call.user))


def described(call: Call, user: User) -> dict[str, Any]:
    """A user with all fields of the documentation's samples."""
    registered = call.now.replace(month=1, day=1, hour=0, minute=0, second=0, microsecond=0)
    return {
        "ID": str(user.id),
        "ACTIVE": True,
        "NAME": user.name,
        "LAST_NAME": user.last_name,
        "SECOND_NAME": "",
        "EMAIL": user.email,
        "LAST_LOGIN": call.now.isoformat(timespec="seconds"),
        "DATE_REGISTER": registered.isoformat(timespec="seconds"),
        "TIME_ZONE": "",
        "IS_ONLINE": "Y",
        "TIMESTAMP_X": {},
        "LAST_ACTIVITY_DATE": {},
        "PERSONAL_GENDER": "",
        "PERSONAL_WWW": "",
        "PERSONAL_BIRTHDAY": "",
        "PERSONAL_MOBILE": "",
        "PERSONAL_CITY": "",
        "WORK_PHONE": user.work_phone,
        "WORK_POSITION": user.work_position,
        "UF_EMPLOYMENT_DATE": "",
        "UF_DEPARTMENT": list(user.departments),
        "USER_TYPE": "extranet" if user.is_extranet else "employee",
    }


def _shown_to(call: Call, name: str) -> bool:
    """Whether the caller's scopes open this field."""
    scopes = call.caller.scopes
    return "user" in scopes or name in (BASIC if "user_basic" in scopes else BRIEF)


def _visible(call: Call, user: User, selected: list[str]) -> dict[str, Any]:
    """The fields the scope opens, of those that were selected; unknown ones are skipped."""

    def wanted(name: str) -> bool:
        masked = "*" in selected or ("UF_*" in selected and name.startswith("UF_"))
        return masked or name in selected

    return {
        name: value
        for name, value in described(call, user).items()
        if wanted(name) and _shown_to(call, name)
    }


def user_current(call: Call) -> dict[str, Any]:
    """The last activity is a text here, and an empty object in lists: so the documentation."""
    entry = _visible(call, call.user, ["*"])
    entry.pop("TIMESTAMP_X", None)
    return entry | {"LAST_ACTIVITY_DATE": call.now.strftime("%Y-%m-%d %H:%M:%S")}


def user_fields(call: Call) -> dict[str, str]:
    """Names and titles of the fields the scope opens."""
    names = described(call, call.user)
    return {name: TITLES.get(name, name) for name in names if _shown_to(call, name)}


def _conditions(call: Call) -> dict[str, Any]:
    """The filter may stand in FILTER or, as before it existed, beside the other parameters."""
    known = set(described(call, call.user))
    conditions = dict(call.params.mapping("FILTER") or call.params.mapping("filter"))
    for name, value in call.params.items():
        if name.lstrip("!<>=@%") in known:
            conditions[name] = value
    for name in [name for name in conditions if name.upper().endswith("ACTIVE")]:
        wanted = conditions.pop(name)
        conditions["ACTIVE"] = str(wanted).lower() not in ("n", "false", "0", "")
    return conditions


def _page(call: Call, rows: list[dict[str, Any]]) -> Answer:
    sort = call.params.text("sort") or call.params.text("SORT") or "ID"
    direction = call.params.text("order") or call.params.text("ORDER") or "ASC"
    selected = call.params.items_of("select", ["*"])
    users = [
        _visible(call, call.portal.users[int(row["ID"])], selected)
        for row in ordered(rows, {sort.upper(): direction})
    ]
    return paged(users, call.params.integer("start"), lambda page: page)


def user_get(call: Call) -> Answer:
    conditions = _conditions(call)
    quick = str(conditions.pop("NAME_SEARCH", "")).lower()
    rows = [described(call, one) for one in call.portal.users.values()]
    found = [
        row
        for row in rows
        if matches(row, conditions)
        and quick in f"{row['NAME']} {row['LAST_NAME']} {row['WORK_POSITION']}".lower()
    ]
    return _page(call, found)


SEARCHED = ("NAME", "LAST_NAME", "WORK_POSITION", "UF_DEPARTMENT_NAME")


def user_search(call: Call) -> Answer:
    """Beginnings of words: `FIND` in all fields of search, or each field on its own."""
    conditions = _conditions(call)
    find = conditions.pop("FIND", None)
    wanted = {name: conditions.pop(name) for name in SEARCHED if name in conditions}
    found = []
    for user in call.portal.users.values():
        row = described(call, user)
        names = [call.portal.departments[one][0] for one in user.departments]
        texts = row | {"UF_DEPARTMENT_NAME": " ".join(names)}
        hit = all(_begins(texts[name], value) for name, value in wanted.items())
        if find is not None:
            hit = any(_begins(texts[name], find) for name in SEARCHED)
        if hit and matches(row, conditions):
            found.append(row)
    return _page(call, found)


def _begins(text: Any, wanted: Any) -> bool:
    start = str(wanted).strip("%").lower()
    return any(word.startswith(start) for word in str(text).lower().split()) or str(
        text
    ).lower().startswith(start)


_SCOPES = ("user", "user_basic", "user_brief")
METHODS = [
    Method("profile", profile),
    Method("user.admin", user_admin),
    Method("user.access", user_access),
    Method("user.current", user_current, _SCOPES),
    Method("user.get", user_get, _SCOPES),
    Method("user.search", user_search, _SCOPES),
    Method("user.fields", user_fields, _SCOPES),
]
