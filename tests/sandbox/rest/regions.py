"""`documentgenerator.region.*`: languages, formats and phrases of templates.

https://apidocs.bitrix24.com/api-reference/document-generator/region/index.html
"""

from __future__ import annotations

from typing import Any

from tests.sandbox.rest import rights
from tests.sandbox.rest.call import Call, Method
from tests.sandbox.rest.errors import RestError, generic, missing
from tests.sandbox.world import Region

BUILT_IN = {
    "ru": ("Russia", "ru"),
    "by": ("Belarus", "ru"),
    "kz": ("Kazakhstan", "ru"),
    "ua": ("Ukraine", "ua"),
    "de": ("Germany", "de"),
    "uk": ("United Kingdom", "en"),
    "br": ("Brazil", "br"),
    "sp": ("Spain", "la"),
    "mx": ("Mexico", "la"),
    "pl": ("Poland", "pl"),
    "fr": ("France", "fr"),
}
"""Code to title and language."""
PHRASES = {"TAX_INCLUDED": "Tax included", "TAX_NOT_INCLUDED": "Tax not included"}
SETTABLE = {
    "title": "title",
    "languageId": "language_id",
    "formatDate": "format_date",
    "formatDatetime": "format_datetime",
    "formatName": "format_name",
}


def _described(region: Region) -> dict[str, Any]:
    return {
        "id": str(region.id),
        "title": region.title,
        "languageId": region.language_id,
        "formatDate": region.format_date,
        "formatDatetime": region.format_datetime,
        "formatName": region.format_name,
    }


def _with_phrases(region: Region) -> dict[str, Any]:
    return {"region": _described(region) | {"phrases": dict(region.phrases) or []}}


def _built_in(code: str) -> dict[str, Any]:
    title, language = BUILT_IN[code]
    return {"code": code, "title": title, "languageId": language}


def region_list(call: Call) -> dict[str, Any]:
    """Keyed by code, those of the portal's own by id."""
    rights.require_templates(call)
    found = {code: _built_in(code) for code in BUILT_IN}
    for one in call.portal.regions.values():
        found[str(one.id)] = _described(one) | {"code": str(one.id)}
    return {"regions": found}


def _required_id(call: Call) -> str:
    """The id or code, as text; the right is checked after it."""
    if call.params.get("id") in (None, ""):
        raise missing("id")
    rights.require_templates(call)
    return call.params.text("id")


def _own(call: Call) -> Region:
    found = call.portal.regions.get(int(_required_id(call)) if _is_number(call) else 0)
    if found is None:
        raise generic("Region not found")
    return found


def _is_number(call: Call) -> bool:
    return call.params.text("id").isdigit()


def get(call: Call) -> dict[str, Any]:
    code = _required_id(call)
    if code in BUILT_IN:
        return {"region": _built_in(code) | {"phrases": dict(PHRASES)}}
    return _with_phrases(_own(call))


def _change(region: Region, sent: dict[str, Any]) -> None:
    for name, attribute in SETTABLE.items():
        if name in sent:
            setattr(region, attribute, str(sent[name] or ""))
    if isinstance(sent.get("phrases"), dict):
        region.phrases = {str(code): str(text) for code, text in sent["phrases"].items()}


def add(call: Call) -> dict[str, Any]:
    sent = call.params.required_mapping("fields")
    rights.require_templates(call)
    if not sent.get("title"):
        raise RestError("BX_EMPTY_REQUIRED", 'Required field "TITLE" is not filled')
    region = Region(call.portal.next_id("region"), str(sent["title"]))
    _change(region, sent)
    call.portal.regions[region.id] = region
    return _with_phrases(region)


def update(call: Call) -> dict[str, Any]:
    _required_id(call)
    sent = call.params.required_mapping("fields")
    region = _own(call)
    _change(region, sent)
    return _with_phrases(region)


def delete(call: Call) -> None:
    """An unknown id is no error."""
    number = _required_id(call)
    users = [
        one for one in call.portal.templates.values() if one.region == number and not one.is_deleted
    ]
    if users:
        raise RestError("BX_ERROR", "There are templates linked to this region")
    call.portal.regions.pop(int(number) if number.isdigit() else 0, None)


_PREFIX, _SCOPES = "documentgenerator.region.", ("documentgenerator",)
METHODS = [
    Method(f"{_PREFIX}list", region_list, _SCOPES),
    Method(f"{_PREFIX}get", get, _SCOPES),
    Method(f"{_PREFIX}add", add, _SCOPES),
    Method(f"{_PREFIX}update", update, _SCOPES),
    Method(f"{_PREFIX}delete", delete, _SCOPES),
]
