"""Numerators, under both their prefixes.

https://apidocs.bitrix24.com/api-reference/crm/document-generator/numerator/index.html and
https://apidocs.bitrix24.com/api-reference/document-generator/numerators/index.html
"""

from __future__ import annotations

from typing import Any

from tests.sandbox.generator.numerators import DEFAULT_SEQUENT, PREFIX, RANDOM, SEQUENT
from tests.sandbox.rest import rights
from tests.sandbox.rest.call import Answer, Call, Method
from tests.sandbox.rest.errors import RestError, generic, not_constructed
from tests.sandbox.rest.lists import PAGE
from tests.sandbox.rest.params import php_bool, php_int
from tests.sandbox.world import Numerator

OWN_PREFIX = "documentgenerator.numerator."
CRM_PREFIX = "crm.documentgenerator.numerator."


def _block(generator: str, sent: dict[str, Any]) -> dict[str, Any]:
    """One generator's settings: what is not sent falls back to the defaults."""
    if generator == RANDOM:
        return {"length": php_int(sent.get("length", 5))}
    if generator == PREFIX:
        return {"prefix": str(sent.get("prefix", ""))}
    block: dict[str, Any] = {}
    for name, default in DEFAULT_SEQUENT.items():
        value = sent.get(name, default)
        if name == "isDirectNumeration":
            # PHP's cast: the texts "false" and "N" are true.
            block[name] = php_bool(value)
        elif name in ("periodicBy", "timezone"):
            block[name] = value or None
        else:
            block[name] = php_int(value) if isinstance(default, int) else str(value)
    return block


def _stored(call: Call, template: str, sent: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The settings as this build keeps them: old ones know no padding."""
    settings = settings_of(template, sent)
    if not call.state.options.numerators_know_padding:
        for name in ("length", "padString"):
            settings.get(SEQUENT, {}).pop(name, None)
    return settings


def settings_of(template: str, sent: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The settings as stored, for the generators the template speaks of."""
    wanted = {SEQUENT: "{NUMBER}", RANDOM: "{RANDOM}", PREFIX: "{PREFIX}"}
    return {
        generator: _block(generator, block if isinstance(block, dict) else {})
        for generator, word in wanted.items()
        if (block := sent.get(generator)) or word in template
    }


def described(numerator: Numerator, numerator_id: int | str) -> dict[str, Any]:
    return {
        "name": numerator.name,
        "template": numerator.template,
        "id": numerator_id,
        "code": None,
        "settings": numerator.settings or [],
    }


def _is_own(call: Call) -> bool:
    """Whether the portal remembers who made a numerator and checks it.

    By its source only without `crm.`, by the documentation always.
    """
    return call.method.startswith(OWN_PREFIX) or call.state.options.numerators_of_documentation


def _the_numerator(call: Call, *, change: bool = False) -> Numerator:
    if call.params.get("id") in (None, ""):
        raise not_constructed("Bitrix\\Main\\Numerator\\Numerator")
    numerator = call.portal.numerators.get(call.params.integer("id"))
    if numerator is None:
        raise RestError("100", "Could not construct parameter {numerator}")
    rights.require_templates(call)
    if change and _is_own(call) and not numerator.created_by_rest:
        raise RestError("DOCGEN_ACCESS_ERROR", "Access denied")
    return numerator


def add(call: Call) -> dict[str, Any]:
    fields = call.params.required_mapping("fields")
    rights.require_templates(call)
    empty = [name for name in ("name", "template") if not fields.get(name)]
    if empty:
        raise generic(f"Empty required fields: {', '.join(empty)}")
    template = str(fields["template"])
    numerator = Numerator(
        id=call.portal.next_id("numerator"),
        name=str(fields["name"]),
        template=template,
        settings=_stored(call, template, _sent_settings(fields)),
        created_by_rest=_is_own(call),
    )
    call.portal.numerators[numerator.id] = numerator
    return {"numerator": described(numerator, numerator.id)}


def _sent_settings(fields: dict[str, Any]) -> dict[str, Any]:
    settings = fields.get("settings")
    return settings if isinstance(settings, dict) else {}


def get(call: Call) -> dict[str, Any]:
    numerator = _the_numerator(call)
    return {"numerator": described(numerator, str(numerator.id))}


def update(call: Call) -> dict[str, Any]:
    """No patch: without name or template nothing changes, and nobody is told. Answers flat."""
    fields = call.params.required_mapping("fields")
    numerator = _the_numerator(call, change=True)
    if fields.get("name") and fields.get("template"):
        numerator.name, numerator.template = str(fields["name"]), str(fields["template"])
        kept = numerator.settings | _sent_settings(fields)
        numerator.settings = _stored(call, numerator.template, kept)
    return described(numerator, str(numerator.id))


def numerator_list(call: Call) -> Answer:
    """`total` is the number on this page, and there is never a `next`."""
    rights.require_templates(call)
    first = max(0, call.params.integer("start")) // PAGE * PAGE
    page = list(call.portal.numerators.values())[first : first + PAGE]
    rows: list[dict[str, Any]] = [
        {
            "id": str(one.id),
            "name": one.name,
            "template": one.template,
            "settings": one.settings or [],
        }
        for one in page
    ]
    counted = None if call.params.integer("start") < 0 else len(rows)
    return Answer({"numerators": rows}, total=counted)


def delete(call: Call) -> None:
    """Templates that use it are not asked; the portal's default numerator stands in."""
    del call.portal.numerators[_the_numerator(call, change=True).id]


_ACTIONS = {
    "add": add,
    "get": get,
    "update": update,
    "list": numerator_list,
    "delete": delete,
}
METHODS = [
    Method(prefix + name, action, (scope,))
    for prefix, scope in ((CRM_PREFIX, "crm"), (OWN_PREFIX, "documentgenerator"))
    for name, action in _ACTIONS.items()
]
