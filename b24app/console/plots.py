"""Small plots as numbers: the templates draw them as SVG with attributes alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil

HEIGHT, PITCH, WIDTH = 96, 10, 8
LINE = 30.65
"""Between two lines of the plot; the stylesheet puts their numbers there."""
NICE = (1, 2, 3, 4, 5)
MOST_ROWS = 4
"""Of shares; what is less comes together as one more row."""


@dataclass(frozen=True)
class Bar:
    """One day, in the units of a plot of `HEIGHT`; whole numbers, which every language writes the
    same. `hot`: the part of it at the bottom that went wrong."""

    x: int
    y: int
    height: int
    hot_y: int
    hot: int


@dataclass(frozen=True)
class Days:
    """A plot of days. `lines`: the numbers at its two lines, the upper one first. `ticks`: the days
    that are named below it."""

    bars: list[Bar]
    lines: tuple[int, int]
    ticks: list[date]
    first: date
    last: date
    most: int
    most_on: date | None
    hot_on: list[date]

    @property
    def width(self) -> int:
        return PITCH * len(self.bars)


@dataclass(frozen=True)
class Share:
    """One row. `others`: how many together, 0 for one by its name. `width`: percent of the most."""

    name: str
    count: int
    width: int
    others: int = 0


def days(dates: Sequence[date], made: Mapping[date, int], hot: Mapping[date, int]) -> Days:
    """The plot of so many made a day, and of how many of these went wrong."""
    most = max((made.get(one, 0) for one in dates), default=0)
    step = _step(most)
    bars = [
        _bar(PITCH * number + 1, made.get(one, 0), hot.get(one, 0), step)
        for number, one in enumerate(dates)
    ]
    return Days(
        bars=bars,
        lines=(2 * step, step),
        ticks=[*dates[: len(dates) - 2 : 7][:4], dates[-1]],
        first=dates[0],
        last=dates[-1],
        most=most,
        most_on=next((one for one in dates if most and made.get(one, 0) == most), None),
        hot_on=[one for one in dates if hot.get(one, 0)],
    )


def _step(most: int) -> int:
    """A round number of which nearly three fit above each other up to the most."""
    least = max(1, ceil(most * LINE / HEIGHT))
    power = 1
    while NICE[-1] * power < least:
        power *= 10
    return next(nice * power for nice in NICE if nice * power >= least)


def _bar(x: int, made: int, hot: int, step: int) -> Bar:
    height = _units(made, step)
    bad = min(height, _units(min(hot, made), step))
    return Bar(x=x, y=HEIGHT - height, height=height - bad, hot_y=HEIGHT - bad, hot=bad)


def _units(number: int, step: int) -> int:
    """What is there at all can be seen."""
    return max(2, round(number * LINE / step)) if number else 0


def shares(counts: Mapping[str, int]) -> list[Share]:
    """The most frequent ones, the rest together."""
    ordered = sorted(((name, n) for name, n in counts.items() if n), key=lambda pair: -pair[1])
    if not ordered:
        return []
    few = len(ordered) <= MOST_ROWS + 1
    named = ordered if few else ordered[:MOST_ROWS]
    rest = [] if few else ordered[MOST_ROWS:]
    together = sum(number for _, number in rest)
    most = max(named[0][1], together)
    rows = [Share(name, number, _percent(number, most)) for name, number in named]
    if rest:
        rows.append(Share("", together, _percent(together, most), len(rest)))
    return rows


def _percent(number: int, most: int) -> int:
    return max(1, round(100 * number / most))
