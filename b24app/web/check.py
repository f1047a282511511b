"""The second beat: the fields with their values, checked and corrected; then Generate or Save."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from b24app import tasks
from b24app.bitrix.errors import BitrixError, TokenExpired, TokenInvalid
from b24app.documents import (
    checks,
    errands,
    generate,
    prepare,
    rights,
    save_to_item,
    settle,
    story,
    update,
)
from b24app.documents.errors import (
    ChangedMeanwhile,
    DocumentError,
    FieldsWrong,
    MakingAnother,
    NotAmongThem,
    TemplateDamaged,
    TemplateNotOffered,
)
from b24app.documents.save_to_item import Saved
from b24app.models import Intent, Person
from b24app.portals.errors import Disconnected
from b24app.web import after, check_page, errors, update_page
from b24app.web.session import FrameRequest, frame_required, page
from b24app.web.trouble import details_of, trouble_of


@frame_required
def form(request: FrameRequest, key: str, intent_id: str) -> HttpResponse:
    """Shows the form; sends it on POST. It holds values of the CRM, as they were last read."""
    intent = prepare.find(request.frame, intent_id)
    rights.require_readable(request.frame)
    if request.method == "POST":
        return _send(request, key, intent)
    if intent.state == Intent.State.MADE:
        return HttpResponseRedirect(reverse("document", args=[key, intent.document_id]))
    if intent.state in Intent.UNDER_WAY:
        return page(request, "deal_tab/finding_out.html", intent.portal, {"intent": intent})
    if intent.state == Intent.State.CHECK:
        return HttpResponseRedirect(reverse("which", args=[key, intent.pk]))
    return _show(request, intent, dict(intent.typed))


def _send(request: FrameRequest, key: str, intent: Intent) -> HttpResponse:
    typed = _typed(request)
    if update.is_safe(intent):
        typed = update.drafted(intent, typed)
    errands.choose(intent, after.chosen(request))
    if intent.state in Intent.SENDABLE and checks.blocking(_open_choices(intent, typed)):
        return _show(request, intent, typed, status=422)
    try:
        result = generate.send(request.frame, intent, typed)
    except FieldsWrong:
        return _show(request, intent, typed, status=422)
    except MakingAnother as error:
        return _show(request, intent, typed, rival=error.rival, status=409)
    except ChangedMeanwhile as error:
        tasks.read_versions_soon(intent.portal_id)
        return _show(request, intent, typed, moved=error, status=409)
    except (TokenInvalid, TokenExpired):
        raise
    except (BitrixError, TemplateNotOffered, TemplateDamaged) as error:
        return _show(request, intent, typed, error=error, status=409)
    if result.state == Intent.State.MADE:
        tasks.look_soon(result.portal_id)
        tasks.read_versions_soon(result.portal_id)
        return HttpResponseRedirect(reverse("document", args=[key, result.document_id]))
    if result.state == Intent.State.UNKNOWN:
        tasks.settle_soon(result)
    return HttpResponseRedirect(reverse("form", args=[key, result.pk]))


def _open_choices(intent: Intent, typed: dict[str, str]) -> list[checks.Check]:
    """What blocks apart from bad inputs, of which `generate.send` tells itself."""
    subject = update_page if update.is_safe(intent) else check_page
    found = checks.run(subject.subject_of(intent, typed))
    return [check for check in found if check.code == "choose"]


def _typed(request: HttpRequest) -> dict[str, str]:
    """The inputs by field code; names that no field has are dropped when compared."""
    sent = {
        name.removeprefix("f-"): value
        for name, value in request.POST.items()
        if name.startswith("f-") and isinstance(value, str)
    }
    choices = {
        update.CHOICE + name.removeprefix("c-"): str(value)[:20]
        for name, value in request.POST.items()
        if name.startswith("c-")
    }
    rest = {update.REST: request.POST["rest"][:20]} if "rest" in request.POST else {}
    return {**sent, **choices, **rest, generate.STAMPS: request.POST.get(generate.STAMPS, "")}


def _show(
    request: FrameRequest,
    intent: Intent,
    typed: dict[str, str],
    *,
    error: Exception | None = None,
    rival: Intent | None = None,
    moved: ChangedMeanwhile | None = None,
    status: int = 200,
) -> HttpResponse:
    safe = update.is_safe(intent)
    shown = update_page.context if safe else check_page.context
    context: dict[str, Any] = {
        **shown(request.frame, intent, typed),
        "moved": moved,
        "moved_by": story.who(moved.by, story.names(intent.portal)) if moved else "",
        "trouble": trouble_of(error, intent.entity_type_id) if error else None,
        "details": details_of(error) if error else "",
        "rival": _name(rival),
        "pressed": status == 422,
    }
    template = "deal_tab/update.html" if safe else "deal_tab/check.html"
    response = page(request, template, intent.portal, context)
    response.status_code = status
    return response


def _name(rival: Intent | None) -> str:
    if rival is None:
        return ""
    person = Person.objects.filter(portal=rival.portal, user_id=rival.user_id).first()
    return str(person) if person else f"#{rival.user_id}"


@require_POST
@frame_required
def dry_run(request: FrameRequest, key: str, intent_id: str) -> HttpResponse:
    """After a pause in typing: looks again, and answers the parts of the page that may differ."""
    intent = prepare.find(request.frame, intent_id)
    if update.is_safe(intent):
        return _counted(request, intent, update.drafted(intent, _typed(request)))
    return _checked(request, intent, _typed(request))


def _counted(request: FrameRequest, intent: Intent, typed: dict[str, str]) -> HttpResponse:
    """What an update would write, said in its bar; with `?look` the whole form, looked at again
    because another choice was made."""
    rights.require_readable(request.frame)
    if intent.state not in Intent.SENDABLE:
        return HttpResponse(status=204)
    if "look" not in request.GET:
        context = update_page.context(request.frame, intent, typed)
        return page(request, "deal_tab/_writes.html", intent.portal, context)
    try:
        prepare.look_at_columns(request.frame, intent, typed)
    except (TokenInvalid, TokenExpired):
        raise
    except (BitrixError, DocumentError) as error:
        return _show(request, intent, typed, error=error)
    return _show(request, intent, typed)


@require_POST
@frame_required
def save(request: FrameRequest, key: str, intent_id: str, code: str) -> HttpResponse:
    """One typed value goes to the CRM item too; then everything is looked at again."""
    intent = prepare.find(request.frame, intent_id)
    typed = _typed(request)
    return _saving(
        request, intent, typed, lambda: save_to_item.field(request.frame, intent, code, typed)
    )


@require_POST
@frame_required
def save_amount(request: FrameRequest, key: str, intent_id: str) -> HttpResponse:
    """The CRM item's amount becomes what its product rows make."""
    intent = prepare.find(request.frame, intent_id)
    total = request.POST.get("total", "")
    return _saving(
        request, intent, _typed(request), lambda: save_to_item.amount(request.frame, intent, total)
    )


def _saving(
    request: FrameRequest, intent: Intent, typed: dict[str, str], write: Any
) -> HttpResponse:
    outcome: Saved | None = None
    try:
        outcome = write()
    except (TokenInvalid, TokenExpired):
        raise
    except (BitrixError, DocumentError) as error:
        return _parts(request, intent, typed, failure=error, kind="save")
    if outcome is not None and outcome.state == "saved":
        # It is the CRM's own value now.
        typed = {name: text for name, text in typed.items() if name != outcome.code}
    response = _checked(request, intent, typed, outcome)
    if outcome is not None:
        response.headers["HX-Trigger"] = json.dumps({"itemChanged": outcome.state})
    return response


def _checked(
    request: FrameRequest, intent: Intent, typed: dict[str, str], saved: Saved | None = None
) -> HttpResponse:
    if intent.state not in Intent.SENDABLE:
        return HttpResponse(status=204)
    try:
        newest = prepare.look_again(request.frame, intent, typed)
    except (TokenInvalid, TokenExpired):
        raise
    except (BitrixError, DocumentError, Disconnected) as error:
        return _parts(request, intent, typed, failure=error, saved=saved)
    if not newest:
        return HttpResponse(status=204)
    return _parts(request, intent, typed, saved=saved)


def _parts(
    request: FrameRequest,
    intent: Intent,
    typed: dict[str, str],
    *,
    failure: Exception | None = None,
    kind: str = "look",
    saved: Saved | None = None,
) -> HttpResponse:
    """The parts of the page, each to be put in its place. What could not be done is said in them:
    the page keeps everything it has."""
    if failure is not None:
        errors.note(request, failure)
    held = request.POST.get("held", "")[:200]
    words = check_page.saved_words(saved.state, saved.title) if saved else None
    context = {
        **check_page.context(request.frame, intent, typed, held),
        "failure": trouble_of(failure, intent.entity_type_id) if failure else None,
        "failure_details": details_of(failure) if failure else "",
        "failed": kind,
        "saved": words,
        "oob": True,
    }
    return page(request, "deal_tab/_checked.html", intent.portal, context)


@frame_required
def state(request: FrameRequest, key: str, intent_id: str) -> HttpResponse:
    """Asked by the page while an answer is looked for: nothing, or where to go now."""
    intent = prepare.find(request.frame, intent_id)
    if intent.state in Intent.UNDER_WAY:
        return HttpResponse(status=204)
    response = HttpResponse(status=204)
    response.headers["HX-Location"] = _location(reverse("form", args=[key, intent.pk]))
    return response


@frame_required
def which(request: FrameRequest, key: str, intent_id: str) -> HttpResponse:
    """Shows the documents that may be the form's; on POST the person says which one, or none."""
    session = request.frame
    intent = prepare.find(session, intent_id)
    rights.require_readable(session)
    path = reverse("form", args=[key, intent.pk])
    if intent.state != Intent.State.CHECK:
        return HttpResponseRedirect(path)
    missed = False
    if request.method == "POST":
        answer = request.POST.get("document", "")
        try:
            settle.choose(session, intent, None if answer == "none" else answer)
        except NotAmongThem:
            missed = True
        else:
            tasks.look_soon(intent.portal_id)
            return HttpResponseRedirect(path)
    found = settle.choices(session, intent)
    if not found:
        return HttpResponseRedirect(path)
    names = dict(Person.objects.filter(portal=session.portal).values_list("user_id", "name"))
    context = {"intent": intent, "found": found, "people": names, "missed": missed}
    return page(request, "deal_tab/which_one.html", session.portal, context)


def _location(path: str) -> str:
    return f'{{"path": "{path}", "target": "#page", "swap": "outerHTML"}}'
