"""Numerators: the list, one in its form with the next numbers, and what is deleted."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_POST

from b24app.bitrix.errors import Refused, UnexpectedAnswer
from b24app.console import numbering, numerator_form, numerators
from b24app.console.numbering import Plan
from b24app.console.numerators import Listed, Saved, Shelf, Standing
from b24app.web import trouble
from b24app.web.console import audits
from b24app.web.console.guard import administrators_only, screen
from b24app.web.session import FrameRequest

PROBLEMS = {
    ("name", "empty"): lazy("Give it a name."),
    ("name", "long"): lazy("At most 255 characters."),
    ("name", "taken"): lazy(
        "There is a numerator of this name already, perhaps of the last press. Open it in the list."
    ),
    ("template", "empty"): lazy("Say how a number looks, for instance {NUMBER}."),
    ("template", "long"): lazy("At most 255 characters."),
    ("template", "braces"): lazy("A brace is open or closed once too often."),
    ("template", "word"): lazy(
        "Bitrix24 does not know one of the words in braces and would print it as it is."
    ),
    ("template", "same"): lazy("Without {NUMBER} every document would get the same number."),
    ("start", "number"): lazy("A whole number from 0 on, of at most 12 digits."),
    ("step", "number"): lazy("A whole number from 1 to 1,000,000."),
    ("length", "number"): lazy("A whole number from 0 to 40."),
    ("random_length", "number"): lazy("A whole number from 1 to 40."),
    ("pad", "one"): lazy("One character."),
    ("periodic_by", "unknown"): lazy("Choose one of these."),
    ("timezone", "unknown"): lazy("Docket does not know this time zone. Choose one of these."),
    ("prefix", "empty"): lazy("The pattern has {PREFIX}: say what stands for it."),
    ("prefix", "long"): lazy("At most 64 characters."),
}
SETTINGS = {
    "name": lazy("Name"),
    "template": lazy("Pattern"),
    "start": lazy("First number"),
    "step": lazy("Step"),
    "length": lazy("Digits"),
    "pad": lazy("Filled up with"),
    "periodic_by": lazy("Starts again"),
    "timezone": lazy("Time zone of the border"),
    "direct": lazy("One sequence for all own companies"),
    "prefix": lazy("Prefix"),
    "random_length": lazy("Random length"),
}
PERIODS = (
    ("year", lazy("every year")),
    ("month", lazy("every month")),
    ("day", lazy("every day")),
    ("", lazy("never")),
)
_ZONES = sorted(zone for zone in numbering.ZONES if "/" in zone and not zone.startswith("Etc/"))
USUAL = Plan("", "{NUMBER}", periodic_by="", length=3)


@administrators_only
def index(request: FrameRequest) -> HttpResponse:
    """All numerators, and the audit of all of them."""
    shelf = numerators.shelf(request.frame)
    return _page(request, shelf, {"deleted": "deleted" in request.GET})


@administrators_only
def new(request: FrameRequest) -> HttpResponse:
    """An empty form; made on POST."""
    shelf = numerators.shelf(request.frame)
    if request.method != "POST":
        return _page(request, shelf, _form(numerator_form.typed(USUAL), USUAL))
    typed, plan, problems = _read(request)
    own = typed.get("kind") == "own" and shelf.has_scope
    outcome: dict[str, Any] = {}
    if not problems:
        prefix = numerators.OWN if own else numerators.CRM
        try:
            saved = numerators.create(request.frame, plan, prefix)
        except numerators.NameTaken:
            problems["name"] = PROBLEMS["name", "taken"]
        except numerators.NotThere:
            outcome = {"lost": "add"}
        except Refused as error:
            outcome = _refused(error)
        else:
            if not saved.ignored:
                return _opened(request, saved)
            outcome = _ignored(saved)
    context = _form(typed, plan, problems) | outcome
    return _page(request, shelf, context, status=422 if problems else 409)


def _opened(request: FrameRequest, saved: Saved) -> HttpResponse:
    """On to the page of the numerator that was made."""
    address = reverse("numerator", args=[request.frame.portal.key, saved.numerator.id])
    return HttpResponseRedirect(f"{address}?{'found' if saved.found else 'made'}")


@administrators_only
def edit(request: FrameRequest, numerator_id: int) -> HttpResponse:
    """One numerator in its form; replaced as a whole on POST."""
    shelf = numerators.shelf(request.frame)
    try:
        listed = shelf.of(numerator_id)
        if request.method != "POST":
            fresh = numerators.fresh(request.frame, listed, has_scope=shelf.has_scope)
            return _shown(request, shelf, fresh)
        return _changed(request, shelf, listed)
    except numerators.NoSuchNumerator:
        return _page(request, shelf, {"gone": True}, status=404)


def _shown(request: FrameRequest, shelf: Shelf, listed: Listed) -> HttpResponse:
    standing = numerators.standing(request.frame, listed)
    typed = numerator_form.typed(listed.plan) | _basis(standing)
    context = _form(typed, listed.plan, listed=listed)
    told = {"made": "made" in request.GET, "found": "found" in request.GET}
    return _page(request, shelf, context | told)


def _basis(standing: Standing | None) -> dict[str, str]:
    if standing is None:
        return {}
    return {"next": str(standing.next), "company": standing.company}


def _changed(request: FrameRequest, shelf: Shelf, listed: Listed) -> HttpResponse:
    typed, plan, problems = _read(request)
    if problems:
        return _page(request, shelf, _form(typed, plan, problems, listed=listed), status=422)
    outcome: dict[str, Any] = {}
    try:
        saved = numerators.change(request.frame, listed, plan, has_scope=shelf.has_scope)
    except numerators.OnlyInPortal:
        outcome = {"only_in_portal": True}
    except numerators.NotThere:
        outcome = {"lost": "update"}
    except Refused as error:
        outcome = _refused(error)
    else:
        if not saved.ignored:
            listed = Listed(saved.numerator, listed.templates, listed.own)
            shelf = numerators.shelf(request.frame)
            return _page(request, shelf, _form(typed, plan, listed=listed) | {"saved": True})
        outcome = _ignored(saved)
    return _page(request, shelf, _form(typed, plan, listed=listed) | outcome, status=409)


@administrators_only
def delete(request: FrameRequest, numerator_id: int) -> HttpResponse:
    """Asks in place on GET, with what would follow; deletes on POST."""
    shelf = numerators.shelf(request.frame)
    try:
        listed = shelf.of(numerator_id)
    except numerators.NoSuchNumerator:
        return _page(request, shelf, {"gone": True}, status=404)
    context: dict[str, Any] = {"listed": listed, "ask": "ask" in request.GET}
    if request.method != "POST":
        return screen(request, "console/_numerator_delete.html", context)
    outcome: dict[str, Any] = {}
    try:
        numerators.delete(request.frame, listed, has_scope=shelf.has_scope)
    except numerators.OnlyInPortal:
        outcome = {"only_in_portal": True}
    except numerators.NotThere:
        outcome = {"lost": "delete"}
    except Refused as error:
        outcome = _refused(error)
    else:
        key = request.frame.portal.key
        return HttpResponseRedirect(f"{reverse('numerators', args=[key])}?deleted")
    form = _form(numerator_form.typed(listed.plan), listed.plan, listed=listed)
    return _page(request, shelf, form | outcome, status=409)


@require_POST
@administrators_only
def preview(request: FrameRequest) -> HttpResponse:
    """The next numbers of what is typed. Asks Bitrix24 nothing."""
    typed, plan, problems = _read(request)
    return screen(request, "console/_next.html", {"coming": _coming(plan, typed, problems)})


def _read(request: FrameRequest) -> tuple[dict[str, str], Plan, dict[str, Any]]:
    names = (*numerator_form.FIELDS, "next", "company", "was_start", "kind")
    typed = {name: request.POST.get(name, "")[:300] for name in names}
    plan, codes = numerator_form.read(typed)
    return typed, plan, {name: PROBLEMS[name, code] for name, code in codes.items()}


def _form(
    typed: Mapping[str, str],
    plan: Plan,
    problems: Mapping[str, Any] | None = None,
    *,
    listed: Listed | None = None,
) -> dict[str, Any]:
    zones = _ZONES
    if typed.get("timezone") and typed["timezone"] not in zones:
        zones = [typed["timezone"], *zones]
    shown = {"was_start": str(listed.plan.start) if listed else "", **typed}
    return {
        "form": True,
        "form_key": _key(listed),
        "listed": listed,
        "typed": shown,
        "problems": problems or {},
        "periods": PERIODS,
        "zones": zones,
        "words": [f"{{{word}}}" for word in numbering.WORDS],
        "coming": _coming(plan, shown, problems or {}),
    }


def _key(listed: Listed | None) -> str:
    """Names what the form was filled from: what was typed is put back only into the same one."""
    if listed is None:
        return "new"
    return hashlib.sha256(repr(listed.plan).encode()).hexdigest()[:12]


def _coming(plan: Plan, typed: Mapping[str, str], problems: Mapping[str, Any]) -> dict[str, Any]:
    """What the fragment of the next numbers shows. `stands`: Bitrix24 has told where it is."""
    told = typed.get("next", "")
    stands = told.isascii() and told.isdigit() and len(told) <= 18
    now = timezone.now()
    border = numbering.border(plan, now)
    was_start = typed.get("was_start", "")
    return {
        "numbers": numbering.coming(plan, int(told) if stands else plan.start, now),
        "is_wrong": bool(problems.keys() - {"name"}),
        "stands": stands,
        "company": typed.get("company", ""),
        "period": plan.periodic_by,
        "then": numbering.written(plan, plan.start, border) if border else "",
        "border": formats.date_format(border, "j F Y, H:i") if border else "",
        "zone": plan.timezone or "UTC",
        "start_is_late": bool(was_start) and was_start != str(plan.start),
    }


def _ignored(saved: Saved) -> dict[str, Any]:
    return {"ignored": [SETTINGS[name] for name in saved.ignored]}


def _refused(error: Refused) -> dict[str, Any]:
    return {"trouble": trouble.trouble_of(error), "details": trouble.details_of(error)}


def _page(
    request: FrameRequest, shelf: Shelf, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    listed: Listed | None = context.get("listed")
    chosen = listed.numerator.id if listed else 0
    shared = {
        "here": "numerators",
        "shelf": shelf,
        "rows": [_row(one) for one in shelf.listed],
        "chosen": chosen,
    }
    if not context.get("form") or listed:
        shared |= audits.card(request.frame.portal, chosen)
    return screen(request, "console/numerators.html", {**shared, **context}, status=status)


def _row(listed: Listed) -> dict[str, Any]:
    """A line of the list; a numerator whose settings cannot be read shows its pattern all the
    same."""
    try:
        period = listed.plan.periodic_by
    except UnexpectedAnswer:
        period = ""
    return {
        "id": listed.numerator.id,
        "name": listed.numerator.name or _("Without a name"),
        "pattern": listed.numerator.template,
        "period": dict(PERIODS).get(period, "") if period else "",
        "templates": len(listed.templates),
        "own": listed.own,
    }
