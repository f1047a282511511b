"""What the pickers of people, access codes and CRM objects offer to an application's user."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.sandbox.pages.formats import contact_name
from tests.sandbox.pages.visit import Visit
from tests.sandbox.world import Application


def choices(visit: Visit, app: Application) -> dict[str, Any]:
    """The items of one kind (`users`, `access`, `crm`), each as the frame gets it."""
    return {"items": KINDS[visit.request.form.get("kind", "users")](visit)}


def _users(visit: Visit) -> list[dict[str, Any]]:
    return [
        {
            "id": str(user.id),
            "name": user.full_name,
            "photo": "",
            "position": user.work_position,
            "url": f"/company/personal/user/{user.id}/",
            "sub": False,
            "sup": False,
        }
        for user in visit.portal.users.values()
    ]


def _access(visit: Visit) -> list[dict[str, Any]]:
    people = [{"id": f"U{one.id}", "name": one.full_name} for one in visit.portal.users.values()]
    departments = [
        {"id": f"DR{number}", "name": name}
        for number, (name, _parent) in visit.portal.departments.items()
    ]
    return [{"id": "UA", "name": "All employees"}, *departments, *people]


def _crm(visit: Visit) -> list[dict[str, Any]]:
    portal = visit.portal
    items = [
        _object("D", "deal", deal.id, deal.title)
        for deal in portal.deals.values()
        if visit.may_read(deal)
    ]
    if visit.user.reads_clients:
        items += [_object("CO", "company", one.id, one.title) for one in portal.companies.values()]
        items += [
            _object("C", "contact", one.id, contact_name(one)) for one in portal.contacts.values()
        ]
    return items


def _object(prefix: str, kind: str, number: int, title: str) -> dict[str, Any]:
    return {
        "id": f"{prefix}_{number}",
        "type": kind,
        "place": kind,
        "title": title,
        "desc": "",
        "url": f"/crm/{kind}/details/{number}/",
    }


KINDS: dict[str, Callable[[Visit], list[dict[str, Any]]]] = {
    "users": _users,
    "access": _access,
    "crm": _crm,
}
