"""Who may use a template: Bitrix24's access codes, with names as far as Docket knows them.

No scope that Docket asks for reads the portal's users or departments, so people are named whom it
has met, and the rest stands as what its code means.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from b24app.models import Person, Portal

EVERYBODY = "UA"
MOST = 100
LONGEST = 2000
"""Characters of codes that are typed."""
VALID = re.compile(
    r"UA|AU|(?:U|IU|SU|G|D|DR|SG|CHAT|AD|AE|AT|ATD|ATE|ATT|SND|SNDR|SNT|SNTR)\d{1,12}(?:_[AEKM])?"
    r"|AD|AE|AT|ATD|ATE|ATT"
)
_PARTS = re.compile(r"([A-Z]+)(\d+)(?:_([AEKM]))?")


@dataclass(frozen=True)
class Code:
    code: str
    name: str
    held: bool
    """Chosen in the form."""


def names(portal: Portal) -> dict[int, str]:
    """People whom Docket has met, by user id."""
    rows = Person.objects.filter(portal=portal).exclude(name="").order_by("name")
    return dict(rows.values_list("user_id", "name"))


def label(code: str, people: dict[int, str]) -> str:
    """What a code means, in words."""
    if code == EVERYBODY:
        return _("Everybody")
    if code == "AU":
        return _("Everybody who is signed in")
    found = _PARTS.fullmatch(code)
    if found is None or found[3]:
        return code
    kind, number = found[1], int(found[2])
    if kind in {"U", "IU", "SU"} and number in people:
        return people[number]
    words = {
        "U": _("Person %(number)d"),
        "IU": _("Person %(number)d"),
        "D": _("Department %(number)d"),
        "DR": _("Department %(number)d and below"),
        "G": _("User group %(number)d"),
        "SG": _("Workgroup %(number)d"),
        "SND": _("Department %(number)d"),
        "SNDR": _("Department %(number)d and below"),
        "SNT": _("Team %(number)d"),
        "SNTR": _("Team %(number)d and below"),
    }
    return words[kind] % {"number": number} if kind in words else code


def split(typed: str) -> list[str]:
    """The codes in a line that somebody typed, upper case, in their order."""
    return list(dict.fromkeys(part.upper() for part in re.split(r"[\s,;]+", typed) if part))


def choices(portal: Portal, held: Iterable[str], before: Iterable[str] = ()) -> list[Code]:
    """People to tick, and codes that the template has or had: `held` are ticked."""
    people, ticked = names(portal), set(held)
    codes = dict.fromkeys([*(f"U{number}" for number in people), *before, *held])
    return [Code(one, label(one, people), one in ticked) for one in codes if one != EVERYBODY]
