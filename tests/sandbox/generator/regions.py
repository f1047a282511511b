"""Regions: how a template's country writes things.

https://apidocs.bitrix24.com/api-reference/document-generator/region/index.html
"""

from __future__ import annotations

from zoneinfo import ZoneInfo

from tests.sandbox.generator.ids import id_of
from tests.sandbox.generator.locale import Locale
from tests.sandbox.world import DocumentTemplate, Portal

PHP_LETTERS = {"YYYY": "Y", "YY": "y", "DD": "d", "MM": "m", "HH": "H", "MI": "i", "SS": "s"}
"""A region's date format is written as a site's ("DD.MM.YYYY")."""


def locale_of(portal: Portal, template: DocumentTemplate) -> Locale:
    """How documents of this template are written; regions of one's own bring their formats."""
    zone = ZoneInfo(portal.timezone)
    own = portal.regions.get(id_of(template.region))
    if own is None:
        return Locale(portal.language, template.region, zone)
    return Locale(
        portal.language,
        own.language_id or "en",
        zone,
        _php_pattern(own.format_date),
        own.format_name,
        own.phrases,
    )


def _php_pattern(site_format: str) -> str:
    for letters, php in PHP_LETTERS.items():
        site_format = site_format.replace(letters, php)
    return site_format
