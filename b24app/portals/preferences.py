"""What a portal's administrators have decided, and where they decide it."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext as _

from b24app.models import FrameSession, Portal, PortalSettings
from b24app.portals.people import require_administrator

MOST_DAYS = 3650
FILES, VALUES = "keep_files_days", "keep_values_days"
LEAST = {FILES: 0, VALUES: 1}


def of(portal: Portal) -> PortalSettings:
    """The portal's settings, made with their defaults where nobody has decided yet."""
    return PortalSettings.objects.get_or_create(portal=portal)[0]


def change(session: FrameSession, typed: Mapping[str, str]) -> dict[str, str]:
    """Saves how long versions are kept; answers a sentence for each input that is wrong, by name.

    Nothing is saved where one is wrong. Raises `NotAdministrator`, `BitrixError`.
    """
    require_administrator(session)
    days = {name: _days(typed.get(name, "")) for name in LEAST}
    problems = {name: _problem(name, days[name]) for name in LEAST}
    problems = {name: problem for name, problem in problems.items() if problem}
    if not problems:
        of(session.portal)
        PortalSettings.objects.filter(portal=session.portal).update(**days)
    return problems


def _days(text: str) -> int | None:
    text = text.strip()
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 6 else None


def _problem(name: str, days: int | None) -> str:
    if days is None or not LEAST[name] <= days <= MOST_DAYS:
        return _("Type a whole number of days from %(least)d to %(most)d.") % {
            "least": LEAST[name],
            "most": MOST_DAYS,
        }
    return ""


STAMPS = tuple(PortalSettings.Stamps.values)


def change_stamps(session: FrameSession, choice: str) -> str:
    """Saves what new documents begin with; answers a sentence where nothing was chosen, else "".

    Raises `NotAdministrator`, `BitrixError`.
    """
    require_administrator(session)
    if choice not in STAMPS:
        return _("Choose what new documents begin with.")
    of(session.portal)
    PortalSettings.objects.filter(portal=session.portal).update(stamps=choice)
    return ""


def stamps_of(portal: Portal, template_has_them: bool) -> bool:
    """Whether a new document begins with stamps."""
    choice = of(portal).stamps
    if choice == PortalSettings.Stamps.TEMPLATE:
        return template_has_them
    return bool(choice == PortalSettings.Stamps.ON)


LINK_DAYS = ("7", "30", "90")
NEVER = "never"


def change_links(session: FrameSession, typed: Mapping[str, str]) -> dict[str, str]:
    """Saves when new public links end; answers a sentence for each input that is wrong, by name.

    Nothing is saved where one is wrong. Raises `NotAdministrator`, `BitrixError`.
    """
    require_administrator(session)
    choice = typed.get("link_days", "")
    if choice not in {*LINK_DAYS, NEVER}:
        return {"link_days": _("Choose when new links end.")}
    of(session.portal)
    PortalSettings.objects.filter(portal=session.portal).update(
        link_days=None if choice == NEVER else int(choice),
        links_off_when_closed=typed.get("links_off_when_closed") == "on",
    )
    return {}
