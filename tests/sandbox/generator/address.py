"""Addresses: in which order a country writes them and what stands between the lines."""

from __future__ import annotations

from dataclasses import dataclass

from tests.sandbox.generator.grammar import modifiers, switch
from tests.sandbox.world import Address

EUROPE, UK, USA, RUSSIA, RUSSIA_POSTCODE_FIRST = range(1, 6)
FORMAT_OF_REGION = {"uk": UK, "br": USA, "mx": USA, "us": USA, "com": USA} | dict.fromkeys(
    ("ru", "by", "kz"), RUSSIA_POSTCODE_FIRST
)
COMMA, NEW_LINE, HTML_BREAK = "1", "2", "3"
SEPARATORS = {COMMA: ", ", NEW_LINE: "\n", HTML_BREAK: "\n"}


@dataclass(frozen=True)
class AddressValue:
    """An address of a template of some region; `kind` is what `ShowType=Y` puts before it."""

    address: Address
    region: str = "de"
    kind: str = ""

    def plain(self) -> str:
        return self.text("")

    def text(self, modifier: str) -> str:
        given = modifiers(modifier)
        usual = FORMAT_OF_REGION.get(self.region, EUROPE)
        asked = given.get("Format", "")
        order = int(asked) if asked in ("1", "2", "3", "4", "5") else usual
        separator = SEPARATORS.get(given.get("Separator", COMMA), ", ")
        text = separator.join(line for line in _lines(self.address, order) if line)
        if self.kind and switch(given, "ShowType", False):
            return f"{self.kind}: {text}"
        return text


def _lines(one: Address, order: int) -> list[str]:
    street = [one.street, one.street_2]
    if order == UK:
        return [*street, one.city.upper(), one.postal_code.upper(), one.country]
    if order == USA:
        return [*street, f"{one.city} {one.postal_code.upper()}".strip(), one.country.upper()]
    if order == RUSSIA:
        return [*street, one.city, one.country, one.postal_code]
    if order == RUSSIA_POSTCODE_FIRST:
        return [one.postal_code, one.country, one.city, *street]
    return [*street, f"{one.postal_code} {one.city}".strip(), one.country]
