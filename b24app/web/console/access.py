"""The access doctor: a person and a template or a deal, and why it does not work."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from b24app.console import doctor, examine, mending, overview
from b24app.console.doctor import Facts, Mend
from b24app.documents import catalogue
from b24app.models import Portal
from b24app.web.console.guard import administrators_only, screen
from b24app.web.session import FrameRequest

IN_TEMPLATE = frozenset({Mend.ACTIVATE, Mend.BIND, Mend.OPEN})
DEAL = re.compile(r"(?:.*/crm/deal/details/)?(\d{1,15})(?:[/?#].*)?", re.ASCII | re.DOTALL)


@dataclass
class Chosen:
    """What was chosen and typed. `problems`: a sentence for each input that is wrong."""

    person: int | None = None
    other: str = ""
    template: int | None = None
    deal: int | None = None
    typed_deal: str = ""
    problems: dict[str, str] = field(default_factory=dict)


@administrators_only
def show(request: FrameRequest) -> HttpResponse:
    """The choice and, once there is one, the diagnosis."""
    if not request.GET.keys() & {"person", "other", "template", "deal"}:
        return _page(request, Chosen())
    chosen = _read(request.GET)
    if chosen.problems:
        return _page(request, chosen, status=422)
    return _diagnosed(request, chosen, _facts(request, chosen))


@require_POST
@administrators_only
def mend(request: FrameRequest) -> HttpResponse:
    """Mends the cause in the template, then looks again."""
    chosen = _read(request.POST)
    if chosen.problems:
        return _page(request, chosen, status=422)
    facts = _facts(request, chosen)
    found = doctor.diagnose(facts)
    if found.mend not in IN_TEMPLATE or found.mend != request.POST.get("what"):
        return _diagnosed(request, chosen, facts)  # it is mended already, or another one now
    done = mending.mend(request.frame, facts, found.mend)
    again = _facts(request, chosen)
    return _diagnosed(request, chosen, again, mended=found.mend if done else "", lost=not done)


def _facts(request: FrameRequest, chosen: Chosen) -> Facts:
    return examine.examine(request.frame, chosen.person or 0, chosen.template, chosen.deal)


def _diagnosed(request: FrameRequest, chosen: Chosen, facts: Facts, **more: Any) -> HttpResponse:
    names = overview.names(request.frame.portal)
    person = names.get(facts.person_id) or _("User %(number)d") % {"number": facts.person_id}
    known = {one.id: one.name for one in catalogue.kept(request.frame.portal)}
    context = {
        "facts": facts,
        "found": doctor.diagnose(facts),
        "who": person,
        "template_name": facts.template.name if facts.template else known.get(chosen.template or 0),
        **more,
    }
    return _page(request, chosen, **context)


def _page(request: FrameRequest, chosen: Chosen, *, status: int = 200, **more: Any) -> HttpResponse:
    portal = request.frame.portal
    context = {
        "here": "access",
        "chosen": chosen,
        "people": sorted(overview.names(portal).items(), key=lambda one: one[1].casefold()),
        "templates": _choices(portal, chosen),
        **more,
    }
    return screen(request, "console/access.html", context, status=status)


def _choices(portal: Portal, chosen: Chosen) -> list[tuple[int, str]]:
    """The templates by name; a chosen one that is gone stays in the list."""
    known = {one.id: one.name for one in catalogue.kept(portal) if not one.is_deleted}
    if chosen.template is not None and chosen.template not in known:
        known[chosen.template] = _("Template %(number)d") % {"number": chosen.template}
    return sorted(known.items(), key=lambda one: one[1].casefold())


def _read(given: Mapping[str, str]) -> Chosen:
    other = given.get("other", "").strip()[:20]
    typed = given.get("deal", "").strip()[:300]
    found = DEAL.fullmatch(typed)
    chosen = Chosen(
        person=_number(other) if other else _number(given.get("person", "")),
        other=other,
        template=_number(given.get("template", "")),
        deal=int(found[1]) if found else None,
        typed_deal=typed,
    )
    if other and chosen.person is None:
        chosen.problems["other"] = _("Type the number of a user, as in the address of the profile.")
    elif chosen.person is None:
        chosen.problems["person"] = _("Choose a person.")
    if typed and chosen.deal is None:
        chosen.problems["deal"] = _("Type the number of a deal, or the address of its card.")
    elif chosen.deal is None and chosen.template is None:
        chosen.problems["template"] = _("Choose a template, or type a deal.")
    return chosen


def _number(text: str) -> int | None:
    plain = text.isascii() and text.isdecimal() and len(text) < 16
    return int(text) or None if plain else None
