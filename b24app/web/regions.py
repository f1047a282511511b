"""Regions of templates and documents, by name."""

from __future__ import annotations

from django.utils.translation import gettext as _


def name_of(code: str) -> str:
    """A region's code with its country; an own region of the portal has only a number."""
    if code.isdecimal():
        return _("Own region %(number)s") % {"number": code}
    names = {
        "de": _("Germany"),
        "uk": _("United Kingdom"),
        "fr": _("France"),
        "pl": _("Poland"),
        "sp": _("Spain"),
        "mx": _("Mexico"),
        "br": _("Brazil"),
        "ru": _("Russia"),
        "by": _("Belarus"),
        "kz": _("Kazakhstan"),
        "ua": _("Ukraine"),
    }
    return f"{code.upper()} · {names[code]}" if code in names else code.upper()
