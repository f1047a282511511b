"""The QR code: the address itself, drawn with attributes alone."""

from __future__ import annotations

import re

import segno

from b24app.templatetags.docket import qr

ADDRESS = "https://nordwerk.bitrix24.de/~71q5j"


def modules(drawn: str) -> set[tuple[int, int]]:
    """The dark modules of the path."""
    found = set()
    for x, y, width in re.findall(r"M(\d+) (\d+)h(\d+)v1h-\3z", drawn):
        found |= {(int(x) + n, int(y)) for n in range(int(width))}
    return found


def test_the_squares_are_those_of_the_address() -> None:
    matrix = segno.make(ADDRESS, error="m", micro=False).matrix
    wanted = {(x, y) for y, row in enumerate(matrix) for x, dark in enumerate(row) if dark}
    assert modules(qr(ADDRESS)) == wanted
    assert modules(qr(f"{ADDRESS}x")) != wanted


def test_it_stands_in_a_page_under_a_strict_policy() -> None:
    drawn = qr(ADDRESS)
    assert not re.search(r"style|script|href|on\w+=|url\(", drawn)
    assert 'role="img"' in drawn
    assert 'aria-label="QR code of the link"' in drawn


def test_an_address_with_markup_stays_outside_of_the_markup() -> None:
    assert "<b>" not in qr('https://portal.example/"><b>x</b>')
