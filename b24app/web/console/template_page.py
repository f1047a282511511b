"""What the pages of one template share: its form as a page shows it, and the page itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse

from b24app import docx
from b24app.bitrix.documentgenerator import DocumentTemplate
from b24app.console import template_edit, template_files, template_form, template_users
from b24app.console.template_form import Known, Typed
from b24app.models import Portal
from b24app.web import regions
from b24app.web.console.guard import screen
from b24app.web.session import FrameRequest
from b24app.web.trouble import details_of, trouble_of


def fields(
    portal: Portal, known: Known, typed: Typed, template: DocumentTemplate | None = None
) -> dict[str, Any]:
    """The inputs of a form with what is typed into them."""
    before = template.users if template else ()
    return {
        "typed": typed,
        "numerators": [(str(id_), name) for id_, name in known.numerators.items()],
        "regions": [(code, regions.name_of(code)) for code in known.regions],
        "kinds": known.kinds,
        "people": template_users.choices(portal, typed.codes, before),
        "problems": {},
    }


def page_of(
    request: FrameRequest,
    template: DocumentTemplate,
    *,
    known: Known | None = None,
    typed: Typed | None = None,
    problems: Mapping[str, str] | None = None,
    error: Exception | None = None,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    """The page of a template. `error`: what a change was refused with, told on top of the page.

    Raises `BitrixError`.
    """
    portal = request.frame.portal
    known = known or template_edit.options(request.frame, template)
    typed = typed or template_form.of_template(template)
    context = {
        **fields(portal, known, typed, template),
        "here": "templates",
        "template": template,
        "seen": template_edit.stamp_of(template.update_time),
        "kept": template_files.kept(portal, template.id),
        "largest": docx.LARGEST,
        "trouble": trouble_of(error) if error else None,
        "details": details_of(error) if error else "",
        "problems": problems or {},
        **more,
    }
    return screen(request, "console/templates/one.html", context, status=status)
