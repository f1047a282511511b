"""Changing deals, and stages of anything, by hand: in the portal's own pages."""

from __future__ import annotations

from datetime import date
from decimal import Decimal, InvalidOperation

from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from tests.sandbox.pages.kinds import kind_of, stages_of
from tests.sandbox.pages.layout import refused
from tests.sandbox.pages.visit import Visit
from tests.sandbox.world import SMART_INVOICE, Deal, Selling

LARGEST = Decimal(10) ** 12


def change(visit: Visit, deal: Deal) -> Response:
    """Title, amount and dates; a changed amount no longer follows the products."""
    form = visit.request.form
    try:
        amount = _amount(form.get("opportunity", ""))
        begins, ends = _day(form.get("begin_date", "")), _day(form.get("close_date", ""))
    except ValueError as error:
        return refused(visit, "Not saved", str(error), 400)
    if amount is not None and amount != deal.opportunity:
        deal.opportunity, deal.is_manual_opportunity = amount, True
    deal.title = form.get("title", "").strip()[:255] or deal.title
    deal.begin_date, deal.close_date = begins, ends
    return _saved(visit, deal)


def move(visit: Visit, record: Selling) -> Response:
    """Puts a deal, lead or invoice into another stage of its pipeline."""
    stage = visit.request.form["stage_id"]
    if stage not in stages_of(visit, record):
        return refused(visit, "Not saved", "There is no such stage in this pipeline.", 400)
    record.stage_id = stage
    return _saved(visit, record)


def _saved(visit: Visit, record: Selling) -> Response:
    """Applications are told; the event of smart processes names the type too."""
    record.updated_time = visit.state.now()
    kind = kind_of(record)
    fields = {"ID": record.id}
    if kind.entity_type_id == SMART_INVOICE:
        fields["ENTITY_TYPE_ID"] = kind.entity_type_id
    visit.state.emit(visit.portal, kind.updated, {"FIELDS": fields}, visit.user.id)
    return redirect(visit.request.full_path.rstrip("?"), 303, Response=Response)


def _amount(text: str) -> Decimal | None:
    """None for an empty field. Raises ValueError for what is no amount."""
    if not text.strip():
        return None
    try:
        amount = Decimal(text.replace(" ", "").replace(",", ""))
    except InvalidOperation as error:
        raise ValueError("The amount must be a number.") from error
    if not amount.is_finite() or not 0 <= amount < LARGEST:
        raise ValueError("The amount must be a number from 0.")
    return amount.quantize(Decimal("0.01"))


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise ValueError("A date must look like 2026-05-12.") from error
