"""All REST methods the sandbox knows."""

from __future__ import annotations

from tests.sandbox.rest import (
    categories,
    crm_items,
    deals,
    documents,
    event_methods,
    files,
    kept_options,
    numerators,
    offline_methods,
    placements,
    product_rows,
    regions,
    roles,
    statuses,
    system,
    template_changes,
    templates,
    timeline,
    users,
)
from tests.sandbox.rest.call import Answer, Call, Method
from tests.sandbox.rest.inventory import conducting, contractors, elements, products, stores
from tests.sandbox.rest.inventory import documents as inventory_documents
from tests.sandbox.rest.params import yes


def _scope(call: Call) -> list[str]:
    """https://apidocs.bitrix24.com/api-reference/common/system/scope.html"""
    if yes(call.params.get("full")):
        return sorted({scope for method in METHODS.values() for scope in method.scopes})
    return list(call.caller.scopes)


def _methods(call: Call) -> list[str]:
    """https://apidocs.bitrix24.com/api-reference/common/system/methods.html"""
    names = []
    for method in METHODS.values():
        if not method.listed:
            continue
        if "scope" in call.params:
            wanted = call.params.text("scope")
            shown = wanted in method.scopes if wanted else not method.scopes
        else:
            shown = yes(call.params.get("full")) or _available(call, method)
        if shown:
            names.append(method.name)
    return names


def _available(call: Call, method: Method) -> bool:
    return not method.scopes or bool(set(method.scopes) & set(call.caller.scopes))


def _method_get(call: Call) -> dict[str, bool]:
    """https://apidocs.bitrix24.com/api-reference/common/system/method-get.html"""
    method = METHODS.get(call.params.text("name").lower())
    return {
        "isExisting": method is not None,
        "isAvailable": method is not None and _available(call, method),
    }


def _batch(call: Call) -> Answer:
    raise AssertionError("batch is answered by the endpoint itself")


METHODS: dict[str, Method] = {
    method.name.lower(): method
    for method in [
        Method("batch", _batch),
        Method("scope", _scope),
        Method("methods", _methods),
        Method("method.get", _method_get),
        *system.METHODS,
        *users.METHODS,
        *kept_options.METHODS,
        *placements.METHODS,
        *event_methods.METHODS,
        *offline_methods.METHODS,
        *crm_items.METHODS,
        *categories.METHODS,
        *deals.METHODS,
        *statuses.METHODS,
        *timeline.METHODS,
        *product_rows.METHODS,
        *documents.METHODS,
        *templates.METHODS,
        *template_changes.METHODS,
        *numerators.METHODS,
        *regions.METHODS,
        *roles.METHODS,
        *files.METHODS,
        *inventory_documents.METHODS,
        *conducting.METHODS,
        *elements.METHODS,
        *stores.METHODS,
        *products.METHODS,
        *contractors.METHODS,
    ]
}
