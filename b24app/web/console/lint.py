"""Templates before they are used: lint, the list of fields, and trying one out."""

from __future__ import annotations

import re
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from b24app import docx
from b24app.bitrix.errors import AccessDenied, NotFound, Refused
from b24app.console import kinds, lint, template_form, try_out, vocabulary
from b24app.documents import attach, catalogue
from b24app.portals.clients import acting
from b24app.web import uploads
from b24app.web.console import lint_words
from b24app.web.console.guard import administrators_only, screen
from b24app.web.session import FrameRequest

LARGEST_REQUEST = docx.LARGEST + 1024 * 1024
_NUMBER = re.compile(r"(?:[^?#]{0,180}/details/|#)?([1-9][0-9]{0,8})/?", re.ASCII)
"""Of an object, alone or within the address of its card."""
FILE, KIND, ITEM = "file", "kind", "item"


@administrators_only
def check(request: FrameRequest) -> HttpResponse:
    """Lint of a file that is dropped or chosen; it is read here and goes nowhere."""
    catalogue.at_hand(request.frame.portal)
    known = kinds.in_use(request.frame.portal)
    if request.method != "POST":
        return _check_page(request, known, kinds.USUAL[0])
    if uploads.is_too_much(request, LARGEST_REQUEST):
        problem = attach.refusal(docx.Reason.TOO_BIG)
        return _check_page(request, known, kinds.USUAL[0], problem=problem)
    uploads.accept(request, LARGEST_REQUEST)
    kind = _kind(request.POST.get(KIND, ""), known) or kinds.USUAL[0]
    file = uploads.sent(request, FILE, docx.LARGEST)
    if file is None or not file.size or file.size > docx.LARGEST:
        too_big = file is not None and bool(file.size)
        problem = (
            attach.refusal(docx.Reason.TOO_BIG)
            if too_big
            else _("Choose a Word file (.docx) that is not empty.")
        )
        return _check_page(request, known, kind, problem=problem)
    linted = lint.of_file(acting(request.frame), file.body, kind)
    about = {"name": file.name, "size": file.size}
    return _check_page(request, known, kind, linted=lint_words.shown(linted), file=about)


@require_POST
@administrators_only
def chosen(request: FrameRequest) -> HttpResponse:
    """Lint of the file that is chosen in a template's form, before anything is sent to Bitrix24.

    A file that is missing or too big gets its sentence when the form is sent.
    """
    linted = None
    if not uploads.is_too_much(request, LARGEST_REQUEST):
        uploads.accept(request, LARGEST_REQUEST)
        file = uploads.sent(request, FILE, docx.LARGEST)
        if file is not None and 0 < file.size <= docx.LARGEST:
            bindings = template_form.typed(request.POST.dict()).bindings
            kind = next(iter(kinds.of(bindings)), kinds.USUAL[0])
            linted = lint_words.shown(lint.of_file(acting(request.frame), file.body, kind))
    return screen(request, "console/lint/_chosen.html", {"linted": linted})


def _check_page(
    request: FrameRequest, known: list[int], kind: int, problem: str = "", **more: Any
) -> HttpResponse:
    context = {
        "here": "templates",
        "kinds": _choices(known),
        "kind": kind,
        "problem": problem,
        "largest": docx.LARGEST,
        **more,
    }
    return screen(request, "console/lint/check.html", context, status=422 if problem else 200)


@administrators_only
def fields(request: FrameRequest) -> HttpResponse:
    """All fields for one kind of object, with search, each placeholder ready to be copied."""
    catalogue.at_hand(request.frame.portal)
    known = kinds.in_use(request.frame.portal)
    kind = _kind(request.GET.get(KIND, ""), known) or known[0]
    listed = vocabulary.listed(acting(request.frame), kind)
    groups: dict[str, list[vocabulary.ListedField]] = {}
    for one in listed.fields:
        groups.setdefault(one.group or _("Other"), []).append(one)
    context = {
        "here": "templates",
        "kinds": _choices(known),
        "kind": kind,
        "groups": list(groups.items()),
        "total": len(listed.fields),
        "has_own": listed.has_own,
    }
    return screen(request, "console/lint/fields.html", context)


@administrators_only
def show(request: FrameRequest, template_id: int) -> HttpResponse:
    """Lint of a template of the portal, read now."""
    try:
        template, linted = lint.of_template(acting(request.frame), template_id)
    except Refused:
        return _gone(request)
    context = {"here": "templates", "template": template, "linted": lint_words.shown(linted)}
    return screen(request, "console/lint/template.html", context)


@administrators_only
def try_it(request: FrameRequest, template_id: int) -> HttpResponse:
    """What a template would print for an object that the person names. Nothing is made."""
    try:
        template, bound = try_out.template(request.frame, template_id)
    except Refused:
        return _gone(request)
    kind = _kind(request.POST.get(KIND, ""), bound) or bound[0]
    typed = str(request.POST.get(ITEM, ""))[:200].strip()
    context: dict[str, Any] = {
        "here": "templates",
        "template": template,
        "kinds": _choices(bound),
        "kind": kind,
        "typed": typed,
    }
    if request.method == "POST":
        context |= _tried(request, template_id, kind, typed)
    status = 422 if context.get("problem") else 200
    return screen(request, "console/lint/try.html", context, status=status)


def _tried(request: FrameRequest, template_id: int, kind: int, typed: str) -> dict[str, Any]:
    found = _NUMBER.fullmatch(typed)
    if found is None:
        return {"problem": _("Type the number that stands in its address, for instance 501.")}
    try:
        return {"tried": try_out.against(request.frame, template_id, kind, int(found[1]))}
    except (AccessDenied, NotFound):
        return {"problem": _("Bitrix24 shows you none with this number. Look at its address.")}
    except Refused:
        return {"problem": _("Bitrix24 does not fill this template for it. Try another one.")}


def _gone(request: FrameRequest) -> HttpResponse:
    return screen(request, "console/lint/gone.html", {"here": "templates"}, status=404)


def _kind(text: str, known: list[int] | tuple[int, ...]) -> int | None:
    return next((kind for kind in known if str(kind) == text), None)


def _choices(known: list[int] | tuple[int, ...]) -> list[tuple[int, str]]:
    return [(kind, kinds.name(kind)) for kind in known]
