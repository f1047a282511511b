"""Amounts in English words, as `TotalSumWords` and the modifier `W=Y` print them."""

from __future__ import annotations

from decimal import Decimal

from tests.sandbox.generator.locale import round_money

_SMALL = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
    "fifteen sixteen seventeen eighteen nineteen"
)
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
SMALL, TENS = _SMALL.split(" "), ["", "", *_TENS.split(" ")]
SCALES = ["", "thousand", "million", "billion", "trillion", "quadrillion", "quintillion"]
UNITS = {
    "EUR": ("euro", "euros", "cent", "cents"),
    "USD": ("dollar", "dollars", "cent", "cents"),
    "GBP": ("pound", "pounds", "penny", "pence"),
    "PLN": ("zloty", "zlotys", "grosz", "groszy"),
    "UAH": ("hryvnia", "hryvnias", "kopiyka", "kopiykas"),
    "RUB": ("rouble", "roubles", "kopeck", "kopecks"),
}


def in_words(amount: Decimal, currency: str = "") -> str:
    """`Forty-eight thousand six hundred fifty euros 77 cents`.

    Without a currency the number alone, its fraction after "point". The small coins stay in
    figures, as on a portal's own documents.
    """
    rounded = round_money(amount)
    whole, cents = divmod(int(abs(rounded) * 100), 100)
    words = number_in_words(whole)
    if currency:
        one, many, coin, coins = UNITS.get(currency, (currency, currency, "cent", "cents"))
        words += f" {one if whole == 1 else many} {cents:02d} {coin if cents == 1 else coins}"
    elif cents:
        digits = f"{cents:02d}".rstrip("0")
        words += " point " + " ".join(SMALL[int(digit)] for digit in digits)
    words = f"minus {words}" if rounded < 0 else words
    return words[:1].upper() + words[1:]


def number_in_words(number: int) -> str:
    """A number that is not negative, in lower case."""
    if number >= 1000 ** len(SCALES):
        return str(number)
    groups = []
    for scale in SCALES:
        number, group = divmod(number, 1000)
        if group:
            groups.append(f"{_below_thousand(group)} {scale}".strip())
    return " ".join(reversed(groups)) or SMALL[0]


def _below_thousand(number: int) -> str:
    hundreds, rest = divmod(number, 100)
    words = [f"{SMALL[hundreds]} hundred"] if hundreds else []
    if rest >= 20:
        tens, ones = divmod(rest, 10)
        words.append(TENS[tens] + (f"-{SMALL[ones]}" if ones else ""))
    elif rest:
        words.append(SMALL[rest])
    return " ".join(words)
