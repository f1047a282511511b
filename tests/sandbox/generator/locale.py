"""How a portal and a template's region write dates and money."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from decimal import ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")
DATE_PATTERNS = dict.fromkeys(("uk", "fr", "br", "sp", "mx"), "d/m/Y") | {
    "us": "m/d/Y",
    "com": "m/d/Y",
}
SYMBOLS = {"EUR": "€", "USD": "$", "GBP": "£", "PLN": "zł", "UAH": "₴"}
CURRENCY_NAMES = {"EUR": "Euro", "USD": "US Dollar", "GBP": "British Pound"}
SPANISH = "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre"
PORTUGUESE = (
    "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro"
)
MONTHS = {
    "sp": SPANISH,
    "mx": SPANISH,
    "br": PORTUGUESE,
    "ru": "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
    "en": "January February March April May June July August September October November December",
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "pl": (
        "stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października "
        "listopada grudnia"
    ),
}


@dataclass(frozen=True)
class Locale:
    """The portal's language writes money, the template's region dates, names and addresses."""

    language: str = "en"
    region: str = "de"
    zone: tzinfo = field(default=UTC)
    own_date_pattern: str = ""
    """Of a region somebody has made, in PHP letters. So is the next."""
    own_name_pattern: str = ""
    phrases: Mapping[str, str] = field(default_factory=dict)

    @property
    def date_pattern(self) -> str:
        """The region's date in PHP letters."""
        return self.own_date_pattern or DATE_PATTERNS.get(self.region, "d.m.Y")

    def date(self, moment: datetime, pattern: str = "") -> str:
        """A moment in the portal's time zone, in a PHP date pattern."""
        local = moment.astimezone(self.zone) if moment.tzinfo else moment
        return "".join(
            _letter(local, letter, self.region) for letter in pattern or self.date_pattern
        )

    def money(self, amount: Decimal, currency: str, *, sign: bool, zeros: bool) -> str:
        """`€48,650.77` or, on a German portal, `48.650,77 €`; whole amounts may drop `.00`."""
        rounded = round_money(amount)
        text = f"{rounded:,.2f}" if zeros or rounded % 1 else f"{rounded:,.0f}"
        if self.language == "de":
            text = text.translate(str.maketrans(",.", ".,"))
        if not sign:
            return text
        symbol = SYMBOLS.get(currency, currency)
        if self.language == "de":
            return f"{text} {symbol}"
        return f"-{symbol}{text[1:]}" if text.startswith("-") else f"{symbol}{text}"


def round_money(amount: Decimal) -> Decimal:
    """Cents, halves away from zero, as shops count."""
    return amount.quantize(CENT, ROUND_HALF_UP)


def number(amount: Decimal) -> str:
    """A quantity without trailing zeros: `14`, `2.5`."""
    return f"{amount.normalize():f}" if amount else "0"


def _letter(moment: datetime, letter: str, region: str) -> str:
    simple = {"d": "%d", "m": "%m", "y": "%y", "Y": "%Y", "H": "%H", "i": "%M", "s": "%S"}
    if letter in simple:
        return moment.strftime(simple[letter])
    if letter == "j":
        return str(moment.day)
    if letter == "n":
        return str(moment.month)
    if letter in "Ff":
        return MONTHS.get(region, MONTHS["en"]).split()[moment.month - 1]
    return letter
