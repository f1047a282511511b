"""The last thirty days in numbers, from our own rows: nothing of it asks Bitrix24."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from statistics import median

from django.db.models import Count
from django.db.models.functions import TruncDate
from django.utils import timezone
from django.utils.translation import gettext as _

from b24app.console import plots
from b24app.documents import catalogue, links
from b24app.models import IssuedDocument, Person, Portal

DAYS = 30
Pdf = IssuedDocument.Pdf


@dataclass(frozen=True)
class Numbers:
    """`seconds`: until a PDF, the middle value; None before the first one. `failed`: percent of the
    conversions that have ended; None before one has."""

    made: int
    people: int
    templates: int
    seconds: int | None
    failed: float | None
    links_on: int
    days: plots.Days
    by_template: list[plots.Share]
    by_person: list[plots.Share]


def since() -> datetime:
    """The beginning of the first of the days that are counted."""
    first = timezone.localdate() - timedelta(days=DAYS - 1)
    return timezone.make_aware(datetime.combine(first, time.min))


def numbers(portal: Portal) -> Numbers:
    """Everything of the overview that is counted."""
    rows = IssuedDocument.objects.filter(portal=portal, made_at__gte=since())
    counted = list(
        rows.annotate(day=TruncDate("made_at"))
        .values_list("day", "template_id", "user_id", "pdf")
        .annotate(n=Count("pk"))
    )
    made, hot, template, person, pdf = Counter[date](), Counter[date](), *_counters()
    for day, template_id, user_id, state, n in counted:
        made[day] += n
        hot[day] += n if state == Pdf.FAILED else 0
        template[template_id] += n
        person[user_id] += n
        pdf[state] += n
    told = rows.exclude(pdf_seconds=None).values_list("pdf_seconds", flat=True)
    waited = [seconds for seconds in told if seconds is not None]
    ended = pdf[Pdf.FAILED] + pdf[Pdf.READY]
    known = catalogue.kept(portal)
    return Numbers(
        made=sum(made.values()),
        people=Person.objects.filter(portal=portal).count(),
        templates=len([one for one in known if not one.is_deleted]),
        seconds=round(median(waited)) if waited else None,
        failed=100 * pdf[Pdf.FAILED] / ended if ended else None,
        links_on=links.on_in(portal),
        days=plots.days(_dates(), made, hot),
        by_template=plots.shares(_named(template, {t.id: t.name for t in known}, _template)),
        by_person=plots.shares(_named(person, names(portal), _person)),
    )


def names(portal: Portal) -> dict[int, str]:
    """Of the people of a portal who have opened Docket, by their ids."""
    rows = Person.objects.filter(portal=portal).exclude(name="")
    return dict(rows.values_list("user_id", "name"))


def _counters() -> tuple[Counter[int], Counter[int], Counter[str]]:
    return Counter(), Counter(), Counter()


def _dates() -> list[date]:
    today = timezone.localdate()
    return [today - timedelta(days=back) for back in range(DAYS - 1, -1, -1)]


def _named(
    counts: Counter[int], known: dict[int, str], other: Callable[[int], str]
) -> dict[str, int]:
    """Two of the same name are counted apart: their ids tell them."""
    found: dict[str, int] = {}
    for number, n in counts.items():
        name = known.get(number) or other(number)
        found[f"{name} ({number})" if name in found else name] = n
    return found


def _template(number: int) -> str:
    """Documents without a template are ready files that somebody attached."""
    return _("Template %(number)d") % {"number": number} if number else _("Attached files")


def _person(number: int) -> str:
    return _("User %(number)d") % {"number": number}
